import type { Classification } from '../classify/classification.ts';
import { classify } from '../classify/classify.ts';
import type { Clock } from '../clock/clock.ts';
import { sleep } from '../clock/sleep.ts';
import { ToolkitError } from '../errors/toolkit-error.ts';
import { AttemptLog } from './attempts.ts';
import { CallLimits } from './call-limits.ts';
import {
  type CallPermit,
  type CallThrottle,
  COOLDOWN_JITTER,
  type ThrottleRequest,
} from './call-throttle.ts';
import {
  type Decision,
  isRefusal,
  NOTHING_SPENT,
  nextThrottledWait,
  nextWait,
  type Spent,
  type Wait,
} from './next-wait.ts';
import type { AttemptContext, CallOptions } from './retry-options.ts';
import { type RetryPolicy, serverWaitLimitMs, verdictOn } from './retry-policy.ts';
import { NEVER_ABORTED, type Outcome, runAttempt } from './run-attempt.ts';
import { attemptUnder } from './throttled-attempt.ts';

export interface RetryTools {
  readonly clock: Clock;
  readonly random: () => number;
  readonly throttle: CallThrottle | undefined;
}

/** An attempt that takes so many times as long as nearly all others is given up. */
const LATENCY_FACTOR = 3;
const LATENCY_QUANTILE = 0.99;

/** An attempt that has ended, with the permit that it was made under. */
export interface Tried<T> {
  readonly outcome: Outcome<T>;
  readonly permit: CallPermit | undefined;
}

/** What led to the next attempt. */
interface Before {
  /** How many attempts were made. */
  readonly attempt: number;
  readonly spent: Spent;
  /** The part of the waits in `spent` that the throttle has still to wait, milliseconds. */
  readonly owedMs: number;
  /** Whether the attempt before failed, and was not only refused for the rate. */
  readonly isRetry: boolean;
}

const FIRST: Before = { attempt: 0, spent: NOTHING_SPENT, owedMs: 0, isRetry: false };

/** One call of `withRetry`, from its first attempt, or its first failure, to its end. */
export class RetriedCall<T> {
  readonly #fn: (context: AttemptContext) => T | PromiseLike<T>;
  readonly #policy: RetryPolicy;
  readonly #options: CallOptions<T>;
  readonly #tools: RetryTools;
  /** Shows a throttle which attempts belong to one call. */
  readonly #identity: object;
  readonly #log = new AttemptLog();
  readonly #limits: CallLimits;

