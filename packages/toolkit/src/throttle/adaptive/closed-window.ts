/** After this many refusals in a row, over this time, no call is let through. */
const REFUSALS_TO_CLOSE = 5;
const REFUSED_MS_TO_CLOSE = 2_000;
const FIRST_PROBES_MS = [2_000, 4_000] as const;
const MINUTE_MS = 60_000;
/** A minute ends by the provider's clock: requests take time to arrive there. */
const ARRIVAL_MS = 10;

/**
 * Detects a provider that sends no limit headers and counts requests per fixed window, and when the next window opens.
 * It takes a window as closed when all of at least five calls sent since the first refusal were refused, over at
 * least two seconds, and none is in flight: a bucket would have let some through.
 * Then one call at a time goes as a probe, after 2 and 4 s, in case the
 * window is short; the next one a minute after the burst had begun, since limits are mostly per minute and some
 * providers count what they refuse; and after that ever less often.
 */
export class ClosedWindow {
  /** What was sent since the first refusal of a row, and how much of it was refused. */
  #rowAfter: number | undefined;
  #rowSince = 0;
  #rowSent = 0;
  #rowRefused = 0;
  /** While closed: when the next probe may go, or whether it is under way. */
  #probeAt: number | undefined;
  #probe: number | undefined;
  #probes = 0;

  get isClosed(): boolean {
    return this.#probeAt !== undefined;
  }

  /** Milliseconds until the next probe, 0: now, Infinity: one is under way. 0 also while it is not closed. */
  waitMs(now: number): number {
    if (this.#probeAt === undefined) return 0;
    return this.#probe === undefined ? Math.max(0, this.#probeAt - now) : Number.POSITIVE_INFINITY;
  }

  sent(sequence: number): void {
    if (this.#rowAfter !== undefined) this.#rowSent += 1;
    if (this.#probeAt !== undefined) this.#probe = sequence;
  }

  /** @returns whether this has opened it */
  succeeded(sequence: number): boolean {
    if (this.#rowAfter !== undefined && sequence > this.#rowAfter) this.#rowAfter = undefined;
    if (sequence !== this.#probe) return false;
    this.forget();
    return true;
  }

  /**
   * @param latest the number of the call that was sent last
   * @param burstBegan when the calls that led to it began, for the minute to be counted from
   */
  refused(sequence: number, latest: number, now: number, burstBegan: number): void {
    if (this.#probeAt !== undefined) {
      if (sequence === this.#probe) this.#scheduleProbe(now, burstBegan);
    } else if (this.#rowAfter === undefined) {
      this.#rowAfter = latest;
      this.#rowSince = now;
      this.#rowSent = 0;
      this.#rowRefused = 0;
    } else if (sequence > this.#rowAfter) {
      this.#rowRefused += 1;
      const all = this.#rowRefused >= REFUSALS_TO_CLOSE && this.#rowRefused === this.#rowSent;
      if (all && now - this.#rowSince >= REFUSED_MS_TO_CLOSE) this.#scheduleProbe(now, burstBegan);
    }
  }

  /** The call ended and says nothing of the rate. */
  abandoned(sequence: number): void {
    if (this.#rowAfter !== undefined && sequence > this.#rowAfter) this.#rowSent -= 1;
    if (sequence === this.#probe) this.#probe = undefined;
  }

  forget(): void {
    this.#rowAfter = undefined;
    this.#probeAt = undefined;
    this.#probe = undefined;
    this.#probes = 0;
  }

  #scheduleProbe(now: number, burstBegan: number): void {
    const firstMs = FIRST_PROBES_MS[this.#probes];
    const minuteAt = burstBegan + MINUTE_MS + ARRIVAL_MS;
    this.#probes += 1;
    this.#probe = undefined;
    if (firstMs !== undefined) this.#probeAt = now + firstMs;
    else if (minuteAt > now) this.#probeAt = minuteAt;
    else this.#probeAt = now + Math.min(MINUTE_MS, 1_000 * 2 ** this.#probes);
  }
}
