import type { Classification, ErrorKind } from '../classify/classification.ts';
import { RateLimitError } from '../errors/rate-limit-error.ts';
import { TimeoutError } from '../errors/timeout-error.ts';
import {
  checkCount,
  checkFlag,
  checkFunction,
  checkMs,
  checkObject,
  checkOption,
  checkSignal,
} from '../options/check.ts';
import type { CallOptions, ErrorClass, RetryEvent, RetryOptions, RetryPredicate } from './retry-options.ts';

const DEFAULT_MAX_SERVER_WAIT_MS = 600_000;

const UNBOUNDED = { from: 0, orInfinity: true };
const LIMIT = { from: 1 };

/** `RetryOptions`, checked and complete. */
export interface RetryPolicy {
  readonly retryOn: readonly ErrorClass[] | RetryPredicate | undefined;
  readonly maxRetries: number;
  readonly retryDelayMs: number;
  readonly exponentialBackoff: boolean;
  readonly maxDelayMs: number;
  readonly jitter: boolean;
  readonly attemptTimeoutMs: number | undefined;
  readonly minAttemptTimeoutMs: number | undefined;
  readonly deadlineMs: number | undefined;
  readonly maxServerWaitMs: number | undefined;
  readonly onRetry: ((event: RetryEvent) => void) | undefined;
}

/** The defaults: the guide's values. */
export const DEFAULT_POLICY: RetryPolicy = {
  retryOn: undefined,
  maxRetries: 3,
  retryDelayMs: 1_000,
  exponentialBackoff: true,
  maxDelayMs: Number.POSITIVE_INFINITY,
  jitter: false,
  attemptTimeoutMs: undefined,
  minAttemptTimeoutMs: undefined,
  deadlineMs: undefined,
  maxServerWaitMs: undefined,
  onRetry: undefined,
};

/**
 * The policy that results from `base` and what `options` says otherwise.
 * @throws ToolkitError `INVALID_OPTION`
 */
export function resolvePolicy(base: RetryPolicy, options: RetryOptions): RetryPolicy {
  checkObject('options', options);
  return {
    retryOn: options.retryOn === undefined ? base.retryOn : checkRetryOn(options.retryOn),
    maxRetries: checkCount('maxRetries', options.maxRetries, UNBOUNDED) ?? base.maxRetries,
    retryDelayMs: checkMs('retryDelayMs', options.retryDelayMs, { from: 0 }) ?? base.retryDelayMs,
    exponentialBackoff:
      checkFlag('exponentialBackoff', options.exponentialBackoff) ?? base.exponentialBackoff,
    maxDelayMs: checkMs('maxDelayMs', options.maxDelayMs, UNBOUNDED) ?? base.maxDelayMs,
    jitter: checkFlag('jitter', options.jitter) ?? base.jitter,
    attemptTimeoutMs: checkMs('attemptTimeoutMs', options.attemptTimeoutMs, LIMIT) ?? base.attemptTimeoutMs,
    minAttemptTimeoutMs:
      checkMs('minAttemptTimeoutMs', options.minAttemptTimeoutMs, LIMIT) ?? base.minAttemptTimeoutMs,
    deadlineMs: checkMs('deadlineMs', options.deadlineMs, LIMIT) ?? base.deadlineMs,
    maxServerWaitMs: checkMs('maxServerWaitMs', options.maxServerWaitMs, UNBOUNDED) ?? base.maxServerWaitMs,
    onRetry: checkFunction('onRetry', options.onRetry) ?? base.onRetry,
  };
}

/** Checks what only a single call can have. */
export function checkCallOptions({ signal, shouldRetryResult }: CallOptions<never>): void {
  checkSignal('signal', signal);
  checkFunction('shouldRetryResult', shouldRetryResult);
}

/** Waits requested by the server are bounded by the deadline if there is one, else by ten minutes. */
export function serverWaitLimitMs({ deadlineMs, maxServerWaitMs }: RetryPolicy): number {
  return (
    maxServerWaitMs ?? (deadlineMs === undefined ? DEFAULT_MAX_SERVER_WAIT_MS : Number.POSITIVE_INFINITY)
  );
}

function checkRetryOn(value: NonNullable<RetryOptions['retryOn']>): readonly ErrorClass[] | RetryPredicate {
  const classes: readonly unknown[] = Array.isArray(value) ? value : [value];
  for (const each of classes) {
    const fits = typeof each === 'function';
    checkOption(fits, 'retryOn must be an error class, a list of them, or a predicate', each);
  }
  if (typeof value !== 'function') return [...value];
  return isClass(value) ? [value] : (value as RetryPredicate);
}

/** Classes and predicates are both functions: a class descends from Error, or is written as one. */
function isClass(value: ErrorClass | RetryPredicate): value is ErrorClass {
  return (
    value === Error ||
    value.prototype instanceof Error ||
    /^class\b/.test(Function.prototype.toString.call(value))
  );
}

/** Our two classes stand for a kind of error, since no SDK throws them. */
const KIND_BY_CLASS: ReadonlyMap<ErrorClass, ErrorKind> = new Map<ErrorClass, ErrorKind>([
  [RateLimitError, 'rate-limit'],
  [TimeoutError, 'timeout'],
]);

/** The verdict on an error after `retryOn` is applied. */
export function verdictOn(
  error: unknown,
  attempt: number,
  classification: Classification,
  { retryOn }: RetryPolicy,
): Classification['verdict'] {
  const { verdict, kind } = classification;
  if (retryOn === undefined) return verdict;
  if (typeof retryOn === 'function') {
    if (retryOn(error, { attempt })) return 'retry';
    return verdict === 'stop' ? 'stop' : 'never';
  }
  // SDKs throw an exhausted quota as a rate-limit error, and an abort is an Error too.
  if (verdict === 'stop' || kind === 'abort') return verdict;
  const named = retryOn.some((each) => error instanceof each || KIND_BY_CLASS.get(each) === kind);
  return named ? 'retry' : 'never';
}
