import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';

const SURVEY = new URL('../../../../../examples/weekly-market.survey.json', import.meta.url).pathname;

/** Writes an audience file with that number of people; returns its path. */
export async function audienceFile(folder: string, people: number): Promise<string> {
  const path = join(folder, 'people.csv');
  const rows = Array.from({ length: people }, (_, index) => `P${index},${18 + index}`);
  await writeFile(path, `id,age\n${rows.join('\n')}\n`);
  return path;
}

/** The words of `survey deploy` with the example's survey. */
export function deploy(audience: string, ...more: string[]): string[] {
  return ['survey', 'deploy', SURVEY, '--audience', audience, ...more];
}
