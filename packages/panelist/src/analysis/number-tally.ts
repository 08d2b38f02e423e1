export interface NumberSummary {
  readonly mean: number;
  /** Of the sample (n − 1); `null` for fewer than two. */
  readonly sd: number | null;
  readonly min: number;
  readonly max: number;
  /** How often each value occurs, ascending; `null` when there were more different values than are kept. */
  readonly values: readonly (readonly [value: number, count: number])[] | null;
}

/** Different values that are counted one by one; ages, years and amounts have fewer. */
const maxValues = 2_000;

/** Mean and spread of numbers as they pass (Welford), in bounded memory. */
export class NumberTally {
  #n = 0;
  #mean = 0;
  #squares = 0;
  #min = Number.POSITIVE_INFINITY;
  #max = Number.NEGATIVE_INFINITY;
  #values: Map<number, number> | null = new Map();

  add(value: number): void {
    this.#n += 1;
    const distance = value - this.#mean;
    this.#mean += distance / this.#n;
    this.#squares += distance * (value - this.#mean);
    this.#min = Math.min(this.#min, value);
    this.#max = Math.max(this.#max, value);
    this.#values?.set(value, (this.#values.get(value) ?? 0) + 1);
    if (this.#values && this.#values.size > maxValues) this.#values = null;
  }

  /** `null` when no number came. */
  summary(): NumberSummary | null {
    if (this.#n === 0) return null;
    return {
      mean: this.#mean,
      sd: this.#n < 2 ? null : Math.sqrt(this.#squares / (this.#n - 1)),
      min: this.#min,
      max: this.#max,
      values: this.#values && [...this.#values].sort(([a], [b]) => a - b),
    };
  }
}
