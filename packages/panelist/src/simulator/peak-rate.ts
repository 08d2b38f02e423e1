import type { Clock } from '@panelist/toolkit';

const SECOND_MS = 1_000;

/** The most arrivals in any one second, wherever it begins: not by the clock's full seconds. */
export class PeakRate {
  readonly #clock: Clock;
  /** When those of the last second arrived; what lies before `#first` is over. */
  #arrivals: number[] = [];
  #first = 0;
  #perSecond = 0;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  get perSecond(): number {
    return this.#perSecond;
  }

  arrived(): void {
    const now = this.#clock.monotonic();
    this.#arrivals.push(now);
    // The busiest second ends with an arrival, so that it is enough to look back from each.
    while (this.#arrivals[this.#first]! <= now - SECOND_MS) this.#first++;
    this.#perSecond = Math.max(this.#perSecond, this.#arrivals.length - this.#first);
    // Dropping many at a time keeps an arrival's cost constant.
    if (this.#first > 1_000 && this.#first * 2 > this.#arrivals.length) {
      this.#arrivals = this.#arrivals.slice(this.#first);
      this.#first = 0;
    }
  }
}
