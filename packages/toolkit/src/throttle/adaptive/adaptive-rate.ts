import type { Clock } from '../../clock/clock.ts';
import { ClosedWindow } from './closed-window.ts';

export interface AdaptiveRateOptions {
  readonly clock: Clock;
  /** Calls at once to begin with. */
  readonly initialConcurrency: number;
}

/** Until the first success of a slow start calls are sent this far apart, milliseconds, so that a refusal is heard. */
const FIRST_SPACING_MS = 10;
/** One call a minute. */
const MIN_RATE_PER_MS = 1 / 60_000;
/** What the rate is cut to at a congestion event; the deeper while nothing has succeeded since the last cut. */
const CUT_FACTOR = 0.85;
const DEEP_CUT_FACTOR = 0.7;
/** A timer's delay up to this is compensated, so that the mean rate stays right, milliseconds. */
const CATCH_UP_MS = 20;
/** The recent rate is measured over the last second, or the last so many calls. */
const RECENT_MS = 1_000;
const MAX_CALLS_REMEMBERED = 256;

/** Since the first call that was let through after a pause. */
interface Opening {
  readonly beganAt: number;
  /** Calls sent and not refused. */
  letThrough: number;
}

/**
 * The estimated rate of calls, used where no limit is reported.
 *
 * Slow start: few calls at once, and one more for each success while at least half of the allowed calls are under way.
 * The first refusal ends it. From then the rate is paced: it begins at what was being sent, is cut once per congestion
 * event (a refusal of what was sent before the cut belongs to the same event), and grows along CUBIC's curve, slower
 * the nearer it comes to where it was cut, faster beyond. Time in which the rate is not used makes it no higher.
 *
 * When a window has closed (`ClosedWindow`) and opens again, slow start once more for as many calls as the last
 * opening let through, then the mean of that opening's whole cycle.
 */
export class AdaptiveRate {
  readonly #clock: Clock;
  #initial: number;
  readonly #recent = new RecentRate();
  readonly #closed = new ClosedWindow();
  /** Places in slow start. */
  #places: number;
  /** Calls a millisecond; `undefined` in slow start. */
  #perMs: number | undefined;
  /** Whether anything has succeeded since slow start began. */
  #heard = false;
  #cutAtPerMs = 0;
  #cutFactor = 1;
  #cutAfter = 0;
  #successSinceCut = false;
  /** Milliseconds of use since the last cut. */
  #usedMs = 0;
  #lastSentAt = Number.NEGATIVE_INFINITY;
  #nextAt = Number.NEGATIVE_INFINITY;
  #sequence = 0;
  #opening: Opening | undefined;
  /** After a closed window: how much more goes in slow start, and the rate after that. */
  #burst: { left: number; readonly thenPerMs: number } | undefined;

  constructor({ clock, initialConcurrency }: AdaptiveRateOptions) {
    this.#clock = clock;
    this.#initial = initialConcurrency;
    this.#places = initialConcurrency;
  }

