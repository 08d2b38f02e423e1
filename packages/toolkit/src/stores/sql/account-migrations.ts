import type { Kysely } from 'kysely';
import type { Migration } from 'kysely/migration';

/** Append only: a published migration has been run on users' databases. */
export const ACCOUNT_MIGRATIONS: Readonly<Record<string, Migration>> = {
  '0001-accounts': { up: createTables },
  '0002-one-table': { up: replaceTables },
};

async function createTables(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('shared_accounts')
    .addColumn('account_hash', 'text', (column) => column.primaryKey())
    .addColumn('requests_level', 'double precision')
    .addColumn('tokens_level', 'double precision')
    .addColumn('updated_at', 'bigint', (column) => column.notNull())
    .addColumn('reported_requests', 'double precision')
    .addColumn('reported_tokens', 'double precision')
    .addColumn('reported_at', 'bigint')
    .addColumn('cooldown_from', 'bigint')
    .addColumn('cooldown_until', 'bigint')
    .addColumn('cooldown_status', 'integer')
    .addColumn('quota_at', 'bigint')
    .execute();
  await db.schema
    .createTable('shared_account_members')
    .addColumn('account_hash', 'text', (column) => column.notNull())
    .addColumn('member', 'text', (column) => column.notNull())
    .addColumn('set_requests', 'double precision')
    .addColumn('set_tokens', 'double precision')
    .addColumn('held_requests', 'double precision', (column) => column.notNull())
    .addColumn('held_tokens', 'double precision', (column) => column.notNull())
    .addColumn('returned_requests', 'double precision', (column) => column.notNull())
    .addColumn('returned_tokens', 'double precision', (column) => column.notNull())
    .addColumn('renewed_at', 'bigint', (column) => column.notNull())
    .addPrimaryKeyConstraint('shared_account_members_pk', ['account_hash', 'member'])
    .execute();
}

/**
 * The account and its members in one table: one statement reads and locks what an exchange needs, and one writes it. What
 * was there is known again within seconds.
 */
async function replaceTables(db: Kysely<unknown>): Promise<void> {
  await db.schema.dropTable('shared_account_members').execute();
  await db.schema.dropTable('shared_accounts').execute();
  await db.schema
    .createTable('shared_account_states')
    .addColumn('account_hash', 'text', (column) => column.notNull())
    .addColumn('member', 'text', (column) => column.notNull())
    .addColumn('state', 'text', (column) => column.notNull())
    .addColumn('updated_at', 'bigint', (column) => column.notNull())
    .addPrimaryKeyConstraint('shared_account_states_pk', ['account_hash', 'member'])
    .execute();
}
