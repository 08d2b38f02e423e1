/** Ours: `PgBossRunner` on PostgreSQL, as `panelist worker` uses it. */
import { Pool } from 'pg';
import { openPgBossQueue, PgBossRunner } from '../../../packages/toolkit/src/pg-boss.ts';
import { openPostgresDatabase, SqlTaskStore } from '../../../packages/toolkit/src/postgres.ts';
import { TaskManager } from '../../../packages/toolkit/src/tasks/task-manager.ts';
import type { Contender } from '../contender.ts';
import { resultCounts } from '../results-table.ts';

const JOB = 'item';

export async function openCluster(postgres: string, maxConcurrency = 50) {
  const database = await openPostgresDatabase(postgres);
  const queue = await openPgBossQueue(database);
  const tasks = new TaskManager({ store: await SqlTaskStore.open(database, { queue }) });
  const runner = new PgBossRunner({ tasks, queue, maxConcurrency });
  return {
    runner,
    tasks,
    queue,
    async close() {
      await runner.shutdown({ drainMs: 0 });
      await tasks.store.close();
      await queue.close();
      await database.close();
    },
  };
}

export const panelist: Contender = {
  title: 'Panelist',
  async open({ postgres }) {
    const { tasks, close } = await openCluster(postgres);
    const pool = new Pool({ connectionString: postgres });
    let submissions = 0;
    return {
      // As `runner.submit` does, but leaves all the work to the workers.
      async submit(keys) {
        submissions += 1;
        const items = keys.map((key) => ({ key, input: key }));
        await tasks.getOrCreateTask({ job: JOB, taskKey: `task-${submissions}`, items });
      },
      ...resultCounts(pool, { table: 'task_results', key: '(task_id, item_key)', where: 'true' }),
      async close() {
        await close();
        await pool.end();
      },
    };
  },
  async work({ postgres }, { concurrency }, workOnItem) {
    const { runner, close } = await openCluster(postgres, concurrency);
    runner.register<string, unknown>(JOB, { run: workOnItem });
    return {
      async start() {
        runner.serve();
      },
      stop: close,
    };
  },
};
