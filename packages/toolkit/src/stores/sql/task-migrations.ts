import { type ColumnDefinitionBuilder, type Kysely, type RawBuilder, sql } from 'kysely';
import type { Migration } from 'kysely/migration';
import type { SqlDatabase } from './sql-database.ts';

/** Append only: a published migration has been run on users' databases. */
export function taskMigrations(dialect: SqlDatabase['dialect']): Readonly<Record<string, Migration>> {
  return {
    '0001-tasks': { up: (db) => createTables(db, dialect) },
    '0002-settings': { up: addSettings },
  };
}

/** Keys are compared and ordered by their bytes, whatever language the database is set to. */
export function keyType(dialect: SqlDatabase['dialect']): 'text' | RawBuilder<string> {
  return dialect === 'sqlite' ? 'text' : sql<string>`text collate "C"`;
}

/**
 * PostgreSQL would look the task up for each row alone, and lock it: a tenth of the time of recording a result. The store
 * writes these rows only in transactions that create the task or lock it.
 */
function ofTask(
  dialect: SqlDatabase['dialect'],
): (column: ColumnDefinitionBuilder) => ColumnDefinitionBuilder {
  return (column) => (dialect === 'sqlite' ? column.notNull().references('tasks.task_id') : column.notNull());
}

async function createTables(db: Kysely<unknown>, dialect: SqlDatabase['dialect']): Promise<void> {
  const key = keyType(dialect);
  await db.schema
    .createTable('tasks')
    .addColumn('task_id', key, (column) => column.primaryKey())
    .addColumn('task_key', key, (column) => column.notNull())
    .addColumn('fingerprint', key, (column) => column.notNull())
    .addColumn('job', 'text')
    .addColumn('status', 'text', (column) => column.notNull())
    .addColumn('revision', 'bigint', (column) => column.notNull())
    .addColumn('total_count', 'bigint', (column) => column.notNull())
    .addColumn('completed_count', 'bigint', (column) => column.notNull())
    .addColumn('success_count', 'bigint', (column) => column.notNull())
    .addColumn('failed_count', 'bigint', (column) => column.notNull())
    .addColumn('error_message', 'text')
    .addColumn('created_at', 'bigint', (column) => column.notNull())
    .addColumn('started_at', 'bigint')
    .addColumn('finished_at', 'bigint')
    .addColumn('lease_owner', 'text')
    .addColumn('lease_expires_at', 'bigint')
    .execute();
  // What makes creation atomic: of two active tasks that are the same, the second cannot be inserted.
  await db.schema
    .createIndex('tasks_active')
    .unique()
    .on('tasks')
    .columns(['task_key', 'fingerprint'])
    .where(sql.ref('status'), 'in', sql`('pending', 'running', 'paused')`)
    .execute();
  await db.schema.createIndex('tasks_by_age').on('tasks').columns(['created_at', 'task_id']).execute();
  await db.schema.createIndex('tasks_by_key').on('tasks').columns(['task_key', 'created_at']).execute();
  await db.schema
    .createTable('task_params')
    .addColumn('task_id', key, (column) => column.primaryKey().references('tasks.task_id'))
    .addColumn('params', 'text', (column) => column.notNull())
    .execute();
  await db.schema
    .createTable('task_items')
    .addColumn('task_id', key, ofTask(dialect))
    .addColumn('position', 'bigint', (column) => column.notNull())
    .addColumn('item_key', key, (column) => column.notNull())
    .addColumn('input', 'text', (column) => column.notNull())
    .addPrimaryKeyConstraint('task_items_pk', ['task_id', 'position'])
    .addUniqueConstraint('task_items_by_key', ['task_id', 'item_key'])
    .execute();
  await db.schema
    .createTable('task_results')
    .addColumn('task_id', key, ofTask(dialect))
    .addColumn('sequence', 'bigint', (column) => column.notNull())
    .addColumn('item_key', key)
    .addColumn('success', 'integer', (column) => column.notNull())
    .addColumn('result', 'text', (column) => column.notNull())
    .addColumn('recorded_at', 'bigint', (column) => column.notNull())
    .addPrimaryKeyConstraint('task_results_pk', ['task_id', 'sequence'])
    .addUniqueConstraint('task_results_by_key', ['task_id', 'item_key'])
    .execute();
}

async function addSettings(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .alterTable('tasks')
    .addColumn('settings', 'text', (column) => column.notNull().defaultTo('{}'))
    .execute();
}
