/**
 * pg-boss's own `work()` as its documentation tunes it for throughput: a batch as large as the worker's concurrency,
 * fetched again at once while batches come back full, NOTIFY for the rest; results are inserted in the transaction that
 * completes the batch.
 */
import { Pool } from 'pg';
import { type Job, PgBoss } from 'pg-boss';
import type { Contender } from '../contender.ts';
import { createResultsTable, insertResults, resultCounts } from '../results-table.ts';

const QUEUE = 'items';

export const pgBoss: Contender = {
  title: "pg-boss's work(), tuned",
  async open({ postgres }) {
    const pool = new Pool({ connectionString: postgres });
    await createResultsTable(pool);
    const boss = new PgBoss({ connectionString: postgres, supervise: false, schedule: false });
    boss.on('error', console.error);
    await boss.start();
    await boss.createQueue(QUEUE, { notify: true, heartbeatSeconds: 10, retryLimit: 100 });
    return {
      async submit(keys) {
        await boss.insert(
          QUEUE,
          keys.map((key) => ({ data: { key } })),
        );
        await pool.query('analyze');
      },
      ...resultCounts(pool),
      async close() {
        await boss.stop({ graceful: false });
        await pool.end();
      },
    };
  },
  async work({ postgres }, { concurrency }, workOnItem) {
    const boss = new PgBoss({
      connectionString: postgres,
      schedule: false,
      useListenNotify: true,
      superviseIntervalSeconds: 1,
      monitorIntervalSeconds: 1,
    });
    boss.on('error', console.error);
    await boss.start();
    return {
      async start() {
        await boss.work(
          QUEUE,
          {
            batchSize: concurrency,
            burstWhenBatchFull: true,
            pollingIntervalSeconds: 0.5,
            transactional: true,
          },
          async (jobs: Job<{ key: string }>[], transaction) => {
            const results = await Promise.all(jobs.map(({ data }) => workOnItem(data.key)));
            await transaction.executeSql(insertResults, [jobs.map(({ data }) => data.key), results]);
          },
        );
      },
      stop: () => boss.stop({ graceful: false }),
    };
  },
};
