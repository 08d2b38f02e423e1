import { createRoute, z } from '@hono/zod-openapi';
import type { GridRequest } from '../../application/results/answer-grid.ts';
import type { ServerContext } from '../context.ts';
import { answerExplanation, gridColumns, gridPage, gridQuery, whyQuery } from '../schemas/answers.ts';
import { taskId } from '../schemas/tasks.ts';
import { answers, resource } from './route-parts.ts';

const params = z.object({ taskId });
const tags = ['answers'];

const page = createRoute({
  method: 'get',
  path: '/tasks/{taskId}/answers',
  operationId: 'listAnswers',
  tags,
  summary: 'Interviews and their answers, a page at a time, filtered, sorted and searched',
  description:
    'A page in the order of the task comes at once. One that is filtered, sorted or searched needs an index, which is built when answers are first asked for: until it is ready, `indexing` says how far it is and there are no rows.',
  request: { params, query: gridQuery },
  responses: answers(gridPage, 'A page.'),
});

const columns = createRoute({
  method: 'get',
  path: '/tasks/{taskId}/answers/columns',
  operationId: 'listAnswerColumns',
  tags,
  summary: 'Columns of personas and questions',
  request: { params },
  responses: answers(gridColumns, 'The columns.'),
});

/** Key and question are in the query: a respondent's id may be any text, also `..` or one with a slash. */
const why = createRoute({
  method: 'get',
  path: '/tasks/{taskId}/answers/why',
  operationId: 'explainAnswer',
  tags,
  summary: 'Why an answer is what it is: persona, exact prompt, raw reply, attempts',
  request: { params, query: whyQuery },
  responses: answers(answerExplanation, 'How the answer came about.'),
});

export function answerRoutes({ threads }: ServerContext) {
  return resource()
    .openapi(page, async (c) => {
      const { taskId } = c.req.valid('param');
      const { sort, descending, ...query } = c.req.valid('query');
      const order = sort === undefined ? undefined : { column: sort, descending: descending === 'true' };
      const request = { ...query, sort: order } as GridRequest;
      return c.json(await threads.run('answerPage', { taskId, request }, { signal: c.req.raw.signal }), 200);
    })
    .openapi(columns, async (c) => {
      const { taskId } = c.req.valid('param');
      return c.json({ columns: await threads.run('answerColumns', { taskId }) }, 200);
    })
    .openapi(why, async (c) => {
      const { taskId } = c.req.valid('param');
      return c.json(await threads.run('explainAnswer', { taskId, ...c.req.valid('query') }), 200);
    });
}
