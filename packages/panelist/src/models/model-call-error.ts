import { bounded } from '../text/shortened.ts';
import { terminalSafe } from '../text/terminal-safe.ts';
import type { Redactor } from './redactor.ts';

/** Of a provider's message. */
const LONGEST_MESSAGE_CHARS = 1_000;
/** Of any other text of its error object, which some put into each other's messages. */
const LONGEST_FIELD_CHARS = 4_000;
const LONGEST_LIST = 32;
/** A longer text isn't an error body, and parsing it would cost time. */
const LONGEST_BODY_CHARS = 65_536;
const LONGEST_CHAIN = 8;
const DEEPEST = 5;

/** The parts of a provider's error object that say what went wrong and how long to wait; nothing else of it is copied. */
const bodyKeys: ReadonlySet<string> = new Set([
  ...['message', 'type', 'code', 'status', 'details', 'error_code'],
  // Google's details.
  ...['@type', 'retryDelay', 'violations', 'quotaId'],
]);

export type ModelCallErrorCode =
  | 'REPLY_TOO_LARGE'
  | 'REPLY_TOO_DEEP'
  | 'REPLY_NOT_JSON'
  | 'REPLY_REDIRECTED'
  /** The provider reports an error under an HTTP status of success. */
  | 'REPLY_IS_ERROR'
  /** The process may not open another connection. */
  | 'OPEN_FILE_LIMIT';

export interface ModelCallFacts {
  /** Ours, or the provider's or the system's, such as `rate_limit_exceeded` or `ECONNREFUSED`. */
  readonly code?: ModelCallErrorCode | (string & {}) | undefined;
  /** The HTTP status, by which `classify` says whether to try again. */
  readonly statusCode?: number | undefined;
  readonly responseHeaders?: Readonly<Record<string, string>> | undefined;
  /** The provider's error object. */
  readonly data?: { readonly error: unknown } | undefined;
  /** Whether the network failed, if neither status nor code say what happened. */
  readonly isRetryable?: boolean | undefined;
  readonly cause?: unknown;
}

/**
 * Why a call to a model failed: bounded, on one line and without any key. The error of the vendor's package contains the
 * request, the whole reply and sometimes the key, so it is not passed on.
 */
export class ModelCallError extends Error implements ModelCallFacts {
  override readonly name = 'ModelCallError';
  readonly code: ModelCallFacts['code'];
  readonly statusCode: number | undefined;
  readonly responseHeaders: ModelCallFacts['responseHeaders'];
  readonly data: ModelCallFacts['data'];
  readonly isRetryable: boolean | undefined;

  constructor(message: string, facts: ModelCallFacts = {}) {
    super(message, facts.cause === undefined ? undefined : { cause: facts.cause });
    this.code = facts.code;
    this.statusCode = facts.statusCode;
    this.responseHeaders = facts.responseHeaders;
    this.data = facts.data;
    this.isRetryable = facts.isRetryable;
  }
}

/** Whether the process ran out of file descriptors: no call can be made until some are free. */
export function isOutOfFiles(error: unknown): boolean {
  return error instanceof ModelCallError && error.code === 'OPEN_FILE_LIMIT';
}

/** What a vendor's package threw, made safe to show and to store. `classify` gives the same result for it. */
export function modelCallError(thrown: unknown, redactor: Redactor): ModelCallError {
  const chain = chainOf(thrown);
  // The vendor's package may have wrapped ours.
  const error = chain.find((each) => each instanceof ModelCallError) ?? chain[0] ?? { message: thrown };
  const { statusCode, responseHeaders, isRetryable } = error as ModelCallFacts;
  const body = bodyOf(error, redactor);
  const isOfTheVendor = !(error instanceof ModelCallError) && nameOf(error) !== 'AI_APICallError';
  const causes = isOfTheVendor ? chain : chain.slice(chain.indexOf(error) + 1);
  return new ModelCallError(messageOf(error, statusCode, redactor), {
    code: codeOf(error, redactor),
    ...(Number.isInteger(statusCode) && { statusCode }),
    ...(isObject(responseHeaders) && { responseHeaders: safeHeaders(responseHeaders, redactor) }),
    ...(body !== undefined && { data: { error: body } }),
    ...(typeof isRetryable === 'boolean' && { isRetryable }),
    cause: causeOf(causes, redactor),
  });
}

