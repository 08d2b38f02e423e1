import { type HeaderLookup, headerLookup } from './rate-limit-headers.ts';
import { read } from './read-property.ts';

/** What one error object says in its fields, whatever library made it. */
export interface ErrorShape {
  readonly name: string;
  /** The class's name, for errors whose `name` is only `Error`. Lost where a bundler renames classes. */
  readonly className: string;
  readonly message: string;
  /** The HTTP status. */
  readonly status: number | undefined;
  /** Every code and type in its fields and its body, the most telling first. */
  readonly codes: readonly string[];
  readonly headers: HeaderLookup | undefined;
  readonly bodies: readonly ErrorBody[];
  /** The wait that a `RateLimitError` carries, milliseconds. */
  readonly retryAfterMs: number | undefined;
  /** The AI SDK's opinion; `undefined` where there is none. */
  readonly isRetryable: boolean | undefined;
}

/** How many errors of a chain are looked at: enough for any real one, and a bound for a cyclic or hostile one. */
const MAX_CHAIN_LENGTH = 16;

/**
 * The error and what it wraps through `lastError`, `cause` and `errors`, nearest first, each object
 * once. Nothing here throws, whatever getters and proxies are met.
 */
export function errorShapes(error: unknown): readonly ErrorShape[] {
  const queue: unknown[] = [error];
  const seen = new Set<object>();
  const shapes: ErrorShape[] = [];
  for (let at = 0; at < queue.length && shapes.length < MAX_CHAIN_LENGTH; at++) {
    const object = queue[at];
    if (typeof object !== 'object' || object === null || seen.has(object)) continue;
    seen.add(object);
    shapes.push(shapeOf(object));
    const errors = read(object, 'errors');
    // The last error of a list is the one that ended it.
    const list = Array.isArray(errors) ? errors.slice(-MAX_CHAIN_LENGTH).reverse() : [];
    queue.push(read(object, 'lastError'), read(object, 'cause'), ...list);
  }
  return shapes;
}

function shapeOf(error: object): ErrorShape {
  const response = read(error, 'response');
  const bodies = errorBodies(error, response);
  const codes = [read(error, 'code'), read(error, 'errorCode')];
  for (const body of bodies) codes.push(body.detailCode, body.code, body.status, body.type);
  codes.push(read(error, 'type'));
  return {
    name: string(read(error, 'name')),
    className: string(read(read(error, 'constructor'), 'name')),
    message: string(read(error, 'message')),
    status: statusOf(error, response, bodies),
    codes: codes.filter(isCode),
    headers: headersOf(error, response),
    bodies,
    retryAfterMs: number(read(error, 'retryAfterMs')),
    isRetryable: boolean(read(error, 'isRetryable')),
  };
}

function statusOf(error: object, response: unknown, bodies: readonly ErrorBody[]): number | undefined {
  const candidates = [
    read(error, 'status'),
    read(error, 'statusCode'),
    read(response, 'status'),
    read(response, 'statusCode'),
    ...bodies.map((body) => body.code),
  ];
  return candidates.find(isHttpStatus);
}

function headersOf(error: object, response: unknown): HeaderLookup | undefined {
  for (const candidate of [
    read(error, 'responseHeaders'),
    read(error, 'headers'),
    read(response, 'headers'),
  ]) {
    const lookup = headerLookup(candidate);
    if (lookup !== undefined) return lookup;
  }
  return undefined;
}

/** Anything else under that name is prose, or hostile. */
function isCode(value: unknown): value is string {
  return typeof value === 'string' && /^[\w.:/-]{1,100}$/.test(value);
}

function isHttpStatus(value: unknown): value is number {
  return Number.isInteger(value) && (value as number) >= 100 && (value as number) <= 599;
}

function string(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

function number(value: unknown): number | undefined {
  return typeof value === 'number' ? value : undefined;
}

function boolean(value: unknown): boolean | undefined {
  return typeof value === 'boolean' ? value : undefined;
}

/** The part of a provider's JSON error body that says what went wrong. */
export interface ErrorBody {
  readonly message: string;
  readonly type: unknown;
  /** Google and OpenRouter repeat the HTTP status here, as a number. */
  readonly code: unknown;
  /** Google's status name, such as `RESOURCE_EXHAUSTED`. */
  readonly status: unknown;
  /** Anthropic's `details.error_code`. */
  readonly detailCode: unknown;
  /** Google's `details`: `RetryInfo`, `QuotaFailure`, `ErrorInfo`. */
  readonly details: readonly unknown[];
}

/** A longer text isn't an error body, and parsing it would take time. */
const MAX_BODY_CHARS = 65_536;

/** Proxies put one JSON error into the message of another. */
const MAX_DEPTH = 3;

/**
 * The bodies found on an error: `error` (openai, Anthropic), `data` and `responseBody` (AI SDK), `body`,
 * `response.data` (axios), or as JSON in `message` (Google).
 */
export function errorBodies(error: object, response: unknown): readonly ErrorBody[] {
  const bodies: ErrorBody[] = [];
  const candidates = [
    read(error, 'error'),
    read(error, 'responseBody'),
    read(error, 'data'),
    read(error, 'body'),
    read(response, 'data'),
  ];
  for (const candidate of candidates) collect(candidate, bodies, MAX_DEPTH);
  collect(read(error, 'message'), bodies, MAX_DEPTH);
  return bodies;
}

function collect(source: unknown, bodies: ErrorBody[], depth: number): void {
  const parsed = typeof source === 'string' ? parseEmbedded(source) : source;
  const outer = Array.isArray(parsed) ? parsed[0] : parsed;
  if (typeof outer !== 'object' || outer === null || depth === 0) return;
  const inner = read(outer, 'error');
  const body = typeof inner === 'object' && inner !== null ? inner : outer;
  const details = read(body, 'details');
  const message = read(body, 'message');
  bodies.push({
    message: typeof message === 'string' ? message : '',
    type: read(body, 'type'),
    code: read(body, 'code'),
    status: read(body, 'status'),
    detailCode: read(details, 'error_code'),
    details: Array.isArray(details) ? details.slice(0, 32) : [],
  });
  collect(message, bodies, depth - 1);
}

/** JSON at the end of a text: some clients write `got status: 429 Too Many Requests. {…}`. */
function parseEmbedded(text: string): unknown {
  const start = text.search(/[{[]/);
  if (start === -1 || text.length > MAX_BODY_CHARS) return undefined;
  try {
    return JSON.parse(text.slice(start));
  } catch {
    return undefined;
  }
}
