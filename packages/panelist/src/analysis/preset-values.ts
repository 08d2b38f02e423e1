import { type GrowingArray, integers } from './growing-array.ts';

/** The values that the survey itself set for a question, by interview. They can make groups, such as treatment groups. */
export class PresetValues {
  /** Distinct values in the order of their first occurrence. */
  readonly values: string[] = [];
  readonly #codes = new Map<string, number>();
  readonly #byInterview: GrowingArray<Int32Array> = integers();

  set(interview: number, value: string): void {
    const code = this.#codes.get(value) ?? this.values.push(value) - 1;
    this.#codes.set(value, code);
    while (this.#byInterview.length < interview) this.#byInterview.push(-1);
    this.#byInterview.push(code);
  }

  /** An index into `values`; −1 if the survey set no value. */
  code(interview: number): number {
    return interview < this.#byInterview.length ? this.#byInterview.at(interview) : -1;
  }
}
