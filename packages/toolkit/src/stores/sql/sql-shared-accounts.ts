import { createHash } from 'node:crypto';
import type { Transaction } from 'kysely';
import { checkOption } from '../../options/check.ts';
import {
  exchanged,
  LEASE_MS,
  type LedgerEntry,
  type MemberEntry,
  NEW_ENTRY,
  type OtherMembers,
} from '../../throttle/shared/account-ledger.ts';
import type { AccountReport, AccountState, SharedAccount } from '../../throttle/shared/shared-account.ts';
import { ACCOUNT_MIGRATIONS } from './account-migrations.ts';
import type { SqlDatabase } from './sql-database.ts';

interface AccountTables {
  shared_accounts: {
    readonly account_hash: string;
    readonly requests_level: number | null;
    readonly tokens_level: number | null;
    readonly updated_at: number;
    readonly reported_requests: number | null;
    readonly reported_tokens: number | null;
    readonly reported_at: number | null;
    readonly cooldown_from: number | null;
    readonly cooldown_until: number | null;
    readonly cooldown_status: number | null;
    readonly quota_at: number | null;
  };
  shared_account_members: {
    readonly account_hash: string;
    readonly member: string;
    readonly set_requests: number | null;
    readonly set_tokens: number | null;
    readonly held_requests: number;
    readonly held_tokens: number;
    readonly returned_requests: number;
    readonly returned_tokens: number;
    readonly renewed_at: number;
  };
}

const TOPIC = 'accounts';
/** A process that has not reported for so long is deleted. Until then what it returned is known. */
const FORGET_MEMBER_MS = 600_000;

/** See `optional-peers.ts`. */
export class SqlSharedAccounts {
  readonly #database: SqlDatabase;

  private constructor(database: SqlDatabase) {
    this.#database = database;
  }

  static async open(database: SqlDatabase): Promise<SqlSharedAccounts> {
    await database.migrate('accounts', ACCOUNT_MIGRATIONS);
    return new SqlSharedAccounts(database);
  }

  /**
   * @param key names the account in all processes: what its calls share their limits by, such as provider, model and a hash of
   *   the API key
   * @throws ToolkitError `INVALID_OPTION`
   */
  account(key: string): SharedAccount {
    checkOption(typeof key === 'string' && key !== '', 'key must name an account', key);
    const hash = createHash('sha256').update(key).digest('hex');
    const { notifier } = this.#database;
    return {
      exchange: async (report) => {
        const { state, isNews } = await this.#exchange(hash, report);
        if (isNews) await notifier.notify(TOPIC, hash);
        return state;
      },
      // Who polls anyway needs no hint that anything at all has changed.
      listen: (listener) =>
        notifier.listen(TOPIC, (changed) => {
          if (changed === hash) listener();
        }),
    };
  }

  /**
   * On PostgreSQL in a transaction of its own: the account's row is one that all processes change. In a transaction with other
   * writes they would wait for those, and for each other in circles.
   */
  #exchange(
    hash: string,
    report: AccountReport,
  ): Promise<{ readonly state: AccountState; readonly isNews: boolean }> {
    return this.#database.write<AccountTables, { readonly state: AccountState; readonly isNews: boolean }>(
      async (transaction) => {
        const { entry, now } = await this.#entry(transaction, hash);
        const before = await memberIn(transaction, hash, report.member);
        const others = await othersIn(transaction, hash, report.member, now - LEASE_MS);
        const after = exchanged(entry, before, others, report, now);
        await transaction
          .updateTable('shared_accounts')
          .set(accountRow(after.entry))
          .where('account_hash', '=', hash)
          .execute();
        const row = memberRow(after.member);
        await transaction
          .insertInto('shared_account_members')
          .values({ account_hash: hash, member: report.member, ...row })
          .onConflict((conflict) => conflict.columns(['account_hash', 'member']).doUpdateSet(row))
          .execute();
        if (before === undefined) await forgetMembers(transaction, hash, now - FORGET_MEMBER_MS);
        return { state: after.state, isNews: after.isNews };
      },
      { isLarge: this.#database.dialect === 'postgres' },
    );
  }

  /** Locks the account, and reads the clock after that: by it, one exchange follows the other. */
  async #entry(
    transaction: Transaction<AccountTables>,
    hash: string,
  ): Promise<{ readonly entry: LedgerEntry; readonly now: number }> {
    const { clock } = this.#database;
    const select = () =>
      this.#database
        .locking(transaction.selectFrom('shared_accounts').selectAll().where('account_hash', '=', hash))
        .executeTakeFirst();
    let row = await select();
    if (row === undefined) {
      await transaction
        .insertInto('shared_accounts')
        .values({ account_hash: hash, updated_at: clock })
        .onConflict((conflict) => conflict.column('account_hash').doNothing())
        .execute();
      row = await select();
    }
    const { now } = await transaction.selectNoFrom(clock.as('now')).executeTakeFirstOrThrow();
    return { entry: row === undefined ? { ...NEW_ENTRY, updatedAt: now } : entryOf(row, now), now };
  }
}

