import type { Clock } from '../../clock/clock.ts';
import { RollingMinute } from './rolling-minute.ts';

/** Where the accounts stood when a request was sent. */
export interface SentMark {
  readonly at: number;
  readonly order: number;
  readonly sent: number;
  readonly returned: number;
  readonly amount: number;
}

/** After so many new marks, those that are too old to matter are dropped. */
const MARKS_BETWEEN_CLEANUPS = 256;
/** So many values must be reported before the timing of a provider's headers is known. */
const MIN_REPORTED_VALUES = 20;
/** The reply must predict better by this much, in requests on average and as a share of the other's error. */
const CLEAR_MARGIN = 0.2;

/**
 * A provider's own account of one limit, requests or tokens, followed from what its responses say. `remaining` is
 * reported as of some past moment; what was sent since is subtracted, what came back since is added.
 *
 * It comes back in one of two ways. A bucket fills evenly. A window gives back each request a minute after it was
 * sent; its sign is a `Retry-After` much longer than a bucket would need.
 */
export class LearnedLimit {
  readonly #dimension: 'requests' | 'tokens';
  readonly #clock: Clock;
  readonly #minute = new RollingMinute();
  readonly #timing = new HeaderTiming();
  /** The totals of what was sent and of what came back. */
  #sent = 0;
  #returned = 0;
  #perMs: number | undefined;
  #level = Number.POSITIVE_INFINITY;
  /** The most that was ever seen to remain. */
  #capacity = 0;
  #updatedAt: number;
  #inWindows = false;
  /** What has been sent within the time that the fastest response took. */
  readonly #underWay: SentMark[] = [];
  #fastestMs = Number.POSITIVE_INFINITY;
  #order = 0;
  #lastOrder = 0;
  #promisedAt = Number.POSITIVE_INFINITY;

  constructor(dimension: 'requests' | 'tokens', clock: Clock) {
    this.#dimension = dimension;
    this.#clock = clock;
    this.#updatedAt = clock.monotonic();
  }

  /** `undefined` until a response has reported it. */
  get perMinute(): number | undefined {
    return this.#perMs === undefined ? undefined : this.#perMs * 60_000;
  }

