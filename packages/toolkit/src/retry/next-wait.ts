import type { Classification } from '../classify/classification.ts';
import { MAX_WAIT_MS } from '../classify/durations.ts';
import { type RetryPolicy, serverWaitLimitMs } from './retry-policy.ts';

/**
 * A server that asks for a wait of milliseconds is trusted so many times in one call; if it still refuses, each such
 * wait is at least a second, or the server would be hammered for ten minutes.
 */
const TRUSTED_SHORT_WAITS = 10;
const MIN_UNTRUSTED_MS = 1_000;

/** A request that ran so often into a time limit that follows the account's latency runs into it again. */
const MAX_TIMEOUTS = 2;

/** The back-off after a refusal stops growing with this one. */
const MAX_REFUSAL_DOUBLINGS = 5;

/** The widest spread of wake-ups, however long the wait. */
const MAX_SPREAD_MS = 10_000;

/** What a call has used up of what its policy allows. */
export interface Spent {
  readonly retries: number;
  /** Waits that the server asked for. */
  readonly serverWaits: number;
  /** All of those, and the back-offs after refusals, in milliseconds. */
  readonly serverWaitedMs: number;
  /** Refusals for the rate that asked for no wait. */
  readonly refusals: number;
  /** Attempts that ran into a time limit that follows the account's latency. */
  readonly timeouts: number;
}

export const NOTHING_SPENT: Spent = {
  retries: 0,
  serverWaits: 0,
  serverWaitedMs: 0,
  refusals: 0,
  timeouts: 0,
};

/** A wait before the next attempt. */
export interface Wait {
  readonly delayMs: number;
  /** Whether the server asked for it, so that it uses up no retry. */
  readonly serverRequested: boolean;
  /** Whether the throttle does the waiting, for all calls. */
  readonly inThrottle: boolean;
}

export type Decision =
  | { readonly do: 'wait'; readonly wait: Wait; readonly spent: Spent }
  /** The failure isn't worth a retry, or there are no retries left. */
  | { readonly do: 'give up' }
  /** The next wait is longer than the call may take. */
  | {
      readonly do: 'fail';
      readonly code: 'DEADLINE_EXCEEDED' | 'SERVER_WAIT_EXCEEDED';
      readonly why: string;
    };

export interface WaitContext {
  readonly policy: RetryPolicy;
  readonly spent: Spent;
  /** Milliseconds until the call's deadline. */
  readonly leftMs: number;
  readonly random: () => number;
}

const GIVE_UP: Decision = { do: 'give up' };

/** After an error that is worth a retry, or a result that was turned down (`classification` is then `undefined`). */
export function nextWait(classification: Classification | undefined, context: WaitContext): Decision {
  const askedMs = classification?.waitMs ?? classification?.resetMs;
  // A wait of 0 uses up no server wait, so nothing would bound such retries: it counts as an ordinary retry.
  return askedMs !== undefined && askedMs > 0 ? serverWait(askedMs, context) : ownWait(context, askedMs);
}

/**
 * The same under a throttle, which decides how fast all calls go: a refusal for the rate uses up no retry, and the
 * throttle waits what the server asks for. A probe's failure uses up none either: it was made for all calls.
 */
export function nextThrottledWait(
  classification: Classification,
  isProbe: boolean,
  context: WaitContext,
): Decision {
  const { policy, spent, random } = context;
  const { kind, waitMs = 0 } = classification;
  if (waitMs > 0) return serverWait(waitMs, context, true);
  if (isRefusal(classification)) return refusalWait(context);
  if (isProbe) return wait(backOffMs(0, policy, random), spent);
  if (kind !== 'timeout' || policy.minAttemptTimeoutMs === undefined) return ownWait(context);
  const timeouts = spent.timeouts + 1;
  return timeouts >= MAX_TIMEOUTS ? GIVE_UP : ownWait({ ...context, spent: { ...spent, timeouts } });
}

/** Whether the server refused the call for the rate, or asked for a wait: neither is a failed call to be repeated. */
export function isRefusal({ kind, waitMs = 0 }: Classification): boolean {
  return kind === 'rate-limit' || waitMs > 0;
}

