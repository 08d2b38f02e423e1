import type { LimitReport, LimitState } from './shared-account.ts';

/** How much is leased ahead, in intervals between exchanges: an exchange may take longer than the one before. */
const AHEAD_INTERVALS = 1.25;

/** What one process holds of one limit of a shared account, requests or tokens. Times are of the monotonic clock. */
export class SharedLease {
  /** What may still be sent; below 0 when more was sent than leased, as where nothing had to be leased before. */
  #held = 0;
  #validUntil = Number.NEGATIVE_INFINITY;
  #returned = 0;
  #perMinute: number | undefined;
  #wanted = 0;
  #usedSinceReport = 0;
  #usedBefore = 0;

  /** What was used between the latest two reports, and since. */
  get recentUse(): number {
    return this.#usedBefore + this.#usedSinceReport;
  }

  /** Whether less than half of what should be held is left. */
  get isLow(): boolean {
    return this.#perMinute !== undefined && this.#held < this.#wanted / 2;
  }

  /** Whether that much may be sent at `now`. */
  has(amount: number, now: number): boolean {
    return this.#perMinute === undefined || (now < this.#validUntil && this.#held >= amount - 1e-9);
  }

  take(amount: number): void {
    this.#usedSinceReport += amount;
    if (this.#perMinute !== undefined) this.#held -= amount;
  }

  /** What was reserved for a call is corrected in the shared bucket, and not here: others may have waited for it. */
  settle(reserved: number, used: number): void {
    if (this.#perMinute !== undefined) this.#returned += reserved - used;
  }

  /** What is reported, and from when on use counts as unreported. An idle process gives back what it holds. */
  report({
    intervalMs,
    isIdle,
    needed,
    demanded,
  }: {
    readonly intervalMs: number;
    readonly isIdle: boolean;
    readonly needed: number;
    readonly demanded: number;
  }): Pick<LimitReport, 'held' | 'returned' | 'needed' | 'wanted'> {
    if (isIdle || this.#held < 0) {
      this.#returned += this.#held;
      this.#held = 0;
    }
    const ahead = Math.ceil(((this.#perMinute ?? 0) / 60_000) * intervalMs * AHEAD_INTERVALS);
    this.#wanted = Math.max(needed, Math.min(ahead, Math.ceil(demanded)));
    this.#usedBefore = this.#usedSinceReport;
    this.#usedSinceReport = 0;
    return { held: this.#held, returned: this.#returned, needed, wanted: this.#wanted };
  }

  /** The answer to the latest report. */
  granted({ leasedPerMinute, held }: LimitState, validUntil: number): void {
    this.#validUntil = validUntil;
    this.#perMinute = leasedPerMinute;
    this.#held = leasedPerMinute === undefined ? 0 : held - this.#usedSinceReport;
  }
}
