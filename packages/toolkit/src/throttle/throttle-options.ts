import { type Clock, systemClock } from '../clock/clock.ts';
import { checkCount, checkFunction, checkMs, checkNumber } from '../options/check.ts';
import type { SharedAccount } from './shared/shared-account.ts';
import type { ThrottleEvent } from './throttle-monitor.ts';

/** Limits that are known without the provider's responses. They can be changed: `Throttle.setLimits`. */
export interface ThrottleLimits {
  /** What the account allows, where that is known. Above 0. @default learned from the responses, or estimated */
  readonly requestsPerMinute?: number | undefined;
  /** Request and reply together. Above 0. @default learned from the responses */
  readonly tokensPerMinute?: number | undefined;
  /** The most calls under way at once. @default Infinity: the caller bounds them */
  readonly maxConcurrency?: number | undefined;
}

export interface ThrottleOptions extends ThrottleLimits {
  /**
   * How much of a given limit may be sent at once, as time at the full rate, milliseconds: many providers enforce a
   * limit per minute second by second. Calls of one at a time always pass.
   *
   * @default 100
   */
  readonly burstMs?: number | undefined;
  /** How many calls run at once while nothing is known about the provider. @default 16 */
  readonly initialConcurrency?: number | undefined;
  /**
   * How long calls wait while the provider is out, milliseconds; then those that wait fail with the code
   * `OUTAGE`. @default 900_000 (15 minutes)
   */
  readonly maxOutageMs?: number | undefined;
  /** The same before anything has ever succeeded: the address may be wrong. @default maxOutageMs */
  readonly maxFirstOutageMs?: number | undefined;
  /**
   * What other processes that call the account know and send. All of them together then stay within its limits; a
   * `Retry-After`, an exhausted quota and the limits in headers reach each within a second. A shared limit lets a second's
   * worth be sent at once, whatever `burstMs`. While the shared account is out of reach, nothing is sent beyond what was
   * leased: calls wait.
   *
   * @default none: the throttle is the only one on the account
   */
  readonly shared?: SharedAccount | undefined;
  /** Called with every event, as it happens. What it throws is ignored. @default none */
  readonly onEvent?: ((event: ThrottleEvent) => void) | undefined;
  /** @default systemClock */
  readonly clock?: Clock | undefined;
  /** Numbers from 0 to 1, for the jitter. @default Math.random */
  readonly random?: (() => number) | undefined;
}

/** The limits, checked and complete. */
export interface CheckedLimits {
  readonly requestsPerMinute: number | undefined;
  readonly tokensPerMinute: number | undefined;
  readonly maxConcurrency: number;
}

/** The options, checked and complete. */
export interface ThrottleSettings extends CheckedLimits {
  readonly burstMs: number;
  readonly initialConcurrency: number;
  readonly maxOutageMs: number;
  readonly maxFirstOutageMs: number;
  readonly shared: SharedAccount | undefined;
  readonly onEvent: ((event: ThrottleEvent) => void) | undefined;
  readonly clock: Clock;
  readonly random: () => number;
}

const UNBOUNDED = { from: 0, orInfinity: true };

/** @throws ToolkitError `INVALID_OPTION` */
export function checkLimits({
  requestsPerMinute,
  tokensPerMinute,
  maxConcurrency = Number.POSITIVE_INFINITY,
}: ThrottleLimits): CheckedLimits {
  return {
    requestsPerMinute: checkNumber('requestsPerMinute', requestsPerMinute, { above: 0 }),
    tokensPerMinute: checkNumber('tokensPerMinute', tokensPerMinute, { above: 0 }),
    maxConcurrency: checkCount('maxConcurrency', maxConcurrency, { from: 1, orInfinity: true }),
  };
}

/** @throws ToolkitError `INVALID_OPTION` */
export function resolveThrottleOptions(options: ThrottleOptions): ThrottleSettings {
  const limits = checkLimits(options);
  const { initialConcurrency = 16, maxOutageMs = 900_000 } = options;
  checkCount('initialConcurrency', initialConcurrency, { from: 1 });
  return {
    ...limits,
    burstMs: checkMs('burstMs', options.burstMs ?? 100, UNBOUNDED),
    initialConcurrency,
    maxOutageMs: checkMs('maxOutageMs', maxOutageMs, UNBOUNDED),
    maxFirstOutageMs: checkMs('maxFirstOutageMs', options.maxFirstOutageMs ?? maxOutageMs, UNBOUNDED),
    shared: options.shared,
    onEvent: checkFunction('onEvent', options.onEvent),
    clock: options.clock ?? systemClock,
    random: options.random ?? Math.random,
  };
}
