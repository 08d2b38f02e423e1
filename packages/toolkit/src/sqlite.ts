import { ToolkitError } from './errors/toolkit-error.ts';
import type { SqlDatabase } from './stores/sql/sql-database.ts';
import type { SqlTaskStoreOptions, SqlTaskStore as Store } from './stores/sql/sql-task-store.ts';
import type { SqliteDatabaseOptions } from './stores/sqlite/sqlite-database.ts';

export type { SqlDatabase, WriteOptions } from './stores/sql/sql-database.ts';
export type { SqlTaskStoreOptions } from './stores/sql/sql-task-store.ts';
export type { SqliteDatabaseOptions } from './stores/sqlite/sqlite-database.ts';

/** Stores tasks in a SQL database. Any number of processes may use the same one. */
export type SqlTaskStore = Store;
export const SqlTaskStore: {
  /**
   * Creates or updates the store's tables in `database`.
   * @throws ToolkitError `STORE_…`
   */
  open(database: SqlDatabase, options?: SqlTaskStoreOptions): Promise<SqlTaskStore>;
} = {
  async open(database, options) {
    const module = await withKysely(() => import('./stores/sql/sql-task-store.ts'));
    return module.SqlTaskStore.open(database, options);
  },
};

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
  const module = await withKysely(() => import('./stores/sqlite/sqlite-database.ts'));
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
  const database = await openSqliteDatabase(path, options);
  try {
    return await SqlTaskStore.open(database, { closesDatabase: true });
  } catch (error) {
    await database.close();
    throw error;
  }
}

/** Loads a module that imports kysely, an optional peer, only when it is used: an import that fails can't explain itself. */
async function withKysely<Module>(load: () => Promise<Module>): Promise<Module> {
  try {
    return await load();
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code !== 'ERR_MODULE_NOT_FOUND' || !message.includes("'kysely'")) throw error;
    throw new ToolkitError(
      'STORE_UNAVAILABLE',
      '@panelist/toolkit/sqlite needs the package kysely, which is not installed. Run: npm install kysely',
      { cause: error },
    );
  }
}
