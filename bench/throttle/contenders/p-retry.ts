import pLimit from 'p-limit';
import pRetry from 'p-retry';
import { CONCURRENCY } from '../workload.ts';
import { type Contender, countFulfilled } from './contender.ts';
import { retryOptions } from './retry-options.ts';

const pRetryContender: Contender = (client) => {
  const limit = pLimit(CONCURRENCY);
  return countFulfilled(
    client.calls.map((call) => limit(() => pRetry(() => client.send(call), retryOptions))),
  );
};

export default pRetryContender;
