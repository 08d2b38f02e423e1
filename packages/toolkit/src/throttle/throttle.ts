import type { Classification } from '../classify/classification.ts';
import { classify } from '../classify/classify.ts';
import { errorHeaders } from '../classify/error-shape.ts';
import { type HeaderLookup, headerLookup } from '../classify/rate-limit-headers.ts';
import { read } from '../classify/read-property.ts';
import { ToolkitError } from '../errors/toolkit-error.ts';
import { LatencyQuantile } from '../hedge/latency-quantile.ts';
import type { CallReport, CallThrottle, ThrottleRequest } from '../retry/call-throttle.ts';
import { AdaptiveRate } from './adaptive/adaptive-rate.ts';
import { CallQueue, WaitingCall, WakeUp } from './call-queue.ts';
import { Cooldown } from './cooldown.ts';
import { ProviderLimits } from './limits/provider-limits.ts';
import { Outage } from './outage.ts';
import { type Call, Permit, type Settlement } from './permit.ts';
import { RetryBudget } from './retry-budget.ts';
import type { ThrottleStats, ThrottleWait, WaitReason } from './throttle-monitor.ts';
import { ThrottleMonitor } from './throttle-monitor.ts';
import { resolveThrottleOptions, type ThrottleOptions, type ThrottleSettings } from './throttle-options.ts';

interface Hold {
  readonly ms: number;
  readonly reason: WaitReason;
}

const NO_HOLD: Hold = { ms: 0, reason: 'rate' };
const NO_REQUEST: ThrottleRequest = Object.freeze({});
/** An overloaded server now and then is bad luck; one reply in ten is a reason to slow down. */
const OVERLOADED_SHARE = 0.1;
const SHARE_OVER = 20;

