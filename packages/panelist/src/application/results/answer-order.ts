import { PanelistError } from '../../panelist-error.ts';
import { type AnswerStatus, answerStatuses } from '../../survey/answer.ts';
import type { Question } from '../../survey/questionnaire.ts';
import { type AnswerIndex, questionOf, valuesIn } from './answer-index.ts';
import type { IndexedColumn } from './indexed-column.ts';

/** All columns of answers at once, in filters. */
export const ANY_ANSWER = 'answers';

/** What a row must have in a column; each part that is given must hold. */
export interface AnswerFilter {
  /** `key`, `state`, `persona.…`, `answer.…`; or `answers`: any of the questions. */
  readonly column: string;
  /** The value is one of these, or contains one. A number is given as its text. @default any */
  readonly values?: readonly string[] | undefined;
  /** The answer has one of these statuses. @default any */
  readonly statuses?: readonly AnswerStatus[] | undefined;
  /** The text contains this, whatever the case. @default any */
  readonly contains?: string | undefined;
}

export interface AnswerSort {
  /** As in a filter, but for `answers`. */
  readonly column: string;
  /** From the last to the first. What has no value stays at the end. @default false */
  readonly descending?: boolean | undefined;
}

export interface RowSelection {
  /** All must hold. @default none */
  readonly filters?: readonly AnswerFilter[] | undefined;
  /** In any column, whatever the case. @default '' */
  readonly find?: string | undefined;
  /** Rows with the same value stay in the task's order. @default the task's order */
  readonly sort?: AnswerSort | undefined;
}

/**
 * The rows of the index that are selected, in their order.
 *
 * @throws PanelistError `USAGE` for a column that there isn't
 */
export function selectRows(
  index: AnswerIndex,
  { filters = [], find = '', sort }: RowSelection,
): Int32Array<ArrayBuffer> {
  const isSelected = new Uint8Array(index.rows).fill(1);
  for (const filter of filters) {
    const ids = filter.column === ANY_ANSWER ? answersOf(index) : [filter.column];
    keepWhere(index, isSelected, ids, (id) => filterTest(index, id, filter));
  }
  const needle = folded(find);
  if (needle !== '')
    keepWhere(index, isSelected, [...index.columns.keys()], (id) => {
      const display = displayOf(index, id);
      return (column, code) => folded(display(column, code)).includes(needle);
    });
  const rows = rowsWhere(isSelected);
  return sort === undefined ? rows : sorted(index, rows, sort);
}

/** Whether a value that some rows have is looked for. */
type ValueTest = (column: IndexedColumn, code: number) => boolean;

/** Each distinct value is tested once, and then each row by its code. */
function keepWhere(
  index: AnswerIndex,
  isSelected: Uint8Array,
  ids: readonly string[],
  testFor: (id: string) => ValueTest,
): void {
  const found = new Uint8Array(index.rows);
  for (const id of ids) {
    const column = columnOf(index, id);
    const test = testFor(id);
    const matches = new Uint8Array(column.size);
    for (let code = 1; code < column.size; code += 1) matches[code] = test(column, code) ? 1 : 0;
    for (let row = 0; row < index.rows; row += 1) if (matches[column.code(row)] === 1) found[row] = 1;
  }
  for (let row = 0; row < index.rows; row += 1)
    isSelected[row] = (isSelected[row] as number) & (found[row] as number);
}

function filterTest(
  index: AnswerIndex,
  id: string,
  { values, statuses, contains = '' }: AnswerFilter,
): ValueTest {
  const isAnswer = questionOf(id) !== undefined;
  const wanted = values && new Set(values);
  const tags = statuses && new Set(statuses.map((status) => answerStatuses.indexOf(status)));
  const needle = folded(contains);
  const display = displayOf(index, id);
  return (column, code) =>
    (tags === undefined || (isAnswer && tags.has(column.tag(code)))) &&
    (wanted === undefined || valuesIn(column.text(code)).some((value) => wanted.has(value))) &&
    (needle === '' || folded(display(column, code)).includes(needle));
}

/** The text that people see and look for: of options, what was read. */
export function displayOf(index: AnswerIndex, id: string): (column: IndexedColumn, code: number) => string {
  const labels = labelsOf(index.questions.get(questionOf(id) ?? ''));
  return (column, code) =>
    valuesIn(column.text(code))
      .map((value) => labels.get(value) ?? value)
      .join('; ');
}

/** Value → text, for those options whose text is another. */
function labelsOf(question: Question | undefined): ReadonlyMap<string, string> {
  if (question === undefined || !('options' in question)) return new Map();
  return new Map(
    question.options.map(({ value, text }) => [String(value), text === '' ? String(value) : text]),
  );
}

/** Where a value is in the order of its column. */
export interface SortKey {
  /** 0 for values; the others are behind them in either direction: by status, what is not held last. */
  readonly group: number;
  /** Numbers, and the places of options; `null` for texts, which come behind them. */
  readonly number: number | null;
  readonly text: string;
}

const NOT_HELD = 255;
/** Statuses whose value is ordered. */
const WITH_VALUE: ReadonlySet<number> = new Set(
  (['answered', 'preset'] as const).map((status) => answerStatuses.indexOf(status)),
);

