import { type Classification, type ErrorKind, REASONS, VERDICTS } from './classification.ts';
import { KIND_BY_CODE, KIND_BY_NAME, QUOTA_CODES, SPEND_LIMIT_MESSAGE } from './error-codes.ts';
import { type ErrorShape, errorShapes } from './error-shape.ts';
import type { HeaderLookup } from './rate-limit-headers.ts';
import { read } from './read-property.ts';
import { type WaitHint, type WaitHintOptions, waitHintOf } from './retry-after.ts';

const PAYMENT_REQUIRED = 402;

type Meaning = Pick<Classification, 'verdict' | 'kind'> & { readonly code?: string | undefined };

/**
 * Classifies an error by its fields, whichever library threw it and however often it is wrapped (`cause`,
 * `errors`). Never throws, and never goes by the message alone. An exhausted quota anywhere in the chain comes
 * first; then the nearest error that says anything, its HTTP status before its class and codes; that error's own
 * `x-should-retry` overrides whether to retry. An unknown error is retried.
 *
 * Three that might surprise: a malformed body under status 200 is the server's fault (retry); so is the
 * `SyntaxError` of a body that `JSON.parse` refused, but no other; the AI SDK's
 * `NoObjectGeneratedError` is never retried, because the model has replied and the reply is paid for; the code that
 * reads replies decides what to ask next.
 *
 * An error object is read once and carries its classification: what is changed in the object later has no effect.
 */
export function classify(error: unknown, { now = Date.now() }: WaitHintOptions = {}): Classification {
  return carriedBy(error, now).classification;
}

/** The headers of the response that the error, or the nearest one that it wraps, came with. */
export function errorHeaders(error: unknown): HeaderLookup | undefined {
  const known = isObject(error) ? readings.get(error) : undefined;
  return (known ?? carriedBy(error, Date.now())).headers;
}

/** What is read from an error once, and then carried with it. */
interface Reading {
  readonly classification: Classification;
  readonly headers: HeaderLookup | undefined;
  /** When it was read, where a wait in it depends on that: a server may give a date. */
  readonly at: number | undefined;
}

const readings = new WeakMap<object, Reading>();

/** How long a wait until a date is reused before it is calculated again, milliseconds. */
const SAME_MOMENT_MS = 1_000;

/** The whole way from the call to the recorded result takes its classification from here: reading an error is slow. */
function carriedBy(error: unknown, now: number): Reading {
  if (!isObject(error)) return readingOf(error, now);
  const known = readings.get(error);
  const isCurrent = known?.at === undefined || Math.abs(now - known.at) < SAME_MOMENT_MS;
  if (known !== undefined && isCurrent) return known;
  const reading = readingOf(error, now);
  readings.set(error, reading);
  return reading;
}

function readingOf(error: unknown, now: number): Reading {
  const shapes = errorShapes(error);
  const meaning = quota(shapes) ?? nearest(shapes);
  const status = shapes.find((shape) => shape.status !== undefined)?.status;
  const code = meaning.code ?? shapes.find((shape) => shape.codes.length > 0)?.codes[0];
  let at: number | undefined;
  const hint = waitHintOf(shapes, () => {
    at = now;
    return now;
  });
  const facts = [status && `HTTP ${status}`, code].filter(Boolean).join(', ');
  const classification = Object.freeze({
    verdict: meaning.verdict,
    kind: meaning.kind,
    ...(status !== undefined && { status }),
    ...(code !== undefined && { code }),
    ...(hint !== undefined && waitOf(hint, meaning.kind)),
    reason: facts === '' ? REASONS[meaning.kind] : `${REASONS[meaning.kind]} (${facts})`,
  });
  return { classification, headers: shapes.find(({ headers }) => headers !== undefined)?.headers, at };
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}

function waitOf({ explicit, waitMs }: WaitHint, kind: ErrorKind): Partial<Classification> {
  if (explicit) return { waitMs };
  return kind === 'rate-limit' ? { resetMs: waitMs } : {};
}

function quota(shapes: readonly ErrorShape[]): Meaning | undefined {
  for (const { status, codes, bodies } of shapes) {
    const code = codes.find((candidate) => QUOTA_CODES.has(candidate));
    const spent = status === 400 && bodies.some(({ message }) => SPEND_LIMIT_MESSAGE.test(message));
    // DeepSeek, OpenRouter and their like have no code for an empty account.
    if (
      status === PAYMENT_REQUIRED ||
      code !== undefined ||
      spent ||
      bodies.some(({ details }) => details.some(isDailyQuota))
    ) {
      return { verdict: 'stop', kind: 'quota', code };
    }
  }
  return undefined;
}

