import { type Answer, type AnswerStatus, answerStatuses } from '../survey/answer.ts';
import { kindOf } from '../survey/question-kinds/index.ts';
import type { AnswerForm } from '../survey/question-kinds/kind.ts';
import type { Option, OptionValue, Question } from '../survey/questionnaire.ts';
import { Examples } from './examples.ts';
import { bytes, decimals, type GrowingArray, integers } from './growing-array.ts';
import { PresetValues } from './preset-values.ts';
import { isNumeric, numberOf, substantiveOptions } from './scale-points.ts';

/** The code of an answer that is none of the questionnaire's options. */
export const UNLISTED = -1;

/** Which movable options were displayed first and last, and which set of them was displayed. */
export interface ShownEnds {
  readonly first: number;
  readonly last: number;
  /** Equal for equal sets of options, in any order. */
  readonly set: number;
}

/**
 * Every interview's answer to one question, in a few bytes each. An option's code is its index in `options`; an
 * interview's number is the order in which it was added.
 */
export class AnswerColumn {
  readonly question: Question;
  readonly answerForm: AnswerForm;
  /** `null` if the question has no options. */
  readonly options: readonly Option[] | null;
  readonly isNumeric: boolean;
  readonly examples: Examples | null;
  readonly #statuses: GrowingArray<Uint8Array> = bytes();
  readonly #hasValue: GrowingArray<Uint8Array> = bytes();
  readonly #codes: ReadonlyMap<OptionValue, number>;
  readonly #isPlain: readonly boolean[];
  /** The index in `#chosen` of each interview's first chosen option; the next interview's index is the end. */
  readonly #starts: GrowingArray<Int32Array> = integers();
  readonly #chosen: GrowingArray<Int32Array> = integers();
  readonly #numbers: GrowingArray<Float64Array> | null;
  readonly #ends: {
    first: GrowingArray<Int32Array>;
    last: GrowingArray<Int32Array>;
    set: GrowingArray<Int32Array>;
  };
  readonly #sets = new Map<string, number>();
  #presets: PresetValues | null = null;
  /** Several options may be none: an optional check-box that is left empty was asked and answered. */
  readonly #nothingChosen: readonly OptionValue[] | null;

  constructor(question: Question) {
    this.question = question;
    this.answerForm = kindOf(question).answerForm;
    this.#nothingChosen = this.answerForm === 'options' ? [] : null;
    this.options = substantiveOptions(question);
    this.isNumeric = isNumeric(question);
    this.examples = this.answerForm === 'text' ? new Examples(question.name) : null;
    this.#codes = new Map((this.options ?? []).map(({ value }, code) => [value, code]));
    this.#isPlain = (this.options ?? []).map(({ role }) => role === 'plain');
    this.#numbers = this.isNumeric ? decimals() : null;
    this.#ends = { first: integers(), last: integers(), set: integers() };
  }

  /** Interviews added so far. */
  get length(): number {
    return this.#statuses.length;
  }

  /** Adds the next interview's answer; `undefined` if it has none, as with results of another questionnaire. */
  push(respondentId: string, answer: Answer | undefined): void {
    const status = answer?.status ?? 'failed';
    const value = status === 'answered' ? (answer?.value ?? this.#nothingChosen) : null;
    if (status === 'preset' && answer !== undefined) this.#addPreset(answer);
    this.#statuses.push(Math.max(0, answerStatuses.indexOf(status)));
    this.#hasValue.push(value === null ? 0 : 1);
    this.#numbers?.push((value === null ? null : numberOf(this.question, value)) ?? Number.NaN);
    if (typeof value === 'string') this.examples?.add(respondentId, value);
    if (this.options === null) return;
    this.#starts.push(this.#chosen.length);
    if (value !== null) {
      const values = typeof value === 'object' ? value : [value];
      for (const one of values) this.#chosen.push(this.#codes.get(one) ?? UNLISTED);
    }
    this.#pushEnds(answer?.shownOptions ?? []);
  }

  status(interview: number): AnswerStatus {
    return answerStatuses[this.#statuses.at(interview)] as AnswerStatus;
  }

  /** True if the question was answered and not left empty; several options may also be none. */
  hasValue(interview: number): boolean {
    return this.#hasValue.at(interview) === 1;
  }

  /** Values that the survey itself set, which are not answers; `null` if it set none. */
  get presets(): PresetValues | null {
    return this.#presets;
  }

  /** `NaN` if the answer isn't a number. */
  number(interview: number): number {
    return this.#numbers?.at(interview) ?? Number.NaN;
  }

  /** Codes of the chosen options (a ranking's highest first); `UNLISTED` for values that are not options. */
  chosen(interview: number): number[] {
    if (this.options === null) return [];
    const codes: number[] = [];
    for (let place = this.#starts.at(interview); place < this.#end(interview); place++) {
      codes.push(this.#chosen.at(place));
    }
    return codes;
  }

  /** True if the option was chosen, or in a ranking, ranked highest. */
  isChosen(interview: number, option: number): boolean {
    return this.answerForm === 'ranked-options'
      ? this.rank(interview, option) === 1
      : this.rank(interview, option) > 0;
  }

  /** The option's rank from 1, or 0 if it was not chosen. */
  rank(interview: number, option: number): number {
    const start = this.#starts.at(interview);
    for (let place = start; place < this.#end(interview); place++) {
      if (this.#chosen.at(place) === option) return place - start + 1;
    }
    return 0;
  }

  /** `null` if no option that could move was displayed. */
  shownEnds(interview: number): ShownEnds | null {
    const { first, last, set } = this.#ends;
    if (this.options === null || first.at(interview) === UNLISTED) return null;
    return { first: first.at(interview), last: last.at(interview), set: set.at(interview) };
  }

  #end(interview: number): number {
    return interview + 1 < this.#starts.length ? this.#starts.at(interview + 1) : this.#chosen.length;
  }

  #addPreset({ value }: Answer): void {
    if (value === null) return;
    this.#presets ??= new PresetValues();
    this.#presets.set(this.length, typeof value === 'object' ? value.join('; ') : String(value));
  }

  #pushEnds(displayed: readonly OptionValue[]): void {
    const movable = displayed
      .map((value) => this.#codes.get(value) ?? UNLISTED)
      .filter((code) => this.#isPlain[code] === true);
    const several = movable.length > 1;
    this.#ends.first.push(several ? (movable[0] as number) : UNLISTED);
    this.#ends.last.push(several ? (movable.at(-1) as number) : UNLISTED);
    this.#ends.set.push(several ? this.#setNumber(movable) : UNLISTED);
  }

  #setNumber(codes: readonly number[]): number {
    const key = codes.toSorted((a, b) => a - b).join();
    const known = this.#sets.get(key) ?? this.#sets.size;
    this.#sets.set(key, known);
    return known;
  }
}
