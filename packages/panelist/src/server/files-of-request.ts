import { readFile } from 'node:fs/promises';
import type { z } from '@hono/zod-openapi';
import type { InputFile } from '../files/input-file.ts';
import { MANIFEST } from '../version.ts';
import type { ServerContext } from './context.ts';
import type { fileInput } from './schemas/surveys.ts';

/** What a newcomer can start with, as `panelist init` writes it. */
const examples = {
  survey: 'survey.json',
  audience: 'audience.csv',
  guide: 'focus-group.guide.yaml',
} as const;

/** The file that a request names: its content, never a path. @throws ServerError `UPLOAD_NOT_FOUND` */
export async function fileOf(
  { uploads }: Pick<ServerContext, 'uploads'>,
  input: z.infer<typeof fileInput>,
): Promise<Exclude<InputFile, string>> {
  if ('uploadId' in input) return uploads.read(input.uploadId);
  if ('text' in input) return { name: input.name, bytes: new TextEncoder().encode(input.text) };
  const name = examples[input.example];
  return { name, bytes: await readFile(new URL(`templates/${name}`, MANIFEST)) };
}
