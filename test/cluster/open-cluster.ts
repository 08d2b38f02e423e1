import { openPgBossQueue, PgBossRunner } from '../../packages/toolkit/src/pg-boss.ts';
import {
  openPostgresDatabase,
  type PostgresDatabase,
  type PostgresDatabaseOptions,
  SqlTaskStore,
  type StoreMigration,
} from '../../packages/toolkit/src/postgres.ts';
import { TaskManager } from '../../packages/toolkit/src/tasks/task-manager.ts';

/**
 * Of a later version of this program: whether its changes of the tables are ones with which this version can go on. It is asked
 * to make them.
 */
export type LaterVersion = 'compatible' | 'incompatible';

export interface OpenClusterOptions {
  readonly maxConcurrency?: number;
  readonly later?: LaterVersion | undefined;
}

/** A runner with what is below it, on the database at `url`. */
export async function openCluster(url: string, { maxConcurrency = 50, later }: OpenClusterOptions = {}) {
  const database = await (later === undefined ? openPostgresDatabase(url) : openLater(url, later));
  const queue = await openPgBossQueue(database);
  const tasks = new TaskManager({ store: await SqlTaskStore.open(database, { queue }) });
  return {
    database,
    queue,
    tasks,
    runner: new PgBossRunner({ tasks, queue, maxConcurrency }),
    async close() {
      await tasks.store.close();
      await queue.close();
      await database.close();
    },
  };
}

/** As the later version would open it: with one more migration of the tasks. */
async function openLater(url: string, later: LaterVersion): Promise<PostgresDatabase> {
  const isCompatible = later === 'compatible';
  const updatesSchema: PostgresDatabaseOptions['updatesSchema'] = isCompatible ? 'compatible' : true;
  const database = await openPostgresDatabase(url, { updatesSchema });
  const migrate = database.migrate.bind(database);
  const ofTasks: StoreMigration = {
    isCompatible,
    async up(db) {
      for (const table of ['tasks', 'task_items', 'task_results'])
        await db.schema
          .alterTable(table)
          .addColumn('later', 'text', (column) => column.notNull().defaultTo('unknown'))
          .execute();
    },
  };
  database.migrate = (name, migrations) =>
    migrate(name, name === 'tasks' ? { ...migrations, '9999-later': ofTasks } : migrations);
  return database;
}
