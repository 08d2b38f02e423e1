const SLOT_MS = 250;
const SLOTS = 60_000 / SLOT_MS;
/** Requests take different times to arrive: one that was sent a minute ago may have arrived later. */
const ARRIVAL_MS = 50;
const KEPT_MS = 60_000 + ARRIVAL_MS;

/** What was sent in the last 60 seconds, summed by quarters of a second, so that memory is bounded at any rate. */
export class RollingMinute {
  readonly #amounts = new Float64Array(SLOTS + 2);
  /** The oldest slot that is still counted; slots are numbered from the clock's origin. */
  #oldest: number | undefined;
  #newest = 0;

  /** `expire` must have been called for `now`, so that the slot is empty of the minute before. */
  add(amount: number, now: number): void {
    const slot = Math.floor(now / SLOT_MS);
    this.#oldest ??= slot;
    this.#newest = Math.max(this.#newest, slot);
    this.#amounts[slot % this.#amounts.length]! += amount;
  }

  /** What has become older than a minute since the last call: all of a slot when its last moment has. */
  expire(now: number): number {
    if (this.#oldest === undefined) return 0;
    const kept = Math.floor((now - KEPT_MS) / SLOT_MS);
    let expired = 0;
    for (; this.#oldest < kept && this.#oldest <= this.#newest; this.#oldest++) {
      const at = this.#oldest % this.#amounts.length;
      expired += this.#amounts[at]!;
      this.#amounts[at] = 0;
    }
    if (this.#oldest < kept) this.#oldest = undefined;
    return expired;
  }

  /** What is older than a minute and still counted here, its slot not having passed as a whole. */
  expiring(now: number): number {
    let expiring = 0;
    const last = Math.min(this.#newest, Math.floor((now - 60_000) / SLOT_MS));
    for (let slot = this.#oldest ?? last + 1; slot <= last; slot++) {
      expiring += this.#amounts[slot % this.#amounts.length]!;
    }
    return expiring;
  }

  /** Milliseconds until anything more expires; `undefined` when nothing is left to. */
  nextExpiryMs(now: number): number | undefined {
    if (this.#oldest === undefined) return undefined;
    for (let slot = this.#oldest; slot <= this.#newest; slot++) {
      if (this.#amounts[slot % this.#amounts.length]! > 0) return (slot + 1) * SLOT_MS + KEPT_MS - now;
    }
    return undefined;
  }
}
