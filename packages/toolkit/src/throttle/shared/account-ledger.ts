import type { AccountReport, AccountState, LimitReport, LimitState } from './shared-account.ts';

/** What all processes of an account share. `null`: nothing. Times are epoch milliseconds by one clock for all. */
export interface LedgerEntry {
  readonly requestsLevel: number | null;
  readonly tokensLevel: number | null;
  readonly updatedAt: number;
  readonly reportedRequests: number | null;
  readonly reportedTokens: number | null;
  readonly reportedAt: number | null;
  readonly cooldownFrom: number | null;
  readonly cooldownUntil: number | null;
  readonly cooldownStatus: number | null;
  readonly quotaAt: number | null;
}

/** What one process has last reported. */
export interface MemberEntry {
  readonly setRequests: number | null;
  readonly setTokens: number | null;
  readonly heldRequests: number;
  readonly heldTokens: number;
  readonly returnedRequests: number;
  readonly returnedTokens: number;
  readonly renewedAt: number;
}

/** All other processes together whose reports are not older than `LEASE_MS`. */
export interface OtherMembers {
  readonly count: number;
  /** The tightest. */
  readonly setRequests: number | null;
  readonly setTokens: number | null;
  readonly heldRequests: number;
  readonly heldTokens: number;
}

export interface Exchanged {
  readonly entry: LedgerEntry;
  readonly member: MemberEntry;
  readonly state: AccountState;
  /** Whether something changed that every process should hear of at once. */
  readonly isNews: boolean;
}

/** What a process holds and has not used by then is lost; a process that has died is forgotten. */
export const LEASE_MS = 5_000;
/** How much the bucket holds, as time at the full rate, where few processes share it. */
const CAPACITY_MS = 1_000;
/** How often a process exchanges under load; rarer where there are many, so that one row is enough for them. */
const INTERVAL_MS = 200;
const INTERVAL_PER_MEMBER_MS = 10;
const LONGEST_INTERVAL_MS = 1_000;
/** The bucket must hold what all have leased and not yet reported as used, or it would not fill meanwhile. */
const CAPACITY_INTERVALS = 3;
/** Of what is there, a process leases no more than this ahead of need: the next to ask needs some too. */
const SHARE_AHEAD = 0.5;
/** A limit from headers that no response has confirmed for so long is forgotten. */
const REPORTED_LIMIT_MS = 600_000;
const EPSILON = 1e-9;

export const NEW_ENTRY: Omit<LedgerEntry, 'updatedAt'> = {
  requestsLevel: null,
  tokensLevel: null,
  reportedRequests: null,
  reportedTokens: null,
  reportedAt: null,
  cooldownFrom: null,
  cooldownUntil: null,
  cooldownStatus: null,
  quotaAt: null,
};

/**
 * One exchange of a process with the account that it shares: what the account holds after it, and what the process is told.
 *
 * The limit holds by one invariant. What is in the bucket and what is leased and not yet reported as used are together
 * never more than the bucket's capacity; using a lease takes from it, and only the passing of time adds. So in no 60
 * seconds can more be sent than the capacity and what flows in during them, however leases are granted, used, given
 * back or lost; and the bucket fills so slowly that both together are the limit.
 */
export function exchanged(
  entry: LedgerEntry,
  before: MemberEntry | undefined,
  others: OtherMembers,
  report: AccountReport,
  now: number,
): Exchanged {
  const isLive = before !== undefined && now < before.renewedAt + LEASE_MS;
  const members = others.count + 1;
  const intervalMs = Math.min(LONGEST_INTERVAL_MS, Math.max(INTERVAL_MS, members * INTERVAL_PER_MEMBER_MS));
  const elapsedMs = Math.max(0, now - entry.updatedAt);
  const reported = reportedLimits(entry, report, now);
  const of = (
    limit: LimitReport,
    level: number | null,
    shared: { readonly set: number | null; readonly reported: number | null; readonly held: number },
    own: { readonly held: number; readonly returned: number } | undefined,
  ): Leased =>
    leased({
      limit,
      level,
      set: tighter(shared.set, limit.setPerMinute ?? null),
      // One process alone follows the provider's own account of the limit, burst and all.
      reported: shared.reported,
      isAlone: members === 1,
      othersHold: shared.held,
      // What the row does not know of, it does not count: it may not be used.
      held: isLive ? Math.max(0, Math.min(limit.held, own?.held ?? 0)) : 0,
      // What has expired came back by that already.
      cameBack: own === undefined ? 0 : Math.min(limit.returned - own.returned, isLive ? Infinity : 0),
      elapsedMs,
      intervalMs,
    });
  const requests = of(
    report.requests,
    entry.requestsLevel,
    { set: others.setRequests, reported: reported.reportedRequests, held: others.heldRequests },
    before && { held: before.heldRequests, returned: before.returnedRequests },
  );
  const tokens = of(
    report.tokens,
    entry.tokensLevel,
    { set: others.setTokens, reported: reported.reportedTokens, held: others.heldTokens },
    before && { held: before.heldTokens, returned: before.returnedTokens },
  );
  const cooldown = cooldownAfter(entry, report, now);
  const quotaAt = quotaAfter(entry, report, now);
  return {
    entry: {
      requestsLevel: requests.level,
      tokensLevel: tokens.level,
      updatedAt: now,
      ...reported,
      ...cooldown,
      quotaAt,
    },
    member: {
      setRequests: report.requests.setPerMinute ?? null,
      setTokens: report.tokens.setPerMinute ?? null,
      heldRequests: requests.state.held,
      heldTokens: tokens.state.held,
      returnedRequests: report.requests.returned,
      returnedTokens: report.tokens.returned,
      renewedAt: now,
    },
    state: {
      requests: requests.state,
      tokens: tokens.state,
      validMs: LEASE_MS,
      intervalMs,
      cooldown:
        cooldown.cooldownUntil === null
          ? undefined
          : { ms: cooldown.cooldownUntil - now, status: cooldown.cooldownStatus ?? undefined },
      quota: quotaAt === null ? undefined : { mark: quotaAt, agoMs: Math.max(0, now - quotaAt) },
    },
    isNews:
      (cooldown.cooldownUntil ?? 0) > (entry.cooldownUntil ?? 0) ||
      quotaAt !== entry.quotaAt ||
      reported.reportedRequests !== entry.reportedRequests ||
      reported.reportedTokens !== entry.reportedTokens,
  };
}

