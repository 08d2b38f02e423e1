import { stat } from 'node:fs/promises';
import { quote } from '@panelist/toolkit';
import { messagesFor } from '../../languages/messages.ts';
import { PanelistError } from '../../panelist-error.ts';
import type { Questionnaire } from '../../survey/questionnaire.ts';
import type { SurveyResult } from '../../survey/survey-results.ts';
import { type WriteFile, writeAtomically } from './atomic-file.ts';
import { callsTable } from './calls-table.ts';
import { codebookCsv } from './codebook.ts';
import type { ExportFormat, ExportShape, ExportTable } from './export-table.ts';
import { interviewJsonlParts, tableJsonlParts } from './jsonl.ts';
import { longTable } from './long-table.ts';
import { methodsOf, type SurveyRecord } from './methods.ts';
import { methodsMarkdown } from './methods-sheet.ts';
import { parquetParts } from './parquet.ts';
import { type SurveyScan, scanSurvey } from './survey-scan.ts';
import { wideTable } from './wide-table.ts';
import { type CsvOptions, csvParts } from './write-csv.ts';

export interface ExportOptions extends CsvOptions {
  readonly questionnaire: Questionnaire;
  /** @default 'csv' */
  readonly format?: ExportFormat | undefined;
  /** @default 'wide' */
  readonly shape?: ExportShape | undefined;
  /** Adds a 0/1 column for each option of a multiple choice (`indicatorColumns`). Only for `wide` tables. @default false */
  readonly indicators?: boolean | undefined;
  /** The outcome of `scanSurvey` for the same results. @default the results are scanned first */
  readonly scan?: SurveyScan | undefined;
  /** @default replaces an existing file atomically */
  readonly write?: WriteFile | undefined;
}

/**
 * Writes results to one file. In the shapes `wide` and `long` the same answers give the same bytes: they contain nothing
 * that differs between two runs with the same answers. `wide` as JSONL has whole interviews. Every row is marked
 * `synthetic`. Memory grows only by a few bytes per respondent.
 *
 * @param results called once per reading: once with `scan`, otherwise twice
 * @throws PanelistError `FILE_NOT_WRITABLE`; `USAGE` for `indicators` with another shape or format; an
 * error of `results` passes through. No error leaves a partial file.
 */
export async function exportResults(
  path: string,
  results: () => AsyncIterable<SurveyResult>,
  {
    questionnaire,
    format = 'csv',
    shape = 'wide',
    indicators = false,
    bom,
    scan,
    write = writeAtomically,
  }: ExportOptions,
): Promise<SurveyScan> {
  if (indicators && (shape !== 'wide' || format === 'jsonl')) throw noIndicators(shape, format);
  const known = scan ?? (await scanSurvey(questionnaire, results()));
  const table = tableFor(questionnaire, known, { shape, indicators });
  if (format === 'csv') await write(path, csvParts(table, results(), { bom }));
  else if (format === 'parquet') await write(path, parquetParts(table, results()));
  else if (shape === 'wide') await write(path, interviewJsonlParts(results()));
  else await write(path, tableJsonlParts(table, results()));
  return known;
}

/**
 * Writes the documentation of an export: beside `answers.csv`, `answers.codebook.csv` (`codebookCsv`) and
 * `answers.methods.md`. Returns their paths; none if `path` is a pipe or a device.
 *
 * @throws PanelistError `FILE_NOT_WRITABLE`
 */
export async function exportDocumentation(
  path: string,
  record: SurveyRecord,
  scan: SurveyScan,
  { shape, indicators, write = writeAtomically }: Pick<ExportOptions, 'shape' | 'indicators' | 'write'> = {},
): Promise<readonly string[]> {
  if ((await isFileOrNothing(path)) === false) return [];
  const { questionnaire, orderRule } = record.params;
  const [codebook, methods] = documentationPaths(path);
  await write(
    codebook,
    oneOf(codebookCsv(questionnaire, tableFor(questionnaire, scan, { shape, indicators }), orderRule)),
  );
  await write(
    methods,
    oneOf(methodsMarkdown(methodsOf(record, scan.facts), messagesFor(questionnaire.locale))),
  );
  return [codebook, methods];
}

/** The paths to which `exportDocumentation` writes. */
export function documentationPaths(path: string): readonly [codebook: string, methods: string] {
  const base = path.replace(/\.(csv|jsonl|parquet)$/i, '');
  return [`${base}.codebook.csv`, `${base}.methods.md`];
}

function tableFor(
  questionnaire: Questionnaire,
  scan: SurveyScan,
  { shape = 'wide', indicators }: Pick<ExportOptions, 'shape' | 'indicators'>,
): ExportTable {
  if (shape === 'wide') return wideTable(questionnaire, scan, { indicators });
  return shape === 'long' ? longTable(questionnaire, scan) : callsTable(messagesFor(questionnaire.locale));
}

function noIndicators(shape: ExportShape, format: ExportFormat): PanelistError {
  const got = shape === 'wide' ? `the format ${quote(format)}` : `the shape ${quote(shape)}`;
  return new PanelistError(
    'USAGE',
    `0/1 columns of multiple choices need a table with one row per interview: the shape "wide" as CSV or Parquet. Got ${got}.`,
  );
}

async function isFileOrNothing(path: string): Promise<boolean> {
  const found = await stat(path).catch(() => null);
  return found?.isFile() ?? true;
}

async function* oneOf(text: string): AsyncGenerator<string> {
  yield text;
}
