import { createHash } from 'node:crypto';
import type { Transaction } from 'kysely';
import { checkOption } from '../../options/check.ts';
import { exchanged, type MemberEntry, NEW_ENTRY } from '../../throttle/shared/account-ledger.ts';
import type { AccountReport, AccountState, SharedAccount } from '../../throttle/shared/shared-account.ts';
import { ACCOUNT_MIGRATIONS } from './account-migrations.ts';
import { type AccountTables, entryOf, memberOf } from './account-rows.ts';
import type { SqlDatabase } from './sql-database.ts';

const TOPIC = 'accounts';
/** The member of the account's own row: comes first in the order in which rows are locked. */
const ACCOUNT = '';
/** A process that has not reported for so long is deleted. Until then what it returned is known. */
const FORGET_MEMBER_MS = 600_000;

interface Answer {
  readonly state: AccountState;
  readonly isNews: boolean;
}

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
  #exchange(hash: string, report: AccountReport): Promise<Answer> {
    return this.#database.write<AccountTables, Answer>(
      async (transaction) => {
        const { account, own, now } = await this.#read(transaction, hash, report.member);
        const before: MemberEntry | undefined = own === undefined ? undefined : memberOf(own);
        const entry = account === undefined ? { ...NEW_ENTRY, updatedAt: now } : entryOf(account, now);
        const after = exchanged(entry, before, report, now);
        const row = (member: string, state: object) => ({
          account_hash: hash,
          member,
          state: JSON.stringify(state),
          updated_at: now,
        });
        await transaction
          .insertInto('shared_account_states')
          .values([row(ACCOUNT, after.entry), row(report.member, after.member)])
          .onConflict((conflict) =>
            conflict.columns(['account_hash', 'member']).doUpdateSet(({ ref }) => ({
              state: ref('excluded.state'),
              updated_at: ref('excluded.updated_at'),
            })),
          )
          .execute();
        if (before === undefined) await forgetMembers(transaction, hash, now - FORGET_MEMBER_MS);
        return { state: after.state, isNews: after.isNews };
      },
      { isLarge: this.#database.dialect === 'postgres' },
    );
  }

  /**
   * In one statement: locks the account, and then the process's own row, and after that reads the clock: by it, one exchange
   * follows the other. PostgreSQL reads a row that it had to wait for again, and no other: so nothing else may be read here.
   */
  async #read(
    transaction: Transaction<AccountTables>,
    hash: string,
    member: string,
  ): Promise<{
    readonly account: string | undefined;
    readonly own: string | undefined;
    readonly now: number;
  }> {
    const { clock } = this.#database;
    const select = () => {
      const locked = this.#database.locking(
        transaction
          .selectFrom('shared_account_states')
          .select(['member', 'state'])
          .where('account_hash', '=', hash)
          .where('member', 'in', [ACCOUNT, member])
          .orderBy('member'),
      );
      return transaction
        .selectFrom(locked.as('locked'))
        .select(['member', 'state', clock.as('now')])
        .execute();
    };
    let rows = await select();
    if (!rows.some((row) => row.member === ACCOUNT)) {
      await transaction
        .insertInto('shared_account_states')
        .values({ account_hash: hash, member: ACCOUNT, state: '{}', updated_at: clock })
        .onConflict((conflict) => conflict.columns(['account_hash', 'member']).doNothing())
        .execute();
      rows = await select();
    }
    const stateOf = (name: string) => rows.find((row) => row.member === name)?.state;
    return {
      account: stateOf(ACCOUNT),
      own: stateOf(member),
      now: Math.max(...rows.map(({ now }) => now)),
    };
  }
}

async function forgetMembers(
  transaction: Transaction<AccountTables>,
  hash: string,
  before: number,
): Promise<void> {
  await transaction
    .deleteFrom('shared_account_states')
    .where('account_hash', '=', hash)
    .where('member', '!=', ACCOUNT)
    .where('updated_at', '<', before)
    .execute();
}
