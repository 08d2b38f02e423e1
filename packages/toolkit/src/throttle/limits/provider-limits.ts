import { type HeaderLookup, rateLimitStates } from '../../classify/rate-limit-headers.ts';
import type { Clock } from '../../clock/clock.ts';
import type { WaitReason } from '../throttle-monitor.ts';
import { LearnedLimit, type SentMark } from './learned-limit.ts';

/** A longer burst could not be compensated within the minute. */
const MAX_BURST_MS = 30_000;
/** The number of calls that the token estimate averages over. */
const MEAN_OVER_CALLS = 50;
/** As in RFC 6298, for the same reason: too few reserved tokens cost a refusal, too many only a moment. */
const DEVIATIONS = 4;

export interface GivenLimits {
  readonly requestsPerMinute: number | undefined;
  readonly tokensPerMinute: number | undefined;
}

export interface ProviderLimitsOptions extends GivenLimits {
  readonly burstMs: number;
  readonly clock: Clock;
}

/** What a request took of the limits when it was sent. */
export interface Reservation {
  readonly tokens: number;
  readonly requestMark: SentMark;
  readonly tokenMark: SentMark;
}

/** Requests and tokens per minute, as set and as the provider's responses report them; the tighter limit applies. */
export class ProviderLimits {
  readonly #clock: Clock;
  readonly #burstMs: number;
  #given: GivenLimits = { requestsPerMinute: undefined, tokensPerMinute: undefined };
  #givenRequests: TokenBucket | undefined;
  #givenTokens: TokenBucket | undefined;
  readonly #requests: LearnedLimit;
  readonly #tokens: LearnedLimit;
  readonly #estimate = new TokenEstimate();

  constructor(options: ProviderLimitsOptions) {
    const { burstMs, clock } = options;
    this.#burstMs = burstMs;
    this.#clock = clock;
    this.set(options);
    this.#requests = new LearnedLimit('requests', clock);
    this.#tokens = new LearnedLimit('tokens', clock);
  }

  /** Replaces the given limits. */
  set({ requestsPerMinute, tokensPerMinute }: GivenLimits): void {
    this.#given = { requestsPerMinute, tokensPerMinute };
    this.#givenRequests = this.#bucket(this.#givenRequests, requestsPerMinute);
    this.#givenTokens = this.#bucket(this.#givenTokens, tokensPerMinute);
  }

