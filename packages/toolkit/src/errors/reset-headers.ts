import { boundedWait, parseDecimal, parseGoDuration, parseInstant } from './durations.ts';
import type { HeaderLookup } from './response-headers.ts';

/** The limits that a provider counts, each with the header of what is left of it and of when it is full again. */
const DIMENSIONS: readonly { readonly remaining: string; readonly reset: string }[] = [
  ...['requests', 'tokens'].map((what) => ({
    remaining: `x-ratelimit-remaining-${what}`,
    reset: `x-ratelimit-reset-${what}`,
  })),
  ...['requests', 'tokens', 'input-tokens', 'output-tokens'].map((what) => ({
    remaining: `anthropic-ratelimit-${what}-remaining`,
    reset: `anthropic-ratelimit-${what}-reset`,
  })),
];

/**
 * Milliseconds until every exhausted limit is full again: an upper bound of what must be waited. A limit is
 * exhausted when nothing remains of it, or when there is a reset and no word on what remains. Azure's `-1` and `0`
 * as a reset, and `-1` as what remains, tell nothing.
 */
export function resetWait(headers: HeaderLookup, now: number): number | undefined {
  let longestMs: number | undefined;
  for (const { remaining, reset } of DIMENSIONS) {
    const left = headers(remaining);
    if (left !== undefined && parseDecimal(left) !== 0) continue;
    const waitMs = untilReset(headers(reset) ?? '', now);
    if (waitMs !== undefined && waitMs > (longestMs ?? 0)) longestMs = waitMs;
  }
  return longestMs;
}

function untilReset(text: string, now: number): number | undefined {
  const at = parseInstant(text);
  const waitMs = at === undefined ? parseGoDuration(text) : at - now;
  return waitMs === undefined ? undefined : boundedWait(waitMs);
}
