import type { LimitReport, LimitState } from './shared-account.ts';

/** How much the bucket holds, as time at the full rate, where few processes share it. */
const BUCKET_MS = 1_000;
/** The bucket must hold what all have leased and not yet reported as used, or it would not fill meanwhile. */
const BUCKET_INTERVALS = 3;
/** Leases of those who exchange more rarely have expired by then. */
const LONGEST_INTERVAL_MS = 1_000;
/** Of what is there, a process leases no more than this ahead of need: the next to ask needs some too. */
const SHARE_AHEAD = 0.5;
/** A process that has had its share leaves as much as its next call takes, and no more than this part of what there can be. */
const SHARE_LEFT = 0.5;
const EPSILON = 1e-9;

/** What holds for both limits in one exchange. */
export interface LeaseTerms {
  /** How many processes share the account, with the one that asks. */
  readonly members: number;
  /** Whether others come first. */
  readonly hasHadItsShare: boolean;
  readonly elapsedMs: number;
  readonly bucketMs: number;
  /** In the last minute. */
  readonly largestBucketMs: number;
}

/** What is known of one limit, before the exchange. */
export interface LeaseRequest {
  readonly limit: LimitReport;
  readonly level: number | null;
  readonly set: number | null;
  readonly reported: number | null;
  readonly othersHold: number;
  readonly held: number;
  readonly cameBack: number;
}

export interface Leased {
  readonly level: number | null;
  /** How long until as much is every other process's due, milliseconds; 0 where nothing was leased. */
  readonly shareMs: number;
  readonly state: LimitState;
}

export function leased(terms: LeaseTerms, request: LeaseRequest): Leased {
  const { members, hasHadItsShare, elapsedMs, bucketMs, largestBucketMs } = terms;
  const { limit, set, reported, othersHold, held, cameBack } = request;
  const isAlone = members === 1;
  const perMinute = tighter(set, reported);
  // One process alone follows the provider's own account of the limit, burst and all.
  const bound = isAlone ? set : perMinute;
  if (bound === null) {
    const state = { leasedPerMinute: undefined, held: 0, isScarce: false, waitMs: 0 };
    return { level: null, shareMs: 0, state: { perMinute: perMinute ?? undefined, ...state } };
  }
  const { capacity, perMs } = sharedBucket(bound, bucketMs, largestBucketMs);
  /** The most that may be in the bucket, so that it and the leases are together no more than its capacity. */
  const most = capacity - othersHold - held;
  // A limit that is learned meanwhile was in use before: what the provider's own bucket still holds is unknown.
  const begins = set === null ? 0 : most;
  const before = request.level === null ? begins : request.level + elapsedMs * perMs;
  const level = Math.min(most, before + cameBack);
  const lacking = Math.max(0, limit.needed - held);
  const room = Math.max(lacking, limit.wanted - held);
  // A call that needs more than the bucket ever holds passes when nothing more can come in, and leaves a debt. Not
  // while others have leased as much: each such debt would be on top of theirs.
  const isOversized = limit.needed > capacity;
  // Where the share of each is less than one call, all get theirs in turn. If nobody else asks, little is waited for.
  const left = hasHadItsShare ? Math.max(0, Math.min(limit.needed, SHARE_LEFT * (most - lacking))) : 0;
  const suffices = isOversized
    ? level >= most - EPSILON && othersHold < capacity
    : level >= lacking + left - EPSILON;
  const ahead = whole(isAlone ? level : level * SHARE_AHEAD);
  const granted = suffices ? Math.max(lacking, Math.min(room, ahead), 0) : 0;
  const missing = suffices ? 0 : Math.max(0, (isOversized ? most : lacking + left) - level);
  return {
    level: level - granted,
    shareMs: isAlone ? 0 : (granted * members) / perMs,
    state: {
      perMinute: perMinute ?? undefined,
      leasedPerMinute: bound,
      held: held + granted,
      isScarce: granted < room - EPSILON,
      waitMs: missing / perMs,
    },
  };
}

/**
 * Requests come in whole numbers: of a lease with a fraction, that would lie idle while another process waits for it.
 * To tokens one more or less means nothing.
 */
function whole(level: number): number {
  return Math.floor(level + EPSILON);
}

/** How much the bucket holds where processes exchange so often, as time at the full rate. */
export function bucketMsFor(intervalMs: number): number {
  return Math.max(BUCKET_MS, BUCKET_INTERVALS * Math.min(intervalMs, LONGEST_INTERVAL_MS));
}

/** The bucket of a limit: how much it holds, and how fast it fills. */
export function sharedBucket(
  perMinute: number,
  bucketMs: number = BUCKET_MS,
  largestBucketMs: number = bucketMs,
): { readonly capacity: number; readonly perMs: number } {
  const perMsOfLimit = perMinute / 60_000;
  // n calls, 1/limit of a minute apart, all fit into a half-open minute: the first of a burst costs nothing.
  return {
    capacity: 1 + perMsOfLimit * bucketMs,
    perMs: (perMinute - perMsOfLimit * largestBucketMs) / 60_000,
  };
}

export function tighter(a: number | null, b: number | null): number | null {
  if (a === null || b === null) return a ?? b;
  return Math.min(a, b);
}
