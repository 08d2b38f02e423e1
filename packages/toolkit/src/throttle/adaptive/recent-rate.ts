const MOST_KEPT = 256;
const WINDOW_MS = 1_000;

/** How fast calls have been sent in the last second. */
export class RecentRate {
  readonly #sentAt: number[] = [];

  sent(now: number): void {
    this.#sentAt.push(now);
    if (this.#sentAt.length > MOST_KEPT) this.#sentAt.splice(0, MOST_KEPT / 2);
  }

  /** Calls a millisecond: over the last second, or since the first call that is remembered, whichever is shorter. */
  perMs(now: number): number {
    const oldest = this.#sentAt[0] ?? now;
    const from = Math.max(oldest, now - WINDOW_MS);
    const count = this.#sentAt.filter((at) => at >= from).length;
    return Math.max(1, count) / Math.max(1, now - from);
  }
}
