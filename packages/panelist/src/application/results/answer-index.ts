import type { TaskItemRecord, TaskResult } from '@panelist/toolkit';
import { PanelistError } from '../../panelist-error.ts';
import { type Answer, answerStatuses, type Interview } from '../../survey/answer.ts';
import { type Question, type Questionnaire, questionsOf } from '../../survey/questionnaire.ts';
import { SURVEY } from '../../survey/stored-survey.ts';
import { cutAt } from '../../text/shortened.ts';
import { IndexedColumn } from './indexed-column.ts';

/** What is indexed of a text while there is room; the whole text stays in the store. */
const LONGEST_TEXT_CHARS = 400;
/** The same beyond `ROOMY_BYTES`. Beyond `MOST_BYTES` only whether there is an answer. */
const SHORT_TEXT_CHARS = 64;
const ROOMY_BYTES = 64_000_000;
const MOST_BYTES = 160_000_000;
/** Cells of one index: columns beyond cannot be sorted and filtered by. */
const MOST_CELLS = 40_000_000;
const MOST_PERSONA_COLUMNS = 100;
/** As in exports, all answers of a failed interview are failed. */
const FAILED = answerStatuses.indexOf('failed');
/** Separates the values of an answer of several. */
const SEPARATOR = '\u001f';

/** What became of an interview. `damaged`: its row isn't what Panelist writes. */
export type RowState = 'pending' | 'succeeded' | 'failed' | 'damaged';

export const KEY_COLUMN = 'key';
export const STATE_COLUMN = 'state';
const PERSONA = 'persona.';
const ANSWER = 'answer.';

export function personaColumn(name: string): string {
  return PERSONA + name;
}

export function answerColumn(question: string): string {
  return ANSWER + question;
}

/** The name behind `persona.`; `undefined` for other columns. */
export function personaOf(column: string): string | undefined {
  return column.startsWith(PERSONA) ? column.slice(PERSONA.length) : undefined;
}

/** The question behind `answer.`; `undefined` for other columns. */
export function questionOf(column: string): string | undefined {
  return column.startsWith(ANSWER) ? column.slice(ANSWER.length) : undefined;
}

/**
 * The interviews of one task in columns, to sort, filter and search them without reading them again. Rows are the task's
 * items in their order.
 */
export class AnswerIndex {
  readonly taskId: string;
  readonly questions: ReadonlyMap<string, Question>;
  readonly total: number;
  /** By id; columns of personas appear as they occur. */
  readonly columns = new Map<string, IndexedColumn>();
  readonly #mostColumns: number;
  readonly #keys: IndexedColumn;
  readonly #states: IndexedColumn;
  /** Rows that are added, from the first. */
  rows = 0;
  failed = 0;
  /** Grows with every change. */
  version = 0;
  /** Whether some texts are too long to be indexed as a whole. */
  isCut = false;
  #textBytes = 0;