interface Lease {
  readonly limit: LimitReport;
  readonly level: number | null;
  readonly set: number | null;
  readonly reported: number | null;
  readonly isAlone: boolean;
  readonly othersHold: number;
  readonly held: number;
  readonly cameBack: number;
  readonly elapsedMs: number;
  readonly intervalMs: number;
}

interface Leased {
  readonly level: number | null;
  readonly state: LimitState;
}

function leased(lease: Lease): Leased {
  const { limit, set, reported, othersHold, held, cameBack, elapsedMs, intervalMs } = lease;
  const perMinute = tighter(set, reported);
  const bound = lease.isAlone ? set : perMinute;
  if (bound === null) {
    const state = { leasedPerMinute: undefined, held: 0, isScarce: false, waitMs: 0 };
    return { level: null, state: { perMinute: perMinute ?? undefined, ...state } };
  }
  const { capacity, perMs } = sharedBucket(bound, intervalMs);
  /** The most that may be in the bucket, so that it and the leases are together no more than its capacity. */
  const most = capacity - othersHold - held;
  const level = Math.min(most, (lease.level ?? most) + elapsedMs * perMs + cameBack);
  const lacking = Math.max(0, limit.needed - held);
  const room = Math.max(lacking, limit.wanted - held);
  // A call that needs more than the bucket ever holds passes when nothing more can come in, and leaves a debt. Not
  // while others have leased as much: each such debt would be on top of theirs.
  const isOversized = limit.needed > capacity;
  const suffices = isOversized
    ? level >= most - EPSILON && othersHold < capacity
    : level >= lacking - EPSILON;
  const ahead = whole(lease.isAlone ? level : level * SHARE_AHEAD);
  const granted = suffices ? Math.max(lacking, Math.min(room, ahead), 0) : 0;
  const missing = suffices ? 0 : Math.max(0, (isOversized ? most : lacking) - level);
  return {
    level: level - granted,
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

/** The bucket of a limit: how much it holds, and how fast it fills. */
export function sharedBucket(
  perMinute: number,
  intervalMs: number = INTERVAL_MS,
): { readonly capacity: number; readonly perMs: number } {
  const capacityMs = Math.max(CAPACITY_MS, CAPACITY_INTERVALS * intervalMs);
  const capacity = 1 + (perMinute / 60_000) * capacityMs;
  // n calls, 1/limit of a minute apart, all fit into a half-open minute: the first of a burst costs nothing.
  return { capacity, perMs: (perMinute - capacity + 1) / 60_000 };
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
    cooldownFrom === null || cooldownUntil === null || cooldownUntil <= now || cooldownFrom > now + LEASE_MS;
  const current = isOpen ? NO_COOLDOWN : { cooldownFrom, cooldownUntil, cooldownStatus };
  if (cooldown === undefined || now + cooldown.ms <= (current.cooldownUntil ?? now)) return current;
  return { cooldownFrom: now, cooldownUntil: now + cooldown.ms, cooldownStatus: cooldown.status ?? null };
}

function quotaAfter({ quotaAt }: LedgerEntry, report: AccountReport, now: number): number | null {
  // The mark of each time is another, whatever the clock does.
  if (report.quotaExhausted) return Math.max(now, (quotaAt ?? 0) + 1);
  return report.quotaReset ? null : quotaAt;
}

function tighter(a: number | null, b: number | null): number | null {
  if (a === null || b === null) return a ?? b;
  return Math.min(a, b);
}
