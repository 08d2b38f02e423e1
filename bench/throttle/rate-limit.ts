/** The state of a limit that a server reports in its headers. */
export interface Quota {
  /** Per minute. */
  readonly limit: number;
  readonly remaining: number;
  /** Milliseconds until the whole limit is available again without further requests. */
  readonly resetMs: number;
}

/** One limit of a server, on requests or on tokens. Times are milliseconds since the server started, never decreasing. */
export interface RateLimit {
  /** The wait until this request passes if no others come; 0 if it passes now. Changes nothing. */
  waitMs(amount: number, nowMs: number): number;
  /** Counts an admitted request. */
  take(amount: number, nowMs: number): void;
  /** Counts a refused request, if refused requests count. */
  refuse(amount: number, nowMs: number): void;
  quota(nowMs: number): Quota;
}

const MINUTE_MS = 60_000;
/** After many refills a whole token can be 0.9999999999. */
const ROUNDING = 1e-9;

export interface BucketSize {
  readonly perMinute: number;
  readonly burst: number;
}

/** Starts full and refills evenly. Its size can change at given times; tokens above the new burst are lost. */
export class TokenBucket implements RateLimit {
  #size: BucketSize;
  #level: number;
  #at = 0;
  readonly #changes: (BucketSize & { readonly atMs: number })[];

  constructor(size: BucketSize, changes: readonly (BucketSize & { readonly atMs: number })[] = []) {
    this.#size = size;
    this.#level = size.burst;
    this.#changes = [...changes];
  }

  waitMs(amount: number, nowMs: number): number {
    this.#refill(nowMs);
    return Math.max(0, Math.ceil((amount - this.#level - ROUNDING) / this.#perMs));
  }

  take(amount: number, nowMs: number): void {
    this.#refill(nowMs);
    this.#level -= amount;
  }

  refuse(): void {}

  quota(nowMs: number): Quota {
    this.#refill(nowMs);
    return {
      limit: this.#size.perMinute,
      remaining: Math.max(0, Math.floor(this.#level + ROUNDING)),
      resetMs: Math.max(0, Math.ceil((this.#size.burst - this.#level - ROUNDING) / this.#perMs)),
    };
  }

  get #perMs(): number {
    return this.#size.perMinute / MINUTE_MS;
  }

  #refill(nowMs: number): void {
    for (let next = this.#changes[0]; next !== undefined && next.atMs <= nowMs; next = this.#changes[0]) {
      this.#changes.shift();
      this.#flow(next.atMs);
      this.#size = next;
    }
    this.#flow(nowMs);
  }

  #flow(untilMs: number): void {
    this.#level = Math.min(this.#size.burst, this.#level + (untilMs - this.#at) * this.#perMs);
    this.#at = untilMs;
  }
}

/** At most `perMinute` requests in any 60 s, including refused ones, so that repeated requests keep it closed. */
export class SlidingLog implements RateLimit {
  readonly #perMinute: number;
  #log: number[] = [];

  constructor(perMinute: number) {
    this.#perMinute = perMinute;
  }

  waitMs(_amount: number, nowMs: number): number {
    this.#forget(nowMs);
    const blocking = this.#log[this.#log.length - this.#perMinute];
    return blocking === undefined ? 0 : blocking + MINUTE_MS - nowMs;
  }

  take(_amount: number, nowMs: number): void {
    this.#log.push(nowMs);
  }

  refuse(_amount: number, nowMs: number): void {
    this.#log.push(nowMs);
  }

  quota(nowMs: number): Quota {
    this.#forget(nowMs);
    return {
      limit: this.#perMinute,
      remaining: Math.max(0, this.#perMinute - this.#log.length),
      resetMs: (this.#log.at(-1) ?? nowMs - MINUTE_MS) + MINUTE_MS - nowMs,
    };
  }

  #forget(nowMs: number): void {
    const first = this.#log.findIndex((at) => at + MINUTE_MS > nowMs);
    if (first !== 0) this.#log = first === -1 ? [] : this.#log.slice(first);
  }
}

/** `perMinute` requests in each minute, counted from the server's start. */
export class FixedWindow implements RateLimit {
  readonly #perMinute: number;
  #window = 0;
  #taken = 0;

  constructor(perMinute: number) {
    this.#perMinute = perMinute;
  }

  waitMs(amount: number, nowMs: number): number {
    this.#turn(nowMs);
    return this.#taken + amount <= this.#perMinute ? 0 : MINUTE_MS - (nowMs % MINUTE_MS);
  }

  take(amount: number, nowMs: number): void {
    this.#turn(nowMs);
    this.#taken += amount;
  }

  refuse(): void {}

  quota(nowMs: number): Quota {
    this.#turn(nowMs);
    return {
      limit: this.#perMinute,
      remaining: this.#perMinute - this.#taken,
      resetMs: MINUTE_MS - (nowMs % MINUTE_MS),
    };
  }

  #turn(nowMs: number): void {
    const window = Math.floor(nowMs / MINUTE_MS);
    if (window !== this.#window) this.#taken = 0;
    this.#window = window;
  }
}
