import type { Classification } from '../classify/classification.ts';
import type { CallReport, ThrottleRequest } from './call-throttle.ts';

/** What `fn` gets with each attempt. */
export interface AttemptContext {
  /** 0 for the first attempt. */
  readonly attempt: number;
  /** Aborts with the call, and when this attempt has run out of time. Pass it on to whatever takes one. */
  readonly signal: AbortSignal;
  /**
   * Reports to the handler's throttle what came with the reply: its headers, and the tokens that it took. Not needed
   * for a result with `headers`, or with a `response` that has them. Does nothing without a throttle.
   */
  readonly report: (report: CallReport) => void;
}

/** A class of errors, abstract ones included. */
export type ErrorClass = abstract new (...args: never[]) => unknown;

/** Whether to try again after an error; `attempt` is the one that failed, from 0. */
export type RetryPredicate = (error: unknown, context: { readonly attempt: number }) => boolean;

export interface RetryEvent {
  /** What the attempt threw; `undefined` when `shouldRetryResult` turned its result down. */
  readonly error: unknown;
  /** The attempt that failed, from 0. */
  readonly attempt: number;
  /** How long it waits before the next, milliseconds. */
  readonly delayMs: number;
  /** `undefined` when `shouldRetryResult` turned the result down. */
  readonly classification: Classification | undefined;
  /** Whether the server asked for this wait, so that it uses up no retry. */
  readonly serverRequested: boolean;
}

/** How a call is retried. All times are milliseconds. */
export interface RetryOptions {
  /**
   * Which errors to retry.
   *
   * Classes: those and nothing else, by `instanceof`; `RateLimitError` and `TimeoutError` also stand for whatever
   * `classify` finds to be of that kind, for no SDK throws ours. They override `classify` but for aborts and
   * exhausted quotas. A predicate overrides it entirely. Nothing overrides the call's own `signal` and `deadlineMs`.
   *
   * @default everything but what `classify` says must never be retried
   */
  readonly retryOn?: ErrorClass | readonly ErrorClass[] | RetryPredicate | undefined;
  /**
   * Attempts after the first. Those after a wait that the server asks for do not count, not even where it is 0.
   * `Infinity` is allowed.
   *
   * @default 3
   */
  readonly maxRetries?: number | undefined;
  /** The first wait, and with `exponentialBackoff: false` every one. @default 1_000 */
  readonly retryDelayMs?: number | undefined;
  /** Doubles the wait with each retry: 1 s, 2 s, 4 s. @default true */
  readonly exponentialBackoff?: boolean | undefined;
  /** The longest back-off; a wait that the server asks for is never cut. @default Infinity */
  readonly maxDelayMs?: number | undefined;
  /**
   * Spreads the waits, so that calls that failed together do not return together: our own over 0 to the whole
   * wait (after the cap), one that the server asked for by up to a quarter more, never less.
   *
   * @default false
   */
  readonly jitter?: boolean | undefined;
  /**
   * How long one attempt may take. It is then aborted, and retried as a `TimeoutError`, even if `fn` ignores its
   * signal.
   *
   * @default no limit
   */
  readonly attemptTimeoutMs?: number | undefined;
  /**
   * Lets the time limit of an attempt follow the account's latency, which the handler's throttle knows: three times
   * what 99 in 100 calls have taken lately, not below this and not above `attemptTimeoutMs`. A call that runs into that
   * limit twice, while others succeed, is not tried again.
   *
   * @default attemptTimeoutMs: the limit is fixed
   */
  readonly minAttemptTimeoutMs?: number | undefined;
  /**
   * How long the call may take in all, with its waits. A wait that would pass it is not begun: the call fails at
   * once with the code `DEADLINE_EXCEEDED` and the last error as its `cause`.
   *
   * @default no limit
   */
  readonly deadlineMs?: number | undefined;
  /**
   * How long the call may spend in waits that the server asked for; a further one fails it with the code
   * `SERVER_WAIT_EXCEEDED` and the last error as its `cause`.
   *
   * @default 600_000 (ten minutes); no limit where there is a `deadlineMs`
   */
  readonly maxServerWaitMs?: number | undefined;
  /** Called before each wait. What it throws ends the call. */
  readonly onRetry?: ((event: RetryEvent) => void) | undefined;
}

/** `RetryOptions` of a single call. */
export interface CallOptions<T = unknown>
  extends RetryOptions,
    Pick<ThrottleRequest, 'tokens' | 'priority' | 'group'> {
  /**
   * Calls it off: rejects with the signal's reason at once, in an attempt as in a wait. An already aborted signal
   * never calls `fn`.
   */
  readonly signal?: AbortSignal | undefined;
  /**
   * Whether to try again although the call succeeded; when there are no retries left, the last result is returned.
   * What it throws ends the call.
   */
  readonly shouldRetryResult?: ((result: T) => boolean) | undefined;
}
