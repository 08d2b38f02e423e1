import type { Classification, ErrorKind } from '../classify/classification.ts';
import { RateLimitError } from '../errors/rate-limit-error.ts';
import { TimeoutError } from '../errors/timeout-error.ts';
import { checkOption } from '../options/check.ts';
import type { BackOff } from './back-off.ts';
import type { CallOptions, ErrorClass, RetryEvent, RetryOptions, RetryPredicate } from './retry-options.ts';

const DEFAULT_MAX_SERVER_WAIT_MS = 600_000;

/** `RetryOptions`, checked and complete. */
export interface RetryPolicy extends BackOff {
  readonly retryOn: readonly ErrorClass[] | RetryPredicate | undefined;
  readonly maxRetries: number;
  readonly attemptTimeoutMs: number | undefined;
  readonly minAttemptTimeoutMs: number | undefined;
  readonly deadlineMs: number | undefined;
  readonly maxServerWaitMs: number | undefined;
  readonly onRetry: ((event: RetryEvent) => void) | undefined;
}

/** What holds where nothing is said: the guide's values. */
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
  checkOption(options !== null && typeof options === 'object', 'options must be an object', options);
  return {
    retryOn: options.retryOn === undefined ? base.retryOn : checkRetryOn(options.retryOn),
    maxRetries: checkRetries(options.maxRetries) ?? base.maxRetries,
    retryDelayMs: checkMs('retryDelayMs', options.retryDelayMs, 0) ?? base.retryDelayMs,
    exponentialBackoff:
      checkFlag('exponentialBackoff', options.exponentialBackoff) ?? base.exponentialBackoff,
    maxDelayMs: checkMs('maxDelayMs', options.maxDelayMs, 0, Number.POSITIVE_INFINITY) ?? base.maxDelayMs,
    jitter: checkFlag('jitter', options.jitter) ?? base.jitter,
    attemptTimeoutMs: checkMs('attemptTimeoutMs', options.attemptTimeoutMs, 1) ?? base.attemptTimeoutMs,
    minAttemptTimeoutMs:
      checkMs('minAttemptTimeoutMs', options.minAttemptTimeoutMs, 1) ?? base.minAttemptTimeoutMs,
    deadlineMs: checkMs('deadlineMs', options.deadlineMs, 1) ?? base.deadlineMs,
    maxServerWaitMs:
      checkMs('maxServerWaitMs', options.maxServerWaitMs, 0, Number.POSITIVE_INFINITY) ??
      base.maxServerWaitMs,
    onRetry: checkFunction('onRetry', options.onRetry) ?? base.onRetry,
  };
}

/** Checks what only a single call can have. */
export function checkCallOptions({ signal, shouldRetryResult }: CallOptions<never>): void {
  const isSignal = signal === undefined || typeof signal?.addEventListener === 'function';
  checkOption(isSignal, 'signal must be an AbortSignal', signal);
  checkFunction('shouldRetryResult', shouldRetryResult);
}

/** Server-told waits are bounded by the deadline where there is one, else by ten minutes. */
export function serverWaitLimitMs({ deadlineMs, maxServerWaitMs }: RetryPolicy): number {
  return (
    maxServerWaitMs ?? (deadlineMs === undefined ? DEFAULT_MAX_SERVER_WAIT_MS : Number.POSITIVE_INFINITY)
  );
}

/** @throws ToolkitError `INVALID_OPTION` */
export function checkFunction<F>(name: string, value: F): F {
  checkOption(value === undefined || typeof value === 'function', `${name} must be a function`, value);
  return value;
}

function checkRetries(value: number | undefined): number | undefined {
  const fits =
    value === undefined || value === Number.POSITIVE_INFINITY || (Number.isInteger(value) && value >= 0);
  checkOption(fits, 'maxRetries must be a whole number from 0, or Infinity', value);
  return value;
}

function checkMs(
  name: string,
  value: number | undefined,
  least: number,
  most: number = Number.MAX_VALUE,
): number | undefined {
  const fits = value === undefined || (typeof value === 'number' && value >= least && value <= most);
  const finite = most === Number.MAX_VALUE ? 'finite ' : '';
  checkOption(fits, `${name} must be a ${finite}number of milliseconds from ${least}`, value);
  return value;
}

function checkFlag(name: string, value: boolean | undefined): boolean | undefined {
  checkOption(value === undefined || typeof value === 'boolean', `${name} must be true or false`, value);
  return value;
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

/** The verdict on an error once `retryOn` has had its say. */
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
  // An SDK gives an exhausted quota the class of a throttle, and an abort is an Error too.
  if (verdict === 'stop' || kind === 'abort') return verdict;
  const named = retryOn.some((each) => error instanceof each || KIND_BY_CLASS.get(each) === kind);
  return named ? 'retry' : 'never';
}
