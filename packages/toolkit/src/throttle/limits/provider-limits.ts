import { rateLimitStates } from '../../classify/reset-headers.ts';
import type { HeaderLookup } from '../../classify/response-headers.ts';
import type { Clock } from '../../clock/clock.ts';
import type { WaitReason } from '../throttle-events.ts';
import { LearnedLimit, type SentMark } from './learned-limit.ts';
import { TokenBucket } from './token-bucket.ts';
import { TokenEstimate } from './token-estimate.ts';

export interface ProviderLimitsOptions {
  readonly requestsPerMinute: number | undefined;
  readonly tokensPerMinute: number | undefined;
  readonly burstMs: number;
  readonly clock: Clock;
}

/** What a request took of the limits when it was sent. */
export interface Reservation {
  readonly tokens: number;
  readonly requestMark: SentMark;
  readonly tokenMark: SentMark;
}

/** Requests and tokens a minute, each as it was given and as the provider's responses tell it; the tighter holds. */
export class ProviderLimits {
  readonly #clock: Clock;
  readonly #givenRequests: TokenBucket | undefined;
  readonly #givenTokens: TokenBucket | undefined;
  readonly #requests: LearnedLimit;
  readonly #tokens: LearnedLimit;
  readonly #given: ProviderLimitsOptions;
  readonly #estimate = new TokenEstimate();

  constructor(options: ProviderLimitsOptions) {
    const { requestsPerMinute, tokensPerMinute, burstMs, clock } = options;
    this.#given = options;
    this.#clock = clock;
    if (requestsPerMinute !== undefined) {
      this.#givenRequests = new TokenBucket({ perMinute: requestsPerMinute, burstMs, clock });
    }
    if (tokensPerMinute !== undefined) {
      this.#givenTokens = new TokenBucket({ perMinute: tokensPerMinute, burstMs, clock });
    }
    this.#requests = new LearnedLimit('requests', clock);
    this.#tokens = new LearnedLimit('tokens', clock);
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

  /** Milliseconds until a call of so many tokens may be sent, and for what it waits. */
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

  /** Learns from a response's headers. Returns whether they told what remains of a limit. */
  observe({ requestMark, tokenMark }: Reservation, headers: HeaderLookup): boolean {
    let told = false;
    for (const { dimension, limit, remaining } of rateLimitStates(headers, this.#clock.now())) {
      if (dimension === 'requests') this.#requests.observe(requestMark, limit, remaining);
      else if (dimension === 'tokens') this.#tokens.observe(tokenMark, limit, remaining);
      told ||= limit !== undefined && remaining !== undefined;
    }
    return told;
  }

  /**
   * A call was refused for the rate. Returns whether a limit that its headers tell of explains it: then that limit is
   * what is waited for, and there is nothing to feel out.
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

function tighter(a: number | undefined, b: number | undefined): number | undefined {
  if (a === undefined || b === undefined) return a ?? b;
  return Math.min(a, b);
}
