/**
 * The longest wait that is accepted from a server (365 days). Longer ones are cut to it, so that the caller's own
 * bounds refuse a nonsensical number and no timer overflows.
 */
export const MAX_WAIT_MS: number = 365 * 24 * 60 * 60 * 1000;

const NUMBER = /^\s*(\d+(?:\.\d*)?|\.\d+)\s*$/;

/** A non-negative decimal such as `30` or `0.5`, and nothing else: `2026-11-23T…`, `-1`, `1e9` and `` are not. */
export function parseDecimal(text: string): number | undefined {
  const digits = NUMBER.exec(text)?.[1];
  return digits === undefined ? undefined : Number(digits);
}

const UNIT_MS: Readonly<Record<string, number>> = {
  ns: 1e-6,
  us: 1e-3,
  // Go writes U+00B5 and reads U+03BC too.
  µs: 1e-3,
  μs: 1e-3,
  ms: 1,
  s: 1_000,
  m: 60_000,
  h: 3_600_000,
};
const GO_PART = /(\d+(?:\.\d*)?|\.\d+)(ns|us|µs|μs|ms|s|m|h)/g;
const GO_DURATION = /^(?:(?:\d+(?:\.\d*)?|\.\d+)(?:ns|us|µs|μs|ms|s|m|h))+$/;

/**
 * Milliseconds of a Go-style duration (`12ms`, `1s`, `6m0s`, `1h2m3.5s`), which is also how Google's
 * `retryDelay` is written. A number without a unit isn't a duration: its unit would be a guess.
 */
export function parseGoDuration(text: string): number | undefined {
  const trimmed = text.trim();
  // Longer than any real one: keeps hostile text from costing time.
  if (trimmed.length > 100 || !GO_DURATION.test(trimmed)) return undefined;
  let totalMs = 0;
  for (const [, amount, unit] of trimmed.matchAll(GO_PART)) totalMs += Number(amount) * UNIT_MS[unit!]!;
  return totalMs;
}

const RFC_3339 = /^\d{4}-\d{2}-\d{2}[Tt ]\d{2}:\d{2}:\d{2}(?:\.\d+)?(?:[Zz]|[+-]\d{2}:\d{2})$/;
const IMF_FIXDATE = /^[A-Z][a-z]{2}, \d{2} [A-Z][a-z]{2} \d{4} \d{2}:\d{2}:\d{2} GMT$/;
const RFC_850 = /^[A-Z][a-z]{5,8}, \d{2}-[A-Z][a-z]{2}-\d{2} \d{2}:\d{2}:\d{2} GMT$/;
const ASCTIME = /^[A-Z][a-z]{2} [A-Z][a-z]{2} [ \d]\d \d{2}:\d{2}:\d{2} \d{4}$/;

/**
 * Milliseconds since the epoch of an RFC 3339 instant or of an HTTP-date in any of its three forms (RFC 9110,
 * section 5.6.7). The shape is checked first, since `Date.parse` accepts much that isn't a date.
 */
export function parseInstant(text: string): number | undefined {
  const trimmed = text.trim();
  let at = Number.NaN;
  if (RFC_3339.test(trimmed)) at = Date.parse(trimmed.replace(' ', 'T').toUpperCase());
  else if (IMF_FIXDATE.test(trimmed) || RFC_850.test(trimmed)) at = Date.parse(trimmed);
  // An asctime date is in UTC by definition; without the suffix it would be read as local time.
  else if (ASCTIME.test(trimmed)) at = Date.parse(`${trimmed} GMT`);
  return Number.isNaN(at) ? undefined : at;
}

/**
 * A wait as something that can be waited for: whole milliseconds, rounded up so that no call is early, between
 * 0 and {@link MAX_WAIT_MS}. NaN isn't a wait.
 */
export function boundedWait(waitMs: number): number | undefined {
  if (Number.isNaN(waitMs)) return undefined;
  // Binary fractions put 2.007 s at 2007.0000000000002 ms: that is not a millisecond more.
  return Math.min(Math.max(Math.ceil(waitMs - 1e-6), 0), MAX_WAIT_MS);
}
