import type { Classification } from '../classify/classification.ts';
import { classify } from '../classify/classify.ts';
import { ToolkitError } from '../errors/toolkit-error.ts';
import { checkObject, checkOption, checkSignal } from '../options/check.ts';
import type { CallReport, CallThrottle, ThrottleRequest } from '../retry/call-throttle.ts';
import { NEVER_ABORTED } from '../retry/run-attempt.ts';
import { attemptUnder } from '../retry/throttled-attempt.ts';
import { Account } from './account.ts';
import { CallQueue, WaitingCall, WakeUp } from './call-queue.ts';
import { type Call, Permit, type Settlement } from './permit.ts';
import { AccountShare, type ShareDemand } from './shared/account-share.ts';
import {
  ThrottleMonitor,
  type ThrottleStats,
  type ThrottleWait,
  type WaitReason,
} from './throttle-monitor.ts';
import {
  checkLimits,
  resolveThrottleOptions,
  type ThrottleLimits,
  type ThrottleOptions,
  type ThrottleSettings,
} from './throttle-options.ts';

/**
 * How long a process stops for an exhausted quota that another has found: its calls then find out themselves. So a
 * latch that nobody resets, since its process is gone, stops nobody for longer.
 */
const FOUND_ELSEWHERE_MS = 60_000;

/** These calls wait for something of their own process: what could be leased meanwhile would lie idle. */
const OWN_REASONS: ReadonlySet<WaitReason> = new Set([
  'provider-asked',
  'concurrency',
  'outage',
  'retry-budget',
]);

const NO_REQUEST: ThrottleRequest = Object.freeze({});

/** What `Throttle.run` passes to the call. */
export interface ThrottledCallContext {
  /** The request's signal, or one that never aborts. Pass it on to `fetch` and the like. */
  readonly signal: AbortSignal;
  /** Whether the call was let through to find out if the provider is back. */
  readonly isProbe: boolean;
  /**
   * Tells the throttle what came with the reply: its headers, and the tokens that it took. Not needed for a result
   * with `headers`, or with a `response` that has them.
   */
  readonly report: (report: CallReport) => void;
}

/**
 * Shared by all calls to one account of a provider: together they run as fast as it allows and no faster, without
 * being given its limits. Give one to every `ErrorHandler` whose calls go to that account, or use it alone.
 *
 * A call may be sent when each part agrees: the cooldown (`Retry-After`), the limits (requests and tokens
 * per minute, given or read from the responses' headers), the adaptive rate (if there are no known limits), the circuit
 * breaker (the provider is out), the retry budget, and `maxConcurrency`. The first exhausted quota ends everything:
 * all waiting and all later calls fail with that error, until `reset`.
 *
 * @example
 * const throttle = new Throttle();
 * const handler = new ErrorHandler({ throttle });
 * await manager.executeBatch(prompts.map((prompt) => ({ signal }) =>
 *   handler.withRetry(({ signal }) => fetchReply(prompt, { signal }), { signal, tokens: 800 })));
 */
