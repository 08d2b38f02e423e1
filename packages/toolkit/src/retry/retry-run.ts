import type { Classification } from '../classify/classification.ts';
import { classify } from '../classify/classify.ts';
import type { Clock } from '../clock/clock.ts';
import { sleep } from '../clock/sleep.ts';
import { ToolkitError } from '../errors/toolkit-error.ts';
import { AttemptLog } from './attempts.ts';
import { backOffMs, spreadMs } from './back-off.ts';
import { type CallPermit, type CallThrottle, COOLDOWN_JITTER } from './call-throttle.ts';
import type { AttemptContext, CallOptions, RetryEvent } from './retry-options.ts';
import { type RetryPolicy, serverWaitLimitMs, verdictOn } from './retry-policy.ts';
import { NEVER_ABORTED, type Outcome, runAttempt } from './run-attempt.ts';
import { attemptUnder } from './throttled-attempt.ts';

export interface RetryTools {
  readonly clock: Clock;
  readonly random: () => number;
  readonly throttle: CallThrottle | undefined;
}

/**
 * A server that names a wait of milliseconds is taken at its word so many times in one call; if it refuses still,
 * each such wait is at least a second, or the server would be hammered for ten minutes.
 */
const TRUSTED_SHORT_WAITS = 10;
const SHORTEST_UNTRUSTED_MS = 1_000;

/** An attempt that takes so many times as long as nearly all others is not coming back. */
const LATENCY_FACTOR = 3;
const LATENCY_QUANTILE = 0.99;
/** A request that ran into such a limit so often runs into it again. */
const MOST_TIMEOUTS = 2;

/** A wait before the next attempt. */
type Wait = Pick<RetryEvent, 'delayMs' | 'serverTold'>;

/** One call of `withRetry`, from its first attempt, or its first failure, to its end. */
export class RetryRun<T> {
  readonly #fn: (context: AttemptContext) => T | PromiseLike<T>;
  readonly #policy: RetryPolicy;
  readonly #shouldRetryResult: ((result: T) => boolean) | undefined;
  readonly #tools: RetryTools;
  readonly #log = new AttemptLog();
  #signal: AbortSignal;
  #deadlineAt = Number.POSITIVE_INFINITY;
  #attempt = 0;
  #retries = 0;
  #serverWaits = 0;
  #serverWaitedMs = 0;
  /** Of those, what is yet to be waited, in the throttle. */
  #owedMs = 0;
  /** Attempts that ran into a limit that follows the account's latency. */
  #timeouts = 0;
  /** Refusals for the rate that told no wait. */
  #refusals = 0;
  /** Whether the next attempt repeats one that failed, and was not only refused for the rate. */
  #isRetry = false;
  #permit: CallPermit | undefined;
  #lastError: unknown;
  readonly #request: Pick<CallOptions, 'tokens' | 'priority' | 'group'>;
  readonly #call: object;

  constructor(
    fn: (context: AttemptContext) => T | PromiseLike<T>,
    policy: RetryPolicy,
    options: CallOptions<T>,
    tools: RetryTools,
    call: object = {},
  ) {
    this.#fn = fn;
    this.#policy = policy;
    this.#shouldRetryResult = options.shouldRetryResult;
    this.#signal = options.signal ?? NEVER_ABORTED;
    this.#tools = tools;
    this.#request = options;
    this.#call = call;
  }

