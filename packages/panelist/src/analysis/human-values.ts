import type { AnswerStatus, AnswerValue } from '../survey/answer.ts';
import { kindOf } from '../survey/question-kinds/index.ts';
import type { Option, OptionValue, Question } from '../survey/questionnaire.ts';
import { normalised } from '../text/one-line.ts';
import { shortened } from '../text/shortened.ts';

export interface HumanValue {
  readonly status: AnswerStatus;
  readonly value: AnswerValue | null;
}

/** Distinct values that are counted one by one; a column of free text has as many as rows. */
const maxUnmatched = 1_000;
const maxLength = 100;
const REST = '(others)';

/**
 * Reads a cell of people's answers as an answer to the question. An option matches by its value, or else by its text if
 * no other option has that text; case and white space are ignored. A number matches by its value. Several options in one
 * cell are separated by `;` (as Panelist writes them, with `\;` inside a value), `|` or `,`. Other values are counted.
 */
export class HumanValueReader {
  readonly #question: Question;
  readonly #byText = new Map<string, Option | null>();
  readonly #unmatched = new Map<string, number>();

  constructor(question: Question) {
    this.#question = question;
    if (!('options' in question)) return;
    const keep = (key: string, option: Option, taken: ReadonlySet<string>): void => {
      if (key === '' || taken.has(key)) return;
      this.#byText.set(key, this.#byText.has(key) && this.#byText.get(key) !== option ? null : option);
    };
    for (const option of question.options) keep(normalised(String(option.value)), option, new Set());
    const values = new Set(this.#byText.keys());
    for (const option of question.options) keep(normalised(option.text), option, values);
  }

  read(cell: string): HumanValue {
    const value = this.#value(cell);
    if (value !== null) return value;
    const short = shortened(cell, maxLength);
    const key = this.#unmatched.has(short) || this.#unmatched.size < maxUnmatched ? short : REST;
    this.#unmatched.set(key, (this.#unmatched.get(key) ?? 0) + 1);
    return { status: 'invalid', value: null };
  }

  /** Values that `read` could not match, with their counts; the most frequent first. */
  unmatched(): [value: string, count: number][] {
    return [...this.#unmatched].sort(([a, m], [b, n]) => n - m || (a < b ? -1 : 1));
  }

  #value(cell: string): HumanValue | null {
    const question = this.#question;
    switch (kindOf(question).answerForm) {
      case 'text':
        return { status: 'answered', value: cell };
      case 'number': {
        const number = numberIn(cell);
        return number !== null && isWithinBounds(number, question)
          ? { status: 'answered', value: number }
          : null;
      }
      case 'option': {
        const option = this.#option(cell);
        return option && answer(option, option.value);
      }
      case 'options':
      case 'ranked-options':
        return this.#several(cell);
    }
  }

  #several(cell: string): HumanValue | null {
    for (const parts of [[cell], splitAtSemicolons(cell), cell.split('|'), cell.split(',')]) {
      const found = parts
        .map((part) => part.trim())
        .filter((part) => part !== '')
        .map((part) => this.#option(part));
      const options = found.filter((option) => option !== null);
      const first = options[0];
      if (first === undefined || options.length !== found.length) continue;
      const special = options.find(({ role }) => role === 'refused' || role === 'dont-know');
      const values: OptionValue[] = [...new Set(options.map(({ value }) => value))];
      return answer(special ?? first, values);
    }
    return null;
  }

  #option(text: string): Option | null {
    const known = this.#byText.get(normalised(text));
    if (known !== undefined || !('options' in this.#question)) return known ?? null;
    const number = numberIn(text);
    return (number !== null && this.#question.options.find(({ value }) => value === number)) || null;
  }
}

function answer({ role }: Option, value: AnswerValue): HumanValue {
  return { status: role === 'refused' || role === 'dont-know' ? role : 'answered', value };
}

function isWithinBounds(number: number, question: Question): boolean {
  const { min, max } = 'min' in question ? question : { min: null, max: null };
  return number >= (min ?? Number.NEGATIVE_INFINITY) && number <= (max ?? Number.POSITIVE_INFINITY);
}

function numberIn(text: string): number | null {
  const trimmed = text.trim();
  return /^[-+]?(\d+\.?\d*|\.\d+)(e[-+]?\d+)?$/i.test(trimmed) && Number.isFinite(Number(trimmed))
    ? Number(trimmed)
    : null;
}

function splitAtSemicolons(cell: string): string[] {
  return (cell.match(/(?:\\.|[^;\\])+/gs) ?? []).map((part) => part.replace(/\\([\\;])/g, '$1'));
}
