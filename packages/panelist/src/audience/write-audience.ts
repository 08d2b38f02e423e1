import { extname } from 'node:path';
import { quote } from '@panelist/toolkit';
import { stringify } from 'csv-stringify/sync';
import { type WriteFile, writeAtomically } from '../analysis/export/atomic-file.ts';
import { jsonLine } from '../analysis/export/jsonl.ts';
import { inertText } from '../analysis/export/spreadsheet-cell.ts';
import { PanelistError } from '../panelist-error.ts';
import type { Respondent } from './respondent.ts';

/**
 * Writes an audience that `readAudience` can read: `.csv` with the columns `id`, `weight` and the persona's, or
 * `.jsonl`. In a CSV, a text that a spreadsheet would run as a formula gets a leading `'`; a JSONL has texts unchanged.
 *
 * @throws PanelistError `OUTPUT_FORMAT` for another ending; `FILE_NOT_WRITABLE`
 */
export async function writeAudience(
  path: string,
  respondents: readonly Respondent[],
  write: WriteFile = writeAtomically,
): Promise<void> {
  const ending = extname(path).toLowerCase();
  if (ending === '.jsonl') return write(path, one(respondents.map(lineOf).join('')));
  if (ending === '.csv') return write(path, one(csv(respondents)));
  throw new PanelistError('OUTPUT_FORMAT', `The audience file ${quote(path)} must end in .csv or .jsonl.`);
}

function lineOf({ id, persona, weight = 1 }: Respondent): string {
  return jsonLine({ id, weight, ...persona });
}

function csv(respondents: readonly Respondent[]): string {
  const columns = [...new Set(respondents.flatMap(({ persona }) => Object.keys(persona)))];
  const rows = respondents.map(({ id, persona, weight = 1 }) => [
    cell(id),
    String(weight),
    ...columns.map((column) => cell(Object.hasOwn(persona, column) ? (persona[column] as string) : '')),
  ]);
  return stringify([['id', 'weight', ...columns.map(cell)], ...rows]);
}

/** A number isn't a formula, even a negative one. */
function cell(text: string): string {
  return /^-?\d+(?:\.\d+)?$/.test(text) ? text : inertText(text);
}

async function* one(text: string): AsyncGenerator<string> {
  yield text;
}
