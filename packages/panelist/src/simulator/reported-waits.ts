import type { Clock } from '@panelist/toolkit';

/** A request that arrives so soon after a 429 was sent had left before its client could read it. Milliseconds. */
export const GRACE_MS = 50;

/** The most API keys that are remembered; then the oldest are forgotten. */
const MAX_KEYS = 10_000;

interface ToldWait {
  readonly sentAt: number;
  readonly until: number;
}

interface KeyWaits {
  /** The latest end of the waits whose grace is over. */
  until: number;
  /** Those in their grace, in the order they were sent. */
  recent: ToldWait[];
}

/**
 * Requests that came before Retry-After had passed. A request counts when, of the 429s sent to its API key more than `GRACE_MS` before
 * it arrived, any reported a wait that had not passed. So a 429 sent meanwhile gives no new grace from those before it.
 */
export class ReportedWaits {
  readonly #clock: Clock;
  readonly #byKey = new Map<string, KeyWaits>();
  #disregarded = 0;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  get disregarded(): number {
    return this.#disregarded;
  }

  /** A 429 with a wait of `waitMs` is being sent. */
  reported(apiKey: string, waitMs: number): void {
    const sentAt = this.#clock.monotonic();
    let waits = this.#byKey.get(apiKey);
    if (waits === undefined) {
      waits = { until: Number.NEGATIVE_INFINITY, recent: [] };
      this.#byKey.set(apiKey, waits);
      if (this.#byKey.size > MAX_KEYS) this.#byKey.delete(this.#byKey.keys().next().value ?? '');
    }
    endGrace(waits, sentAt);
    waits.recent.push({ sentAt, until: sentAt + waitMs });
  }

  arrived(apiKey: string): void {
    const waits = this.#byKey.get(apiKey);
    if (waits === undefined) return;
    const now = this.#clock.monotonic();
    endGrace(waits, now);
    if (now < waits.until) this.#disregarded++;
  }
}

function endGrace(waits: KeyWaits, now: number): void {
  const stillRecent = waits.recent.findIndex(({ sentAt }) => now - sentAt <= GRACE_MS);
  if (stillRecent === 0) return;
  for (const { until } of waits.recent.splice(0, stillRecent === -1 ? waits.recent.length : stillRecent)) {
    waits.until = Math.max(waits.until, until);
  }
}
