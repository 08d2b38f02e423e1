import type { Clock } from '../../clock/clock.ts';

export interface TokenBucketOptions {
  /** How much may pass in any minute. */
  readonly perMinute: number;
  /** How much may pass at once, as time at the full rate, milliseconds; more than 30,000 is taken as that. */
  readonly burstMs: number;
  readonly clock: Clock;
}

/** A burst of more than half a minute's could not be made up for within the minute. */
const LONGEST_BURST_MS = 30_000;

/**
 * A limit that was given: so many requests or tokens a minute, let through evenly. What passes in any 60 seconds is
 * never more than the limit, the burst included: so much slower does it fill. What needs more than the bucket holds
 * passes when it is full and leaves a debt.
 */
export class TokenBucket {
  readonly #capacity: number;
  readonly #perMs: number;
  readonly #clock: Clock;
  #level: number;
  #updatedAt: number;

  constructor({ perMinute, burstMs, clock }: TokenBucketOptions) {
    this.#capacity = Math.max(1, (perMinute / 60_000) * Math.min(burstMs, LONGEST_BURST_MS));
    // n calls, 1/limit of a minute apart, all fit into a half-open minute: the first of a burst costs nothing.
    this.#perMs = (perMinute - this.#capacity + 1) / 60_000;
    this.#clock = clock;
    this.#level = this.#capacity;
    this.#updatedAt = clock.monotonic();
  }

  /** Milliseconds until `amount` may pass, 0: now. */
  waitMs(amount: number): number {
    this.#refill();
    const missing = Math.min(amount, this.#capacity) - this.#level;
    return missing <= 1e-9 ? 0 : missing / this.#perMs;
  }

  /** Takes `amount`; a negative one gives back what was reserved and not used. */
  take(amount: number): void {
    this.#refill();
    this.#level = Math.min(this.#capacity, this.#level - amount);
  }

  #refill(): void {
    const now = this.#clock.monotonic();
    this.#level = Math.min(this.#capacity, this.#level + (now - this.#updatedAt) * this.#perMs);
    this.#updatedAt = now;
  }
}
