import { TaskManager } from '@panelist/toolkit';
import { type SqlDatabase, SqlTaskStore } from '@panelist/toolkit/sqlite';
import { latencyOf, openDatabase } from '../open-database.ts';
import type { WorkerView } from '../workers/list-workers.ts';

/** The tasks of one database. */
export interface OpenTasks {
  readonly tasks: TaskManager;
  /** Which processes work on them. @throws ToolkitError `STORE_…`; PanelistError `ROW_INVALID` */
  workers(): Promise<readonly WorkerView[]>;
  /** Whether this program may still work on the database's tables. @throws ToolkitError `STORE_NEWER`, `STORE_OUTDATED` */
  checkSchema(): Promise<void>;
  /** Seconds that one question to the database takes. @throws ToolkitError `STORE_…` */
  databaseLatency(): Promise<number>;
  close(): Promise<void>;
}

/**
 * Opens the tasks of a SQLite file or a PostgreSQL database, for use cases that call no model: `openWorkspace` loads surveys and
 * model SDKs too, which takes longer than a list of tasks.
 *
 * @throws ToolkitError `STORE_…`
 */
export async function openTasks(address: string): Promise<OpenTasks> {
  const { database, close } = await openDatabase(address, { withoutQueue: true });
  try {
    const store = await SqlTaskStore.open(database);
    return {
      tasks: new TaskManager({ store, maxResultsInMemory: 0 }),
      workers: workersOf(database),
      checkSchema: () => database.checkSchema(),
      databaseLatency: () => latencyOf(database),
      async close() {
        await store.close();
        await close();
      },
    };
  } catch (error) {
    await close();
    throw error;
  }
}

/** Opened when somebody asks. */
function workersOf(database: SqlDatabase): OpenTasks['workers'] {
  return async () => {
    const { WorkerRegistry } = await import('../../workers/sql-worker-registry.ts');
    const { workersIn } = await import('../workers/list-workers.ts');
    return workersIn(await WorkerRegistry.open(database));
  };
}
