import {
  type LeaseTotals,
  type LedgerEntry,
  type MemberEntry,
  type MemberTotals,
  NEW_ENTRY,
} from '../../throttle/shared/account-ledger.ts';
import type { Period } from '../../throttle/shared/reporting-periods.ts';

export interface AccountTables {
  /** The account's own state in the row without a member; the others have what each process has last reported. */
  shared_account_states: {
    readonly account_hash: string;
    readonly member: string;
    /** JSON. */
    readonly state: string;
    readonly updated_at: number;
  };
}

type Fields = Readonly<Record<string, unknown>>;

/** What something else may have written that isn't what we write counts as nothing. */
export function entryOf(state: string, now: number): LedgerEntry {
  const stored = fieldsOf(state);
  const number = (name: keyof LedgerEntry): number | null => known(stored[name]);
  return {
    ...NEW_ENTRY,
    requestsLevel: number('requestsLevel'),
    tokensLevel: number('tokensLevel'),
    updatedAt: number('updatedAt') ?? now,
    largestBucketMs: number('largestBucketMs'),
    largestBucketUntil: number('largestBucketUntil'),
    reportedRequests: number('reportedRequests'),
    reportedTokens: number('reportedTokens'),
    reportedAt: number('reportedAt'),
    cooldownFrom: number('cooldownFrom'),
    cooldownUntil: number('cooldownUntil'),
    cooldownStatus: number('cooldownStatus'),
    quotaAt: number('quotaAt'),
    leases: periodsOf<LeaseTotals>(stored.leases, ({ requests, tokens }) => ({
      requests: known(requests) ?? 0,
      tokens: known(tokens) ?? 0,
    })),
    members: periodsOf<MemberTotals>(stored.members, ({ count, setRequests, setTokens }) => ({
      count: known(count) ?? 0,
      setRequests: known(setRequests),
      setTokens: known(setTokens),
    })),
  };
}

export function memberOf(state: string): MemberEntry {
  const stored = fieldsOf(state);
  const number = (name: keyof MemberEntry): number => known(stored[name]) ?? 0;
  return {
    heldRequests: number('heldRequests'),
    heldTokens: number('heldTokens'),
    returnedRequests: number('returnedRequests'),
    returnedTokens: number('returnedTokens'),
    leasePeriod: number('leasePeriod'),
    memberPeriod: number('memberPeriod'),
    servedUntil: number('servedUntil'),
  };
}

function periodsOf<Totals>(stored: unknown, totalsOf: (totals: Fields) => Totals): Period<Totals>[] {
  if (!Array.isArray(stored)) return [];
  return stored.map((period: unknown) => {
    const { id, from, until, totals } = objectOf(period);
    return {
      id: known(id) ?? 0,
      from: known(from) ?? 0,
      until: known(until) ?? 0,
      totals: totalsOf(objectOf(totals)),
    };
  });
}

function fieldsOf(state: string): Fields {
  try {
    return objectOf(JSON.parse(state));
  } catch {
    return {};
  }
}

function objectOf(value: unknown): Fields {
  return typeof value === 'object' && value !== null ? (value as Fields) : {};
}

function known(value: unknown): number | null {
  return typeof value === 'number' && Number.isFinite(value) ? value : null;
}
