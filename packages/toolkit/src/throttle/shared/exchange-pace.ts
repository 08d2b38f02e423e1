import type { AccountState } from './shared-account.ts';

/** About how often a process looks without being told, milliseconds: what others report reaches it within a second. */
const POLL_MS = 700;
/** Between two exchanges, however urgent, milliseconds. */
const SHORTEST_GAP_MS = 20;
/** After an exchange that failed, milliseconds. */
const RETRY_MS = 500;
/** Or else processes that began together would ask at the same moments, the same ones always last. */
const JITTER = 0.25;
/** How long an exchange is expected to take before one has been measured, milliseconds. */
const EXPECTED_MS = 5;

/**
 * When a process exchanges next with an account that it shares.
 *
 * All exchanges follow one another on one row. An exchange that finds the row free takes as long as it keeps it, or longer.
 * So if each of n processes lets n times that pass between two exchanges, the row can serve all; and where exchanges
 * queue, they take longer, and each process asks less often until they don't.
 */
export class ExchangePace {
  readonly #random: () => number;
  #lastAt = Number.NEGATIVE_INFINITY;
  #failed = false;
  #exchangeMs = EXPECTED_MS;
  #intervalMs = 0;
  #members = 1;
  #jitter = 1;

  /** @param random numbers from 0 to 1 */
  constructor(random: () => number) {
    this.#random = random;
  }

  /** About how long an exchange takes. One that takes unusually long says little. */
  get exchangeMs(): number {
    return this.#exchangeMs;
  }

  get intervalMs(): number {
    return this.#intervalMs;
  }

  /** When the latest exchange ended. */
  get lastAt(): number {
    return this.#lastAt;
  }

  /** For what others must hear of at once. */
  get soonestAt(): number {
    return this.#lastAt + (this.#failed ? RETRY_MS : SHORTEST_GAP_MS);
  }

  /** Where there was all that the process wanted. */
  get readyAt(): number {
    return Math.max(this.soonestAt, this.#lastAt + this.#members * this.#exchangeMs);
  }

  /** Where there was less. */
  get nextTurnAt(): number {
    return this.#lastAt + this.#intervalMs * this.#jitter;
  }

  /** Where nothing is wanted but what others may report. */
  get pollAt(): number {
    return this.#lastAt + Math.max(POLL_MS, this.#intervalMs) * this.#jitter;
  }

  /** All processes hear of the same change at the same moment. */
  hintedAt(now: number): number {
    return now + this.#intervalMs * this.#random();
  }

  /** An exchange has ended, `tookMs` after it was asked for; with `undefined` for what was told if it failed. */
  exchanged(now: number, tookMs: number, told: AccountState | undefined): void {
    this.#lastAt = now;
    this.#failed = told === undefined;
    this.#jitter = 1 - JITTER + 2 * JITTER * this.#random();
    if (told === undefined) return;
    this.#exchangeMs = Math.min(Math.max(tookMs, this.#exchangeMs / 2), this.#exchangeMs * 2);
    this.#intervalMs = told.intervalMs;
    this.#members = told.members;
  }
}
