import { ownTaskStore, type SqlTaskStore, withPeers } from './stores/optional-peers.ts';
import type { SqlDatabase } from './stores/sql/sql-database.ts';
import type { SqliteDatabaseOptions } from './stores/sqlite/sqlite-database.ts';

export { copyTask, SqlSharedAccounts, SqlTaskStore } from './stores/optional-peers.ts';
export type { CopiedTask, CopyTaskOptions } from './stores/sql/copy-task.ts';
export type { Notifier } from './stores/sql/notifier.ts';
export type {
  ComponentVersion,
  LockableQuery,
  SqlDatabase,
  StoreMigration,
  WriteOptions,
} from './stores/sql/sql-database.ts';
export type { SqlTaskStoreOptions } from './stores/sql/sql-task-store.ts';
export type { SqliteDatabaseOptions } from './stores/sqlite/sqlite-database.ts';

/**
 * Opens, and where needed creates, the SQLite file at `path`, in a folder that exists; `:memory:` is a database of its
 * own, gone when closed. The file may be open in several processes of one machine. It is readable by its owner only.
 *
 * Every commit is on the disk before it is acknowledged (write-ahead log, `synchronous=FULL`).
 *
 * @throws ToolkitError `STORE_UNAVAILABLE` when it cannot be opened or kysely is not installed, `STORE_BUSY`,
 *   `INVALID_OPTION`.
 */
export async function openSqliteDatabase(
  path: string,
  options?: SqliteDatabaseOptions,
): Promise<SqlDatabase> {
  const module = await withPeers(
    '@panelist/toolkit/sqlite',
    ['kysely'],
    () => import('./stores/sqlite/sqlite-database.ts'),
  );
  return module.openSqliteDatabase(path, options);
}

/**
 * A task store of its own in the SQLite file at `path`: `openSqliteDatabase` and `SqlTaskStore.open` in one. Its
 * `close` closes the file.
 *
 * @example
 * const manager = new TaskManager({ store: await openSqliteTaskStore('tasks.db') });
 */
export async function openSqliteTaskStore(
  path: string,
  options?: SqliteDatabaseOptions,
): Promise<SqlTaskStore> {
  return ownTaskStore(await openSqliteDatabase(path, options));
}