  #bucket(before: TokenBucket | undefined, perMinute: number | undefined): TokenBucket | undefined {
    if (perMinute === undefined) return undefined;
    if (before !== undefined) before.perMinute = perMinute;
    return before ?? new TokenBucket({ perMinute, burstMs: this.#burstMs, clock: this.#clock });
  }

  /** What was set. */
  get given(): GivenLimits {
    return this.#given;
  }

  /** What the provider's responses report. */
  get reported(): GivenLimits {
    return { requestsPerMinute: this.#requests.perMinute, tokensPerMinute: this.#tokens.perMinute };
  }

  get requestsPerMinute(): number | undefined {
    return tighter(this.#given.requestsPerMinute, this.#requests.perMinute);
  }

  get tokensPerMinute(): number | undefined {
    return tighter(this.#given.tokensPerMinute, this.#tokens.perMinute);
  }

  /** How many tokens to reserve for a call that is estimated at `estimate`. */
  tokensOf(estimate: number | undefined): number {
    return this.#estimate.reserve(estimate ?? 0);
  }

  /** Milliseconds until a call of so many tokens may be sent, and what it waits for. */
  waitMs(tokens: number): { readonly ms: number; readonly reason: WaitReason } {
    const requestsMs = Math.max(this.#givenRequests?.waitMs(1) ?? 0, this.#requests.waitMs(1));
    const tokensMs = Math.max(this.#givenTokens?.waitMs(tokens) ?? 0, this.#tokens.waitMs(tokens));
    return tokensMs > requestsMs ? { ms: tokensMs, reason: 'tokens' } : { ms: requestsMs, reason: 'rate' };
  }

  send(tokens: number, now: number = this.#clock.monotonic()): Reservation {
    this.#givenRequests?.take(1);
    this.#givenTokens?.take(tokens);
    return { tokens, requestMark: this.#requests.send(1, now), tokenMark: this.#tokens.send(tokens, now) };
  }

  /** A call has taken `used` tokens. */
  settle({ tokens, tokenMark }: Reservation, estimate: number | undefined, used: number): void {
    this.#givenTokens?.take(used - tokens);
    this.#tokens.settle(tokenMark, used);
    this.#estimate.settle(estimate ?? 0, used);
  }

  /** Learns from a response's headers. Returns whether they reported what remains of a limit. */
  observe({ requestMark, tokenMark }: Reservation, headers: HeaderLookup): boolean {
    let areReported = false;
    for (const { dimension, limit, remaining } of rateLimitStates(headers, this.#clock.now())) {
      if (dimension === 'requests') this.#requests.observe(requestMark, limit, remaining);
      else if (dimension === 'tokens') this.#tokens.observe(tokenMark, limit, remaining);
      areReported ||= limit !== undefined && remaining !== undefined;
    }
    return areReported;
  }

  /**
   * A call was refused for the rate. Returns whether a limit in its headers explains it: then calls wait for that
   * limit, and the rate need not be estimated.
   */
  refused({ requestMark, tokenMark }: Reservation, headers: HeaderLookup, waitMs: number): boolean {
    let explained = false;
    for (const { dimension, limit, remaining } of rateLimitStates(headers, this.#clock.now())) {
      if (limit === undefined || remaining === undefined) continue;
      if (dimension === 'requests' && remaining < 1) {
        this.#requests.refused(requestMark, limit, 0, waitMs);
        explained = true;
      } else if (dimension === 'tokens' && this.#tokens.explains(tokenMark, limit, remaining, waitMs)) {
        this.#tokens.refused(tokenMark, limit, remaining, waitMs);
        explained = true;
      }
    }
    return explained;
  }
}

export function tighter(a: number | undefined, b: number | undefined): number | undefined {
  if (a === undefined || b === undefined) return a ?? b;
  return Math.min(a, b);
}

interface TokenBucketOptions {
  /** How much may pass in any minute. */
  readonly perMinute: number;
  /** How much may pass at once, as time at the full rate, milliseconds, at most 30,000. */
  readonly burstMs: number;
  readonly clock: Clock;
}

/**
 * A set limit of requests or tokens per minute, let through evenly. The bucket fills a little slower than the limit,
 * so that no 60 seconds exceed it, the burst included. A call that needs more than the bucket holds passes when it
 * is full, and leaves a debt.
 */
export class TokenBucket {
  readonly #burstMs: number;
  readonly #clock: Clock;
  #capacity = Number.POSITIVE_INFINITY;
  #perMs = 0;
  #level: number;
  #updatedAt: number;

  constructor({ perMinute, burstMs, clock }: TokenBucketOptions) {
    this.#burstMs = Math.min(burstMs, MAX_BURST_MS);
    this.#clock = clock;
    this.#updatedAt = clock.monotonic();
    this.#level = Number.POSITIVE_INFINITY;
    this.perMinute = perMinute;
  }

  /** Changes the limit. What has passed stays taken. */
  set perMinute(perMinute: number) {
    this.#refill();
    this.#capacity = Math.max(1, (perMinute / 60_000) * this.#burstMs);
    // n calls, 1/limit of a minute apart, all fit into a half-open minute: the first of a burst costs nothing.
    this.#perMs = (perMinute - this.#capacity + 1) / 60_000;
    this.#level = Math.min(this.#level, this.#capacity);
  }

  /** Milliseconds until `amount` may pass, 0: now. */
  waitMs(amount: number): number {
    this.#refill();
    const missing = Math.min(amount, this.#capacity) - this.#level;
    return missing <= 1e-9 ? 0 : missing / this.#perMs;
  }

  /** Takes `amount`; a negative one gives back what was reserved and not used. */
  take(amount: number): void {
    this.#refill();
    this.#level = Math.min(this.#capacity, this.#level - amount);
  }

  #refill(): void {
    const now = this.#clock.monotonic();
    this.#level = Math.min(this.#capacity, this.#level + (now - this.#updatedAt) * this.#perMs);
    this.#updatedAt = now;
  }
}

/**
 * What calls take, by what was estimated: a straight line through the last calls, so that it learns a reply that is
 * added to each prompt as well as a tokeniser that counts twice as many, and what calls take where nothing is
 * estimated. A multiple of how far the calls were from the line is reserved too, as in a network's retransmission
 * timer: half of the calls take more than the line says, and what was reserved too much comes back with the reply.
 */
export class TokenEstimate {
  #count = 0;
  #estimated = 0;
  #used = 0;
  #variance = 0;
  #covariance = 0;
  #deviation = 0;

  /** How many tokens to reserve. */
  reserve(estimate: number): number {
    return Math.max(0, this.#line(estimate) + DEVIATIONS * this.#deviation);
  }

  settle(estimate: number, used: number): void {
    if (this.#count > 0) {
      const off = Math.abs(used - this.#line(estimate));
      this.#deviation += (off - this.#deviation) / Math.min(this.#count, MEAN_OVER_CALLS);
    }
    this.#count += 1;
    const share = 1 / Math.min(this.#count, MEAN_OVER_CALLS);
    const moreEstimated = estimate - this.#estimated;
    const moreUsed = used - this.#used;
    this.#estimated += moreEstimated * share;
    this.#used += moreUsed * share;
    // Welford's recurrences, with forgetting.
    this.#variance = (1 - share) * (this.#variance + share * moreEstimated ** 2);
    this.#covariance = (1 - share) * (this.#covariance + share * moreEstimated * moreUsed);
  }

  #line(estimate: number): number {
    if (this.#count === 0) return estimate;
    const slope = this.#variance > 0 ? Math.max(0, this.#covariance / this.#variance) : 1;
    return this.#used + slope * (estimate - this.#estimated);
  }
}
