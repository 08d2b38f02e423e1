import type { TaskItemRecord, TaskManager, TaskRecord } from '@panelist/toolkit';
import { fullTitle, surveyWords } from '../../analysis/survey-words.ts';
import { PanelistError } from '../../panelist-error.ts';
import { storedFailure } from '../../stored/stored-row.ts';
import { type Answer, type AnswerStatus, answerStatuses } from '../../survey/answer.ts';
import { type Question, type Questionnaire, questionsOf } from '../../survey/questionnaire.ts';
import { SURVEY } from '../../survey/stored-survey.ts';
import { printable } from '../../text/printable.ts';
import { shortened } from '../../text/shortened.ts';
import { surveyParams } from '../surveys/answer-files.ts';
import {
  AnswerIndex,
  answerColumn,
  personaColumn,
  personaOf,
  questionOf,
  type RowState,
} from './answer-index.ts';
import type { AnswerIndexes, Indexing } from './answer-indexes.ts';
import { ColumnOrder, type RowSelection, selectRows } from './answer-order.ts';
import { readCursor, rowsAfter, writeCursor } from './grid-cursor.ts';

export { answerStatuses };

export const MOST_ROWS = 200;
const MOST_COLUMNS = 100;
/** Of a cell; the whole text is in the answer's explanation. */
const LONGEST_CELL_CHARS = 300;
const LONGEST_PROBLEM_CHARS = 500;
/** Orders of rows that are kept for the next page. */
const MOST_ORDERS = 4;
/** How long a request waits for an index before it says how far the index is. */
const INDEX_WAIT_MS = 800;
/** Respondents whose columns are shown as long as there is no index. */
const SAMPLED_ROWS = 200;

export interface GridRequest extends RowSelection {
  /** `persona.…` and `answer.…`, at most 100. @default all questions, as many as there may be */
  readonly columns?: readonly string[] | undefined;
  /** The `next` of the page before. @default from `from` */
  readonly after?: string | undefined;
  /** The first row by its place in the selection, from 0. A jump: pages that follow each other go by `after`. @default 0 */
  readonly from?: number | undefined;
  /** 1 to 200. @default 100 */
  readonly limit?: number | undefined;
}

export interface GridCell {
  /** `null` for a persona's value. */
  readonly status: AnswerStatus | null;
  /** What was chosen, or said: options by their texts. At most 300 characters, without control and direction characters. */
  readonly text: string;
  readonly isCut: boolean;
}

export interface GridRow {
  /** In the task, from 0. */
  readonly position: number;
  /** The respondent's id; with `#2` behind it, the second replicate. */
  readonly key: string;
  readonly state: RowState;
  /** Why it failed or is damaged. */
  readonly problem: string | null;
  /** One for each requested column; `null` for none. */
  readonly cells: readonly (GridCell | null)[];
}

export interface GridPage {
  readonly columns: readonly string[];
  readonly rows: readonly GridRow[];
  /** The place of the first row in the selection. */
  readonly from: number;
  /** Rows that are selected, of how many; `null` while the index isn't ready. */
  readonly selected: number | null;
  readonly total: number;
  /** Pass it as `after` for the next page; `null` on the last one. */
  readonly next: string | null;
  /** How far the index is that a sorted, filtered or searched page needs: ask again. `null` where it isn't needed. */
  readonly indexing: Indexing | null;
  /** Only the beginning of some long texts was searched. */
  readonly isCut: boolean;
}

export interface GridColumn {
  readonly id: string;
  readonly kind: 'persona' | 'question';
  /** The name of the persona's column, or the question's title. */
  readonly title: string;
  /** Of a question. */
  readonly name: string | null;
  readonly questionKind: Question['kind'] | null;
  /** Of a question with options, at most 200. */
  readonly options: readonly { readonly value: string; readonly text: string }[] | null;
}

interface Order {
  readonly index: AnswerIndex;
  readonly version: number;
  readonly key: string;
  readonly rows: Int32Array;
}

/** Pages of tasks' answers. Pages in the task's order come from the store; others need an index of the answers. */
export class AnswerGrids {
  readonly #tasks: TaskManager;
  readonly #indexes: AnswerIndexes;
  #orders: Order[] = [];