/** The error and its causes, nearest first, each once. */
function chainOf(thrown: unknown): object[] {
  const chain: object[] = [];
  for (let each = thrown; isObject(each) && chain.length < LONGEST_CHAIN; each = each.cause) {
    if (chain.includes(each)) break;
    chain.push(each);
  }
  return chain;
}

/** The name, code and message of each: what `classify` reads. */
function causeOf(chain: readonly object[], redactor: Redactor): Error | undefined {
  let cause: Error | undefined;
  for (const each of chain.toReversed()) {
    const copy = new Error(messageOf(each, undefined, redactor), cause && { cause });
    copy.name = nameOf(each);
    const code = codeOf(each, redactor);
    // Its own stack only shows this function, and the original's may repeat the message.
    cause = Object.assign(copy, { stack: `${copy.name}: ${copy.message}` }, code !== undefined && { code });
  }
  return cause;
}

function messageOf(error: object, statusCode: number | undefined, redactor: Redactor): string {
  const { message } = error as { readonly message?: unknown };
  const text = safe(typeof message === 'string' ? message : String(message), LONGEST_MESSAGE_CHARS, redactor);
  if (text !== '') return text;
  return statusCode === undefined ? 'The call failed without saying why.' : `HTTP ${statusCode}`;
}

function nameOf(error: object): string {
  const { name } = error as { readonly name?: unknown };
  return typeof name === 'string' && /^\w{1,100}$/.test(name) ? name : 'Error';
}

function codeOf(error: object, redactor: Redactor): string | undefined {
  const { code } = error as { readonly code?: unknown };
  const isCode = typeof code === 'string' && /^[\w.:/-]{1,100}$/.test(code);
  return isCode && redactor.redact(code) === code ? code : undefined;
}

function safeHeaders(headers: Readonly<Record<string, unknown>>, redactor: Redactor): Record<string, string> {
  const texts = Object.entries(headers).filter(
    (each): each is [string, string] => typeof each[1] === 'string',
  );
  return Object.fromEntries(texts.map(([name, value]) => [name, field(value, redactor)]));
}

function bodyOf(error: object, redactor: Redactor): unknown {
  const { responseBody, data } = error as { readonly responseBody?: unknown; readonly data?: unknown };
  const parsed = parse(responseBody) ?? data;
  const outer = Array.isArray(parsed) ? parsed[0] : parsed;
  if (!isObject(outer)) return undefined;
  return picked(isObject(outer.error) ? outer.error : outer, redactor);
}

function parse(body: unknown): unknown {
  if (typeof body !== 'string' || body.length > LONGEST_BODY_CHARS) return undefined;
  try {
    return JSON.parse(body);
  } catch {
    return undefined;
  }
}

function picked(value: unknown, redactor: Redactor, depth = 0): unknown {
  if (typeof value === 'string') return field(value, redactor);
  if (depth === DEEPEST || typeof value !== 'object' || value === null)
    return typeof value === 'object' ? null : value;
  if (Array.isArray(value))
    return value.slice(0, LONGEST_LIST).map((each) => picked(each, redactor, depth + 1));
  const known = Object.entries(value).filter(([key]) => bodyKeys.has(key));
  return Object.fromEntries(known.map(([key, each]) => [key, picked(each, redactor, depth + 1)]));
}

function field(text: string, redactor: Redactor): string {
  return safe(text, LONGEST_FIELD_CHARS, redactor);
}

/** Redacted before it is cut, or a piece of a key could stay; cut before it is cleaned, which takes longer. */
function safe(text: string, longest: number, redactor: Redactor): string {
  return terminalSafe(bounded(redactor.redact(text), longest));
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}
