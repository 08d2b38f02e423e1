/** pg-boss's `work()` with its defaults, but for the concurrency that all contenders have. */
import { Pool } from 'pg';
import { PgBoss } from 'pg-boss';
import type { Contender } from '../contender.ts';
import { createResultsTable, GroupedInserts, resultCounts } from '../results-table.ts';

const QUEUE = 'items';

export const pgBossDefaults: Contender = {
  title: "pg-boss's work(), defaults",
  measuredForSeconds: 10,
  async open({ postgres }) {
    const pool = new Pool({ connectionString: postgres });
    await createResultsTable(pool);
    const boss = new PgBoss(postgres);
    boss.on('error', console.error);
    await boss.start();
    await boss.createQueue(QUEUE);
    return {
      async submit(keys) {
        await boss.insert(
          QUEUE,
          keys.map((key) => ({ data: { key } })),
        );
      },
      ...resultCounts(pool),
      async close() {
        await boss.stop({ graceful: false });
        await pool.end();
      },
    };
  },
  async work({ postgres }, { concurrency }, workOnItem) {
    const boss = new PgBoss(postgres);
    boss.on('error', console.error);
    await boss.start();
    const pool = new Pool({ connectionString: postgres });
    const results = new GroupedInserts(pool);
    return {
      async start() {
        await boss.work<{ key: string }>(QUEUE, { localConcurrency: concurrency }, async ([job]) => {
          await results.record(job!.data.key, await workOnItem(job!.data.key));
        });
      },
      async stop() {
        await boss.stop({ graceful: false });
        await pool.end();
      },
    };
  },
};
