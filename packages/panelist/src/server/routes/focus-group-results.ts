import { createRoute, z } from '@hono/zod-openapi';
import { groupOpening } from '../../application/focus-groups/turn-rows.ts';
import type { ServerContext } from '../context.ts';
import * as schemas from '../schemas/focus-groups.ts';
import { problemResponses } from '../schemas/problem-responses.ts';
import { answers, resource } from './route-parts.ts';

const tags = ['focus groups'];
const { focusGroupId } = schemas;

const results = createRoute({
  method: 'get',
  path: '/focus-groups/{focusGroupId}/results',
  operationId: 'groupResults',
  tags,
  summary: 'Polls and analysis: participation, what moved, how alike they sound, themes with quotes',
  request: { params: z.object({ focusGroupId }) },
  responses: answers(schemas.groupResults, 'As of now. It makes no call.'),
});

const files = {
  'transcript.md': 'text/markdown; charset=utf-8',
  'transcript.csv': 'text/csv; charset=utf-8',
  'transcript.jsonl': 'application/x-ndjson',
  'report.html': 'text/html; charset=utf-8',
} as const;

const download = createRoute({
  method: 'get',
  path: '/focus-groups/{focusGroupId}/downloads/{file}',
  operationId: 'downloadGroup',
  tags,
  summary: 'The transcript, or the report as one HTML page',
  request: {
    params: z.object({
      focusGroupId,
      file: z
        .enum(Object.keys(files) as [keyof typeof files])
        .openapi({ param: { name: 'file', in: 'path' } }),
    }),
  },
  responses: {
    200: {
      description: 'A file to save.',
      content: Object.fromEntries(
        Object.values(files).map((type) => [type.split(';')[0], { schema: z.string() }]),
      ),
    },
    ...problemResponses,
  },
});

/** What comes out of a group: its analysis and its files. */
export function groupResultRoutes({ tasks, threads }: Pick<ServerContext, 'tasks' | 'threads'>) {
  return resource()
    .openapi(results, async (c) => c.json(await threads.run('groupResults', c.req.valid('param')), 200))
    .openapi(download, async (c) => {
      const { focusGroupId, file } = c.req.valid('param');
      // What isn't there is refused before the first byte.
      await groupOpening(tasks, focusGroupId, []);
      const body =
        file === 'report.html'
          ? threads.stream('groupReport', { focusGroupId })
          : threads.stream('transcriptFile', { focusGroupId, format: formatOf(file) });
      return c.body(body, 200, {
        'Content-Type': files[file],
        'Content-Disposition': `attachment; filename="${asciiName(focusGroupId, file)}"; filename*=UTF-8''${encodeURIComponent(`fg_${focusGroupId}.${file}`)}`,
      }) as never;
    });
}

function formatOf(file: Exclude<keyof typeof files, 'report.html'>) {
  return file.slice('transcript.'.length) as 'md' | 'csv' | 'jsonl';
}

function asciiName(focusGroupId: string, file: string): string {
  return `fg_${focusGroupId.replaceAll(/[^\w.-]/g, '_')}.${file}`;
}
