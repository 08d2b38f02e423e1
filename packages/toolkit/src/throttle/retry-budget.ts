import type { Clock } from '../clock/clock.ts';

/** Each new call earns this much of a retry: Google's SRE book allows a client to repeat a tenth of its requests. */
const EARNED_BY_CALL = 0.1;
/** A provider that fails three calls in four is slow, but no outage. */
const EARNED_BY_SUCCESS = 3;
const INITIAL_BALANCE = 5;
const MAX_BALANCE = 20;
/** So that calls which are all waiting for a retry get one in the end. */
const EARN_ALONE_MS = 10_000;

/**
 * How many calls may be repeated. A retry costs one; a new call earns a tenth of one, a success three. So while
 * anything succeeds, retries flow; while nothing does, there are 1.1 requests a call and no more.
 */
export class RetryBudget {
  readonly #clock: Clock;
  #balance = INITIAL_BALANCE;
  #spentAt: number;

  constructor(clock: Clock) {
    this.#clock = clock;
    this.#spentAt = clock.monotonic();
  }

  /** Milliseconds until a retry may be sent, 0: now. It is sooner if a call earns one meanwhile. */
  waitMs(): number {
    // In floating point, ten tenths add up to a little less than one.
    if (this.#balance >= 1 - 1e-9) return 0;
    return Math.max(0, this.#spentAt + EARN_ALONE_MS - this.#clock.monotonic());
  }

  spend(): void {
    this.#balance = Math.max(0, this.#balance - 1);
    this.#spentAt = this.#clock.monotonic();
  }

  called(): void {
    this.#earn(EARNED_BY_CALL);
  }

  succeeded(): void {
    this.#earn(EARNED_BY_SUCCESS);
  }

  #earn(amount: number): void {
    this.#balance = Math.min(MAX_BALANCE, this.#balance + amount);
  }
}
