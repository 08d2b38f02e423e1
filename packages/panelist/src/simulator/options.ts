import { type Clock, quote, systemClock } from '@panelist/toolkit';
import { PanelistError } from '../panelist-error.ts';
import { CONTENT_FAULTS, type FaultName, type FaultRates, TRANSPORT_FAULTS } from './faults.ts';
import type { Latency } from './latency.ts';

export interface SimulatorOptions {
  /** Settles every draw: answers, faults and latencies. A whole number. @default 1 */
  readonly seed?: number | undefined;
  /** 0 to 65535; 0 takes a free one. @default 0 */
  readonly port?: number | undefined;
  /** The interface to listen on. Anything but loopback lets other machines in. @default '127.0.0.1' */
  readonly host?: string | undefined;
  /** How long a reply takes; 429s come at once. @default 0 */
  readonly latency?: Latency | undefined;
  /** Above 0. @default unlimited */
  readonly requestsPerMinute?: number | undefined;
  /** Another limit of requests in the middle of the run; responses tell it from then on. @default never */
  readonly requestsPerMinuteThen?: LaterLimit | undefined;
  /** Prompt and reply together. Above 0. @default unlimited */
  readonly tokensPerMinute?: number | undefined;
  /**
   * How much may come at once after a rest, as time at the full rate, milliseconds: 60,000 is a minute's worth,
   * 1,000 enforces the limits second by second. Minimum 1.
   * @default 60_000
   */
  readonly burstMs?: number | undefined;
  /**
   * What is reported of the limits to a client. `all`: `x-ratelimit-*` on every response, and `retry-after` and
   * `retry-after-ms` on a 429. `retry-after`: only the latter. `none`: nothing.
   * @default 'all'
   */
  readonly rateLimitHeaders?: 'all' | 'retry-after' | 'none' | undefined;
  /** The share of choices, 0 to 1, that fall on what is listed first, whatever the persona likes. @default 0 */
  readonly firstOptionBias?: number | undefined;
  /** @default none */
  readonly faults?: FaultOptions | undefined;
  /** @default systemClock */
  readonly clock?: Clock | undefined;
}

/** A limit that comes into force while clients are at work, lower or higher than the one before. */
export interface LaterLimit {
  /** Above 0. */
  readonly perMinute: number;
  /** Counted from the first request that is held against the limits, milliseconds. At least 0. */
  readonly afterMs: number;
}

/** Each rate is a share of requests, 0 to 1; those of one kind (wire, content) may come to 1 together. */
export interface FaultOptions extends Readonly<Partial<Record<FaultName, number | undefined>>> {
  /** The wait that the fault `rateLimitWithHint` reports, whole milliseconds. @default 300 */
  readonly hintMs?: number | undefined;
  /** Requests that are served before every one is refused with 429 `insufficient_quota`. @default never */
  readonly quotaAfter?: number | undefined;
}

/** The options, checked and filled up. */
export interface SimulatorSettings {
  readonly seed: number;
  readonly port: number;
  readonly host: string;
  readonly latency: Latency;
  readonly requestsPerMinute: number | null;
  readonly requestsPerMinuteThen: LaterLimit | null;
  readonly tokensPerMinute: number | null;
  readonly burstMs: number;
  readonly rateLimitHeaders: 'all' | 'retry-after' | 'none';
  readonly firstOptionBias: number;
  readonly faultRates: FaultRates;
  readonly hintMs: number;
  readonly quotaAfter: number | null;
  readonly clock: Clock;
}

const HEADER_MODES = ['all', 'retry-after', 'none'] as const;

