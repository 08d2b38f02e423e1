import { ToolkitError } from '../errors/toolkit-error.ts';
import type { SqlDatabase } from './sql/sql-database.ts';
import type { SqlTaskStoreOptions, SqlTaskStore as Store } from './sql/sql-task-store.ts';

/**
 * Loads a module that imports optional peers only when it is used: an import that fails can't explain itself.
 *
 * @throws ToolkitError `STORE_UNAVAILABLE` where one of `peers` isn't installed
 */
export async function withPeers<Module>(
  entry: string,
  peers: readonly string[],
  load: () => Promise<Module>,
): Promise<Module> {
  try {
    return await load();
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    const missing = peers.find((peer) => message.includes(`'${peer}'`));
    if (code !== 'ERR_MODULE_NOT_FOUND' || missing === undefined) throw error;
    throw new ToolkitError(
      'STORE_UNAVAILABLE',
      `${entry} needs the package ${missing}, which is not installed. Run: npm install ${missing}`,
      { cause: error },
    );
  }
}

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
    const module = await withPeers('@panelist/toolkit', ['kysely'], () => import('./sql/sql-task-store.ts'));
    return module.SqlTaskStore.open(database, options);
  },
};

/** Opens a task store of its own on a database, and closes that where it cannot. */
export async function ownTaskStore(database: SqlDatabase): Promise<SqlTaskStore> {
  try {
    return await SqlTaskStore.open(database, { closesDatabase: true });
  } catch (error) {
    await database.close();
    throw error;
  }
}
