import { AdaptiveRetryStrategy } from '@smithy/util-retry';
import pLimit from 'p-limit';
import { type Client, HttpError } from '../client.ts';
import { CONCURRENCY } from '../workload.ts';
import { type Contender, countFulfilled, RETRIES } from './contender.ts';

type Token = Parameters<AdaptiveRetryStrategy['recordSuccess']>[0];

/** The strategy of `retryMode: 'adaptive'`, called like the SDK's retry middleware calls it. */
const awsAdaptive: Contender = (client) => {
  const strategy = new AdaptiveRetryStrategy(async () => RETRIES + 1);
  const limit = pLimit(CONCURRENCY);
  return countFulfilled(client.calls.map((call) => limit(() => send(client, call, strategy))));
};

async function send(client: Client, call: number, strategy: AdaptiveRetryStrategy): Promise<void> {
  let token = (await strategy.acquireInitialRetryToken('')) as Token;
  for (;;) {
    try {
      await client.send(call);
      strategy.recordSuccess(token);
      return;
    } catch (error) {
      if (!(error instanceof HttpError)) throw error;
      const retryAfterMs = error.retryAfterMs;
      try {
        token = (await strategy.refreshRetryTokenForRetry(token, {
          errorType: error.status === 429 ? 'THROTTLING' : 'TRANSIENT',
          ...(retryAfterMs === undefined ? {} : { retryAfterHint: new Date(Date.now() + retryAfterMs) }),
        })) as Token;
      } catch {
        // It has no attempts or no retry capacity left.
        throw error;
      }
      const delayMs = token.getRetryDelay();
      if (delayMs > 0) await new Promise((resolve) => setTimeout(resolve, delayMs));
    }
  }
}

export default awsAdaptive;