  /** How many calls a slow start begins with. The first one may have begun already. */
  set initialConcurrency(places: number) {
    this.#initial = places;
    if (this.#sequence === 0) this.#places = places;
  }

  /** Calls a minute; `undefined` while nothing has limited them. */
  get perMinute(): number | undefined {
    return this.#perMs === undefined ? undefined : this.#perMs * 60_000;
  }

  /** Milliseconds until the next call may be sent, 0: now, Infinity: when one of those under way has ended. */
  waitMs(inFlight: number): number {
    if (this.#closed.isClosed) return this.#closed.waitMs(this.#clock.monotonic());
    if (this.#perMs === undefined) {
      if (inFlight >= this.#places) return Number.POSITIVE_INFINITY;
      if (this.#heard) return 0;
    }
    return Math.max(0, this.#nextAt - this.#clock.monotonic());
  }

  /** A call is sent. Returns its number, which its outcome is reported under. */
  send(now: number = this.#clock.monotonic()): number {
    const sequence = ++this.#sequence;
    this.#opening ??= { beganAt: now, letThrough: 0 };
    this.#opening.letThrough += 1;
    this.#closed.sent(sequence);
    this.#recent.sent(now);
    this.#grow(now);
    this.#lastSentAt = now;
    this.#nextAt = Math.max(this.#nextAt, now - CATCH_UP_MS) + this.#spacingMs();
    return sequence;
  }

  /** A response reported how much may be sent: no estimate is needed until something else refuses. */
  reported(): void {
    if (this.#perMs === undefined) this.#places = Number.POSITIVE_INFINITY;
  }

  /** @param inFlight with this call */
  succeeded(sequence: number, inFlight: number): void {
    if (sequence > this.#cutAfter) this.#successSinceCut = true;
    if (this.#closed.succeeded(sequence)) this.#reopen();
    this.#heard = true;
    if (this.#perMs === undefined && inFlight >= this.#places / 2) this.#places += 1;
  }

  /**
   * The call was refused for the rate, and no known limit explains it.
   * @param asksToWait whether a `Retry-After` says when to come back
   */
  refused(sequence: number, asksToWait: boolean): void {
    const now = this.#clock.monotonic();
    if (this.#opening !== undefined) this.#opening.letThrough -= 1;
    if (asksToWait) this.#closed.forget();
    else this.#closed.refused(sequence, this.#sequence, now, this.#opening?.beganAt ?? now);
    if (!this.#closed.isClosed && sequence > this.#cutAfter) this.#cut(now);
  }

  /** The call ended and says nothing of the rate. */
  abandoned(sequence: number): void {
    this.#closed.abandoned(sequence);
  }

  /** Discards the estimate, as after an outage. */
  restart(): void {
    this.#slowStart();
    this.#closed.forget();
    this.#burst = undefined;
    this.#opening = undefined;
  }

  #slowStart(): void {
    this.#perMs = undefined;
    this.#heard = false;
    this.#places = this.#initial;
    this.#cutAfter = this.#sequence;
    this.#nextAt = Number.NEGATIVE_INFINITY;
  }

  #cut(now: number): void {
    this.#cutAtPerMs = Math.min(this.#perMs ?? Number.POSITIVE_INFINITY, this.#recent.perMs(now));
    this.#cutFactor = this.#successSinceCut && this.#perMs !== undefined ? CUT_FACTOR : DEEP_CUT_FACTOR;
    this.#setRate(this.#cutAtPerMs * this.#cutFactor);
    this.#cutAfter = this.#sequence;
    this.#successSinceCut = false;
    this.#nextAt = now + this.#spacingMs();
  }

  #setRate(perMs: number): void {
    this.#perMs = Math.max(MIN_RATE_PER_MS, perMs);
    this.#usedMs = 0;
    this.#burst = undefined;
  }

  /**
   * CUBIC (RFC 9438) without its unit: at the rate of the cut again after the plateau's time, as far above it at twice
   * that as it was cut below. The plateau lasts for 40 calls, so that at most one in 40 finds out that it is too many.
   */
  #grow(now: number): void {
    if (this.#perMs === undefined) return;
    const plateauMs = Math.max(2_000, 40 / this.#cutAtPerMs);
    this.#usedMs += Math.min(now - this.#lastSentAt, 4 / this.#perMs);
    const x = this.#usedMs / plateauMs - 1;
    this.#perMs = Math.max(MIN_RATE_PER_MS, this.#cutAtPerMs * (1 + (1 - this.#cutFactor) * x ** 3));
  }

  #spacingMs(): number {
    if (this.#perMs !== undefined) return 1 / this.#perMs;
    if (this.#burst !== undefined && --this.#burst.left < 0) {
      this.#cutAtPerMs = this.#burst.thenPerMs;
      this.#cutFactor = CUT_FACTOR;
      this.#setRate(this.#cutAtPerMs);
      return 1 / this.#perMs!;
    }
    return this.#heard ? 0 : FIRST_SPACING_MS;
  }

  /** The probe, sent last, was let through: a new opening begins with it. */
  #reopen(): void {
    const { beganAt, letThrough } = this.#opening ?? { beganAt: this.#lastSentAt, letThrough: 1 };
    const left = Math.max(1, letThrough - 1);
    this.#burst = { left, thenPerMs: left / Math.max(1, this.#lastSentAt - beganAt) };
    this.#opening = { beganAt: this.#lastSentAt, letThrough: 1 };
    this.#slowStart();
  }
}

/** How fast calls have been sent in the last second. */
class RecentRate {
  readonly #sentAt: number[] = [];

  sent(now: number): void {
    this.#sentAt.push(now);
    if (this.#sentAt.length > MAX_CALLS_REMEMBERED) this.#sentAt.splice(0, MAX_CALLS_REMEMBERED / 2);
  }

  /** Calls a millisecond: over the last second, or since the first call that is remembered, whichever is shorter. */
  perMs(now: number): number {
    const oldest = this.#sentAt[0] ?? now;
    const from = Math.max(oldest, now - RECENT_MS);
    const count = this.#sentAt.filter((at) => at >= from).length;
    return Math.max(1, count) / Math.max(1, now - from);
  }
}
