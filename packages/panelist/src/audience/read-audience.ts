import { extname } from 'node:path';
import { quote } from '@panelist/toolkit';
import { fileName, type InputFile } from '../files/input-file.ts';
import { readText } from '../files/read-text.ts';
import { PanelistError } from '../panelist-error.ts';
import { readJsonLines } from './json-lines.ts';
import { readCsv } from './read-csv.ts';
import type { Respondent } from './respondent.ts';
import { type AudienceField, AudienceLineError, RespondentList } from './respondent-list.ts';

export interface ReadAudienceOptions {
  /** Maximum number of respondents, from 1; the rest of the file is not read. @default all */
  readonly limit?: number | undefined;
}

/** 1 GB. */
const maxBytes = 1_000_000_000;

type Rows = AsyncIterable<{ readonly fields: readonly AudienceField[]; readonly line: number }>;

const formats: Readonly<Record<string, (text: AsyncIterable<string>) => Rows>> = {
  '.csv': (text) => readCsv(text, ','),
  '.tsv': (text) => readCsv(text, '\t'),
  '.jsonl': readJsonLines,
  '.ndjson': readJsonLines,
};

/**
 * Reads an audience: `.csv` or `.tsv` with a header row, or `.jsonl` or `.ndjson` with one object per line, in UTF-8 with
 * or without a byte order mark. The column or field `id` is the respondent's id; without it, the row number from 1 is.
 * `weight` is the survey weight. All other non-empty columns are the persona. Lists become `a, b`, and nested objects
 * compact JSON.
 *
 * Limits: 1 GB, 1,000,000 respondents, 1,000 columns, 1,000,000 characters per row, 200 characters per id.
 *
 * @throws PanelistError `FILE_NOT_FOUND`, `FILE_NOT_READABLE`; `AUDIENCE_INVALID`, with the line number; `AUDIENCE_EMPTY`;
 * `USAGE` for a `limit` that isn't a whole number from 1.
 */
export async function readAudience(
  file: InputFile,
  { limit }: ReadAudienceOptions = {},
): Promise<Respondent[]> {
  if (limit !== undefined && !(Number.isInteger(limit) && limit >= 1))
    throw new PanelistError('USAGE', `The limit must be a whole number from 1, not ${quote(limit)}.`);
  const path = fileName(file);
  const text = readText(file, { what: 'audience', invalidCode: 'AUDIENCE_INVALID', maxBytes });
  const format = formats[extname(path).toLowerCase()];
  if (!format) {
    // Read first, so that a missing file or a folder is reported as such.
    await text.next();
    await text.return();
    throw new PanelistError(
      'AUDIENCE_INVALID',
      `The name of the audience file ${quote(path)} must end in one of ${Object.keys(formats).join(', ')}.`,
    );
  }
  const list = new RespondentList();
  try {
    for await (const { fields, line } of format(text)) {
      list.add(fields, line);
      if (list.respondents.length === limit) break;
    }
  } catch (error) {
    if (!(error instanceof AudienceLineError)) throw error;
    const where = `${quote(path)}, line ${error.line}`;
    throw new PanelistError('AUDIENCE_INVALID', `${where}: ${error.message}.`, { cause: error });
  }
  if (list.respondents.length === 0)
    throw new PanelistError('AUDIENCE_EMPTY', `The audience file ${quote(path)} has no respondents.`);
  return list.respondents;
}
