import { quote } from '@panelist/toolkit';
import { checkCsvName, readCsv } from '../audience/read-csv.ts';
import { type AudienceField, AudienceLineError } from '../audience/respondent-list.ts';
import { fileName, type InputFile } from '../files/input-file.ts';
import { readText } from '../files/read-text.ts';
import { PanelistError, type PanelistErrorData } from '../panelist-error.ts';
import type { Answer } from '../survey/answer.ts';
import { type Question, type Questionnaire, questionsOf } from '../survey/questionnaire.ts';
import type { SurveyResult } from '../survey/survey-results.ts';
import { type AnswerTable, readAnswerTable } from './answer-table.ts';
import { HumanValueReader } from './human-values.ts';

export interface HumanAnswersOptions {
  /** Question → column, if their names differ. */
  readonly columns?: ReadonlyMap<string, string> | undefined;
  /** The column with the respondents' weights. @default all weights are 1 */
  readonly weightColumn?: string | undefined;
  /** The column with the id of the respondent who plays the person. @default nobody is linked */
  readonly idColumn?: string | undefined;
  /** Columns to group people by; those that the file does not have are left out. @default none */
  readonly groupColumns?: readonly string[] | undefined;
}

export interface HumanAnswers {
  readonly table: AnswerTable;
  readonly rows: number;
  /** Rows left out because their weight is 0. */
  readonly rowsWithoutWeight: number;
  /** Question → column, for the questions that the file has. */
  readonly columns: ReadonlyMap<string, string>;
  /** Columns that were not used: neither as a question nor as id, weight or group. */
  readonly unusedColumns: readonly string[];
  /** Question → values that match no answer, with their number of rows; the most frequent first. */
  readonly unmatched: ReadonlyMap<string, readonly (readonly [value: string, count: number])[]>;
}

/** 1 GB. */
const maxBytes = 1_000_000_000;

/**
 * Reads people's answers from a CSV (its name ends in .csv) with a header row and one row per person. A column belongs
 * to the question of the same name, unless `columns` says otherwise; a question without a column is left out. An empty
 * cell is not an answer.
 *
 * @throws PanelistError `FILE_NOT_FOUND`, `FILE_NOT_READABLE`; `AUDIENCE_INVALID`, with the line number; `USAGE` if a
 * column or question does not exist, or no column matches a question
 */
export async function readHumanAnswers(
  file: InputFile,
  questionnaire: Questionnaire,
  { columns = new Map(), weightColumn, idColumn, groupColumns = [] }: HumanAnswersOptions = {},
): Promise<HumanAnswers> {
  const path = fileName(file);
  checkCsvName(path, 'human answers', 'AUDIENCE_INVALID');
  const questions = questionsOf(questionnaire);
  const unknown = [...columns.keys()].find((name) => !questions.some((question) => question.name === name));
  if (unknown !== undefined)
    throw usage(
      `A column is given for ${quote(unknown)}, which is not a question. Questions: ${listed(questions.map(({ name }) => name))}.`,
    );
  const readers = new Map(questions.map((question) => [question.name, new HumanValueReader(question)]));
  const state = {
    rows: 0,
    rowsWithoutWeight: 0,
    matched: new Map<string, string>(),
    headings: [] as string[],
  };
  const lines = new Map<string, number>();

  async function* results(): AsyncGenerator<SurveyResult> {
    for await (const { fields, line } of rowsOf(file)) {
      const cells = new Map(fields);
      if (state.rows === 0) {
        state.headings = [...cells.keys()];
        state.matched = matchColumns(questions, state.headings, columns, [weightColumn, idColumn], path);
      }
      state.rows += 1;
      const weight = weightColumn === undefined ? 1 : weightOf(cells.get(weightColumn), line, path);
      if (weight === 0) {
        state.rowsWithoutWeight += 1;
        continue;
      }
      const answers = questions.map((question) =>
        answerOf(question, cells.get(state.matched.get(question.name) ?? ''), readers, state.matched),
      );
      const id = idColumn === undefined ? String(state.rows) : idOf(cells.get(idColumn), lines, line, path);
      yield humanResult(id, weight, answers, groupsOf(cells, groupColumns));
    }
  }

  const table = await readAnswerTable(questionnaire, results(), groupColumns);
  if (state.rows === 0)
    throw invalid(`The file of human answers ${quote(path)} has no rows under its header.`);
  const unmatched = [...state.matched.keys()].map(
    (name) => [name, readers.get(name)?.unmatched() ?? []] as const,
  );
  const used = new Set([...state.matched.values(), weightColumn, idColumn, ...groupColumns]);
  return {
    table,
    unusedColumns: state.headings.filter((heading) => !used.has(heading)),
    rows: state.rows,
    rowsWithoutWeight: state.rowsWithoutWeight,
    columns: state.matched,
    unmatched: new Map(unmatched),
  };
}

