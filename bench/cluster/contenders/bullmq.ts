/**
 * BullMQ on Redis. Redis appends every write to its file and flushes the file once a second, as BullMQ's documentation
 * recommends. So a power cut loses up to a second of what Redis acknowledged; what PostgreSQL acknowledged stays. Two
 * contenders: a job inserts its result into PostgreSQL, as for all others; and BullMQ stores it in Redis.
 */
import { type ConnectionOptions, Queue, Worker } from 'bullmq';
import { Pool } from 'pg';
import type { Addresses, Contender } from '../contender.ts';
import { createResultsTable, GroupedInserts, resultCounts } from '../results-table.ts';
import { addInBulk, QUEUE, startedWorker } from './bullmq-queue.ts';

const connectionTo = ({ redis }: Addresses): ConnectionOptions => {
  const { hostname, port } = new URL(redis!);
  return { host: hostname, port: Number(port), maxRetriesPerRequest: null };
};

export const bullmq: Contender = {
  title: 'BullMQ on Redis',
  needsRedis: true,
  async open(at) {
    const pool = new Pool({ connectionString: at.postgres });
    await createResultsTable(pool);
    const queue = new Queue(QUEUE, { connection: connectionTo(at) });
    await queue.waitUntilReady();
    return {
      submit: (keys) => addInBulk(queue, keys),
      ...resultCounts(pool),
      async close() {
        await queue.close();
        await pool.end();
      },
    };
  },
  async work(at, { concurrency }, workOnItem) {
    const pool = new Pool({ connectionString: at.postgres });
    const results = new GroupedInserts(pool);
    const worker = new Worker<{ key: string }>(
      QUEUE,
      async ({ data: { key } }) => {
        await results.record(key, await workOnItem(key));
      },
      { connection: connectionTo(at), concurrency, autorun: false },
    );
    return startedWorker(worker, () => pool.end());
  },
};

export const bullmqRedis: Contender = {
  title: 'BullMQ on Redis, results too',
  needsRedis: true,
  async open(at) {
    const queue = new Queue(QUEUE, { connection: connectionTo(at) });
    await queue.waitUntilReady();
    return {
      submit: (keys) => addInBulk(queue, keys),
      count: () => queue.getCompletedCount(),
      // A job is one hash with one return value: it cannot be recorded twice.
      async recorded() {
        const rows = await queue.getCompletedCount();
        return { rows, distinctKeys: rows };
      },
      close: () => queue.close(),
    };
  },
  async work(at, { concurrency }, workOnItem) {
    const worker = new Worker<{ key: string }, string>(QUEUE, ({ data: { key } }) => workOnItem(key), {
      connection: connectionTo(at),
      concurrency,
      autorun: false,
    });
    return startedWorker(worker);
  },
};
