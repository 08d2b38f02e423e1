import PQueue from 'p-queue';
import pRetry from 'p-retry';
import { LIMIT } from '../scenarios.ts';
import { CONCURRENCY } from '../workload.ts';
import { type Contender, countFulfilled } from './contender.ts';
import { retryOptions } from './retry-options.ts';

/**
 * Not more calls begun than the limit in any minute. Retries do not go through the queue again: where the server allows
 * no burst that would take three times as long.
 */
const pQueue: Contender = (client) => {
  const queue = new PQueue({ concurrency: CONCURRENCY, intervalCap: LIMIT, interval: 60_000, strict: true });
  return countFulfilled(
    client.calls.map((call) => queue.add(() => pRetry(() => client.send(call), retryOptions))),
  );
};

export default pQueue;
