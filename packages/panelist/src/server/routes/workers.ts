import { createRoute, z } from '@hono/zod-openapi';
import type { ServerContext } from '../context.ts';
import { answers, resource } from './route-parts.ts';

const workers = z
  .object({
    workers: z.array(
      z.object({
        workerId: z.string(),
        host: z.string(),
        pid: z.int(),
        role: z.string(),
        version: z.string(),
        schemaVersion: z.int(),
        jobs: z.array(z.string()).nullable(),
        maxConcurrency: z.int().nullable(),
        state: z.enum(['working', 'draining', 'gone']),
        inFlight: z.int(),
        taskIds: z.array(z.string()),
        startedAt: z.string(),
        seenAt: z.string(),
      }),
    ),
  })
  .openapi('Workers');

const list = createRoute({
  method: 'get',
  path: '/workers',
  operationId: 'listWorkers',
  tags: ['workers'],
  summary: 'The processes that work on tasks, and what they do',
  responses: answers(workers, 'Those at work, and those that have gone within the last hour without a word.'),
});

export function workerRoutes(context: Pick<ServerContext, 'workers'>) {
  return resource().openapi(list, async (c) => {
    const found = await context.workers();
    return c.json(
      {
        workers: found.map(({ jobs, taskIds, ...worker }) => ({
          ...worker,
          jobs: jobs === null ? null : [...jobs],
          taskIds: [...taskIds],
        })),
      },
      200,
    );
  });
}
