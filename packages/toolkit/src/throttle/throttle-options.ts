import { type Clock, systemClock } from '../clock/clock.ts';
import { checkOption } from '../options/check.ts';
import { checkFunction } from '../retry/retry-policy.ts';
import type { ThrottleEvent } from './throttle-monitor.ts';

export interface ThrottleOptions {
  /** What the account allows, where that is known. Above 0. @default learned from the responses, or felt out */
  readonly requestsPerMinute?: number | undefined;
  /** Request and reply together. Above 0. @default learned from the responses */
  readonly tokensPerMinute?: number | undefined;
  /**
   * How much of a given limit may be sent at once, as time at the full rate, milliseconds: many providers enforce a
   * limit per minute second by second. Calls of one at a time always pass.
   *
   * @default 100
   */
  readonly burstMs?: number | undefined;
  /** The most calls under way at once. @default Infinity: whoever makes the calls bounds them */
  readonly maxConcurrency?: number | undefined;
  /** How many to begin with while nothing is known of the provider. @default 16 */
  readonly initialConcurrency?: number | undefined;
  /**
   * How long calls are held while the provider is out, milliseconds; then those that wait fail with the code
   * `OUTAGE`. @default 900_000 (15 minutes)
   */
  readonly maxOutageMs?: number | undefined;
  /** The same before anything has ever succeeded: the address may be wrong. @default maxOutageMs */
  readonly maxFirstOutageMs?: number | undefined;
  /** Hears of everything that happens, as it happens. What it throws is thrown away. @default nobody */
  readonly onEvent?: ((event: ThrottleEvent) => void) | undefined;
  /** @default systemClock */
  readonly clock?: Clock | undefined;
  /** Numbers from 0 to 1, for the jitter. @default Math.random */
  readonly random?: (() => number) | undefined;
}

/** The options, checked and complete. */
export interface ThrottleSettings {
  readonly requestsPerMinute: number | undefined;
  readonly tokensPerMinute: number | undefined;
  readonly burstMs: number;
  readonly maxConcurrency: number;
  readonly initialConcurrency: number;
  readonly maxOutageMs: number;
  readonly maxFirstOutageMs: number;
  readonly onEvent: ((event: ThrottleEvent) => void) | undefined;
  readonly clock: Clock;
  readonly random: () => number;
}

/** @throws ToolkitError `INVALID_OPTION` */
export function resolveThrottleOptions(options: ThrottleOptions): ThrottleSettings {
  const { requestsPerMinute, tokensPerMinute, maxConcurrency = Number.POSITIVE_INFINITY } = options;
  const { initialConcurrency = 16, maxOutageMs = 900_000 } = options;
  if (requestsPerMinute !== undefined) checkAmount('requestsPerMinute', requestsPerMinute);
  if (tokensPerMinute !== undefined) checkAmount('tokensPerMinute', tokensPerMinute);
  checkCount('maxConcurrency', maxConcurrency);
  checkOption(
    Number.isInteger(initialConcurrency) && initialConcurrency >= 1,
    'initialConcurrency must be a whole number from 1',
    initialConcurrency,
  );
  return {
    requestsPerMinute,
    tokensPerMinute,
    burstMs: checkMs('burstMs', options.burstMs ?? 100),
    maxConcurrency,
    initialConcurrency: Math.min(initialConcurrency, maxConcurrency),
    maxOutageMs: checkMs('maxOutageMs', maxOutageMs),
    maxFirstOutageMs: checkMs('maxFirstOutageMs', options.maxFirstOutageMs ?? maxOutageMs),
    onEvent: checkFunction('onEvent', options.onEvent),
    clock: options.clock ?? systemClock,
    random: options.random ?? Math.random,
  };
}

function checkAmount(name: string, value: number): void {
  const fits = typeof value === 'number' && value > 0 && value < Number.POSITIVE_INFINITY;
  checkOption(fits, `${name} must be a number above 0`, value);
}

function checkCount(name: string, value: number): void {
  const fits = value === Number.POSITIVE_INFINITY || (Number.isInteger(value) && value >= 1);
  checkOption(fits, `${name} must be a whole number from 1, or Infinity`, value);
}

function checkMs(name: string, value: number): number {
  checkOption(
    typeof value === 'number' && value >= 0,
    `${name} must be a number of milliseconds from 0`,
    value,
  );
  return value;
}
