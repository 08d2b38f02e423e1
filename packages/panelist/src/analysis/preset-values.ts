import { type GrowingArray, integers } from './growing-array.ts';

/** What the survey itself gave for a question, by interview: as a treatment group does, it can make groups. */
export class PresetValues {
  /** Every value, in the order of its first occurrence. */
  readonly values: string[] = [];
  readonly #codes = new Map<string, number>();
  readonly #byInterview: GrowingArray<Int32Array> = integers();

  set(interview: number, value: string): void {
    const code = this.#codes.get(value) ?? this.values.push(value) - 1;
    this.#codes.set(value, code);
    while (this.#byInterview.length < interview) this.#byInterview.push(-1);
    this.#byInterview.push(code);
  }

  /** A position among `values`; −1 where the survey gave none. */
  code(interview: number): number {
    return interview < this.#byInterview.length ? this.#byInterview.at(interview) : -1;
  }
}
