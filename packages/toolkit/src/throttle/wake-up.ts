import type { Clock } from '../clock/clock.ts';

/** One timer that is set anew whenever the next moment to do something changes. */
export class WakeUp {
  readonly #clock: Clock;
  readonly #wake: () => void;
  #cancelTimer: (() => void) | undefined;
  #at = Number.POSITIVE_INFINITY;

  constructor(clock: Clock, wake: () => void) {
    this.#clock = clock;
    this.#wake = wake;
  }

  /** In `ms` milliseconds, and at no other time; Infinity: not at all. */
  in(ms: number): void {
    const at = this.#clock.monotonic() + ms;
    if (this.#cancelTimer !== undefined && this.#at === at) return;
    this.cancel();
    if (ms === Number.POSITIVE_INFINITY) return;
    this.#at = at;
    this.#cancelTimer = this.#clock.setTimer(() => {
      this.#cancelTimer = undefined;
      this.#wake();
    }, Math.ceil(ms));
  }

  cancel(): void {
    this.#cancelTimer?.();
    this.#cancelTimer = undefined;
  }
}
