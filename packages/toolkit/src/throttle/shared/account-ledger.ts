import { type Period, periodsAt, validPeriods, withTotals } from './reporting-periods.ts';
import type { AccountReport, AccountState, LimitReport } from './shared-account.ts';
import { bucketMsFor, type LeaseTerms, leased, tighter } from './shared-bucket.ts';

/** What all processes of an account share. `null`: nothing. Times are epoch milliseconds by one clock for all. */
export interface LedgerEntry {
  readonly requestsLevel: number | null;
  readonly tokensLevel: number | null;
  readonly updatedAt: number;
  /** The most that the bucket held lately, as time at the full rate, and until when that counts. */
  readonly largestBucketMs: number | null;
  readonly largestBucketUntil: number | null;
  readonly reportedRequests: number | null;
  readonly reportedTokens: number | null;
  readonly reportedAt: number | null;
  readonly cooldownFrom: number | null;
  readonly cooldownUntil: number | null;
  readonly cooldownStatus: number | null;
  readonly quotaAt: number | null;
  /** What all processes have leased and not reported as used. */
  readonly leases: readonly Period<LeaseTotals>[];
  readonly members: readonly Period<MemberTotals>[];
}

export interface LeaseTotals {
  readonly requests: number;
  readonly tokens: number;
}

export interface MemberTotals {
  readonly count: number;
  /** The tightest that any of them was given. */
  readonly setRequests: number | null;
  readonly setTokens: number | null;
}

/** What one process has last reported. */
export interface MemberEntry {
  readonly heldRequests: number;
  readonly heldTokens: number;
  readonly returnedRequests: number;
  readonly returnedTokens: number;
  /** The periods in which it is counted. */
  readonly leasePeriod: number;
  readonly memberPeriod: number;
  /** Until then it has had its share, and leaves what there is to others. */
  readonly servedUntil: number;
}

export interface Exchanged {
  readonly entry: LedgerEntry;
  readonly member: MemberEntry;
  readonly state: AccountState;
  /** Whether something changed that every process should hear of at once. */
  readonly isNews: boolean;
}

/** What a process holds and has not used by then is lost. So long that an answer may be late, and short for one that has died. */
export const LEASE_MS = 2_000;
/** A process that has not reported for so long is not counted, where few share the account; with many, some intervals. */
const MEMBER_MS = 5_000;
const MEMBER_INTERVALS = 3;
/** How often a process exchanges under load. Rarer where there are many, so that one row is enough for them. */
const INTERVAL_MS = 200;
/** Of each process, or as long as an exchange takes: so the row is in use for a part of the time only. */
const INTERVAL_PER_MEMBER_MS = 5;
const LONGEST_INTERVAL_MS = 120_000;
/** The bucket fills as for the largest that it was in this time: a minute began with that, and may not exceed the limit. */
const LARGEST_BUCKET_MS = 120_000;
/** A limit from headers that no response has confirmed for so long is forgotten. */
const REPORTED_LIMIT_MS = 600_000;
/** Two processes' measures of the moment at which a wait ends differ by so much. */
const SAME_WAIT_MS = 100;

const NO_LEASES: LeaseTotals = { requests: 0, tokens: 0 };
const NO_MEMBERS: MemberTotals = { count: 0, setRequests: null, setTokens: null };

export const NEW_ENTRY: Omit<LedgerEntry, 'updatedAt'> = {
  requestsLevel: null,
  tokensLevel: null,
  largestBucketMs: null,
  largestBucketUntil: null,
  reportedRequests: null,
  reportedTokens: null,
  reportedAt: null,
  cooldownFrom: null,
  cooldownUntil: null,
  cooldownStatus: null,
  quotaAt: null,
  leases: [],
  members: [],
};

/**
 * One exchange of a process with the account that it shares: what the account holds after it, and what the process is told.
 *
 * The limit holds by one invariant. What is in the bucket and what is leased and not yet reported as used are together
 * never more than the bucket's capacity; using a lease takes from it, and only the passing of time adds. A lease that
 * has expired counts as used. So in no 60 seconds can more be sent than the capacity and what flows in during them, however
 * leases are granted, used, given back or lost; and the bucket fills so slowly that both together are the limit.
 */
