/** BullMQ on its PostgreSQL backend, which stores a job's return value in the row of the job. */
import { createPostgresBackend, Queue, Worker } from 'bullmq';
import { Pool } from 'pg';
import type { Contender } from '../contender.ts';
import { resultCounts } from '../results-table.ts';
import { addInBulk, QUEUE, startedWorker } from './bullmq-queue.ts';

export const bullmqPostgres: Contender = {
  title: 'BullMQ on PostgreSQL',
  async open({ postgres }) {
    const connection = { connectionString: postgres, migrate: true };
    const queue = new Queue(QUEUE, { connection }, createPostgresBackend);
    await queue.waitUntilReady();
    const pool = new Pool({ connectionString: postgres });
    return {
      async submit(keys) {
        await addInBulk(queue, keys);
        await pool.query('analyze');
      },
      ...resultCounts(pool, { table: 'bullmq.job', key: 'id', where: "state = 'completed'" }),
      async close() {
        await queue.close();
        await pool.end();
      },
    };
  },
  async work({ postgres }, { concurrency }, workOnItem) {
    const worker = new Worker(
      QUEUE,
      ({ data }: { readonly data: { readonly key: string } }) => workOnItem(data.key),
      { connection: { connectionString: postgres, max: concurrency }, concurrency, autorun: false },
      createPostgresBackend,
    );
    return startedWorker(worker);
  },
};