/** @throws PanelistError `USAGE`, quoting the first option that is not what it must be */
export function resolveOptions(options: SimulatorOptions): SimulatorSettings {
  const faults = options.faults ?? {};
  const rateLimitHeaders = options.rateLimitHeaders ?? 'all';
  if (!HEADER_MODES.includes(rateLimitHeaders)) {
    refuse('rateLimitHeaders', `one of ${HEADER_MODES.join(', ')}`, rateLimitHeaders);
  }
  const host = options.host ?? '127.0.0.1';
  if (typeof host !== 'string' || host === '') refuse('host', 'a host name or address', host);
  return {
    seed: integer('seed', options.seed ?? 1, Number.MIN_SAFE_INTEGER, Number.MAX_SAFE_INTEGER),
    port: integer('port', options.port ?? 0, 0, 65_535),
    host,
    latency: checkLatency(options.latency ?? 0),
    requestsPerMinute: perMinute('requestsPerMinute', options.requestsPerMinute),
    requestsPerMinuteThen: laterLimit('requestsPerMinuteThen', options.requestsPerMinuteThen),
    tokensPerMinute: perMinute('tokensPerMinute', options.tokensPerMinute),
    burstMs: number('burstMs', options.burstMs ?? 60_000, 1),
    rateLimitHeaders,
    firstOptionBias: number('firstOptionBias', options.firstOptionBias ?? 0, 0, 1),
    faultRates: checkFaultRates(faults),
    hintMs: integer('faults.hintMs', faults.hintMs ?? 300, 0, Number.MAX_SAFE_INTEGER),
    quotaAfter:
      faults.quotaAfter === undefined
        ? null
        : integer('faults.quotaAfter', faults.quotaAfter, 0, Number.MAX_SAFE_INTEGER),
    clock: options.clock ?? systemClock,
  };
}

function checkLatency(latency: Latency): Latency {
  if (latency === 0) return 0;
  if (typeof latency === 'object' && latency !== null) {
    if ('medianMs' in latency && 'p95Ms' in latency) {
      const medianMs = number('latency.medianMs', latency.medianMs, 0);
      return { medianMs, p95Ms: number('latency.p95Ms', latency.p95Ms, medianMs) };
    }
    if ('minMs' in latency && 'maxMs' in latency) {
      const minMs = number('latency.minMs', latency.minMs, 0);
      return { minMs, maxMs: number('latency.maxMs', latency.maxMs, minMs) };
    }
  }
  return refuse('latency', '0, { medianMs, p95Ms } or { minMs, maxMs }', latency);
}

function checkFaultRates(faults: FaultOptions): FaultRates {
  const known: readonly string[] = [...TRANSPORT_FAULTS, ...CONTENT_FAULTS];
  for (const name of Object.keys(faults)) {
    if (name !== 'hintMs' && name !== 'quotaAfter' && !known.includes(name)) {
      refuse('faults', `made of ${known.join(', ')}, hintMs and quotaAfter`, name);
    }
  }
  const rate = (name: FaultName): [FaultName, number] => [
    name,
    number(`faults.${name}`, faults[name] ?? 0, 0, 1),
  ];
  const kinds = [TRANSPORT_FAULTS.map(rate), CONTENT_FAULTS.map(rate)];
  for (const rates of kinds) {
    const sum = rates.reduce((total, [, value]) => total + value, 0);
    // Ten times 0.1 is a little more than 1.
    if (sum > 1 + 1e-9) {
      refuse(`the rates ${rates.map(([name]) => name).join(' + ')}`, 'at most 1 together', sum);
    }
  }
  return Object.fromEntries(kinds.flat()) as FaultRates;
}

function perMinute(name: string, value: number | undefined): number | null {
  return value === undefined ? null : number(name, value, Number.MIN_VALUE);
}

function laterLimit(name: string, value: LaterLimit | undefined): LaterLimit | null {
  if (value === undefined) return null;
  if (typeof value !== 'object' || value === null) refuse(name, '{ perMinute, afterMs }', value);
  return {
    perMinute: number(`${name}.perMinute`, value.perMinute, Number.MIN_VALUE),
    afterMs: number(`${name}.afterMs`, value.afterMs, 0),
  };
}

function integer(name: string, value: number, min: number, max: number): number {
  return Number.isInteger(value) && value >= min && value <= max
    ? value
    : refuse(name, `a whole number from ${min} to ${max}`, value);
}

function number(name: string, value: number, min: number, max: number = Number.MAX_VALUE): number {
  if (typeof value === 'number' && value >= min && value <= max) return value;
  const range =
    max < Number.MAX_VALUE
      ? `a number from ${min} to ${max}`
      : min === Number.MIN_VALUE
        ? 'a number above 0'
        : `a number, at least ${min}`;
  return refuse(name, range, value);
}

/** An option that is not what it must be, for those who know it under another name. */
export class OptionError extends PanelistError {
  readonly #expected: string;
  readonly #value: unknown;

  constructor(name: string, expected: string, value: unknown) {
    super('USAGE', `Simulator: expected ${name} to be ${expected}, got ${quote(value)}`);
    this.#expected = expected;
    this.#value = value;
  }

  named(name: string): OptionError {
    return new OptionError(name, this.#expected, this.#value);
  }
}

function refuse(name: string, expected: string, value: unknown): never {
  throw new OptionError(name, expected, value);
}