export class Throttle implements CallThrottle {
  readonly #settings: ThrottleSettings;
  readonly #monitor: ThrottleMonitor;
  readonly #account: Account;
  readonly #queue = new CallQueue(() => this.#pump());
  readonly #wakeUp: WakeUp;
  readonly #settlement: Settlement = {
    succeeded: (call, report) => this.#succeeded(call, report),
    failed: (call, error, report) => this.#failed(call, error, report),
    abandoned: (call) => this.#abandoned(call),
  };
  readonly #share: AccountShare | undefined;
  #pumping = false;
  /** The error that said that the account's quota is exhausted, and until when it does, by the monotonic clock. */
  #quota: { readonly error: unknown; readonly until: number } | undefined;
  /** What the first call in line takes, where it must wait. */
  #nextTokens = 0;
  #nextWaitsFor: WaitReason | undefined;

  /** @throws ToolkitError `INVALID_OPTION` */
  constructor(options: ThrottleOptions = {}) {
    this.#settings = resolveThrottleOptions(options);
    const { clock, random, shared, onEvent } = this.#settings;
    this.#monitor = new ThrottleMonitor(clock, onEvent);
    this.#share =
      shared &&
      new AccountShare({
        shared,
        clock,
        random,
        demand: () => this.#demand(),
        onCooldown: (ms, status) => {
          if (this.#account.closedElsewhere(ms, status)) this.#rejectImpatient(status);
        },
        onQuota: (agoMs) => this.#quotaElsewhere(agoMs),
        onFailure: (error) => this.#queue.reject(error),
        onExchanged: (members) => {
          this.#account.members = members;
          this.#monitor.limits(this.#account);
          this.#pump();
        },
      });
    this.#account = new Account(this.#settings, this.#share);
    this.#wakeUp = new WakeUp(clock, () => this.#pump());
    this.#monitor.limits(this.#account);
  }

  /** Whether a call could begin at once: for a caller that would rather not begin than wait, such as a hedge. */
  get isOpen(): boolean {
    if (this.#quotaError !== undefined || this.#queue.order.size > 0) return false;
    return this.#account.hold(this.#account.tokensFor(NO_REQUEST), false).ms === 0;
  }

  get stats(): ThrottleStats {
    const { inFlight, limits, outage } = this.#account;
    return {
      ...this.#monitor.counts,
      inFlight,
      waiting: this.#queue.order.size,
      limits,
      waitingFor: this.#waitingFor(),
      givesUp: outage.givesUp,
    };
  }

  /** What that share of the last 200 successful calls has not exceeded; `undefined` while there are fewer than 20. */
  latencyMs(quantile: number): number | undefined {
    return this.#account.latencyMs(quantile);
  }

  /**
   * Calls `fn` once it may be sent, and settles its permit by how it ends: a result as succeeded, an error as failed,
   * and an abort of the request's signal as abandoned. It does not retry.
   *
   * Rejects as `acquire` does, without calling `fn`; with the error of `fn`, a synchronous throw too; or with the
   * signal's reason as soon as that aborts, even if `fn` ignores it. Also with ToolkitError `INVALID_OPTION`.
   *
   * @example
   * const reply = await throttle.run({ tokens: 800, signal }, ({ signal }) => fetchReply({ signal }));
   */
  async run<T>(
    request: ThrottleRequest,
    fn: (context: ThrottledCallContext) => T | PromiseLike<T>,
  ): Promise<T> {
    checkObject('request', request);
    checkOption(typeof fn === 'function', 'run needs a function', fn);
    const { signal = NEVER_ABORTED } = request;
    checkSignal('signal', signal);
    const permit = await this.acquire(request);
    const { isProbe } = permit;
    const outcome = await attemptUnder(permit, ({ report }) => fn({ signal, isProbe, report }), 0, {
      clock: this.#settings.clock,
      signal,
      timeoutMs: undefined,
    });
    if (outcome.success) return outcome.value;
    throw outcome.error;
  }

  /** A permit if the call may be sent now, else `undefined`: also while calls wait that would go first. */
  tryAcquire(request: ThrottleRequest = NO_REQUEST): Permit | undefined {
    if (this.#quotaError !== undefined || request.signal?.aborted) return undefined;
    const { order } = this.#queue;
    if (order.size > 0 && order.hasBefore(request.priority ?? 0)) return undefined;
    const tokens = this.#account.tokensFor(request);
    if (this.#account.hold(tokens, request.retry ?? false).ms > 0) return undefined;
    return this.#grant(request, tokens, 0, undefined);
  }

  /**
   * Resolves as soon as the call may be sent. Every permit must be settled: it counts as in flight until then. `run`
   * does so by itself.
   *
   * Rejects with the signal's reason when that aborts; with the provider's error when the account's quota is
   * exhausted; with ToolkitError `SERVER_WAIT_EXCEEDED` when the provider asks for a longer wait than
   * `maxServerWaitMs`, or `OUTAGE` when it has been out for too long.
   */
  acquire(request: ThrottleRequest = NO_REQUEST): Promise<Permit> {
    try {
      request.signal?.throwIfAborted();
      this.#throwIfNeverSent(request);
      const permit = this.tryAcquire(request);
      if (permit !== undefined) return Promise.resolve(permit);
    } catch (error) {
      return Promise.reject(error);
    }
    const call = new WaitingCall(request, this.#settings.clock.monotonic());
    this.#queue.add(call);
    this.#pump();
    return call.permit;
  }

  /**
   * Replaces the limits of the options, while calls are under way too: one that is left out is learned, or not bounded.
   * What was sent before counts; calls that wait are let through as soon as the new limits allow them.
   *
   * @throws ToolkitError `INVALID_OPTION`
   */
  setLimits(limits: ThrottleLimits): void {
    checkObject('limits', limits, 'Write them as in { requestsPerMinute: 500 }.');
    this.#account.setLimits(checkLimits(limits));
    this.#monitor.limits(this.#account);
    this.#pump();
  }

  /**
   * Forgets an exhausted quota and an outage: when the account has been topped up, or its task is resumed. Of a shared
   * account, the other processes forget the quota too.
   */
  reset(): void {
    this.#quota = undefined;
    this.#account.outage.reset();
    this.#share?.quotaReset();
    this.#pump();
  }

  /**
   * Ends the exchanges of a shared account, which else keep the process alive for about a second after the last call. No call
   * may be sent after it.
   */
  close(): void {
    this.#share?.close();
  }

  /** `undefined` while the quota is not known to be exhausted. */
  get #quotaError(): { readonly error: unknown } | undefined {
    if (this.#quota !== undefined && this.#settings.clock.monotonic() >= this.#quota.until) {
      this.#quota = undefined;
    }
    return this.#quota;
  }

  #quotaElsewhere(agoMs: number | undefined): void {
    if (agoMs === undefined) this.#quota = undefined;
    else if (this.#quota === undefined && agoMs < FOUND_ELSEWHERE_MS) {
      const error = new ToolkitError(
        'QUOTA_EXHAUSTED',
        'The account’s quota is exhausted, as another process has found. Top it up, and go on.',
      );
      this.#quota = { error, until: this.#settings.clock.monotonic() + FOUND_ELSEWHERE_MS - agoMs };
      this.#queue.reject(error);
    }
  }

  #demand(): ShareDemand {
    const { size } = this.#queue.order;
    const { set, reported } = this.#account.ownLimits;
    const isOwn = this.#nextWaitsFor !== undefined && OWN_REASONS.has(this.#nextWaitsFor);
    return {
      waiting: isOwn ? 0 : size,
      isActive: size > 0 || this.#account.inFlight > 0,
      tokens: this.#nextTokens,
      setRequestsPerMinute: set.requestsPerMinute,
      setTokensPerMinute: set.tokensPerMinute,
      reportedRequestsPerMinute: reported.requestsPerMinute,
      reportedTokensPerMinute: reported.tokensPerMinute,
    };
  }

  #throwIfNeverSent({ maxServerWaitMs = Number.POSITIVE_INFINITY }: ThrottleRequest): void {
    const quota = this.#quotaError;
    if (quota !== undefined) throw quota.error;
    const { cooldown, outage } = this.#account;
    if (cooldown.closedForMs > maxServerWaitMs) throw serverWaitError(cooldown.closedForMs);
    if (outage.hasTimedOut) throw outage.error();
  }

  #grant(
    request: ThrottleRequest,
    tokens: number,
    waitedMs: number,
    waitedFor: WaitReason | undefined,
  ): Permit {
    const call = this.#account.begin(request, tokens);
    this.#queue.order.began(call.group);
    this.#monitor.started(request, waitedMs, waitedFor);
    return new Permit(call, this.#settlement);
  }

  #succeeded(call: Call, report: CallReport | undefined): void {
    const { elapsedMs, tokens } = this.#account.succeeded(call, report);
    this.#queue.order.ended(call.group);
    this.#monitor.limits(this.#account);
    this.#monitor.succeeded(elapsedMs, tokens);
    this.#pump();
  }

  #failed(call: Call, error: unknown, report: CallReport | undefined): void {
    const classification = classify(error, { now: this.#settings.clock.now() });
    if (classification.kind === 'abort') {
      this.#abandoned(call);
      return;
    }
    const elapsedMs = this.#account.failed(call, error, classification, report);
    this.#queue.order.ended(call.group);
    this.#monitor.failed(elapsedMs, classification);
    this.#rejectWaiting(error, classification);
    this.#monitor.limits(this.#account);
    this.#pump();
  }

  #abandoned(call: Call): void {
    const elapsedMs = this.#account.abandoned(call);
    this.#queue.order.ended(call.group);
    this.#monitor.abandoned(elapsedMs);
    this.#pump();
  }

  /**
   * A failure may end other calls' wait: an exhausted quota all of them, a long `Retry-After` those that won't wait.
   */
  #rejectWaiting(error: unknown, { verdict, waitMs = 0, status }: Classification): void {
    if (verdict === 'stop') {
      this.#quota = { error: this.#quotaError?.error ?? error, until: Number.POSITIVE_INFINITY };
      this.#queue.reject(error);
    }
    if (waitMs > 0) this.#rejectImpatient(status);
  }

  /** The provider asks for a wait: those that won't wait for so long fail. */
  #rejectImpatient(status: number | undefined): void {
    const { closedForMs } = this.#account.cooldown;
    this.#monitor.waiting({ reason: 'provider-asked', ms: closedForMs, status });
    this.#queue.reject(
      serverWaitError(closedForMs),
      ({ maxServerWaitMs = Number.POSITIVE_INFINITY }) => closedForMs > maxServerWaitMs,
    );
  }

  /** Sends the calls that may be sent, and sets the timer for the next. */
  #pump(): void {
    if (this.#pumping) return;
    this.#pumping = true;
    this.#nextWaitsFor = undefined;
    try {
      while (this.#sendNext());
    } finally {
      this.#pumping = false;
    }
    if (this.#queue.order.size === 0) this.#wakeUp.cancel();
    this.#share?.update();
  }

  #sendNext(): boolean {
    const { outage } = this.#account;
    if (outage.hasTimedOut) this.#queue.reject(outage.error());
    const next = this.#queue.order.next(this.#account.allowsRetries);
    if (next === undefined) return false;
    const tokens = this.#account.tokensFor(next.request);
    const hold = this.#account.hold(tokens, next.retry);
    if (hold.ms > 0) {
      next.waitsFor = hold.reason;
      this.#nextTokens = tokens;
      this.#nextWaitsFor = hold.reason;
      // While a probe is under way, the wait is unknown.
      if (hold.reason === 'outage' && hold.ms < Number.POSITIVE_INFINITY) this.#monitor.waiting(hold);
      // An outage that lasts too long ends the wait by itself.
      this.#wakeUp.in(outage.isOpen ? Math.min(hold.ms, Math.max(1, outage.leftMs)) : hold.ms);
      return false;
    }
    this.#queue.remove(next);
    const waitedMs = this.#settings.clock.monotonic() - next.since;
    next.resolve(this.#grant(next.request, tokens, waitedMs, next.waitsFor));
    return true;
  }

  #waitingFor(): ThrottleWait | undefined {
    const next = this.#queue.order.next(true);
    if (next === undefined) return undefined;
    const tokens = this.#account.tokensFor(next.request);
    const { ms, reason, status } = this.#account.hold(tokens, next.retry);
    if (ms === 0) return undefined;
    const forMs = reason === 'provider-asked' ? Math.max(ms, this.#account.cooldown.closedForMs) : ms;
    return { reason, forMs: forMs === Number.POSITIVE_INFINITY ? undefined : Math.ceil(forMs), status };
  }
}

function serverWaitError(waitMs: number): ToolkitError {
  return new ToolkitError(
    'SERVER_WAIT_EXCEEDED',
    `The server asks everyone to wait ${Math.ceil(waitMs)} ms, longer than this call may. Try again later, or allow more.`,
  );
}
