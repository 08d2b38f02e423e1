import { randomUUID } from 'node:crypto';
import { createRoute, z } from '@hono/zod-openapi';
import type { ServerContext } from '../context.ts';
import { ServerError } from '../errors/server-error.ts';
import { eventStream, readCursors } from '../live/event-stream.ts';
import { problemResponses } from '../schemas/problem-responses.ts';
import { resource } from './route-parts.ts';

/** Streams at once: a browser has one for each page. */
const MAX_STREAMS = 500;
/** Of those who have a shared link, all together. */
const MAX_GUEST_STREAMS = 200;
const MAX_TOPICS = 50;

const names = z
  .string()
  .max(5_000)
  .transform((text) => [...new Set(text.split(',').filter((name) => name !== ''))])
  .pipe(z.array(z.string().max(200)).max(MAX_TOPICS))
  .optional();

const events = createRoute({
  method: 'get',
  path: '/events',
  operationId: 'events',
  tags: ['live'],
  summary: 'What happens to tasks, focus groups and the list, as server-sent events',
  description: `Events: \`server\` (which start of the server it is), \`task\` (TaskLive, at most four a second), \`results\`
({ taskId, after, through, completedCount }: read what is new), \`tasks\` ({ changed, removed }), and of focus groups \`turn\`
and \`reply\` with their content, \`reset\` (read everything again), and \`group\` (its state, after those). The id of an event says how far each topic was reported; \`Last-Event-ID\` replays what came after it.`,
  request: {
    query: z.object({
      /** Ids with commas between. */
      tasks: names,
      groups: names,
      list: z.enum(['0', '1']).optional(),
    }),
    headers: z.object({ 'last-event-id': z.string().max(10_000).optional() }),
  },
  responses: {
    200: {
      description: 'Events, until one side closes.',
      content: { 'text/event-stream': { schema: z.string() } },
    },
    ...problemResponses,
  },
});

export function eventRoutes({ live, instance, startedAt, stopping }: ServerContext) {
  const streams = new Set<string>();
  const guests = new Set<string>();
  return resource().openapi(events, (c) => {
    const { tasks = [], groups = [], list } = c.req.valid('query');
    const { taskId } = c.get('user');
    if (taskId !== undefined && (list === '1' || groups.length > 0 || tasks.some((each) => each !== taskId)))
      throw new ServerError('READ_ONLY', 'This link shows one task only.');
    if (streams.size >= MAX_STREAMS || (taskId !== undefined && guests.size >= MAX_GUEST_STREAMS))
      throw new ServerError('SERVER_BUSY', 'Too many pages are open. Close some, or try again later.');
    const stream = randomUUID();
    streams.add(stream);
    if (taskId !== undefined) guests.add(stream);
    const body = eventStream(
      live,
      {
        tasks,
        groups,
        list: list === '1',
        cursors: readCursors(c.req.header('Last-Event-ID')),
      },
      {
        hello: JSON.stringify({ instance, startedAt }),
        signal: AbortSignal.any([c.req.raw.signal, stopping]),
        onEnd: () => {
          streams.delete(stream);
          guests.delete(stream);
        },
      },
    );
    return c.body(body, 200, {
      'Content-Type': 'text/event-stream',
      'Cache-Control': 'no-store',
      'X-Accel-Buffering': 'no',
    }) as never;
  });
}
