import { stringify } from 'csv-stringify/sync';
import type { Answer, AnswerValue } from '../../survey/answer.ts';
import type { Questionnaire } from '../../survey/questionnaire.ts';
import type { SurveyResult } from '../../survey/survey-results.ts';
import { writeAtomically } from './atomic-file.ts';
import { inertText } from './spreadsheet-cell.ts';

export interface CsvOptions {
  readonly questionnaire: Questionnaire;
  /** The persona's columns, in the audience file's order; each becomes `persona.<column>`. */
  readonly personaColumns: readonly string[];
  /** Begins the file with a byte order mark, without which Excel garbles anything but English. @default true */
  readonly bom?: boolean | undefined;
}

/** A number stays a number; everything else is text. */
type Cell = string | number;

/** Rows written at once. */
const rowsPerWrite = 100;

/**
 * Writes one row a respondent: `respondent_id`, `persona.<column>` …, for each question its recorded value under its
 * name and what became of it under `<name>.status`, `model` (as requested), `returned_models`, and `synthetic`, which
 * is `true` in every row. Where two headings would be the same, the later one gets ` (2)`.
 *
 * Several chosen options stand in one cell, joined by `; `; a `;` or `\` within an option is written `\;` and `\\`.
 * A text that a spreadsheet would run as a formula gets a `'` before it. UTF-8, CRLF, quotes as in RFC 4180. Memory
 * does not grow with the number of respondents.
 *
 * @throws PanelistError `FILE_NOT_WRITABLE`; an error of `results` passes through. Neither leaves a partial file.
 */
export async function exportCsv(
  path: string,
  results: AsyncIterable<SurveyResult>,
  options: CsvOptions,
): Promise<void> {
  await writeAtomically(path, csvText(results, options));
}

async function* csvText(
  results: AsyncIterable<SurveyResult>,
  { questionnaire, personaColumns, bom = true }: CsvOptions,
): AsyncGenerator<string> {
  const questions = questionnaire.pages
    .flatMap((page) => page.elements)
    .flatMap((element) => (element.kind === 'note' ? [] : [element.name]));
  const headings = unique([
    'respondent_id',
    ...personaColumns.map((column) => `persona.${column}`),
    ...questions.flatMap((name) => [name, `${name}.status`]),
    'model',
    'returned_models',
    'synthetic',
  ]);
  yield (bom ? '\ufeff' : '') + lines([headings]);
  let rows: Cell[][] = [];
  for await (const { respondent, interview } of results) {
    const answers = new Map(interview.answers.map((answer) => [answer.question, answer]));
    rows.push([
      interview.respondentId,
      ...personaColumns.map((column) => ownText(respondent.persona, column)),
      ...questions.flatMap((name) => answerCells(answers.get(name))),
      interview.requestedModel,
      joined(interview.returnedModels),
      'true',
    ]);
    if (rows.length === rowsPerWrite) {
      yield lines(rows);
      rows = [];
    }
  }
  if (rows.length > 0) yield lines(rows);
}

function answerCells(answer: Answer | undefined): [Cell, Cell] {
  return answer ? [valueCell(answer.value), answer.status] : ['', ''];
}

function valueCell(value: AnswerValue | null): Cell {
  if (value === null) return '';
  if (typeof value === 'number') return value;
  return typeof value === 'object' ? joined(value) : String(value);
}

function joined(values: readonly unknown[]): string {
  return values.map((value) => String(value).replace(/[\\;]/g, '\\$&')).join('; ');
}

function ownText(persona: Readonly<Record<string, string>>, column: string): string {
  return Object.hasOwn(persona, column) ? (persona[column] as string) : '';
}

function lines(rows: readonly (readonly Cell[])[]): string {
  const inert = rows.map((row) => row.map((cell) => (typeof cell === 'number' ? cell : inertText(cell))));
  return stringify(inert, { record_delimiter: 'windows', quote_record_delimiter: true });
}

function unique(headings: readonly string[]): string[] {
  const taken = new Set<string>();
  return headings.map((heading) => {
    let name = heading;
    for (let count = 2; taken.has(name); count++) name = `${heading} (${count})`;
    taken.add(name);
    return name;
  });
}
