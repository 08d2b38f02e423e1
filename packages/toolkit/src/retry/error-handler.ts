import { type Clock, systemClock } from '../clock/clock.ts';
import { checkOption } from '../options/check.ts';
import type { CallThrottle } from './call-throttle.ts';
import { RetriedCall, type RetryTools } from './retried-call.ts';
import { makeRetryDecorator, type RetryDecorator } from './retry-decorator.ts';
import type { AttemptContext, CallOptions, RetryOptions } from './retry-options.ts';
import { checkCallOptions, DEFAULT_POLICY, type RetryPolicy, resolvePolicy } from './retry-policy.ts';
import { NEVER_ABORTED } from './run-attempt.ts';
import { consoleLogger, type Logger, type SafeExecuteOptions, safeExecute } from './safe-execute.ts';
import { ReportedCall } from './throttled-attempt.ts';

export interface ErrorHandlerOptions extends RetryOptions {
  /**
   * Shared by all calls to one account of a provider: each attempt waits for it, and reports its outcome. A refusal
   * for the rate then uses up no retry. @default none: each call backs off alone
   */
  readonly throttle?: CallThrottle | undefined;
  /** @default systemClock */
  readonly clock?: Clock | undefined;
  /** Numbers from 0 to 1, for the jitter. @default Math.random */
  readonly random?: (() => number) | undefined;
  /** Gets what `safeExecute` catches. @default standard error */
  readonly logger?: Logger | undefined;
}

const FIRST_ATTEMPT: AttemptContext = Object.freeze({ attempt: 0, signal: NEVER_ABORTED, report: () => {} });

const NO_OPTIONS: Readonly<Record<never, never>> = Object.freeze({});

/**
 * The one place that retries: turn the retries of every client under it off, or they multiply.
 *
 * @example
 * const handler = new ErrorHandler({ maxRetries: 3, retryDelayMs: 1_000, exponentialBackoff: true });
 * const reply = await handler.withRetry(({ signal }) => fetchReply({ signal }), {
 *   retryOn: [RateLimitError, TimeoutError],
 * });
 */
export class ErrorHandler {
  readonly #policy: RetryPolicy;
  readonly #tools: RetryTools;
  readonly #logger: Logger;

  /**
   * The options apply to every call that does not override them.
   * @throws ToolkitError `INVALID_OPTION`
   */
  constructor(options: ErrorHandlerOptions = {}) {
    this.#policy = resolvePolicy(DEFAULT_POLICY, options);
    const { throttle, clock = systemClock, random = Math.random } = options;
    const fits = throttle === undefined || typeof throttle?.tryAcquire === 'function';
    checkOption(fits, 'throttle must be a Throttle', throttle);
    this.#tools = { clock, random, throttle };
    this.#logger = options.logger ?? consoleLogger;
  }

  /**
   * Calls `fn` until it succeeds, fails with something that is not worth a retry, or has no retries left; a
   * synchronous throw counts as a failure. A wait that the server requests is honoured in full and does not use up a
   * retry.
   *
   * Rejects with the last error itself, which then carries its attempts (`attemptsOf`); with the signal's reason
   * when that aborts; or with a ToolkitError: `DEADLINE_EXCEEDED`, `SERVER_WAIT_EXCEEDED`, `INVALID_OPTION`.
   */
  withRetry<T>(
    fn: (context: AttemptContext) => T | PromiseLike<T>,
    options: CallOptions<T> = NO_OPTIONS,
  ): Promise<T> {
    try {
      checkOption(typeof fn === 'function', 'withRetry needs a function', fn);
      return this.#run(fn, this.#resolve(options), options);
    } catch (error) {
      return Promise.reject(error);
    }
  }

  /**
   * `withRetry` for a method or a function that is defined once: a standard (TC39) method decorator, a legacy method
   * decorator, and a function that wraps a function. It keeps `this`, the arguments and their types; what it wraps
   * does not see the attempt's signal. The options are resolved once, here.
   *
   * @throws ToolkitError `INVALID_OPTION`, also when it decorates something that isn't a method
   * @example
   * const ask = handler.retryDecorator({ maxRetries: 5 })(askOnce);
   */
  retryDecorator(options: CallOptions = NO_OPTIONS): RetryDecorator {
    const policy = this.#resolve(options);
    return makeRetryDecorator((fn) => this.#run(fn, policy, options));
  }

  /**
   * Calls `fn` once and returns its result, or `defaultValue` where it throws anything but an abort. It does not
   * retry: put a `withRetry` into `fn` for that.
   *
   * @example
   * const note = await handler.safeExecute(() => handler.withRetry(fetchNote), { defaultValue: null });
   */
  safeExecute<T, D>(
    fn: () => T | PromiseLike<T>,
    options: SafeExecuteOptions<D> & { readonly defaultValue: D },
  ): Promise<T | D>;
  safeExecute<T>(fn: () => T | PromiseLike<T>, options?: SafeExecuteOptions): Promise<T | undefined>;
  safeExecute<T, D>(
    fn: () => T | PromiseLike<T>,
    options: SafeExecuteOptions<D> = {},
  ): Promise<T | D | undefined> {
    return safeExecute(fn, options, this.#logger);
  }

  #resolve<T>(options: CallOptions<T>): RetryPolicy {
    if (options === NO_OPTIONS) return this.#policy;
    const policy = resolvePolicy(this.#policy, options);
    checkCallOptions(options);
    return policy;
  }

  async #run<T>(
    fn: (context: AttemptContext) => T | PromiseLike<T>,
    policy: RetryPolicy,
    options: CallOptions<T>,
  ): Promise<T> {
    const bounded =
      options.signal !== undefined ||
      options.shouldRetryResult !== undefined ||
      policy.attemptTimeoutMs !== undefined ||
      policy.deadlineMs !== undefined;
    if (bounded) return new RetriedCall(fn, policy, options, this.#tools).start();
    const { throttle } = this.#tools;
    if (throttle !== undefined) return this.#runThrottled(throttle, fn, policy, options);
    // Nothing can end the first attempt but itself: when it succeeds, it has cost no more than a plain call.
    try {
      return await fn(FIRST_ATTEMPT);
    } catch (error) {
      return new RetriedCall(fn, policy, options, this.#tools).goOn({
        outcome: { success: false, error },
        permit: undefined,
      });
    }
  }

  /** The same under a throttle that lets the first attempt go at once. */
  async #runThrottled<T>(
    throttle: CallThrottle,
    fn: (context: AttemptContext) => T | PromiseLike<T>,
    policy: RetryPolicy,
    options: CallOptions<T>,
  ): Promise<T> {
    const { tokens, priority, group } = options;
    const call = {};
    const permit = throttle.tryAcquire({ tokens, priority, group, call });
    if (permit === undefined) return new RetriedCall(fn, policy, options, this.#tools, call).start();
    const reported = new ReportedCall(permit);
    try {
      const value = await fn({ attempt: 0, signal: NEVER_ABORTED, report: reported.report });
      reported.succeeded(value);
      return value;
    } catch (error) {
      reported.failed(error);
      return new RetriedCall(fn, policy, options, this.#tools, call).goOn({
        outcome: { success: false, error },
        permit,
      });
    }
  }
}