/** The last ranks of a column: to sort 100,000 different texts takes most of the time, and other filters need them again. */
const lastRanks = new WeakMap<
  IndexedColumn,
  { readonly size: number; readonly direction: number; readonly ranks: Int32Array }
>();

/** The order of one column. */
export class ColumnOrder {
  readonly #column: IndexedColumn;
  readonly #places: ReadonlyMap<string, number> | null;
  readonly #isAnswer: boolean;
  readonly #direction: 1 | -1;

  constructor(index: AnswerIndex, { column, descending = false }: AnswerSort) {
    const question = index.questions.get(questionOf(column) ?? '');
    this.#column = columnOf(index, column);
    this.#isAnswer = question !== undefined;
    this.#places =
      question !== undefined && 'options' in question
        ? new Map(question.options.map(({ value }, place) => [String(value), place]))
        : null;
    this.#direction = descending ? -1 : 1;
  }

  keyOf(row: number): SortKey {
    return this.keyOfCode(this.#column.code(row));
  }

  keyOfCode(code: number): SortKey {
    if (code === 0) return { group: NOT_HELD, number: null, text: '' };
    const value = this.#column.text(code);
    const tag = this.#column.tag(code);
    // Answered, but left empty, too.
    if (this.#isAnswer && (value === '' || !WITH_VALUE.has(tag)))
      return { group: 1 + tag, number: null, text: '' };
    const number = this.#places === null ? numberIn(value) : this.#places.get(valuesIn(value)[0] ?? '');
    return { group: 0, number: number ?? null, text: value };
  }

  compare(a: SortKey, b: SortKey): number {
    if (a.group !== b.group) return a.group - b.group;
    return this.#direction * compareValues(a, b);
  }

  /** For each code its place among the column's values; equal ones share it. */
  ranks(): Int32Array {
    const { size } = this.#column;
    const last = lastRanks.get(this.#column);
    // Values are only ever added.
    if (last?.size === size && last.direction === this.#direction) return last.ranks;
    const ranks = this.#rank();
    lastRanks.set(this.#column, { size, direction: this.#direction, ranks });
    return ranks;
  }

  #rank(): Int32Array {
    const keys = Array.from({ length: this.#column.size }, (_, code) => ({
      code,
      key: this.keyOfCode(code),
    }));
    keys.sort((a, b) => this.compare(a.key, b.key));
    const ranks = new Int32Array(keys.length);
    let rank = 0;
    for (const [place, { code, key }] of keys.entries()) {
      const before = keys[place - 1];
      if (before !== undefined && this.compare(before.key, key) !== 0) rank += 1;
      ranks[code] = rank;
    }
    return ranks;
  }

  rankOf(ranks: Int32Array, row: number): number {
    return ranks[this.#column.code(row)] as number;
  }
}

const collator = new Intl.Collator('en', { numeric: true });

function compareValues(a: SortKey, b: SortKey): number {
  if (a.number !== null && b.number !== null && a.number !== b.number) return a.number - b.number;
  if ((a.number === null) !== (b.number === null)) return a.number === null ? 1 : -1;
  return collator.compare(a.text, b.text);
}

function numberIn(text: string): number | undefined {
  if (!/^-?\d{1,15}(\.\d{1,15})?$/.test(text)) return undefined;
  return Number(text);
}

/** A counting sort: stable, and linear in the rows. */
function sorted(
  index: AnswerIndex,
  rows: Int32Array<ArrayBuffer>,
  sort: AnswerSort,
): Int32Array<ArrayBuffer> {
  const order = new ColumnOrder(index, sort);
  const ranks = order.ranks();
  const starts = new Int32Array(ranks.length + 1);
  for (const row of rows) {
    const next = order.rankOf(ranks, row) + 1;
    starts[next] = (starts[next] as number) + 1;
  }
  for (let rank = 1; rank < starts.length; rank += 1)
    starts[rank] = (starts[rank] as number) + (starts[rank - 1] as number);
  const result = new Int32Array(rows.length);
  for (const row of rows) {
    const rank = order.rankOf(ranks, row);
    const place = starts[rank] as number;
    starts[rank] = place + 1;
    result[place] = row;
  }
  return result;
}

function rowsWhere(isSelected: Uint8Array): Int32Array<ArrayBuffer> {
  let count = 0;
  for (const selected of isSelected) count += selected;
  const rows = new Int32Array(count);
  let place = 0;
  for (const [row, selected] of isSelected.entries()) if (selected === 1) rows[place++] = row;
  return rows;
}

function answersOf({ columns }: AnswerIndex): readonly string[] {
  return [...columns.keys()].filter((id) => questionOf(id) !== undefined);
}

function columnOf(index: AnswerIndex, id: string): IndexedColumn {
  const column = index.columns.get(id);
  if (column !== undefined) return column;
  throw new PanelistError(
    'USAGE',
    `There is no column ${JSON.stringify(id)} to sort, filter or search by. There are: ${[...index.columns.keys()].slice(0, 30).join(', ')}${index.columns.size > 30 ? ' …' : ''}.`,
  );
}

function folded(text: string): string {
  return text.toLowerCase();
}