export function exchanged(
  entry: LedgerEntry,
  before: MemberEntry | undefined,
  report: AccountReport,
  now: number,
): Exchanged {
  const members = membersAfter(entry, before, report, now);
  const { intervalMs, validMs } = members;
  const current = periodsAt(entry.leases, { now, validMs: LEASE_MS, none: NO_LEASES });
  const isLive = current.some(({ id }) => id === before?.leasePeriod);
  const ofOthers = withTotals(current, before?.leasePeriod, ({ requests, tokens }) => ({
    // Sums of fractions may be off by a little.
    requests: Math.max(0, requests - (before?.heldRequests ?? 0)),
    tokens: Math.max(0, tokens - (before?.heldTokens ?? 0)),
  }));
  const reported = reportedLimits(entry, report, now);
  const largest = largestBucket(entry, bucketMsFor(intervalMs), now);
  const terms: LeaseTerms = {
    members: members.count,
    hasHadItsShare: before !== undefined && now < before.servedUntil,
    elapsedMs: Math.max(0, now - entry.updatedAt),
    bucketMs: bucketMsFor(intervalMs),
    largestBucketMs: largest.largestBucketMs,
  };
  const ofOwn = (limit: LimitReport, held: number | undefined, returned: number | undefined) => ({
    limit,
    // What the row does not know of, it does not count: it may not be used.
    held: isLive ? Math.max(0, Math.min(limit.held, held ?? 0)) : 0,
    // What has expired came back by that already.
    cameBack: returned === undefined ? 0 : Math.min(limit.returned - returned, isLive ? Infinity : 0),
  });
  const requests = leased(terms, {
    ...ofOwn(report.requests, before?.heldRequests, before?.returnedRequests),
    level: entry.requestsLevel,
    set: members.setRequests,
    reported: reported.reportedRequests,
    othersHold: sum(ofOthers, ({ requests }) => requests),
  });
  const tokens = leased(terms, {
    ...ofOwn(report.tokens, before?.heldTokens, before?.returnedTokens),
    level: entry.tokensLevel,
    set: members.setTokens,
    reported: reported.reportedTokens,
    othersHold: sum(ofOthers, ({ tokens }) => tokens),
  });
  const held = { requests: requests.state.held, tokens: tokens.state.held };
  const leasePeriod = current.at(-1)!.id;
  const shareMs = Math.max(requests.shareMs, tokens.shareMs);
  const cooldown = cooldownAfter(entry, report, now);
  const quotaAt = quotaAfter(entry, report, now);
  return {
    entry: {
      requestsLevel: requests.level,
      tokensLevel: tokens.level,
      updatedAt: now,
      ...largest,
      ...reported,
      ...cooldown,
      quotaAt,
      leases: withTotals(ofOthers, leasePeriod, (others) => ({
        requests: others.requests + held.requests,
        tokens: others.tokens + held.tokens,
      })),
      members: members.periods,
    },
    member: {
      heldRequests: held.requests,
      heldTokens: held.tokens,
      returnedRequests: report.requests.returned,
      returnedTokens: report.tokens.returned,
      leasePeriod,
      memberPeriod: members.periods.at(-1)!.id,
      servedUntil: shareMs > 0 ? now + shareMs : (before?.servedUntil ?? 0),
    },
    state: {
      requests: requests.state,
      tokens: tokens.state,
      leaseMs: LEASE_MS,
      validMs,
      members: members.count,
      intervalMs,
      cooldown:
        cooldown.cooldownUntil === null
          ? undefined
          : { ms: cooldown.cooldownUntil - now, status: cooldown.cooldownStatus ?? undefined },
      quota: quotaAt === null ? undefined : { mark: quotaAt, agoMs: Math.max(0, now - quotaAt) },
    },
    isNews:
      (cooldown.cooldownUntil ?? 0) > (entry.cooldownUntil ?? 0) + SAME_WAIT_MS ||
      quotaAt !== entry.quotaAt ||
      reported.reportedRequests !== entry.reportedRequests ||
      reported.reportedTokens !== entry.reportedTokens,
  };
}