  /** Milliseconds until `amount` may be sent; 0: now, and also while nothing is known. */
  waitMs(amount: number): number {
    if (this.#perMs === undefined) return 0;
    const now = this.#clock.monotonic();
    if (now >= this.#promisedAt) return 0;
    this.#refill(now);
    const missing = Math.min(amount, this.#capacity) - this.#level;
    if (missing <= 1e-9) return 0;
    const waitMs = this.#inWindows ? this.#minute.nextExpiryMs(now) : missing / this.#perMs;
    // Nothing was sent for a minute: whatever the window was, it is over.
    if (waitMs === undefined) return 0;
    return Math.max(1, Math.min(waitMs, this.#promisedAt - now));
  }

  send(amount: number, now: number = this.#clock.monotonic()): SentMark {
    this.#refill(now);
    this.#minute.add(amount, now);
    if (now >= this.#promisedAt) this.#promisedAt = Number.POSITIVE_INFINITY;
    this.#spend(amount);
    // What the provider has already given back must not be added again when its slot expires here.
    const early = this.#inWindows ? this.#minute.expiring(now) : 0;
    const mark = {
      at: now,
      order: ++this.#order,
      sent: this.#sent,
      returned: this.#returned + early,
      amount,
    };
    if (this.#perMs !== undefined) this.#remember(mark);
    return mark;
  }

  /** Corrects what the request of `mark` has taken. */
  settle({ amount }: SentMark, used: number): void {
    this.#spend(used - amount);
  }

  /** A response to the request of `mark` says what the limit is and what remained of it. */
  observe(mark: SentMark, limit: number | undefined, remaining: number | undefined): void {
    if (limit !== undefined && limit > 0) this.#perMs = limit / 60_000;
    if (remaining === undefined || this.#perMs === undefined) return;
    this.#refill(this.#clock.monotonic());
    const atAdmission = mark.returned - mark.sent;
    const atNow = this.#returned - this.#sent;
    const sinceReply = this.#sinceReply(mark);
    this.#timing.observe(remaining, atAdmission, atNow - sinceReply);
    this.#capacity = Math.max(this.#capacity, remaining + mark.amount);
    const meaning = this.#inWindows ? 'unknown' : this.#timing.meaning;
    // If values count from admission, a response to an earlier request is older than what is known.
    if (meaning !== 'reply' && mark.order <= this.#lastOrder) return;
    this.#lastOrder = Math.max(this.#lastOrder, mark.order);
    const sinceAdmission = atNow - atAdmission;
    const since = {
      admission: sinceAdmission,
      reply: sinceReply,
      unknown: Math.min(sinceAdmission, sinceReply),
    };
    this.#level = Math.min(this.#capacity, remaining + since[meaning]);
  }

  /**
   * Whether a refusal is due to this limit: less remained than the request was thought to take; or it took more than
   * that, which `Retry-After` brings in. If more than half remained, the refusal has another cause.
   */
  explains(mark: SentMark, limit: number, remaining: number, waitMs: number): boolean {
    if (remaining < Math.max(1, mark.amount)) return true;
    return waitMs > 0 && remaining < limit / 2 && remaining + (waitMs * limit) / 60_000 <= limit;
  }

  /**
   * The request of `mark` was refused for this limit, of which so much remained, and would pass in `waitMs`; 0 where
   * that is not reported.
   */
  refused(mark: SentMark, limit: number, remaining: number, waitMs: number): void {
    const now = this.#clock.monotonic();
    if (!this.#inWindows) {
      this.observe(mark, limit, remaining);
      const missing = Math.max(mark.amount, this.#largest(limit)) - Math.min(0, this.#level);
      const bucketWaitMs = missing / (limit / 60_000);
      if (waitMs > 2 * bucketWaitMs + 1_000) {
        this.#inWindows = true;
        // Some windows count refused requests: they count as sent, and come back after the minute.
        this.#level -= mark.amount;
      }
    }
    this.#level = Math.min(this.#level, remaining);
    if (waitMs > 0) this.#promisedAt = now + waitMs;
  }

  /** What has come back less what has been sent since the response that has just come left its server. */
  #sinceReply({ at }: SentMark): number {
    const now = this.#clock.monotonic();
    this.#fastestMs = Math.min(this.#fastestMs, now - at);
    const travelMs = this.#fastestMs;
    let sent = 0;
    for (let i = this.#underWay.length - 1; i >= 0; i--) {
      const mark = this.#underWay[i]!;
      if (mark.at < now - travelMs) break;
      sent += mark.amount;
    }
    return -sent;
  }

  #remember(mark: SentMark): void {
    const marks = this.#underWay;
    marks.push(mark);
    if (marks.length % MARKS_BETWEEN_CLEANUPS > 0) return;
    const first = marks.findIndex(({ at }) => at >= mark.at - this.#fastestMs);
    marks.splice(0, first);
  }

  /** The most that a single request may take: one of requests, an unknown number of tokens. */
  #largest(limit: number): number {
    return this.#dimension === 'requests' ? 1 : limit / 4;
  }

  #spend(amount: number): void {
    this.#sent += amount;
    this.#level -= amount;
  }

  #refill(now: number): void {
    const expired = this.#minute.expire(now);
    const filled = this.#inWindows ? expired : (now - this.#updatedAt) * (this.#perMs ?? 0);
    this.#updatedAt = now;
    const returned = Math.max(0, Math.min(filled, this.#capacity - this.#level));
    this.#returned += returned;
    this.#level += returned;
  }
}

/** A reported value, and what our own account (come back less sent) said of the moment it is taken to mean. */
interface Reported {
  readonly remaining: number;
  readonly account: number;
}

/**
 * Finds out which moment a provider's `remaining` means: when it let the request in, or when its reply left. The
 * difference between two reported values should be the difference of our own account between the two moments; whichever
 * moments predict it better are the ones meant.
 */
export class HeaderTiming {
  #lastAdmission: Reported | undefined;
  #lastReply: Reported | undefined;
  #admissionError = 0;
  #replyError = 0;
  #reported = 0;

  /** `unknown` for the first values, while both may be meant. */
  get meaning(): 'admission' | 'reply' | 'unknown' {
    if (this.#reported < MIN_REPORTED_VALUES) return 'unknown';
    const better = this.#admissionError - this.#replyError;
    return better > this.#reported * CLEAR_MARGIN && better > this.#admissionError * CLEAR_MARGIN
      ? 'reply'
      : 'admission';
  }

  /** @param atAdmission the account when the request was sent; @param atReply when its response has come */
  observe(remaining: number, atAdmission: number, atReply: number): void {
    this.#reported += 1;
    const admission = { remaining, account: atAdmission };
    const reply = { remaining, account: atReply };
    if (this.#lastAdmission !== undefined && this.#lastReply !== undefined) {
      this.#admissionError += error(this.#lastAdmission, admission);
      this.#replyError += error(this.#lastReply, reply);
    }
    this.#lastAdmission = admission;
    this.#lastReply = reply;
  }
}

function error(from: Reported, to: Reported): number {
  return Math.abs(to.remaining - from.remaining - (to.account - from.account));
}
