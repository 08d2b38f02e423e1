import { SqlTaskStore } from './stores/sql-task-store.ts';
import { openSqliteDatabase, type SqliteDatabaseOptions } from './stores/sqlite-database.ts';

export type { SqlDatabase } from './stores/sql-database.ts';
export { SqlTaskStore, type SqlTaskStoreOptions } from './stores/sql-task-store.ts';
export { openSqliteDatabase, type SqliteDatabaseOptions } from './stores/sqlite-database.ts';

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