  /** @param total rows there will be at most */
  constructor(taskId: string, questionnaire: Questionnaire, total: number) {
    this.taskId = taskId;
    this.total = total;
    this.questions = new Map(questionsOf(questionnaire).map((question) => [question.name, question]));
    this.#mostColumns = Math.max(20, Math.floor(MOST_CELLS / Math.max(1, total)));
    this.#keys = this.#add(KEY_COLUMN);
    this.#states = this.#add(STATE_COLUMN);
    for (const name of this.questions.keys()) {
      if (this.columns.size >= this.#mostColumns) break;
      this.#add(answerColumn(name));
    }
  }

  get bytes(): number {
    return Array.from(this.columns.values()).reduce((sum, column) => sum + column.bytes, 0);
  }

  get personaColumns(): readonly string[] {
    return Array.from(this.columns.keys()).flatMap((id) => personaOf(id) ?? []);
  }

  key(row: number): string {
    return this.#keys.text(this.#keys.code(row));
  }

  state(row: number): RowState {
    return this.#states.text(this.#states.code(row)) as RowState;
  }

  /** Adds the next item of the task. */
  addItem(record: TaskItemRecord): void {
    const row = this.rows;
    if (row >= this.total) return;
    this.rows += 1;
    this.#keys.set(row, 0, record.key);
    try {
      const { input, status, result } = SURVEY.item(this.taskId, record);
      this.#setPersona(row, input.persona);
      this.#setState(row, status);
      if (status === 'succeeded') this.#setAnswers(row, result);
    } catch (error) {
      if (!(error instanceof PanelistError)) throw error;
      this.#setState(row, 'damaged');
    }
    this.version += 1;
  }

  /** Takes over what was recorded of an item; of an unknown one, nothing. */
  addResult(record: TaskResult): void {
    const row = this.#keys.codeOf(0, record.itemKey) - 1;
    if (row < 0) return;
    try {
      const { success, result } = SURVEY.result(this.taskId, record);
      this.#setState(row, success ? 'succeeded' : 'failed');
      if (success) this.#setAnswers(row, result);
    } catch (error) {
      if (!(error instanceof PanelistError)) throw error;
      this.#setState(row, 'damaged');
    }
    this.version += 1;
  }

  /** Rows whose failure was taken back are pending again. @param failed keys of those that are still failed */
  keepFailed(failed: ReadonlySet<string>): void {
    for (let row = 0; row < this.rows; row += 1)
      if (this.state(row) === 'failed' && !failed.has(this.key(row))) this.#setState(row, 'pending');
    this.version += 1;
  }

  #setState(row: number, state: RowState): void {
    const before = this.#states.code(row);
    if (before !== 0 && this.state(row) === 'failed') this.failed -= 1;
    if (state === 'failed') this.failed += 1;
    this.#states.set(row, 0, state);
    if (state === 'failed') this.#eachAnswer((column) => column.set(row, FAILED, ''));
    if (state === 'pending') this.#eachAnswer((column) => column.clear(row));
  }

  #eachAnswer(change: (column: IndexedColumn) => void): void {
    for (const [id, column] of this.columns) if (questionOf(id) !== undefined) change(column);
  }

  #setPersona(row: number, persona: Readonly<Record<string, string>>): void {
    for (const [name, value] of Object.entries(persona)) {
      const id = personaColumn(name);
      const column = this.columns.get(id) ?? this.#addPersona(id);
      if (column !== undefined && value !== '') column.set(row, 0, this.#cut(value));
    }
  }

  #setAnswers(row: number, { answers }: Interview): void {
    for (const answer of answers) {
      const column = this.columns.get(answerColumn(answer.question));
      column?.set(row, answerStatuses.indexOf(answer.status), this.#cut(answerText(answer)));
    }
  }

  #cut(text: string): string {
    const longest = this.#textBytes < ROOMY_BYTES ? LONGEST_TEXT_CHARS : this.#shortTexts();
    this.#textBytes += Math.min(text.length, longest);
    if (text.length <= longest) return text;
    this.isCut = true;
    return cutAt(text, longest);
  }

  #shortTexts(): number {
    return this.#textBytes < MOST_BYTES ? SHORT_TEXT_CHARS : 0;
  }

  #addPersona(id: string): IndexedColumn | undefined {
    const isFull =
      this.columns.size >= this.#mostColumns || this.personaColumns.length >= MOST_PERSONA_COLUMNS;
    return isFull ? undefined : this.#add(id);
  }

  #add(id: string): IndexedColumn {
    const column = new IndexedColumn(this.total);
    this.columns.set(id, column);
    return column;
  }
}

function answerText({ value }: Answer): string {
  if (value === null) return '';
  return typeof value === 'object' ? value.map(String).join(SEPARATOR) : String(value);
}

/** The values of an answer as it is indexed. */
export function valuesIn(text: string): readonly string[] {
  return text === '' ? [] : text.split(SEPARATOR);
}
