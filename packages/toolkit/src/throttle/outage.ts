import { type BreakerCall, CircuitBreaker } from '../circuit-breaker/circuit-breaker.ts';
import type { Classification } from '../classify/classification.ts';
import { read } from '../classify/read-property.ts';
import type { Clock } from '../clock/clock.ts';
import { ToolkitError } from '../errors/toolkit-error.ts';
import type { Call } from './permit.ts';
import type { ThrottleGivingUp } from './throttle-monitor.ts';

export interface OutageOptions {
  readonly maxOutageMs: number;
  readonly maxFirstOutageMs: number;
  readonly clock: Clock;
  readonly random: () => number;
}

/**
 * So many failures in a row, of several calls (`FailedCalls`), are an outage. A provider that fails every other call
 * fails ten in a row once in a thousand.
 */
const FAILURES_OF_AN_OUTAGE = 10;
const REFUSALS_OF_AN_OUTAGE = 5;
/** A call that keeps failing counts so often and no more: two calls alone never make an outage. */
const COUNTED_FAILURES = 4;
/**
 * A provider that refuses is running, and may count by the minute: calls wait for at least that long, even before the
 * first success.
 */
const MIN_REFUSAL_MS = 120_000;

interface Failure {
  readonly error: unknown;
  readonly status: number | undefined;
  readonly reason: string;
}

/**
 * Whether the provider is out, and how long calls wait for it: a circuit breaker whose callers wait instead
 * of failing, until it has been open for too long. Then they and all later calls fail, except for a probe now and
 * then. A provider that only refuses for as long, without one success, is out as well.
 */
export class Outage {
  readonly #options: OutageOptions;
  readonly #breaker: CircuitBreaker;
  readonly #failedCalls = new FailedCalls();
  #last: Failure | undefined;
  #everSucceeded = false;
  /** When the row of refusals began, when the latest refused call was sent, and how many there are. */
  #refusedSince: number | undefined;
  #refusedLast = 0;
  #refusals = 0;
  /** The latest time at which a refused call reaches its `maxServerWaitMs`. */
  #refusedUntil = Number.NEGATIVE_INFINITY;

  constructor(options: OutageOptions) {
    this.#options = options;
    const { clock, random } = options;
    this.#breaker = new CircuitBreaker({ failures: FAILURES_OF_AN_OUTAGE, clock, random });
  }

  /** True while the next call would be a probe. */
  get isOpen(): boolean {
    return this.#breaker.state !== 'closed';
  }

  /** The HTTP status of the last failure. */
  get status(): number | undefined {
    return this.#last?.status;
  }

  /** Milliseconds until a call may go, 0: now, Infinity: when the probe that is under way has ended. */
  waitMs(): number {
    return this.#breaker.waitMs();
  }

  begin(): BreakerCall {
    return this.#breaker.begin();
  }

  /** @returns whether this has ended an outage */
  succeeded({ breakerCall, startedAt }: Call): boolean {
    const wasOpen = this.isOpen;
    breakerCall.succeeded();
    this.#failedCalls.succeeded(startedAt);
    this.#everSucceeded = true;
    this.#refusedSince = undefined;
    this.#refusedUntil = Number.NEGATIVE_INFINITY;
    this.#refusals = 0;
    return wasOpen && !this.isOpen;
  }

  /** The provider failed, or could not be reached. */
  failed({ breakerCall, request, isProbe }: Call, error: unknown, { status, reason }: Classification): void {
    this.#last = { error, status, reason };
    const counts = this.#failedCalls.failed(request.call, this.#options.clock.monotonic());
    if (counts || isProbe) breakerCall.failed(error);
    else breakerCall.abandoned();
  }

  /** It is there, but refuses. */
  refused(
    { breakerCall, request, startedAt }: Call,
    error: unknown,
    { status, reason }: Classification,
  ): void {
    const now = this.#options.clock.monotonic();
    this.#last = { error, status, reason };
    this.#refusedSince ??= now;
    this.#refusedLast = Math.max(this.#refusedLast, startedAt);
    this.#refusedUntil = Math.max(
      this.#refusedUntil,
      now + (request.maxServerWaitMs ?? Number.POSITIVE_INFINITY),
    );
    this.#refusals += 1;
    breakerCall.succeeded();
  }

  reset(): void {
    this.#breaker.reset();
    this.#refusedSince = undefined;
    this.#refusedUntil = Number.NEGATIVE_INFINITY;
    this.#refusals = 0;
  }

  /** Milliseconds that calls still wait. */
  get leftMs(): number {
    return this.#limitMs - this.#breaker.openForMs;
  }

  get givesUp(): ThrottleGivingUp | undefined {
    const { status } = this;
    if (this.isOpen) return { inMs: Math.max(0, Math.ceil(this.leftMs)), status };
    if (this.#refusedSince === undefined || this.#refusals < REFUSALS_OF_AN_OUTAGE) return undefined;
    const until = Math.min(this.#refusedUntil, this.#refusedSince + this.#refusalLimitMs);
    return { inMs: Math.max(0, Math.ceil(until - this.#options.clock.monotonic())), status };
  }

  get #limitMs(): number {
    const { maxOutageMs, maxFirstOutageMs } = this.#options;
    return this.#everSucceeded ? maxOutageMs : maxFirstOutageMs;
  }

  get #refusalLimitMs(): number {
    return Math.max(this.#limitMs, MIN_REFUSAL_MS);
  }

  /** Whether waiting calls fail now: the outage has lasted too long, and no probe is due. */
  get hasTimedOut(): boolean {
    if (this.isOpen) return this.leftMs <= 0 && this.waitMs() > 0;
    // A long `Retry-After` isn't an outage: only a call that is refused again after it counts.
    return this.#refusals >= REFUSALS_OF_AN_OUTAGE && this.#refusedForMs >= this.#refusalLimitMs;
  }

  error(): ToolkitError {
    // The error may be anything, even something that cannot be converted to a string.
    const message = read(this.#last?.error, 'message');
    const why = typeof message === 'string' && message !== '' ? message : this.#last?.reason;
    return new ToolkitError(
      'OUTAGE',
      `The provider has failed every call for ${Math.round(Math.max(this.#breaker.openForMs, this.#refusedForMs) / 1_000)} s, the last with: ${why}. Go on when it is back.`,
      { cause: this.#last?.error },
    );
  }

  get #refusedForMs(): number {
    return this.#refusedSince === undefined ? 0 : this.#refusedLast - this.#refusedSince;
  }
}

interface FailedCall {
  failedAt: number;
  counted: number;
  isAlone: boolean;
}

/**
 * Distinguishes failures of the provider from failures of single calls. A call fails alone when another, begun after
 * its failure, has succeeded, and it then fails again: its request is at fault, and not the provider.
 */
class FailedCalls {
  readonly #calls = new WeakMap<object, FailedCall>();
  /** When the latest of the calls that have succeeded was begun. */
  #succeededFrom = Number.NEGATIVE_INFINITY;

  succeeded(startedAt: number): void {
    this.#succeededFrom = Math.max(this.#succeededFrom, startedAt);
  }

  /** Whether the failure says something of the provider. @param call `undefined`: one that is never repeated */
  failed(call: object | undefined, now: number): boolean {
    if (call === undefined) return true;
    const known = this.#calls.get(call) ?? { failedAt: now, counted: 0, isAlone: false };
    this.#calls.set(call, known);
    if (this.#succeededFrom > known.failedAt) known.isAlone = true;
    known.failedAt = now;
    if (known.isAlone || known.counted === COUNTED_FAILURES) return false;
    known.counted += 1;
    return true;
  }
}