/** Google names the quota that was hit, as in `GenerateRequestsPerDayPerProjectPerModel-FreeTier`. */
function isDailyQuota(detail: unknown): boolean {
  const violations = read(detail, 'violations');
  return (
    Array.isArray(violations) &&
    violations.some((violation) => {
      const id = read(violation, 'quotaId');
      return typeof id === 'string' && id.includes('PerDay');
    })
  );
}

function nearest(shapes: readonly ErrorShape[]): Meaning {
  for (const shape of shapes) {
    const meaning = meaningOf(shape);
    if (meaning !== undefined) return meaning;
  }
  // A built-in class says little: fetch throws a TypeError for a broken connection, whose cause knows better.
  for (const shape of shapes) {
    const kind = kindOfBuiltIn(shape);
    if (kind !== undefined) return byKind(kind);
  }
  const verdict = shapes.map(shouldRetry).find((each) => each !== undefined);
  return { ...byKind('unknown'), ...(verdict !== undefined && { verdict }) };
}

function meaningOf(shape: ErrorShape): Meaning | undefined {
  // Verdicts of this side, which no header changes.
  if (shape.name === 'AI_NoObjectGeneratedError') return { verdict: 'never', kind: 'unknown' };
  if (shape.name === 'ToolkitError') {
    if (shape.codes[0] === 'QUOTA_EXHAUSTED') return byKind('quota');
    return { verdict: shape.codes[0] === 'STORE_BUSY' ? 'retry' : 'never', kind: 'unknown' };
  }
  const meaning = shape.status === undefined ? byNameOrCode(shape) : byStatus(shape, shape.status);
  const verdict = shouldRetry(shape);
  if (meaning === undefined || meaning.kind === 'abort' || verdict === undefined) return meaning;
  return { ...meaning, verdict };
}

function byStatus(shape: ErrorShape, status: number): Meaning {
  const kind = kindOfStatus(status);
  // Under a success status only the body can say that it is an error.
  return kind === undefined ? (byCode(shape) ?? byKind('server')) : byKind(kind);
}

function byNameOrCode(shape: ErrorShape): Meaning | undefined {
  const kind = KIND_BY_NAME.get(shape.name) ?? KIND_BY_NAME.get(shape.className);
  if (kind !== undefined) return byKind(kind);
  return byCode(shape) ?? (shape.isRetryable === true ? byKind('network') : undefined);
}

/** What the server says of repeating the request. */
function shouldRetry({ headers }: ErrorShape): Classification['verdict'] | undefined {
  const text = headers?.('x-should-retry')?.trim().toLowerCase();
  if (text === 'true') return 'retry';
  return text === 'false' ? 'never' : undefined;
}

function kindOfStatus(status: number): ErrorKind | undefined {
  if (status < 300) return undefined;
  if (status === 408) return 'timeout';
  if (status === 409) return 'server';
  if (status === 429) return 'rate-limit';
  if (status === 503 || status === 529) return 'overloaded';
  // The server does not support the method or the protocol: a retry cannot help.
  if (status === 501 || status === 505) return 'client';
  return status >= 500 ? 'server' : 'client';
}

function byCode({ codes }: ErrorShape): Meaning | undefined {
  for (const code of codes) {
    const kind = KIND_BY_CODE.get(code) ?? (code.startsWith('UND_ERR_') ? 'network' : undefined);
    if (kind !== undefined) return { ...byKind(kind), code };
  }
  return undefined;
}

function kindOfBuiltIn({ name, message }: ErrorShape): ErrorKind | undefined {
  // Every message of JSON.parse contains the word; any other SyntaxError is code that does not parse.
  if (name === 'SyntaxError') return /\bJSON\b/.test(message) ? 'server' : 'programming';
  // Node's words, whole, for a request or a body that broke off.
  if (name === 'TypeError' && (message === 'fetch failed' || message === 'terminated')) return 'network';
  return ['TypeError', 'ReferenceError', 'RangeError', 'URIError', 'EvalError', 'AssertionError'].includes(
    name,
  )
    ? 'programming'
    : undefined;
}

function byKind(kind: ErrorKind): Meaning {
  return { verdict: VERDICTS[kind], kind };
}
