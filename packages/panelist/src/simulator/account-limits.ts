import type { Clock } from '@panelist/toolkit';
import type { LaterLimit } from './options.ts';

export interface AccountLimitOptions {
  readonly requestsPerMinute: number | null;
  readonly requestsPerMinuteThen: LaterLimit | null;
  readonly tokensPerMinute: number | null;
  readonly burstMs: number;
  /** So many requests are let in, and then none. */
  readonly quotaAfter: number | null;
}

export type Refusal =
  | { readonly reason: 'quota' }
  | {
      readonly reason: 'requests' | 'tokens';
      readonly perMinute: number;
      /**
       * After this the same request would pass, if nobody else came and the limit stayed. Milliseconds, at least 1,
       * whole.
       */
      readonly waitMs: number;
    };

/** An account's limits: a quota, and a bucket of requests and one of tokens, each filling evenly. */
export class AccountLimits {
  readonly #clock: Clock;
  readonly #burstMs: number;
  #requests: Bucket | null;
  readonly #tokens: Bucket | null;
  /** The limit to come; its moment is known once the first request has. */
  #later: LaterLimit | null;
  #firstAt: number | null = null;
  #quotaLeft: number;

  constructor(options: AccountLimitOptions, clock: Clock) {
    const { requestsPerMinute, tokensPerMinute, burstMs, quotaAfter } = options;
    this.#clock = clock;
    this.#burstMs = burstMs;
    this.#later = options.requestsPerMinuteThen;
    this.#requests = requestsPerMinute === null ? null : new Bucket(requestsPerMinute, burstMs, clock);
    this.#tokens = tokensPerMinute === null ? null : new Bucket(tokensPerMinute, burstMs, clock);
    this.#quotaLeft = quotaAfter ?? Number.POSITIVE_INFINITY;
  }

  /** Lets a request with a prompt of `promptTokens` in, or says what stands against it and takes nothing. */
  admit(promptTokens: number): Refusal | null {
    this.#firstAt ??= this.#clock.monotonic();
    this.#changeWhenDue();
    if (this.#quotaLeft === 0) return { reason: 'quota' };
    const requestWaitMs = this.#requests?.waitMsFor(1) ?? 0;
    const tokenWaitMs = this.#tokens?.waitMsFor(promptTokens) ?? 0;
    if (this.#requests !== null && requestWaitMs > 0 && requestWaitMs >= tokenWaitMs) {
      return { reason: 'requests', perMinute: this.#requests.perMinute, waitMs: requestWaitMs };
    }
    if (this.#tokens !== null && tokenWaitMs > 0) {
      return { reason: 'tokens', perMinute: this.#tokens.perMinute, waitMs: tokenWaitMs };
    }
    this.#quotaLeft--;
    this.#requests?.take(1);
    this.#tokens?.take(promptTokens);
    return null;
  }

  /** Books the reply's tokens, known only afterwards; they may put the bucket in debt. */
  charge(completionTokens: number): void {
    this.#tokens?.take(completionTokens);
  }

  /** `x-ratelimit-{limit,remaining,reset}-{requests,tokens}`, for the limits that there are. */
  headers(): Record<string, string> {
    this.#changeWhenDue();
    return { ...this.#requests?.headers('requests'), ...this.#tokens?.headers('tokens') };
  }

  #changeWhenDue(): void {
    if (this.#later === null || this.#firstAt === null) return;
    const { perMinute, afterMs } = this.#later;
    const dueAt = this.#firstAt + afterMs;
    if (this.#clock.monotonic() < dueAt) return;
    this.#later = null;
    if (this.#requests === null) this.#requests = new Bucket(perMinute, this.#burstMs, this.#clock);
    else this.#requests.change(perMinute, dueAt);
  }
}

/** Requests or tokens: forgives the rounding of a client that waits exactly as long as Retry-After says. */
const TOLERANCE = 1e-6;

class Bucket {
  readonly #burstMs: number;
  readonly #clock: Clock;
  #perMinute: number;
  #perMs: number;
  #capacity: number;
  #level: number;
  #updatedAt: number;

  constructor(perMinute: number, burstMs: number, clock: Clock) {
    this.#burstMs = burstMs;
    this.#clock = clock;
    this.#perMinute = perMinute;
    this.#perMs = perMinute / 60_000;
    this.#capacity = Math.max(1, this.#perMs * burstMs);
    this.#level = this.#capacity;
    this.#updatedAt = clock.monotonic();
  }

  get perMinute(): number {
    return this.#perMinute;
  }

  /** As of `changedAt`, which may have passed since, but nothing has been taken after it. */
  change(perMinute: number, changedAt: number): void {
    this.#refill(changedAt);
    this.#perMinute = perMinute;
    this.#perMs = perMinute / 60_000;
    this.#capacity = Math.max(1, this.#perMs * this.#burstMs);
    this.#level = Math.min(this.#level, this.#capacity);
  }

  /** 0 when `amount` can be taken now. More than the bucket holds may be taken once it is full. */
  waitMsFor(amount: number): number {
    this.#refill();
    const missing = Math.min(amount, this.#capacity) - this.#level;
    return missing <= TOLERANCE ? 0 : Math.ceil((missing - TOLERANCE) / this.#perMs);
  }

  take(amount: number): void {
    this.#refill();
    this.#level -= amount;
  }

  headers(dimension: string): Record<string, string> {
    this.#refill();
    return {
      [`x-ratelimit-limit-${dimension}`]: String(this.#perMinute),
      [`x-ratelimit-remaining-${dimension}`]: String(Math.max(0, Math.floor(this.#level))),
      [`x-ratelimit-reset-${dimension}`]: goDuration((this.#capacity - this.#level) / this.#perMs),
    };
  }

  #refill(now: number = this.#clock.monotonic()): void {
    this.#level = Math.min(this.#capacity, this.#level + (now - this.#updatedAt) * this.#perMs);
    this.#updatedAt = now;
  }
}

/** A duration as Go writes it, which is how OpenAI does: `0s`, `12ms`, `1.5s`, `6m0s`, `1h2m3s`. */
export function goDuration(durationMs: number): string {
  const ms = Math.ceil(durationMs);
  if (ms === 0) return '0s';
  if (ms < 1_000) return `${ms}ms`;
  const hours = Math.floor(ms / 3_600_000);
  const minutes = Math.floor(ms / 60_000) % 60;
  const seconds = (ms % 60_000) / 1_000;
  return `${hours > 0 ? `${hours}h` : ''}${hours > 0 || minutes > 0 ? `${minutes}m` : ''}${seconds}s`;
}
