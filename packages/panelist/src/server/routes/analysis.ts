import { createRoute, z } from '@hono/zod-openapi';
import type { ServerContext } from '../context.ts';
import { failures, summary, summaryQuery, timeline } from '../schemas/analysis.ts';
import { taskId } from '../schemas/tasks.ts';
import { answers, resource } from './route-parts.ts';

const params = z.object({ taskId });
const tags = ['analysis'];

const summarise = createRoute({
  method: 'get',
  path: '/tasks/{taskId}/summary',
  operationId: 'summarise',
  tags,
  summary: "Each question's distribution, with intervals, and cross-tables",
  description: 'Of the answers that there are so far.',
  request: { params, query: summaryQuery },
  responses: answers(summary, 'The figures.'),
});

const listFailures = createRoute({
  method: 'get',
  path: '/tasks/{taskId}/failures',
  operationId: 'listFailures',
  tags,
  summary: 'Failures by cause, and what doing them again would cost',
  request: { params },
  responses: answers(failures, 'The causes, the most frequent first.'),
});

const showTimeline = createRoute({
  method: 'get',
  path: '/tasks/{taskId}/timeline',
  operationId: 'showTimeline',
  tags,
  summary: 'How many items succeeded and failed in each interval, at most 300',
  request: { params },
  responses: answers(timeline, 'The counts.'),
});

export function analysisRoutes({ threads, runs }: ServerContext) {
  return resource()
    .openapi(summarise, async (c) => {
      const { taskId } = c.req.valid('param');
      const query = c.req.valid('query');
      const signal = c.req.raw.signal;
      return c.json(await threads.run('surveySummary', { taskId, ...query }, { signal }), 200);
    })
    .openapi(listFailures, async (c) => {
      const { taskId } = c.req.valid('param');
      return c.json(await threads.run('taskFailures', { taskId }), 200);
    })
    .openapi(showTimeline, async (c) => {
      const { taskId } = c.req.valid('param');
      const counts = await threads.run('taskTimeline', { taskId });
      return c.json({ ...counts, refusals: runs.refusals(taskId) }, 200);
    });
}
