import { type Classification, OUTAGE_KINDS } from '../classify/classification.ts';
import { errorHeaders } from '../classify/classify.ts';
import { type HeaderLookup, headerLookup } from '../classify/rate-limit-headers.ts';
import { read } from '../classify/read-property.ts';
import { LatencyQuantile } from '../hedge/latency-quantile.ts';
import type { CallReport, ThrottleRequest } from '../retry/call-throttle.ts';
import { AdaptiveRate } from './adaptive/adaptive-rate.ts';
import { Cooldown } from './cooldown.ts';
import { type GivenLimits, ProviderLimits, tighter } from './limits/provider-limits.ts';
import { Outage } from './outage.ts';
import type { Call } from './permit.ts';
import { RetryBudget } from './retry-budget.ts';
import type { AccountShare } from './shared/account-share.ts';
import type { Hold, ThrottleStats } from './throttle-monitor.ts';
import type { CheckedLimits, ThrottleSettings } from './throttle-options.ts';

const NO_HOLD: Hold = { ms: 0, reason: 'rate' };

/** An overloaded server now and then is bad luck; one reply in ten is a reason to slow down. */
const OVERLOADED_SHARE = 0.1;
const SHARE_OVER_CALLS = 20;

/** Two processes' measures of the moment at which a wait ends differ by so much, milliseconds. */
const SAME_WAIT_MS = 100;

/** No call takes more: a larger number is a mistake, and would close the throttle for days. */
const MAX_TOKENS = 100_000_000;

/**
 * What is known about an account of a provider, and how long a call to it must wait therefore. Each part decides alone;
 * a call may be sent when all agree, and each learns from how the call ended.
 */
export class Account {
  readonly cooldown: Cooldown;
  readonly outage: Outage;
  readonly #settings: ThrottleSettings;
  /** `undefined`: no other process is known to call the account. */
  readonly #share: AccountShare | undefined;
  readonly #limits: ProviderLimits;
  readonly #rate: AdaptiveRate;
  readonly #budget: RetryBudget;
  readonly #latencies = new LatencyQuantile();
  #cooldownStatus: number | undefined;
  #overloadedShare = 0;
  #inFlight = 0;
  #maxConcurrency: number;

  constructor(settings: ThrottleSettings, share?: AccountShare) {
    const { clock, random } = settings;
    this.#settings = settings;
    this.#share = share;
    this.#maxConcurrency = settings.maxConcurrency;
    this.cooldown = new Cooldown({ clock, random });
    this.outage = new Outage(settings);
    this.#limits = new ProviderLimits(settings);
    this.#rate = new AdaptiveRate(settings);
    this.#budget = new RetryBudget(clock);
  }

  setLimits(limits: CheckedLimits): void {
    this.#maxConcurrency = limits.maxConcurrency;
    this.#limits.set(limits);
  }

  get inFlight(): number {
    return this.#inFlight;
  }

