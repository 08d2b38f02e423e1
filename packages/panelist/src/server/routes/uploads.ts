import { createRoute, z } from '@hono/zod-openapi';
import type { ServerContext } from '../context.ts';
import { answers, resource } from './route-parts.ts';

const upload = z
  .object({ uploadId: z.string(), name: z.string(), bytes: z.int(), sha256: z.string() })
  .openapi('Upload');

const add = createRoute({
  method: 'post',
  path: '/uploads',
  operationId: 'upload',
  tags: ['uploads'],
  summary: 'Send a file: an audience, a survey, answers of people. It is there for a day',
  request: {
    query: z.object({ name: z.string().min(1).max(200) }),
    body: {
      required: true,
      content: { 'application/octet-stream': { schema: z.string().openapi({ format: 'binary' }) } },
    },
  },
  responses: answers(upload, 'Name it by `uploadId` where a file is wanted.'),
});

export function uploadRoutes({ uploads }: ServerContext) {
  return resource().openapi(add, async (c) => {
    const content = c.req.raw.body ?? new Blob([]).stream();
    // Node ends a body at the length that it declares.
    const declared = c.req.header('Content-Length');
    const length = declared === undefined ? undefined : Number(declared);
    return c.json(await uploads.add(c.req.valid('query').name, content, length), 200);
  });
}
