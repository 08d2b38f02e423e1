import { boundedWait, parseDecimal, parseGoDuration, parseInstant } from './durations.ts';
import { read } from './read-property.ts';

/** Looks a header up by its lower-case name. */
export type HeaderLookup = (name: string) => string | undefined;

/**
 * Reads headers in whichever form a client keeps them: `Headers`, or a plain object in any case whose values
 * are strings, numbers or lists of them. Anything else has no headers. Nothing here throws.
 */
export function headerLookup(headers: unknown): HeaderLookup | undefined {
  if (typeof headers !== 'object' || headers === null) return undefined;
  const get = read(headers, 'get');
  let byName: Map<string, string> | undefined;
  return (name) => {
    try {
      if (typeof get === 'function') return text(get.call(headers, name));
      byName ??= index(headers);
      return byName.get(name);
    } catch {
      return undefined;
    }
  };
}

function index(headers: object): Map<string, string> {
  const byName = new Map<string, string>();
  for (const [name, value] of Object.entries(headers)) {
    const line = text(value);
    if (line !== undefined) byName.set(name.toLowerCase(), line);
  }
  return byName;
}

function text(value: unknown): string | undefined {
  if (typeof value === 'string') return value;
  if (typeof value === 'number') return String(value);
  return Array.isArray(value) && value.length > 0 ? text(value[0]) : undefined;
}

/** What a provider counts. Anthropic counts input and output apart, and sends `tokens` for the tighter of them. */
export type RateDimension = 'requests' | 'tokens' | 'input-tokens' | 'output-tokens';

/** What response headers report about one limit; `undefined` for a header that is missing or reports nothing. */
export interface RateLimitState {
  readonly dimension: RateDimension;
  /** So many a minute. */
  readonly limit: number | undefined;
  readonly remaining: number | undefined;
  /** Milliseconds until the limit is full again. */
  readonly resetMs: number | undefined;
}

interface HeaderNames {
  readonly dimension: RateDimension;
  readonly limit: string;
  readonly remaining: string;
  readonly reset: string;
}

const HEADER_NAMES: readonly HeaderNames[] = [
  ...(['requests', 'tokens'] as const).map((dimension) => ({
    dimension,
    limit: `x-ratelimit-limit-${dimension}`,
    remaining: `x-ratelimit-remaining-${dimension}`,
    reset: `x-ratelimit-reset-${dimension}`,
  })),
  ...(['requests', 'tokens', 'input-tokens', 'output-tokens'] as const).map((dimension) => ({
    dimension,
    limit: `anthropic-ratelimit-${dimension}-limit`,
    remaining: `anthropic-ratelimit-${dimension}-remaining`,
    reset: `anthropic-ratelimit-${dimension}-reset`,
  })),
];

/** The limits that the headers report. Azure's `-1`, and its `0` as a limit or a reset, report nothing. */
export function rateLimitStates(headers: HeaderLookup, now: number): readonly RateLimitState[] {
  const states: RateLimitState[] = [];
  for (const { dimension, ...names } of HEADER_NAMES) {
    const limit = atLeast(1, headers(names.limit));
    const remaining = atLeast(0, headers(names.remaining));
    const resetMs = untilReset(headers(names.reset) ?? '', () => now) || undefined;
    if (limit !== undefined || remaining !== undefined || resetMs !== undefined) {
      states.push({ dimension, limit, remaining, resetMs });
    }
  }
  return states;
}

/** A finite number of this size or more; anything else reports nothing. */
function atLeast(least: number, text = ''): number | undefined {
  const value = parseDecimal(text);
  return value !== undefined && value >= least && Number.isFinite(value) ? value : undefined;
}

/**
 * Milliseconds until every exhausted limit is full again: an upper bound of what must be waited. A limit is
 * exhausted when nothing remains of it, or when a reset is reported and `remaining` is not.
 */
export function resetWait(headers: HeaderLookup, now: () => number): number | undefined {
  let longestMs: number | undefined;
  for (const { reset, remaining } of HEADER_NAMES) {
    const left = headers(remaining);
    if (left !== undefined && parseDecimal(left) !== 0) continue;
    const waitMs = untilReset(headers(reset) ?? '', now);
    if (waitMs !== undefined && waitMs > (longestMs ?? 0)) longestMs = waitMs;
  }
  return longestMs;
}

function untilReset(text: string, now: () => number): number | undefined {
  const at = parseInstant(text);
  const waitMs = at === undefined ? parseGoDuration(text) : at - now();
  return waitMs === undefined ? undefined : boundedWait(waitMs);
}
