import { ToolkitError } from '../errors/toolkit-error.ts';
import type { CopiedTask, CopyTaskOptions } from './sql/copy-task.ts';
import type { SqlDatabase } from './sql/sql-database.ts';
import type { SqlSharedAccounts as Accounts } from './sql/sql-shared-accounts.ts';
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

/**
 * What the processes on one SQL database share of the accounts that they call: give each `Throttle` its account, and
 * together they stay within the account's limits.
 *
 * Of an account's key only its SHA-256 is stored. The database's clock measures all times. An account under load costs each
 * process about five small transactions a second.
 *
 * @example
 * const database = await openPostgresDatabase('postgres://localhost/work');
 * const accounts = await SqlSharedAccounts.open(database);
 * const throttle = new Throttle({
 *   requestsPerMinute: 500,
 *   shared: accounts.account('provider, model and which API key'),
 * });
 */
export type SqlSharedAccounts = Accounts;
export const SqlSharedAccounts: {
  /**
   * Creates or updates the tables in `database`.
   * @throws ToolkitError `STORE_…`
   */
  open(database: SqlDatabase): Promise<SqlSharedAccounts>;
} = {
  async open(database) {
    const load = () => import('./sql/sql-shared-accounts.ts');
    const module = await withPeers('@panelist/toolkit', ['kysely'], load);
    return module.SqlSharedAccounts.open(database);
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

/**
 * Copies a task with its parameters, settings, items and results from one database to another, of either dialect. Both must
 * have the tables of `SqlTaskStore`. It is one transaction: the target has all of it or nothing, and what is read back there
 * has the checksum of what was read here. Where the target has the task already, in the same state or an earlier one, only
 * what it lacks is written; so a copy may be repeated. Takes the memory of a few hundred rows.
 *
 * @throws ToolkitError `TASK_NOT_FOUND`; `TASK_BUSY` for a task that a process works on, or that is changed meanwhile;
 *   `TASK_DIFFERS` where the target has another state of it, or another active task with the same key and parameters;
 *   `STORE_…`. Or the signal's reason.
 */
export async function copyTask(
  from: SqlDatabase,
  to: SqlDatabase,
  taskId: string,
  options?: CopyTaskOptions,
): Promise<CopiedTask> {
  const module = await withPeers('@panelist/toolkit', ['kysely'], () => import('./sql/copy-task.ts'));
  return module.copyTask(from, to, taskId, options);
}
