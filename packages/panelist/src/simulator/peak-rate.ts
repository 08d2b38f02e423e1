import type { Clock } from '@panelist/toolkit';

/** The most arrivals in any time of one length, wherever it begins: not by the clock's full seconds. */
export class PeakRate {
  readonly #clock: Clock;
  readonly #lengthMs: number;
  /** When those of the last such time arrived; what lies before `#first` is over. */
  #arrivals: number[] = [];
  #first = 0;
  #most = 0;

  constructor(clock: Clock, lengthMs: number) {
    this.#clock = clock;
    this.#lengthMs = lengthMs;
  }

  get most(): number {
    return this.#most;
  }

  arrived(): void {
    const now = this.#clock.monotonic();
    this.#arrivals.push(now);
    // The busiest time ends with an arrival, so that it is enough to look back from each.
    while (this.#arrivals[this.#first]! <= now - this.#lengthMs) this.#first++;
    this.#most = Math.max(this.#most, this.#arrivals.length - this.#first);
    // Dropping many at a time keeps an arrival's cost constant.
    if (this.#first > 1_000 && this.#first * 2 > this.#arrivals.length) {
      this.#arrivals = this.#arrivals.slice(this.#first);
      this.#first = 0;
    }
  }
}
