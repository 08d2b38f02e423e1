import { TaskManager } from '@panelist/toolkit';
import { openPostgresTaskStore } from '@panelist/toolkit/postgres';
import { openSqliteTaskStore } from '@panelist/toolkit/sqlite';
import { isPostgres } from '../database-path.ts';

/** The tasks of one database. */
export interface OpenTasks {
  readonly tasks: TaskManager;
  close(): Promise<void>;
}

/**
 * Opens the tasks of a SQLite file or a PostgreSQL database, for use cases that call no model: `openWorkspace` loads surveys and
 * model SDKs too, which takes longer than a list of tasks.
 *
 * @throws ToolkitError `STORE_…`
 */
export async function openTasks(database: string): Promise<OpenTasks> {
  const store = isPostgres(database)
    ? await openPostgresTaskStore(database)
    : await openSqliteTaskStore(database);
  return { tasks: new TaskManager({ store, maxResultsInMemory: 0 }), close: () => store.close() };
}