  get limits(): ThrottleStats['limits'] {
    const { requestsPerMinute, tokensPerMinute } = this.#limits;
    return {
      requestsPerMinute: tighter(requestsPerMinute, this.#share?.requestsPerMinute),
      tokensPerMinute: tighter(tokensPerMinute, this.#share?.tokensPerMinute),
      adaptivePerMinute: this.#rate.perMinute,
    };
  }

  /** What was set here, and what the provider's responses have reported here. */
  get ownLimits(): { readonly set: GivenLimits; readonly reported: GivenLimits } {
    return { set: this.#limits.given, reported: this.#limits.reported };
  }

  /** Whether a call that repeats a failed one may go before the others. */
  get allowsRetries(): boolean {
    return !this.outage.isOpen && this.#budget.waitMs() === 0;
  }

  latencyMs(quantile: number): number | undefined {
    return this.#latencies.value(quantile);
  }

  /** Divides the calls at once with which an unknown rate begins among the processes that share the account. */
  set members(members: number) {
    this.#rate.initialConcurrency = Math.ceil(this.#settings.initialConcurrency / members);
  }

  /** How many tokens to reserve for that call. */
  tokensFor({ tokens }: ThrottleRequest): number {
    return this.#limits.tokensOf(readTokens(tokens));
  }

  /** What delays a call with that many tokens; 0 ms if nothing does. */
  hold(tokens: number, isRetry: boolean): Hold {
    if (this.#inFlight >= this.#maxConcurrency) {
      return { ms: Number.POSITIVE_INFINITY, reason: 'concurrency' };
    }
    const cooldownMs = this.cooldown.waitMs();
    if (cooldownMs > 0) return { ms: cooldownMs, reason: 'provider-asked', status: this.#cooldownStatus };
    const outageMs = this.outage.waitMs();
    if (outageMs > 0) return { ms: outageMs, reason: 'outage', status: this.outage.status };
    const shared = this.#share?.hold(tokens);
    if (shared !== undefined && shared.ms > 0) return shared;
    const rateMs = this.#rate.waitMs(this.#inFlight);
    const limits = this.#limits.waitMs(tokens);
    if (limits.ms > rateMs) return limits;
    if (rateMs > 0) {
      return { ms: rateMs, reason: rateMs === Number.POSITIVE_INFINITY ? 'concurrency' : 'rate' };
    }
    // Some call has to be the probe, earned or not.
    const budgetMs = isRetry && !this.outage.isOpen ? this.#budget.waitMs() : 0;
    return budgetMs > 0 ? { ms: budgetMs, reason: 'retry-budget' } : NO_HOLD;
  }

  /** Sends a call that nothing delays. */
  begin(request: ThrottleRequest, tokens: number): Call {
    const isProbe = this.outage.isOpen;
    // A probe is sent for all calls: it costs no retry.
    if (request.retry && !isProbe) this.#budget.spend();
    else if (!request.retry && !request.returning) this.#budget.called();
    this.cooldown.pass();
    this.#inFlight += 1;
    this.#share?.take(tokens);
    const now = this.#settings.clock.monotonic();
    return {
      request,
      group: request.group ?? '',
      isProbe,
      startedAt: now,
      reservation: this.#limits.send(tokens, now),
      sequence: this.#rate.send(now),
      breakerCall: this.outage.begin(),
    };
  }

  succeeded(call: Call, report: CallReport | undefined): { elapsedMs: number; tokens: number | undefined } {
    const elapsedMs = this.#end(call);
    this.#budget.succeeded();
    if (this.outage.succeeded(call)) this.#rate.restart();
    this.#latencies.record(elapsedMs);
    this.#overloadedShare -= this.#overloadedShare / SHARE_OVER_CALLS;
    const tokens = readTokens(read(report, 'tokens'));
    if (tokens !== undefined) {
      this.#limits.settle(call.reservation, readTokens(call.request.tokens), tokens);
      this.#share?.settle(call.reservation.tokens, tokens);
    }
    const headers = headerLookup(read(report, 'headers'));
    if (headers !== undefined && this.#limits.observe(call.reservation, headers)) {
      this.#rate.reported();
      this.#share?.limitsReported();
    }
    this.#rate.succeeded(call.sequence, this.#inFlight + 1);
    return { elapsedMs, tokens };
  }

  /** For any error but an abort. @returns milliseconds that the call took */
  failed(call: Call, error: unknown, classification: Classification, report: CallReport | undefined): number {
    const elapsedMs = this.#end(call);
    const { kind, waitMs = 0 } = classification;
    if (OUTAGE_KINDS.has(kind)) this.outage.failed(call, error, classification);
    else if (kind === 'rate-limit') this.outage.refused(call, error, classification);
    else call.breakerCall.succeeded();
    // It would have taken longer still: or a limit that follows the latency could never follow a slower provider.
    if (kind === 'timeout' && (call.request.retry || this.outage.isOpen)) this.#latencies.record(elapsedMs);
    // Whatever the status: the throttle waits for all calls.
    if (waitMs > 0) {
      this.#close(waitMs, classification.status);
      this.#share?.cooldown(waitMs, classification.status);
    }
    if (kind === 'quota') this.#share?.quotaExhausted();
    if (kind === 'overloaded') this.#overloadedShare += (1 - this.#overloadedShare) / SHARE_OVER_CALLS;
    const headers = headerLookup(read(report, 'headers')) ?? errorHeaders(error);
    if (this.#isTooFast(call, classification, headers)) this.#rate.refused(call.sequence, waitMs > 0);
    else this.#rate.abandoned(call.sequence);
    return elapsedMs;
  }

  /** The provider has asked another process to wait. @returns whether that is longer than was known here */
  closedElsewhere(waitMs: number, status: number | undefined): boolean {
    if (waitMs <= this.cooldown.closedForMs + SAME_WAIT_MS) return false;
    this.#close(waitMs, status);
    return true;
  }

  #close(waitMs: number, status: number | undefined): void {
    this.cooldown.close(waitMs);
    this.#cooldownStatus = status;
  }

  /** @returns milliseconds that the call took */
  abandoned(call: Call): number {
    const elapsedMs = this.#end(call);
    call.breakerCall.abandoned();
    this.#rate.abandoned(call.sequence);
    return elapsedMs;
  }

  /** Whether the failure says that calls are sent too fast, and no known limit explains it. */
  #isTooFast(
    call: Call,
    { kind, waitMs = 0, code }: Classification,
    headers: HeaderLookup | undefined,
  ): boolean {
    const isExplained = headers !== undefined && this.#limits.refused(call.reservation, headers, waitMs);
    if (isExplained) this.#share?.limitsReported();
    if (kind === 'rate-limit') return !isExplained || code === 'slow_down';
    return kind === 'overloaded' && !this.outage.isOpen && this.#overloadedShare > OVERLOADED_SHARE;
  }

  #end(call: Call): number {
    this.#inFlight -= 1;
    return this.#settings.clock.monotonic() - call.startedAt;
  }
}

function readTokens(tokens: unknown): number | undefined {
  return typeof tokens === 'number' && tokens >= 0 && tokens <= MAX_TOKENS ? tokens : undefined;
}