/**
 * What all calls to one account of a provider share, so that together they run as fast as it allows and no faster,
 * without being told what it allows. Give one to every `ErrorHandler` whose calls go to that account, or use it alone.
 *
 * A call may be sent when each part agrees: the gate (the provider has told a wait), the limits (requests and tokens
 * a minute, given or read from the responses' headers), the adaptive rate (where nothing tells them), the circuit
 * breaker (the provider is out), the retry budget, and `maxConcurrency`. The first exhausted quota ends it all: who
 * waits fails with that error, and so does who comes, until `reset`.
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
  readonly #cooldown: Cooldown;
  readonly #limits: ProviderLimits;
  readonly #rate: AdaptiveRate;
  readonly #outage: Outage;
  readonly #budget: RetryBudget;
  readonly #latencies = new LatencyQuantile();
  readonly #waiting = new CallQueue(() => this.#pump());
  readonly #wakeUp: WakeUp;
  readonly #settlement: Settlement = {
    succeeded: (call, report) => this.#succeeded(call, report),
    failed: (call, error, report) => this.#failed(call, error, report),
    abandoned: (call) => this.#abandoned(call),
  };
  #pumping = false;
  #quota: { readonly error: unknown } | undefined;
  #askedStatus: number | undefined;
  #overloadedShare = 0;
  #inFlight = 0;
  readonly #counts = {
    requests: 0,
    succeeded: 0,
    refused: 0,
    failed: 0,
    released: 0,
    retries: 0,
    tokens: 0,
    waitedMs: 0,
    inFlightMs: 0,
  };

  /** @throws ToolkitError `INVALID_OPTION` */
  constructor(options: ThrottleOptions = {}) {
    const settings = resolveThrottleOptions(options);
    const { clock, random } = settings;
    this.#settings = settings;
    this.#monitor = new ThrottleMonitor(clock, settings.onEvent);
    this.#cooldown = new Cooldown({ clock, random });
    this.#limits = new ProviderLimits(settings);
    this.#rate = new AdaptiveRate(settings);
    this.#outage = new Outage(settings);
    this.#budget = new RetryBudget(clock);
    this.#wakeUp = new WakeUp(clock, () => this.#pump());
    this.#tellLimits();
  }

  /** Whether a call could begin at once: for whoever would rather not begin than wait, as a hedge. */
  get isOpen(): boolean {
    if (this.#quota !== undefined || this.#waiting.line.size > 0) return false;
    return this.#hold(this.#limits.tokensOf(undefined), false).ms === 0;
  }

  get stats(): ThrottleStats {
    const { requestsPerMinute, tokensPerMinute } = this.#limits;
    return {
      ...this.#counts,
      inFlight: this.#inFlight,
      waiting: this.#waiting.line.size,
      limits: { requestsPerMinute, tokensPerMinute, adaptivePerMinute: this.#rate.perMinute },
      waitingFor: this.#waitingFor(),
      givesUp: this.#outage.givesUp,
    };
  }

  /** What that share of the last 200 successful calls has not exceeded; `undefined` while there are fewer than 20. */
  latencyMs(quantile: number): number | undefined {
    return this.#latencies.value(quantile);
  }

  /** A permit where the call may be sent now, else `undefined`: also while others wait who come before it. */
  tryAcquire(request: ThrottleRequest = NO_REQUEST): Permit | undefined {
    if (this.#quota !== undefined || request.signal?.aborted) return undefined;
    if (this.#waiting.line.size > 0 && this.#waiting.line.hasBefore(request.priority ?? 0)) return undefined;
    const tokens = this.#tokensOf(request);
    if (this.#hold(tokens, request.retry ?? false).ms > 0) return undefined;
    return this.#grant(request, tokens, 0, undefined);
  }

  /**
   * Resolves as soon as the call may be sent. Every permit must be settled: it takes a place until then.
   *
   * Rejects with the signal's reason when that aborts; with the provider's error when the account's quota is
   * exhausted; with ToolkitError `SERVER_WAIT_EXCEEDED` when the provider asks for a longer wait than
   * `maxServerWaitMs`, or `OUTAGE` when it has been out for too long.
   */
  acquire(request: ThrottleRequest = NO_REQUEST): Promise<Permit> {
    try {
      request.signal?.throwIfAborted();
      this.#throwIfTimedOut(request);
      const permit = this.tryAcquire(request);
      if (permit !== undefined) return Promise.resolve(permit);
    } catch (error) {
      return Promise.reject(error);
    }
    const call = new WaitingCall(request, this.#settings.clock.monotonic());
    this.#waiting.add(call);
    this.#pump();
    return call.permit;
  }

  /** Forgets an exhausted quota and an outage: when the account has been topped up, or its task is resumed. */
  reset(): void {
    this.#quota = undefined;
    this.#outage.reset();
    this.#pump();
  }

  #throwIfTimedOut(request: ThrottleRequest): void {
    if (this.#quota !== undefined) throw this.#quota.error;
    const { closedForMs } = this.#cooldown;
    if (closedForMs > (request.maxServerWaitMs ?? Number.POSITIVE_INFINITY))
      throw this.#serverWaitError(closedForMs);
    if (this.#outage.hasTimedOut) throw this.#outage.error();
  }

  #tokensOf({ tokens }: ThrottleRequest): number {
    return this.#limits.tokensOf(readTokens(tokens));
  }

  #hold(tokens: number, retry: boolean): Hold {
    const { maxConcurrency } = this.#settings;
    if (this.#inFlight >= maxConcurrency) return { ms: Number.POSITIVE_INFINITY, reason: 'concurrency' };
    const gateMs = this.#cooldown.waitMs();
    if (gateMs > 0) return { ms: gateMs, reason: 'provider-asked' };
    const outageMs = this.#outage.waitMs();
    if (outageMs > 0) return { ms: outageMs, reason: 'outage' };
    const rateMs = this.#rate.waitMs(this.#inFlight);
    const limits = this.#limits.waitMs(tokens);
    if (limits.ms > rateMs) return limits;
    if (rateMs > 0)
      return { ms: rateMs, reason: rateMs === Number.POSITIVE_INFINITY ? 'concurrency' : 'rate' };
    // A probe has to be somebody, earned or not.
    const budgetMs = retry && !this.#outage.isOpen ? this.#budget.waitMs() : 0;
    return budgetMs > 0 ? { ms: budgetMs, reason: 'retry-budget' } : NO_HOLD;
  }

  #grant(
    request: ThrottleRequest,
    tokens: number,
    waitedMs: number,
    waitedFor: WaitReason | undefined,
  ): Permit {
    const isProbe = this.#outage.isOpen;
    const retry = request.retry ?? false;
    if (retry) this.#budget.spend();
    else if (!request.returning) this.#budget.called();
    if (request.returning) this.#counts.retries += 1;
    this.#cooldown.pass();
    this.#inFlight += 1;
    this.#counts.requests += 1;
    this.#counts.waitedMs += waitedMs;
    const { group = '' } = request;
    const now = this.#settings.clock.monotonic();
    this.#waiting.line.began(group);
    if (this.#monitor.hasListener)
      this.#monitor.tell({
        type: 'started',
        waitedMs,
        waitedFor,
        retry: request.returning ?? false,
        group: request.group,
      });
    const call: Call = {
      request,
      group,
      isProbe,
      startedAt: now,
      reservation: this.#limits.send(tokens, now),
      sequence: this.#rate.send(now),
      breakerCall: this.#outage.begin(),
    };
    return new Permit(call, this.#settlement);
  }

  #succeeded(call: Call, report: CallReport | undefined): void {
    const elapsedMs = this.#end(call);
    this.#counts.succeeded += 1;
    this.#budget.succeeded();
    if (this.#outage.succeeded(call)) this.#rate.restart();
    this.#latencies.record(elapsedMs);
    this.#overloadedShare -= this.#overloadedShare / SHARE_OVER;
    const tokens = readTokens(read(report, 'tokens'));
    if (tokens !== undefined) {
      this.#counts.tokens += tokens;
      this.#limits.settle(call.reservation, readTokens(call.request.tokens), tokens);
    }
    const headers = headerLookup(read(report, 'headers'));
    if (headers !== undefined) {
      if (this.#limits.observe(call.reservation, headers)) this.#rate.told();
      this.#tellLimits();
    }
    this.#rate.succeeded(call.sequence, this.#inFlight + 1);
    if (this.#monitor.hasListener) this.#monitor.tell({ type: 'succeeded', elapsedMs, tokens });
    this.#pump();
  }

  #failed(call: Call, error: unknown, report: CallReport | undefined): void {
    const classification = classify(error, { now: this.#settings.clock.now() });
    const { kind, verdict } = classification;
    if (kind === 'abort') {
      this.#abandoned(call);
      return;
    }
    const elapsedMs = this.#end(call);
    const isRefusal = kind === 'rate-limit' || kind === 'overloaded' || kind === 'quota';
    this.#counts[isRefusal ? 'refused' : 'failed'] += 1;
    this.#monitor.tell({ type: isRefusal ? 'refused' : 'failed', elapsedMs, classification });
    if (verdict === 'stop') this.#exhausted(error);
    const isOut = kind === 'server' || kind === 'overloaded' || kind === 'network' || kind === 'timeout';
    if (isOut) this.#outage.failed(call, error, classification);
    else if (kind === 'rate-limit') this.#outage.refused(call, error, classification);
    else call.breakerCall.succeeded();
    // It would have taken longer still: or a limit that follows the latency could never follow a slower provider.
    if (kind === 'timeout' && (call.request.retry || this.#outage.isOpen)) this.#latencies.record(elapsedMs);
    this.#slowDown(call, classification, headerLookup(read(report, 'headers')) ?? errorHeaders(error));
    this.#pump();
  }

  #abandoned(call: Call): void {
    const elapsedMs = this.#end(call);
    this.#counts.released += 1;
    call.breakerCall.abandoned();
    this.#rate.ended(call.sequence);
    this.#monitor.tell({ type: 'released', elapsedMs });
    this.#pump();
  }

  #slowDown(call: Call, classification: Classification, headers: HeaderLookup | undefined): void {
    const { kind, waitMs = 0, status, code } = classification;
    // Whatever the status it comes with: calls that are told a wait leave it to the throttle.
    if (waitMs > 0) {
      this.#cooldown.close(waitMs);
      this.#askedStatus = status;
      this.#monitor.waiting('provider-asked', this.#cooldown.closedForMs, status);
      this.#failWhoWillNotWait();
    }
    if (kind === 'overloaded') this.#overloadedShare += (1 - this.#overloadedShare) / SHARE_OVER;
    const explained = headers !== undefined && this.#limits.refused(call.reservation, headers, waitMs);
    if (explained) this.#tellLimits();
    const isOut = this.#outage.isOpen;
    const isTooFast =
      kind === 'rate-limit'
        ? !explained || code === 'slow_down'
        : kind === 'overloaded' && !isOut && this.#overloadedShare > OVERLOADED_SHARE;
    if (isTooFast) this.#rate.refused(call.sequence, waitMs > 0);
    else this.#rate.ended(call.sequence);
  }

  #exhausted(error: unknown): void {
    this.#quota ??= { error };
    this.#waiting.reject(error);
  }

  #end(call: Call): number {
    const elapsedMs = this.#settings.clock.monotonic() - call.startedAt;
    this.#inFlight -= 1;
    this.#counts.inFlightMs += elapsedMs;
    this.#waiting.line.ended(call.group);
    return elapsedMs;
  }

  /** Lets go who may go, and sets the timer for who is next. */
  #pump(): void {
    if (this.#pumping) return;
    if (this.#waiting.line.size === 0) {
      this.#wakeUp.cancel();
      return;
    }
    this.#pumping = true;
    try {
      for (;;) {
        if (this.#outage.hasTimedOut) this.#waiting.reject(this.#outage.error());
        const next = this.#waiting.line.next(!this.#outage.isOpen && this.#budget.waitMs() === 0);
        if (next === undefined) break;
        const { request } = next;
        const tokens = this.#tokensOf(request);
        const hold = this.#hold(tokens, request.retry ?? false);
        if (hold.ms > 0) {
          next.waitsFor = hold.reason;
          // While a probe is under way, nobody knows for how long.
          const isKnown = hold.ms < Number.POSITIVE_INFINITY;
          if (hold.reason === 'outage' && isKnown)
            this.#monitor.waiting('outage', hold.ms, this.#outage.status);
          // An outage ends the wait of its own accord.
          this.#wakeUp.in(
            this.#outage.isOpen ? Math.min(hold.ms, Math.max(1, this.#outage.leftMs)) : hold.ms,
          );
          break;
        }
        this.#waiting.remove(next);
        const waitedMs = this.#settings.clock.monotonic() - next.since;
        next.resolve(this.#grant(request, tokens, waitedMs, next.waitsFor));
      }
    } finally {
      this.#pumping = false;
    }
    if (this.#waiting.line.size === 0) this.#wakeUp.cancel();
  }

  #serverWaitError(waitMs: number): ToolkitError {
    return new ToolkitError(
      'SERVER_WAIT_EXCEEDED',
      `The server asks everyone to wait ${Math.ceil(waitMs)} ms, longer than this call may. Try again later, or allow more.`,
    );
  }

  #failWhoWillNotWait(): void {
    const { closedForMs } = this.#cooldown;
    this.#waiting.reject(
      this.#serverWaitError(closedForMs),
      ({ maxServerWaitMs = Number.POSITIVE_INFINITY }) => closedForMs > maxServerWaitMs,
    );
  }

  #waitingFor(): ThrottleWait | undefined {
    const next = this.#waiting.line.next(true);
    if (next === undefined) return undefined;
    const { ms, reason } = this.#hold(this.#tokensOf(next.request), next.request.retry ?? false);
    if (ms === 0) return undefined;
    const status =
      reason === 'provider-asked' ? this.#askedStatus : reason === 'outage' ? this.#outage.status : undefined;
    const forMs = reason === 'provider-asked' ? Math.max(ms, this.#cooldown.closedForMs) : ms;
    return { reason, forMs: forMs === Number.POSITIVE_INFINITY ? undefined : Math.ceil(forMs), status };
  }

  #tellLimits(): void {
    if (this.#monitor.hasListener)
      this.#monitor.limits(this.#limits.requestsPerMinute, this.#limits.tokensPerMinute);
  }
}

/** No call takes more: a larger number is a mistake, and would close the throttle for days. */
const MOST_TOKENS = 100_000_000;

function readTokens(tokens: unknown): number | undefined {
  return typeof tokens === 'number' && tokens >= 0 && tokens <= MOST_TOKENS ? tokens : undefined;
}
