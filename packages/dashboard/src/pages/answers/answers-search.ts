import type { AnswerFilter } from '../../data/answers-source.ts';

const MAX_FILTERS = 20;
const MAX_COLUMNS = 100;
const MAX_NAME = 600;

/** What the grid shows: the address is the state. */
export interface AnswersSearch {
  readonly find?: string | undefined;
  /** A column. */
  readonly sort?: string | undefined;
  readonly descending?: true | undefined;
  readonly filters?: readonly AnswerFilter[] | undefined;
  /** Those that are shown. @default all questions */
  readonly columns?: readonly string[] | undefined;
  /** The answer that is explained: whose, and to which question. */
  readonly key?: string | undefined;
  readonly question?: string | undefined;
}

/** An address may come from anywhere: what doesn't fit is left out. */
export function answersSearch(given: Record<string, unknown>): AnswersSearch {
  const { find, sort, descending, filters, columns, key, question } = given;
  return {
    find: textOf(find)?.slice(0, 200),
    sort: textOf(sort),
    descending: descending === true ? true : undefined,
    filters: listOf(filters)
      ?.flatMap((filter) => filterOf(filter) ?? [])
      .slice(0, MAX_FILTERS),
    columns: textsOf(columns)?.slice(0, MAX_COLUMNS),
    key: textOf(key),
    question: textOf(question),
  };
}

function filterOf(given: unknown): AnswerFilter | undefined {
  if (typeof given !== 'object' || given === null) return undefined;
  const { column, values, statuses, contains } = given as Record<string, unknown>;
  const name = textOf(column);
  if (name === undefined) return undefined;
  const parts = {
    ...(textsOf(values) !== undefined && { values: textsOf(values) }),
    ...(textsOf(statuses) !== undefined && { statuses: textsOf(statuses) as AnswerFilter['statuses'] }),
    ...(textOf(contains) !== undefined && { contains: textOf(contains) }),
  };
  return Object.keys(parts).length === 0 ? undefined : { column: name, ...parts };
}

function listOf(value: unknown): readonly unknown[] | undefined {
  return Array.isArray(value) && value.length > 0 ? value : undefined;
}

function textsOf(value: unknown): readonly string[] | undefined {
  return listOf(value)?.flatMap((each) => textOf(each) ?? []);
}

/** The router reads an id of 2024 as a number. */
function textOf(value: unknown): string | undefined {
  const text = typeof value === 'number' ? String(value) : value;
  return typeof text === 'string' && text !== '' ? text.slice(0, MAX_NAME) : undefined;
}
