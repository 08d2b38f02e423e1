import { createRoute, z } from '@hono/zod-openapi';
import { answerFileTypes } from '../../application/results/answer-downloads.ts';
import type { ServerContext } from '../context.ts';
import { downloadName, downloadQuery } from '../schemas/analysis.ts';
import { problemResponses } from '../schemas/problem-responses.ts';
import { taskId } from '../schemas/tasks.ts';
import { resource } from './route-parts.ts';

const download = createRoute({
  method: 'get',
  path: '/tasks/{taskId}/downloads/{file}',
  operationId: 'download',
  tags: ['downloads'],
  summary: 'A file with the answers that there are so far, or what documents them',
  description: 'It is made while it is read, so that its length is not known before.',
  request: { params: z.object({ taskId, file: downloadName }), query: downloadQuery },
  responses: {
    200: {
      description: 'The file.',
      content: { 'application/octet-stream': { schema: z.string().openapi({ format: 'binary' }) } },
    },
    ...problemResponses,
  },
});

export function downloadRoutes({ threads }: ServerContext) {
  return resource().openapi(download, async (c) => {
    const { taskId, file } = c.req.valid('param');
    const { indicators, ...options } = c.req.valid('query');
    const stream = threads.stream('answerFile', {
      ...{ taskId, file, ...options },
      indicators: indicators === 'true',
    });
    // What is wrong is known with the first part: until then the answer can still be a problem.
    const body = await begun(stream);
    // Both parts of the name are ours: an id has letters, digits and few marks.
    const name = `${taskId.replaceAll(/[^\w-]/g, '_')}-${file}`;
    return c.body(body, 200, {
      'Content-Type': answerFileTypes[file],
      'Content-Disposition': `attachment; filename="${name}"`,
    });
  });
}

/** The same stream, after its first part has come. @throws what the stream fails with before */
async function begun(stream: ReadableStream<Uint8Array>): Promise<ReadableStream<Uint8Array>> {
  const reader = stream.getReader();
  let first: Awaited<ReturnType<typeof reader.read>> | undefined = await reader.read();
  return new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        const { done, value } = first ?? (await reader.read());
        first = undefined;
        if (done) controller.close();
        else controller.enqueue(value);
      },
      cancel: (reason) => reader.cancel(reason),
    },
    { highWaterMark: 0 },
  );
}
