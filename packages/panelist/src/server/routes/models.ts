import { createRoute, z } from '@hono/zod-openapi';
import type { ServerContext } from '../context.ts';
import { answers, resource } from './route-parts.ts';

const models = z
  .object({
    models: z.array(
      z.object({
        id: z.string(),
        isSimulator: z.boolean(),
        /** US dollars per million tokens; `null` where it isn't known. */
        price: z.object({ input: z.number(), output: z.number() }).nullable(),
      }),
    ),
  })
  .openapi('Models');

const list = createRoute({
  method: 'get',
  path: '/models',
  operationId: 'listModels',
  tags: ['models'],
  summary: 'The models that the operator offers',
  responses: answers(models, 'In the order of the operator: the first is the default.'),
});

export function modelRoutes({ models: offered, threads }: ServerContext) {
  return resource().openapi(list, (c) => {
    // Whoever chooses a model is about to have a survey checked.
    threads.warm('checks');
    return c.json({ models: [...offered.shown] }, 200);
  });
}