  constructor(tasks: TaskManager, indexes: AnswerIndexes) {
    this.#tasks = tasks;
    this.#indexes = indexes;
  }

  /**
   * @throws PanelistError `USAGE` for a task without answers, a column that there isn't, too many rows or columns, or a
   *   cursor of something else
   */
  async page(task: TaskRecord, request: GridRequest): Promise<GridPage> {
    const { questionnaire } = surveyParams(task);
    const { limit = 100, from = 0, after, columns = defaultColumns(questionnaire) } = request;
    check(limit, 1, MOST_ROWS, 'limit');
    check(from, 0, Number.MAX_SAFE_INTEGER, 'from');
    if (columns.length > MOST_COLUMNS) throw usage(`At most ${MOST_COLUMNS} columns at once.`);
    const cells = new CellReader(task.taskId, questionnaire, columns);
    const base = { columns, total: task.totalCount, indexing: null, isCut: false };
    this.#indexes.prepare(task);
    if (!isSelective(request)) {
      const first = after === undefined ? from : readCursor(after).row + 1;
      const page = await this.#tasks.store.items(task.taskId, { after: first - 1, limit });
      const rows = page.entries.map((item) => cells.row(item));
      const last = page.entries.at(-1);
      const next = page.next === null || last === undefined ? null : writeCursor({ row: last.position });
      return { ...base, rows, from: first, selected: task.totalCount, next };
    }
    const index = await this.#indexes.of(task, { waitMs: INDEX_WAIT_MS });
    if (!(index instanceof AnswerIndex))
      return { ...base, rows: [], from, selected: null, next: null, indexing: index };
    const selected = this.#order(index, request);
    const order = request.sort && new ColumnOrder(index, request.sort);
    const first = after === undefined ? from : rowsAfter(selected, readCursor(after), order);
    const chosen = selected.subarray(first, first + limit);
    const rows: GridRow[] = [];
    for (const row of chosen) {
      const item = await this.#tasks.store.item(task.taskId, index.key(row));
      if (item !== undefined) rows.push(cells.row(item));
    }
    const last = chosen.at(-1);
    const isLast = last === undefined || first + limit >= selected.length;
    return {
      ...base,
      rows,
      from: first,
      selected: selected.length,
      next: isLast ? null : writeCursor({ row: last, key: order?.keyOf(last) }),
      isCut: index.isCut,
    };
  }

  /**
   * The columns that a grid may show. Those of personas are all that occur as soon as there is an index; before, those of the
   * first 200 respondents.
   *
   * @throws PanelistError `USAGE` for a task without answers
   */
  async columns(task: TaskRecord): Promise<readonly GridColumn[]> {
    const { questionnaire } = surveyParams(task);
    this.#indexes.prepare(task);
    const names = new Set(this.#indexes.existing(task.taskId)?.personaColumns);
    const { entries } = await this.#tasks.store.items(task.taskId, { limit: SAMPLED_ROWS });
    for (const item of entries) for (const name of personaNames(task.taskId, item)) names.add(name);
    const words = surveyWords(questionnaire);
    return [
      ...Array.from(names, (name): GridColumn => {
        const id = personaColumn(name);
        return { id, kind: 'persona', title: printable(name), name: null, questionKind: null, options: null };
      }),
      ...questionsOf(questionnaire).map((question): GridColumn => {
        const { name, kind } = question;
        const title = printable(shortened(fullTitle(question, words), LONGEST_CELL_CHARS));
        return {
          id: answerColumn(name),
          kind: 'question',
          title,
          name,
          questionKind: kind,
          options: optionsOf(question),
        };
      }),
    ];
  }

  #order(index: AnswerIndex, { filters, find, sort }: RowSelection): Int32Array {
    const key = JSON.stringify([filters, find, sort]);
    const { version } = index;
    const known = this.#orders.find(
      (each) => each.index === index && each.version === version && each.key === key,
    );
    if (known !== undefined) return known.rows;
    const rows = selectRows(index, { filters, find, sort });
    const others = this.#orders.filter((each) => each.index !== index || each.key !== key);
    this.#orders = [{ index, version, key, rows }, ...others].slice(0, MOST_ORDERS);
    return rows;
  }
}

