import { openPgBossQueue, PgBossRunner } from '../../packages/toolkit/src/pg-boss.ts';
import { openPostgresDatabase, SqlTaskStore } from '../../packages/toolkit/src/postgres.ts';
import { TaskManager } from '../../packages/toolkit/src/tasks/task-manager.ts';

/** A runner with what is below it, on the database at `url`. */
export async function openCluster(url: string, { maxConcurrency = 50 } = {}) {
  const database = await openPostgresDatabase(url);
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
