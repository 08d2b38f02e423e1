import type { Kysely } from 'kysely';
import type { Migration } from 'kysely/migration';

/** Append only: a published migration has been run on users' databases. */
export const ACCOUNT_MIGRATIONS: Readonly<Record<string, Migration>> = {
  '0001-accounts': { up: createTable },
};

/** The account and its members in one table: one statement reads and locks what an exchange needs, and one writes it. */
async function createTable(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('shared_account_states')
    .addColumn('account_hash', 'text', (column) => column.notNull())
    .addColumn('member', 'text', (column) => column.notNull())
    .addColumn('state', 'text', (column) => column.notNull())
    .addColumn('updated_at', 'bigint', (column) => column.notNull())
    .addPrimaryKeyConstraint('shared_account_states_pk', ['account_hash', 'member'])
    .execute();
}