function isSelective({ filters = [], find = '', sort }: RowSelection): boolean {
  return filters.length > 0 || find !== '' || sort !== undefined;
}

function defaultColumns(questionnaire: Questionnaire): readonly string[] {
  return questionsOf(questionnaire)
    .slice(0, MOST_COLUMNS)
    .map(({ name }) => answerColumn(name));
}

/** Reads the cells of the requested columns of a task's items. */
class CellReader {
  readonly #taskId: string;
  readonly #columns: readonly string[];
  readonly #labels: ReadonlyMap<string, ReadonlyMap<string, string>>;

  constructor(taskId: string, questionnaire: Questionnaire, columns: readonly string[]) {
    this.#taskId = taskId;
    this.#columns = columns;
    const questions = new Map(questionsOf(questionnaire).map((question) => [question.name, question]));
    for (const id of columns) {
      const name = questionOf(id);
      if (name === undefined ? personaOf(id) === undefined : !questions.has(name))
        throw usage(`There is no column ${JSON.stringify(id)}.`);
    }
    this.#labels = new Map(
      Array.from(questions.values(), (question) => [
        question.name,
        new Map(allOptions(question).map(({ value, text }) => [value, text])),
      ]),
    );
  }

  row(record: TaskItemRecord): GridRow {
    const { key, position } = record;
    const none = this.#columns.map(() => null);
    try {
      const item = SURVEY.item(this.#taskId, record);
      const { persona } = item.input;
      const answers = new Map(
        item.status === 'succeeded' ? item.result.answers.map((each) => [each.question, each]) : [],
      );
      const cells = this.#columns.map((id) => {
        const name = questionOf(id);
        if (name !== undefined) {
          if (item.status === 'failed') return cell('failed', '');
          return this.#answer(answers.get(name));
        }
        const column = personaOf(id) as string;
        return Object.hasOwn(persona, column) ? cell(null, persona[column] as string) : null;
      });
      const problem =
        item.status === 'failed'
          ? problemText(storedFailure(record.result, { taskId: this.#taskId, itemKey: key }).message)
          : null;
      return { position, key, state: item.status, problem, cells };
    } catch (error) {
      if (!(error instanceof PanelistError)) throw error;
      return { position, key, state: 'damaged', problem: problemText(error.message), cells: none };
    }
  }

  #answer(answer: Answer | undefined): GridCell | null {
    if (answer === undefined) return null;
    const labels = this.#labels.get(answer.question);
    const values = answer.value === null ? [] : [answer.value].flat();
    const texts = values.map((value) => labels?.get(String(value)) ?? String(value));
    return cell(answer.status, texts.join('; '));
  }
}

function cell(status: AnswerStatus | null, text: string): GridCell {
  const isCut = text.length > LONGEST_CELL_CHARS;
  return { status, text: printable(shortened(text, LONGEST_CELL_CHARS)), isCut };
}

function problemText(message: string): string {
  return printable(shortened(message, LONGEST_PROBLEM_CHARS));
}

function personaNames(taskId: string, record: TaskItemRecord): readonly string[] {
  try {
    return Object.keys(SURVEY.item(taskId, { ...record, status: 'pending', result: null }).input.persona);
  } catch (error) {
    if (error instanceof PanelistError) return [];
    throw error;
  }
}

/** As texts: an empty one is replaced by the value. */
function allOptions(question: Question): readonly { readonly value: string; readonly text: string }[] {
  if (!('options' in question)) return [];
  return question.options.map(({ value, text }) => ({
    value: String(value),
    text: text === '' ? String(value) : text,
  }));
}

function optionsOf(question: Question): GridColumn['options'] {
  if (!('options' in question)) return null;
  return allOptions(question)
    .slice(0, 200)
    .map(({ value, text }) => ({ value, text: printable(shortened(text, LONGEST_CELL_CHARS)) }));
}

function check(value: number, from: number, to: number, name: string): void {
  if (!Number.isSafeInteger(value) || value < from || value > to)
    throw usage(`${name} must be a whole number from ${from} to ${to}, not ${value}.`);
}

function usage(message: string): PanelistError {
  return new PanelistError('USAGE', message);
}