async function memberIn(
  transaction: Transaction<AccountTables>,
  hash: string,
  member: string,
): Promise<MemberEntry | undefined> {
  const row = await transaction
    .selectFrom('shared_account_members')
    .selectAll()
    .where('account_hash', '=', hash)
    .where('member', '=', member)
    .executeTakeFirst();
  return (
    row && {
      setRequests: known(row.set_requests),
      setTokens: known(row.set_tokens),
      heldRequests: known(row.held_requests) ?? 0,
      heldTokens: known(row.held_tokens) ?? 0,
      returnedRequests: known(row.returned_requests) ?? 0,
      returnedTokens: known(row.returned_tokens) ?? 0,
      renewedAt: known(row.renewed_at) ?? 0,
    }
  );
}

async function othersIn(
  transaction: Transaction<AccountTables>,
  hash: string,
  member: string,
  since: number,
): Promise<OtherMembers> {
  const { count, ...others } = await transaction
    .selectFrom('shared_account_members')
    .select(({ fn, val }) => [
      fn.countAll().as('count'),
      fn.min('set_requests').as('setRequests'),
      fn.min('set_tokens').as('setTokens'),
      fn.coalesce(fn.sum<number>('held_requests'), val(0)).as('heldRequests'),
      fn.coalesce(fn.sum<number>('held_tokens'), val(0)).as('heldTokens'),
    ])
    .where('account_hash', '=', hash)
    .where('member', '!=', member)
    .where('renewed_at', '>', since)
    .executeTakeFirstOrThrow();
  return {
    count: Number(count),
    setRequests: known(others.setRequests),
    setTokens: known(others.setTokens),
    heldRequests: known(others.heldRequests) ?? 0,
    heldTokens: known(others.heldTokens) ?? 0,
  };
}

async function forgetMembers(
  transaction: Transaction<AccountTables>,
  hash: string,
  before: number,
): Promise<void> {
  await transaction
    .deleteFrom('shared_account_members')
    .where('account_hash', '=', hash)
    .where('renewed_at', '<', before)
    .execute();
}

function entryOf(row: AccountTables['shared_accounts'], now: number): LedgerEntry {
  return {
    requestsLevel: known(row.requests_level),
    tokensLevel: known(row.tokens_level),
    updatedAt: known(row.updated_at) ?? now,
    reportedRequests: known(row.reported_requests),
    reportedTokens: known(row.reported_tokens),
    reportedAt: known(row.reported_at),
    cooldownFrom: known(row.cooldown_from),
    cooldownUntil: known(row.cooldown_until),
    cooldownStatus: known(row.cooldown_status),
    quotaAt: known(row.quota_at),
  };
}

/** What something else may have written that isn't a number counts as nothing. */
function known(value: unknown): number | null {
  return typeof value === 'number' && Number.isFinite(value) ? value : null;
}

function accountRow(entry: LedgerEntry): Omit<AccountTables['shared_accounts'], 'account_hash'> {
  return {
    requests_level: entry.requestsLevel,
    tokens_level: entry.tokensLevel,
    updated_at: entry.updatedAt,
    reported_requests: entry.reportedRequests,
    reported_tokens: entry.reportedTokens,
    reported_at: entry.reportedAt,
    cooldown_from: entry.cooldownFrom,
    cooldown_until: whole(entry.cooldownUntil),
    cooldown_status: entry.cooldownStatus,
    quota_at: entry.quotaAt,
  };
}

/** No wait ends sooner for being stored in whole milliseconds. */
function whole(ms: number | null): number | null {
  return ms === null ? null : Math.ceil(ms);
}

type MemberRow = Omit<AccountTables['shared_account_members'], 'account_hash' | 'member'>;

function memberRow(entry: MemberEntry): MemberRow {
  return {
    set_requests: entry.setRequests,
    set_tokens: entry.setTokens,
    held_requests: entry.heldRequests,
    held_tokens: entry.heldTokens,
    returned_requests: entry.returnedRequests,
    returned_tokens: entry.returnedTokens,
    renewed_at: entry.renewedAt,
  };
}
