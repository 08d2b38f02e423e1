/**
 * graphile-worker with the settings of its documentation's page on performance: a local queue of 500 jobs and batched
 * completion. A job's result is inserted by the job, grouped with those of the jobs beside it.
 */
import { Logger, makeWorkerUtils, type Runner, run } from 'graphile-worker';
import { Pool } from 'pg';
import type { Contender } from '../contender.ts';
import { createResultsTable, GroupedInserts, resultCounts } from '../results-table.ts';

const TASK = 'item';
const logger = new Logger(() => (level, message) => {
  if (level === 'error') console.error(message);
});

export const graphileWorker: Contender = {
  title: 'graphile-worker',
  async open({ postgres }) {
    const pool = new Pool({ connectionString: postgres });
    await createResultsTable(pool);
    const utils = await makeWorkerUtils({ pgPool: pool, logger });
    await utils.migrate();
    return {
      async submit(keys) {
        await utils.addJobs(keys.map((key) => ({ identifier: TASK, payload: { key } })));
        await pool.query('analyze');
      },
      ...resultCounts(pool),
      async close() {
        await utils.release();
        await pool.end();
      },
    };
  },
  async work({ postgres }, { concurrency }, workOnItem) {
    const pool = new Pool({ connectionString: postgres });
    await pool.query('select 1');
    const results = new GroupedInserts(pool);
    let runner: Runner | undefined;
    return {
      async start() {
        runner = await run({
          preset: {
            worker: {
              connectionString: postgres,
              concurrentJobs: concurrency,
              maxPoolSize: concurrency + 2,
              localQueue: { size: 500 },
              completeJobBatchDelay: 0,
              failJobBatchDelay: 0,
            },
          },
          logger,
          noHandleSignals: true,
          parsedCronItems: [],
          taskList: {
            [TASK]: async (payload) => {
              const { key } = payload as { key: string };
              await results.record(key, await workOnItem(key));
            },
          },
        });
      },
      async stop() {
        await runner?.stop();
        await pool.end();
      },
    };
  },
};