async function* rowsOf(file: InputFile): AsyncGenerator<{ fields: AudienceField[]; line: number }> {
  try {
    yield* readCsv(readText(file, { what: 'human answers', invalidCode: 'AUDIENCE_INVALID', maxBytes }), ',');
  } catch (error) {
    if (!(error instanceof AudienceLineError)) throw error;
    throw invalid(`${quote(fileName(file))}, line ${error.line}: ${error.message}.`, error);
  }
}

function matchColumns(
  questions: readonly Question[],
  headings: readonly string[],
  given: ReadonlyMap<string, string>,
  others: readonly (string | undefined)[],
  path: string,
): Map<string, string> {
  const have = `The columns of ${quote(path)} are: ${listed(headings)}.`;
  for (const column of [...given.values(), ...others.filter((name) => name !== undefined)]) {
    if (!headings.includes(column)) throw usage(`There is no column ${quote(column)}. ${have}`);
  }
  const matched = new Map<string, string>();
  for (const { name } of questions) {
    const column = given.get(name) ?? (headings.includes(name) ? name : undefined);
    if (column !== undefined) matched.set(name, column);
  }
  if (matched.size > 0) return matched;
  throw usage(
    `No column has the name of a question. ${have} Questions: ${listed(questions.map(({ name }) => name))}. Say which is which.`,
    { reason: 'columns-unmatched' },
  );
}

function answerOf(
  { name }: Question,
  cell: unknown,
  readers: ReadonlyMap<string, HumanValueReader>,
  matched: ReadonlyMap<string, string>,
): Answer {
  const text = typeof cell === 'string' ? cell.trim() : '';
  const read = matched.has(name) && text !== '' ? readers.get(name)?.read(text) : undefined;
  return {
    question: name,
    status: read?.status ?? 'skipped',
    value: read?.value ?? null,
    raw: null,
    repairs: [],
    shownOptions: null,
    calls: [],
    problem: null,
  };
}

function idOf(cell: unknown, lines: Map<string, number>, line: number, path: string): string {
  const id = typeof cell === 'string' ? cell.trim() : '';
  const before = lines.get(id);
  if (id === '') throw invalid(`${quote(path)}, line ${line}: the person has no id.`);
  if (before !== undefined)
    throw invalid(`${quote(path)}, line ${line}: the id ${quote(id)} is also that of line ${before}.`);
  lines.set(id, line);
  return id;
}

function groupsOf(cells: ReadonlyMap<string, unknown>, columns: readonly string[]): Record<string, string> {
  return Object.fromEntries(
    columns.flatMap((column) => {
      const cell = cells.get(column);
      return typeof cell === 'string' && cell.trim() !== '' ? [[column, cell.trim()]] : [];
    }),
  );
}

function humanResult(
  id: string,
  weight: number,
  answers: readonly Answer[],
  persona: Readonly<Record<string, string>>,
): SurveyResult {
  const interview = {
    respondentId: id,
    answers,
    computed: {},
    askedOrder: [],
    calls: [],
    requestedModel: '',
  };
  return {
    respondent: { id, persona },
    replicate: 0,
    weight,
    interview: { ...interview, parameters: { temperature: null, seed: null } },
  };
}

function weightOf(cell: unknown, line: number, path: string): number {
  const text = typeof cell === 'string' ? cell.trim() : '';
  const weight = Number(text);
  if (text !== '' && Number.isFinite(weight) && weight >= 0) return weight;
  throw invalid(`${quote(path)}, line ${line}: the weight ${quote(text)} is not a number of at least 0.`);
}

function listed(names: readonly string[]): string {
  return `${names
    .slice(0, 30)
    .map((name) => quote(name))
    .join(', ')}${names.length > 30 ? ' …' : ''}`;
}

function usage(message: string, data?: PanelistErrorData): PanelistError {
  return new PanelistError('USAGE', message, { data });
}

function invalid(message: string, cause?: unknown): PanelistError {
  return new PanelistError('AUDIENCE_INVALID', message, { cause });
}
