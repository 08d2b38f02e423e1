import { boundedWait, parseDecimal, parseGoDuration, parseInstant } from './durations.ts';
import { type ErrorShape, errorShapes } from './error-shape.ts';
import { type HeaderLookup, headerLookup, resetWait } from './rate-limit-headers.ts';
import { read } from './read-property.ts';

/** How long a server asks to wait, and where it said so. */
export interface WaitHint {
  /** Whole milliseconds, rounded up, from 0 (at once) to 365 days. */
  readonly waitMs: number;
  /** `error` is the `retryAfterMs` of a `RateLimitError`; `retry-info` is Google's, in the body. */
  readonly source: 'error' | 'retry-after-ms' | 'retry-after' | 'retry-info' | 'reset-headers';
  /**
   * Whether the server asked for this wait explicitly. What is derived from reset headers is the time until
   * a limit is full again: an upper bound, and no reason to pause other calls.
   */
  readonly explicit: boolean;
}

export interface WaitHintOptions {
  /** The time that dates are measured from, milliseconds since the epoch. @default Date.now() */
  readonly now?: number | undefined;
}

/**
 * How long the server asks to wait, from an error of any library or from response headers; `undefined` where it
 * does not say. In order of trust: `retry-after-ms`, `retry-after` (seconds or a date), Google's `RetryInfo`, then
 * the largest reset of the dimensions that are exhausted. What cannot be read (NaN, a negative number, a number
 * without its unit) is ignored; what is longer than 365 days is cut to that.
 */
export function waitHint(source: unknown, { now = Date.now() }: WaitHintOptions = {}): WaitHint | undefined {
  const headers = source instanceof Error ? undefined : headerLookup(source);
  const clock = (): number => now;
  return waitHintOf(errorShapes(source), clock) ?? headerWait(headers, clock) ?? resetHint(headers, clock);
}

/** The same for a chain of errors that is already read. @param now asked only where the server gave a date */
export function waitHintOf(shapes: readonly ErrorShape[], now: () => number): WaitHint | undefined {
  for (const shape of shapes) {
    const hint =
      explicitHint(shape.retryAfterMs, 'error') ?? headerWait(shape.headers, now) ?? retryInfo(shape);
    if (hint !== undefined) return hint;
  }
  for (const shape of shapes) {
    const hint = resetHint(shape.headers, now);
    if (hint !== undefined) return hint;
  }
  return undefined;
}

function headerWait(headers: HeaderLookup | undefined, now: () => number): WaitHint | undefined {
  if (headers === undefined) return undefined;
  const inMs = parseDecimal(headers('retry-after-ms') ?? '');
  if (inMs !== undefined) return explicitHint(inMs, 'retry-after-ms');
  const retryAfter = headers('retry-after') ?? '';
  const seconds = parseDecimal(retryAfter);
  if (seconds !== undefined) return explicitHint(seconds * 1_000, 'retry-after');
  const at = parseInstant(retryAfter);
  return at === undefined ? undefined : explicitHint(Math.max(0, at - now()), 'retry-after');
}

function retryInfo({ bodies }: ErrorShape): WaitHint | undefined {
  for (const { details } of bodies) {
    for (const detail of details) {
      const type = read(detail, '@type');
      const delay = read(detail, 'retryDelay');
      if (typeof type === 'string' && type.endsWith('google.rpc.RetryInfo') && typeof delay === 'string') {
        return explicitHint(parseGoDuration(delay), 'retry-info');
      }
    }
  }
  return undefined;
}

function resetHint(headers: HeaderLookup | undefined, now: () => number): WaitHint | undefined {
  const waitMs = headers && resetWait(headers, now);
  return waitMs === undefined ? undefined : { waitMs, source: 'reset-headers', explicit: false };
}

function explicitHint(waitMs: number | undefined, source: WaitHint['source']): WaitHint | undefined {
  const bounded = waitMs === undefined || waitMs < 0 ? undefined : boundedWait(waitMs);
  return bounded === undefined ? undefined : { waitMs: bounded, source, explicit: true };
}
