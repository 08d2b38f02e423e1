import PQueue from 'p-queue';
import pRetry from 'p-retry';
import { LIMIT } from '../scenarios.ts';
import { CONCURRENCY } from '../workload.ts';
import { type Contender, countFulfilled } from './contender.ts';
import { retryOptions } from './retry-options.ts';

/**
 * Starts at most as many calls per minute as the limit. Retries do not go through the queue again: if the server allows
 * no burst, that would take three times as long.
 */
const pQueue: Contender = (client) => {
  const queue = new PQueue({ concurrency: CONCURRENCY, intervalCap: LIMIT, interval: 60_000, strict: true });
  return countFulfilled(
    client.calls.map((call) => queue.add(() => pRetry(() => client.send(call), retryOptions))),
  );
};

export default pQueue;
