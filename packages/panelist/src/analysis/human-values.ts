import type { AnswerStatus, AnswerValue } from '../survey/answer.ts';
import { kindOf } from '../survey/question-kinds/index.ts';
import type { Option, OptionValue, Question } from '../survey/questionnaire.ts';
import { normalised } from '../text/one-line.ts';
import { shortened } from '../text/shortened.ts';

export interface HumanValue {
  readonly status: AnswerStatus;
  readonly value: AnswerValue | null;
}

/** Different values that are told apart; a column of free text has as many as it has rows. */
const maxUnmatched = 1_000;
const maxLength = 100;
const REST = '(others)';

/**
 * Takes a cell of people's answers for an answer to the question: an option by its value, else by its text, case and
 * white space aside, and only where that is one option; a number by its value. Several options stand in one cell,
 * separated by `;` (as Panelist writes them, with `\;` for one within), `|` or `,`. What fits nothing is counted.
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
    const shown = shortened(cell, maxLength);
    const key = this.#unmatched.has(shown) || this.#unmatched.size < maxUnmatched ? shown : REST;
    this.#unmatched.set(key, (this.#unmatched.get(key) ?? 0) + 1);
    return { status: 'invalid', value: null };
  }

  /** What `read` could not take, with how often it came; the most frequent first. */
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