/** Our own back-off; none where the server said "at once". */
function ownWait({ policy, spent, leftMs, random }: WaitContext, askedMs?: number): Decision {
  if (spent.retries >= policy.maxRetries) return GIVE_UP;
  const delayMs = askedMs ?? backOffMs(spent.retries, policy, random);
  if (delayMs < leftMs) return wait(delayMs, { ...spent, retries: spent.retries + 1 });
  return {
    do: 'fail',
    code: 'DEADLINE_EXCEEDED',
    why: `the next wait is ${Math.round(delayMs)} ms, and ${leftMs} ms are left`,
  };
}

/** Our own back-off, bounded as if the server had asked for it. */
function refusalWait({ policy, spent, random }: WaitContext): Decision {
  const delayMs = backOffMs(Math.min(spent.refusals, MAX_REFUSAL_DOUBLINGS), policy, random);
  const serverWaitedMs = spent.serverWaitedMs + delayMs;
  if (serverWaitedMs > serverWaitLimitMs(policy)) return tooLong(delayMs, spent, policy);
  return wait(delayMs, { ...spent, refusals: spent.refusals + 1, serverWaitedMs });
}

function serverWait(
  askedMs: number,
  { policy, spent, leftMs, random }: WaitContext,
  isThrottled = false,
): Decision {
  const serverWaits = spent.serverWaits + 1;
  const isTrusted = serverWaits <= TRUSTED_SHORT_WAITS;
  const waitMs = isTrusted ? askedMs : Math.max(askedMs, MIN_UNTRUSTED_MS);
  if (waitMs >= leftMs) {
    const why = `the server asks to wait ${waitMs} ms, and ${leftMs} ms are left`;
    return { do: 'fail', code: 'DEADLINE_EXCEEDED', why };
  }
  const serverWaitedMs = spent.serverWaitedMs + waitMs;
  if (serverWaitedMs > serverWaitLimitMs(policy)) return tooLong(waitMs, spent, policy);
  const moreMs = policy.jitter && !isThrottled ? spreadMs(waitMs, leftMs - waitMs, random) : 0;
  return {
    do: 'wait',
    wait: {
      delayMs: waitMs + Math.floor(moreMs),
      serverRequested: true,
      inThrottle: isThrottled && isTrusted,
    },
    spent: { ...spent, serverWaits, serverWaitedMs },
  };
}

function wait(delayMs: number, spent: Spent): Decision {
  return { do: 'wait', wait: { delayMs, serverRequested: false, inThrottle: false }, spent };
}

function tooLong(waitMs: number, { serverWaitedMs }: Spent, policy: RetryPolicy): Decision {
  const why = `The server asks to wait ${waitMs} ms, after ${serverWaitedMs} ms of such waits: more than the ${serverWaitLimitMs(policy)} ms that maxServerWaitMs allows in all.`;
  return { do: 'fail', code: 'SERVER_WAIT_EXCEEDED', why };
}

/**
 * The wait before retry number `retry` (from 0), milliseconds: `retryDelayMs`, or `retryDelayMs * 2 ** retry`, at
 * most `maxDelayMs`. With jitter, anything from 0 to that ("full jitter"): the cap comes first, or the longest waits
 * would all be the same again.
 */
export function backOffMs(
  retry: number,
  policy: Pick<RetryPolicy, 'retryDelayMs' | 'exponentialBackoff' | 'maxDelayMs' | 'jitter'>,
  random: () => number,
): number {
  const { retryDelayMs, exponentialBackoff, maxDelayMs, jitter } = policy;
  // 0 * 2 ** 1024 is NaN.
  const uncapped = exponentialBackoff && retryDelayMs > 0 ? retryDelayMs * 2 ** retry : retryDelayMs;
  const capped = Math.min(uncapped, maxDelayMs, MAX_WAIT_MS);
  return jitter ? capped * random() : capped;
}

/**
 * What to add to a wait that the server asked for, milliseconds, at most `roomMs`: up to a quarter of it, so that
 * calls that were given the same wait do not all return at the same moment.
 */
export function spreadMs(waitMs: number, roomMs: number, random: () => number): number {
  return Math.min(waitMs / 4, MAX_SPREAD_MS, roomMs) * random();
}