/** All processes that have reported lately, with the one that does now; and how often each of them exchanges. */
function membersAfter(
  { members }: LedgerEntry,
  before: MemberEntry | undefined,
  { requests, tokens, exchangeMs = 0 }: AccountReport,
  now: number,
) {
  const ofOthers = withTotals(validPeriods(members, now), before?.memberPeriod, (totals) => ({
    ...totals,
    count: Math.max(0, totals.count - 1),
  }));
  const count = 1 + sum(ofOthers, ({ count }) => count);
  const perMemberMs = Math.max(INTERVAL_PER_MEMBER_MS, exchangeMs);
  const intervalMs = Math.min(LONGEST_INTERVAL_MS, Math.max(INTERVAL_MS, count * perMemberMs));
  const validMs = Math.max(MEMBER_MS, MEMBER_INTERVALS * intervalMs);
  const current = periodsAt(ofOthers, { now, validMs, none: NO_MEMBERS });
  const periods = withTotals(current, current.at(-1)!.id, (others) => ({
    count: others.count + 1,
    setRequests: tighter(others.setRequests, requests.setPerMinute ?? null),
    setTokens: tighter(others.setTokens, tokens.setPerMinute ?? null),
  }));
  return {
    periods,
    count,
    setRequests: periods.reduce<number | null>((set, { totals }) => tighter(set, totals.setRequests), null),
    setTokens: periods.reduce<number | null>((set, { totals }) => tighter(set, totals.setTokens), null),
    intervalMs,
    validMs,
  };
}

function sum<Totals>(periods: readonly Period<Totals>[], of: (totals: Totals) => number): number {
  return periods.reduce((total, { totals }) => total + of(totals), 0);
}

function largestBucket(entry: LedgerEntry, bucketMs: number, now: number) {
  const { largestBucketMs, largestBucketUntil } = entry;
  const until = Math.min(largestBucketUntil ?? 0, now + LARGEST_BUCKET_MS);
  if (largestBucketMs !== null && now < until && bucketMs < largestBucketMs)
    return { largestBucketMs, largestBucketUntil: until };
  return { largestBucketMs: bucketMs, largestBucketUntil: now + LARGEST_BUCKET_MS };
}

type ReportedLimits = Pick<LedgerEntry, 'reportedRequests' | 'reportedTokens' | 'reportedAt'>;

/** The newest headers say what the limit is. */
function reportedLimits(
  entry: LedgerEntry,
  { requests, tokens }: AccountReport,
  now: number,
): ReportedLimits {
  const isKnown = entry.reportedAt !== null && now < entry.reportedAt + REPORTED_LIMIT_MS;
  const isReported = requests.reportedPerMinute !== undefined || tokens.reportedPerMinute !== undefined;
  return {
    reportedRequests: requests.reportedPerMinute ?? (isKnown ? entry.reportedRequests : null),
    reportedTokens: tokens.reportedPerMinute ?? (isKnown ? entry.reportedTokens : null),
    reportedAt: isReported ? now : isKnown ? entry.reportedAt : null,
  };
}

type CooldownEntry = Pick<LedgerEntry, 'cooldownFrom' | 'cooldownUntil' | 'cooldownStatus'>;

const NO_COOLDOWN: CooldownEntry = { cooldownFrom: null, cooldownUntil: null, cooldownStatus: null };

/** The longest wait holds. One that began in the future is of a clock that was set back since: it is over. */
function cooldownAfter(entry: LedgerEntry, { cooldown }: AccountReport, now: number): CooldownEntry {
  const { cooldownFrom, cooldownUntil, cooldownStatus } = entry;
  const isOpen =
    cooldownFrom === null || cooldownUntil === null || cooldownUntil <= now || cooldownFrom > now + MEMBER_MS;
  const current = isOpen ? NO_COOLDOWN : { cooldownFrom, cooldownUntil, cooldownStatus };
  if (cooldown === undefined || now + cooldown.ms <= (current.cooldownUntil ?? now)) return current;
  return { cooldownFrom: now, cooldownUntil: now + cooldown.ms, cooldownStatus: cooldown.status ?? null };
}

function quotaAfter({ quotaAt }: LedgerEntry, report: AccountReport, now: number): number | null {
  // The mark of each time is another, whatever the clock does.
  if (report.quotaExhausted) return Math.max(now, (quotaAt ?? 0) + 1);
  return report.quotaReset ? null : quotaAt;
}
