import { createRoute } from '@hono/zod-openapi';
import type { ServerContext } from '../context.ts';
import { fileOf } from '../files-of-request.ts';
import { comparison, peopleRequest, runsQuery } from '../schemas/analysis.ts';
import { answers, jsonBody, resource } from './route-parts.ts';

const tags = ['comparisons'];

const ofRuns = createRoute({
  method: 'get',
  path: '/comparisons',
  operationId: 'compareRuns',
  tags,
  summary: 'The answers of two runs beside each other',
  description: 'Questions are matched by their names and kinds.',
  request: { query: runsQuery },
  responses: answers(comparison, 'Differences, with their intervals and tests.'),
});

const withPeople = createRoute({
  method: 'post',
  path: '/comparisons',
  operationId: 'compareWithPeople',
  tags,
  summary: "A run's answers beside people's, from a CSV file",
  description: 'Nothing is stored. `first` is the run, `second` are people.',
  request: { body: jsonBody(peopleRequest) },
  responses: answers(
    comparison,
    'Differences, with their intervals and tests, and how far to trust the answers.',
  ),
});

export function comparisonRoutes(context: ServerContext) {
  const { threads } = context;
  return resource()
    .openapi(ofRuns, async (c) => {
      const { signal } = c.req.raw;
      return c.json(await threads.run('compareRuns', c.req.valid('query'), { signal }), 200);
    })
    .openapi(withPeople, async (c) => {
      const { taskId, people, retest, columns, by, ...options } = c.req.valid('json');
      const request = {
        ...options,
        taskId,
        people: await fileOf(context, people),
        retest: retest && (await fileOf(context, retest)),
        columns: columns && new Map(Object.entries(columns)),
        groupColumns: by,
      };
      const { signal } = c.req.raw;
      return c.json(await threads.run('comparePeople', request, { signal }), 200);
    });
}
