import { TaskManager } from '@panelist/toolkit';
import { openSqliteTaskStore } from '@panelist/toolkit/sqlite';

/** The tasks of one database. */
export interface OpenTasks {
  readonly tasks: TaskManager;
  close(): Promise<void>;
}

/**
 * Opens the tasks of the SQLite file `database`, for use cases that call no model: `openWorkspace` loads surveys and
 * model SDKs too, which takes longer than a list of tasks.
 *
 * @throws ToolkitError `STORE_…`
 */
export async function openTasks(database: string): Promise<OpenTasks> {
  const store = await openSqliteTaskStore(database);
  return { tasks: new TaskManager({ store, maxResultsInMemory: 0 }), close: () => store.close() };
}
