import { ownTaskStore, type SqlTaskStore, withPeers } from './stores/optional-peers.ts';
import type { PostgresDatabase, PostgresDatabaseOptions } from './stores/postgres/postgres-database.ts';

export { copyTask, SqlSharedAccounts, SqlTaskStore } from './stores/optional-peers.ts';
export type { PostgresDatabase, PostgresDatabaseOptions } from './stores/postgres/postgres-database.ts';
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

/**
 * Connects to the PostgreSQL database at `url`, `postgres://user:password@host:port/name` with the parameters of `pg`. Any
 * number of processes on any number of machines may use the same one. Tables are created in the first schema of the user's
 * `search_path`.
 *
 * While the server cannot be reached, what is read and written waits (`maxUnreachableMs`), so a restart or a failover of the
 * server loses nothing. A commit is as durable as the server's `synchronous_commit` says.
 *
 * @throws ToolkitError `STORE_UNAVAILABLE` when it cannot be opened or a package is not installed, `INVALID_OPTION`.
 */
export async function openPostgresDatabase(
  url: string,
  options?: PostgresDatabaseOptions,
): Promise<PostgresDatabase> {
  const module = await withPeers(
    '@panelist/toolkit/postgres',
    ['kysely', 'pg'],
    () => import('./stores/postgres/postgres-database.ts'),
  );
  return module.openPostgresDatabase(url, options);
}

/**
 * A task store of its own in the PostgreSQL database at `url`: `openPostgresDatabase` and `SqlTaskStore.open` in one. Its
 * `close` closes the connections.
 *
 * @example
 * const manager = new TaskManager({ store: await openPostgresTaskStore('postgres://localhost/tasks') });
 */
export async function openPostgresTaskStore(
  url: string,
  options?: PostgresDatabaseOptions,
): Promise<SqlTaskStore> {
  return ownTaskStore(await openPostgresDatabase(url, options));
}
