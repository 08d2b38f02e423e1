import { fileURLToPath } from 'node:url';
import type { z } from '@hono/zod-openapi';
import type { NamedFile } from '../files/input-file.ts';
import { MANIFEST } from '../version.ts';
import type { ServerContext } from './context.ts';
import type { fileInput } from './schemas/surveys.ts';

/** What a newcomer can start with, as `panelist init` writes it. */
const examples = {
  survey: 'survey.json',
  audience: 'audience.csv',
  guide: 'focus-group.guide.yaml',
} as const;

/**
 * The file that a request names, for a thread to read: a large one never goes through this process. The path is always the
 * server's own; a request cannot give one.
 *
 * @throws ServerError `UPLOAD_NOT_FOUND`
 */
export async function fileOf(
  { uploads }: Pick<ServerContext, 'uploads'>,
  input: z.infer<typeof fileInput>,
): Promise<NamedFile> {
  if ('uploadId' in input) return uploads.find(input.uploadId);
  if ('text' in input) return { name: input.name, bytes: new TextEncoder().encode(input.text) };
  const name = examples[input.example];
  return { name, path: fileURLToPath(new URL(`templates/${name}`, MANIFEST)) };
}