  constructor(
    fn: (context: AttemptContext) => T | PromiseLike<T>,
    policy: RetryPolicy,
    options: CallOptions<T>,
    tools: RetryTools,
    identity: object = {},
  ) {
    this.#fn = fn;
    this.#policy = policy;
    this.#options = options;
    this.#tools = tools;
    this.#identity = identity;
    this.#limits = new CallLimits({
      clock: tools.clock,
      callersSignal: options.signal ?? NEVER_ABORTED,
      deadlineMs: policy.deadlineMs,
      log: this.#log,
    });
  }

  async start(): Promise<T> {
    try {
      this.#limits.signal.throwIfAborted();
      return await this.goOn(await this.#try(FIRST));
    } finally {
      this.#limits.close();
    }
  }

  /** Continues after the first attempt has ended. */
  async goOn(first: Tried<T>): Promise<T> {
    const { signal } = this.#limits;
    let before = FIRST;
    for (let tried = first; ; tried = await this.#try(before)) {
      const { outcome } = tried;
      if (outcome.success && !this.#options.shouldRetryResult?.(outcome.value)) return outcome.value;
      signal.throwIfAborted();
      const classification = outcome.success
        ? undefined
        : classify(outcome.error, { now: this.#tools.clock.now() });
      const decision = this.#decide(tried, classification, before);
      if (decision.do === 'fail') throw this.#limits.error(decision.code, decision.why);
      if (decision.do === 'give up') {
        if (outcome.success) return outcome.value;
        throw this.#log.attachTo(outcome.error);
      }
      const { wait, spent } = decision;
      this.#announce(wait, before.attempt, classification);
      if (!wait.inThrottle) await this.#sleep(wait);
      signal.throwIfAborted();
      before = {
        attempt: before.attempt + 1,
        spent,
        owedMs: wait.inThrottle ? wait.delayMs : 0,
        isRetry: classification === undefined || !isRefusal(classification),
      };
    }
  }

  async #try(before: Before): Promise<Tried<T>> {
    const { clock, throttle } = this.#tools;
    const { signal } = this.#limits;
    const permit = throttle && (await this.#acquire(throttle, before));
    const limits = { clock, signal, timeoutMs: this.#timeoutMs() };
    const outcome = await (permit === undefined
      ? runAttempt(this.#fn, before.attempt, limits)
      : attemptUnder(permit, this.#fn, before.attempt, limits));
    return { outcome, permit };
  }

  #timeoutMs(): number | undefined {
    const { attemptTimeoutMs: most, minAttemptTimeoutMs: least } = this.#policy;
    const latencyMs = least === undefined ? undefined : this.#tools.throttle?.latencyMs?.(LATENCY_QUANTILE);
    if (least === undefined || latencyMs === undefined) return most;
    return Math.min(most ?? Number.POSITIVE_INFINITY, Math.max(least, LATENCY_FACTOR * latencyMs));
  }

  async #acquire(throttle: CallThrottle, before: Before): Promise<CallPermit> {
    const waitedMs = before.spent.serverWaitedMs - before.owedMs * (1 + COOLDOWN_JITTER);
    const serverWaitLeftMs = serverWaitLimitMs(this.#policy) - waitedMs;
    const request = this.#request(before, serverWaitLeftMs);
    try {
      return throttle.tryAcquire(request) ?? (await throttle.acquire(request));
    } catch (error) {
      const isTooLong = error instanceof ToolkitError && error.code === 'SERVER_WAIT_EXCEEDED';
      if (isTooLong && this.#limits.leftMs < serverWaitLeftMs) {
        const why = 'the server asks everyone to wait for longer than is left';
        throw this.#limits.error('DEADLINE_EXCEEDED', why);
      }
      throw this.#log.attachTo(error);
    }
  }

  #request({ attempt, isRetry }: Before, serverWaitLeftMs: number): ThrottleRequest {
    const { tokens, priority, group } = this.#options;
    const limits = this.#limits;
    return {
      tokens,
      priority,
      group,
      signal: limits.signal === NEVER_ABORTED ? undefined : limits.signal,
      returning: attempt > 0,
      retry: isRetry,
      call: this.#identity,
      /** A getter, because the throttle reads it whenever a cooldown begins, and less of the deadline is left then. */
      get maxServerWaitMs() {
        return Math.min(serverWaitLeftMs, limits.leftMs);
      },
    };
  }

  #decide(
    { outcome, permit }: Tried<T>,
    classification: Classification | undefined,
    { attempt, spent }: Before,
  ): Decision {
    const policy = this.#policy;
    const context = { policy, spent, leftMs: this.#limits.leftMs, random: this.#tools.random };
    if (outcome.success || classification === undefined) {
      this.#log.failed(attempt, undefined, 'retry');
      return nextWait(undefined, context);
    }
    const verdict = verdictOn(outcome.error, attempt, classification, policy);
    this.#log.failed(attempt, outcome.error, verdict);
    if (verdict !== 'retry') return { do: 'give up' };
    return permit === undefined
      ? nextWait(classification, context)
      : nextThrottledWait(classification, permit.isProbe, context);
  }

  #announce(
    { delayMs, serverRequested }: Wait,
    attempt: number,
    classification: Classification | undefined,
  ): void {
    this.#log.waits(delayMs, serverRequested);
    const { lastError: error } = this.#log;
    this.#policy.onRetry?.({ error, attempt, delayMs, classification, serverRequested });
  }

  async #sleep({ delayMs, serverRequested }: Wait): Promise<void> {
    const { clock } = this.#tools;
    const { signal } = this.#limits;
    const dueAt = clock.monotonic() + delayMs;
    await sleep(delayMs, { clock, signal });
    if (!serverRequested) return;
    // Timers sometimes fire a fraction of a millisecond early.
    while (clock.monotonic() < dueAt) await sleep(Math.ceil(dueAt - clock.monotonic()), { clock, signal });
  }
}