  async start(): Promise<T> {
    if (this.#signal.aborted) throw this.#signal.reason;
    if (this.#policy.deadlineMs === undefined) return this.goOn(await this.#try());
    const close = this.#setDeadline(this.#policy.deadlineMs);
    try {
      return await this.goOn(await this.#try());
    } finally {
      close();
    }
  }

  /** Goes on from the outcome of the first attempt. */
  async goOn(first: Outcome<T>, permit?: CallPermit): Promise<T> {
    if (permit !== undefined) this.#permit = permit;
    for (let outcome = first; ; outcome = await this.#try()) {
      if (outcome.ok && !this.#shouldRetryResult?.(outcome.value)) return outcome.value;
      this.#signal.throwIfAborted();
      const wait = outcome.ok ? this.#afterResult() : this.#afterError(outcome.error);
      if (wait === undefined) {
        if (outcome.ok) return outcome.value;
        throw this.#log.attachTo(outcome.error);
      }
      await this.#sleep(wait);
      this.#signal.throwIfAborted();
      this.#attempt += 1;
    }
  }

  async #try(): Promise<Outcome<T>> {
    const { clock, throttle } = this.#tools;
    if (throttle !== undefined) this.#permit = await this.#acquire(throttle);
    const permit = this.#permit;
    const limits = { clock, signal: this.#signal, timeoutMs: this.#timeoutMs() };
    if (permit === undefined) return runAttempt(this.#fn, this.#attempt, limits);
    return attemptUnder(permit, this.#fn, this.#attempt, limits);
  }

  #timeoutMs(): number | undefined {
    const { attemptTimeoutMs: most, minAttemptTimeoutMs: least } = this.#policy;
    const latencyMs = least === undefined ? undefined : this.#tools.throttle?.latencyMs?.(LATENCY_QUANTILE);
    if (least === undefined || latencyMs === undefined) return most;
    return Math.min(most ?? Number.POSITIVE_INFINITY, Math.max(least, LATENCY_FACTOR * latencyMs));
  }

  async #acquire(throttle: CallThrottle): Promise<CallPermit> {
    const { tokens, priority, group } = this.#request;
    const waitedMs = this.#serverWaitedMs - this.#owedMs * (1 + COOLDOWN_JITTER);
    const limitMs = serverWaitLimitMs(this.#policy) - waitedMs;
    const leftMs = (): number => this.#leftMs();
    this.#owedMs = 0;
    const request = {
      tokens,
      priority,
      group,
      signal: this.#signal === NEVER_ABORTED ? undefined : this.#signal,
      returning: this.#attempt > 0,
      retry: this.#isRetry,
      call: this.#call,
      /** The throttle asks whenever it closes: what is left of the deadline gets less meanwhile. */
      get maxServerWaitMs() {
        return Math.min(limitMs, leftMs());
      },
    };
    try {
      return throttle.tryAcquire(request) ?? (await throttle.acquire(request));
    } catch (error) {
      const isTooLong = error instanceof ToolkitError && error.code === 'SERVER_WAIT_EXCEEDED';
      if (isTooLong && this.#leftMs() < limitMs) {
        throw this.#deadlineError('the server asks everyone to wait for longer than is left');
      }
      throw this.#log.attachTo(error);
    }
  }

  #afterResult(): Wait | undefined {
    this.#lastError = undefined;
    this.#isRetry = true;
    this.#log.failed(this.#attempt, undefined, 'retry');
    return this.#announce(this.#ownWait(), undefined);
  }

  #afterError(error: unknown): Wait | undefined {
    const classification = classify(error, { now: this.#tools.clock.now() });
    const verdict = verdictOn(error, this.#attempt, classification, this.#policy);
    this.#lastError = error;
    this.#log.failed(this.#attempt, error, verdict);
    if (verdict !== 'retry') return undefined;
    if (this.#permit !== undefined)
      return this.#announce(this.#throttledWait(classification), classification);
    const toldMs = classification.waitMs ?? classification.resetMs;
    // "At once" asks for no wait, so there is none that could bound how often: it is an ordinary retry.
    const wait = toldMs !== undefined && toldMs > 0 ? this.#toldWait(toldMs) : this.#ownWait(toldMs);
    return this.#announce(wait, classification);
  }

  /** Our own back-off, or none where the server said "at once"; `undefined` when no retry is left. */
  #ownWait(toldMs?: number): Wait | undefined {
    if (this.#retries >= this.#policy.maxRetries) return undefined;
    const delayMs = toldMs ?? backOffMs(this.#retries, this.#policy, this.#tools.random);
    this.#retries += 1;
    if (delayMs >= this.#leftMs()) {
      throw this.#deadlineError(
        `the next wait is ${Math.round(delayMs)} ms, and ${this.#leftMs()} ms are left`,
      );
    }
    return { delayMs, serverTold: false };
  }

  /**
   * Where there is a throttle, how fast all calls go is its business: a refusal for the rate uses up no retry, and a
   * wait that the server told is waited there, by everyone. Neither does a probe's failure: it was made for all.
   */
  #throttledWait({ kind, waitMs = 0 }: Classification): Wait | undefined {
    const isRefusal = kind === 'rate-limit' || waitMs > 0;
    this.#isRetry = !isRefusal;
    if (waitMs > 0) return this.#toldWait(waitMs);
    if (isRefusal) return this.#refusedWait();
    if (!this.#permit?.isProbe) return this.#isLate(kind) ? undefined : this.#ownWait();
    return { delayMs: backOffMs(0, this.#policy, this.#tools.random), serverTold: false };
  }

  #isLate(kind: Classification['kind']): boolean {
    if (kind !== 'timeout' || this.#policy.minAttemptTimeoutMs === undefined) return false;
    this.#timeouts += 1;
    return this.#timeouts >= MOST_TIMEOUTS;
  }

  /** Our own back-off, bounded as if the server had told it. */
  #refusedWait(): Wait {
    const delayMs = backOffMs(Math.min(this.#refusals, 5), this.#policy, this.#tools.random);
    this.#refusals += 1;
    const limitMs = serverWaitLimitMs(this.#policy);
    if (this.#serverWaitedMs + delayMs > limitMs) throw this.#serverWaitError(delayMs, limitMs);
    this.#serverWaitedMs += delayMs;
    return { delayMs, serverTold: false };
  }

  #toldWait(toldMs: number): Wait {
    this.#serverWaits += 1;
    const waitMs = this.#serverWaits > TRUSTED_SHORT_WAITS ? Math.max(toldMs, SHORTEST_UNTRUSTED_MS) : toldMs;
    const leftMs = this.#leftMs();
    if (waitMs >= leftMs) {
      throw this.#deadlineError(`the server asks to wait ${waitMs} ms, and ${leftMs} ms are left`);
    }
    const limitMs = serverWaitLimitMs(this.#policy);
    if (this.#serverWaitedMs + waitMs > limitMs) throw this.#serverWaitError(waitMs, limitMs);
    this.#serverWaitedMs += waitMs;
    const moreMs =
      this.#policy.jitter && this.#permit === undefined
        ? spreadMs(waitMs, leftMs - waitMs, this.#tools.random)
        : 0;
    return { delayMs: waitMs + Math.floor(moreMs), serverTold: true };
  }

  #announce(wait: Wait | undefined, classification: Classification | undefined): Wait | undefined {
    if (wait === undefined) return undefined;
    this.#log.waits(wait.delayMs, wait.serverTold);
    const { onRetry } = this.#policy;
    onRetry?.({ error: this.#lastError, attempt: this.#attempt, classification, ...wait });
    return wait;
  }

  async #sleep({ delayMs, serverTold }: Wait): Promise<void> {
    const { clock } = this.#tools;
    const signal = this.#signal;
    if (serverTold && this.#permit !== undefined && this.#serverWaits <= TRUSTED_SHORT_WAITS) {
      this.#owedMs = delayMs;
      return;
    }
    const dueAt = clock.monotonic() + delayMs;
    await sleep(delayMs, { clock, signal });
    if (!serverTold) return;
    // Timers fire a fraction of a millisecond early now and then.
    while (clock.monotonic() < dueAt) await sleep(Math.ceil(dueAt - clock.monotonic()), { clock, signal });
  }

  /** Puts the whole call under a signal that follows the caller's and aborts at the deadline. */
  #setDeadline(deadlineMs: number): () => void {
    const { clock } = this.#tools;
    const callersSignal = this.#signal;
    const controller = new AbortController();
    const onAbort = (): void => controller.abort(callersSignal.reason);
    callersSignal.addEventListener('abort', onAbort, { once: true });
    this.#signal = controller.signal;
    this.#deadlineAt = clock.monotonic() + deadlineMs;
    const cancelTimer = clock.setTimer(
      () =>
        controller.abort(this.#deadlineError(`attempt ${this.#attempt + 1} was still waiting or running`)),
      deadlineMs,
    );
    return () => {
      cancelTimer();
      callersSignal.removeEventListener('abort', onAbort);
    };
  }

  #leftMs(): number {
    return Math.max(0, Math.round(this.#deadlineAt - this.#tools.clock.monotonic()));
  }

  #deadlineError(why: string): ToolkitError {
    return this.#limitError(
      'DEADLINE_EXCEEDED',
      `The call did not succeed within its deadlineMs of ${this.#policy.deadlineMs}: ${why}. See the cause, or allow more time.`,
    );
  }

  #serverWaitError(waitMs: number, limitMs: number): ToolkitError {
    return this.#limitError(
      'SERVER_WAIT_EXCEEDED',
      `The server asks to wait ${waitMs} ms, after ${this.#serverWaitedMs} ms of such waits: more than the ${limitMs} ms that maxServerWaitMs allows in all. Try again later, ask for less at once, or allow more.`,
    );
  }

  #limitError(code: 'DEADLINE_EXCEEDED' | 'SERVER_WAIT_EXCEEDED', message: string): ToolkitError {
    return this.#log.attachTo(new ToolkitError(code, message, { cause: this.#lastError }));
  }
}
