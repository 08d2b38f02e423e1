import { LONGEST_WAIT_MS } from '../classify/durations.ts';

export interface BackOff {
  readonly retryDelayMs: number;
  readonly exponentialBackoff: boolean;
  readonly maxDelayMs: number;
  readonly jitter: boolean;
}

/**
 * The wait before retry number `retry` (from 0), milliseconds: `retryDelayMs`, or `retryDelayMs * 2 ** retry`, at
 * most `maxDelayMs`. With jitter, anything from 0 to that ("full jitter"): the cap comes first, or else the
 * longest waits would all be the same again.
 */
export function backOffMs(retry: number, policy: BackOff, random: () => number): number {
  const { retryDelayMs, exponentialBackoff, maxDelayMs, jitter } = policy;
  // 0 * 2 ** 1024 is NaN.
  const uncapped = exponentialBackoff && retryDelayMs > 0 ? retryDelayMs * 2 ** retry : retryDelayMs;
  const capped = Math.min(uncapped, maxDelayMs, LONGEST_WAIT_MS);
  return jitter ? capped * random() : capped;
}

/** However long the wait, wake-ups are not spread over more than this. */
const WIDEST_SPREAD_MS = 10_000;

/**
 * What to add to a wait that the server asked for, milliseconds, at most `roomMs`: up to a quarter of it, so that
 * calls that were told the same do not all return at the same moment, and nothing less than 0.
 */
export function spreadMs(waitMs: number, roomMs: number, random: () => number): number {
  return Math.min(waitMs / 4, WIDEST_SPREAD_MS, roomMs) * random();
}
