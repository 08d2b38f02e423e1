import Bottleneck from 'bottleneck';
import { HttpError, isRetryable } from '../client.ts';
import { LIMIT } from '../scenarios.ts';
import { CONCURRENCY } from '../workload.ts';
import { type Contender, countFulfilled, RETRIES } from './contender.ts';

/** A reservoir of the limit's size, refreshed each minute; the `failed` event requests the retries. */
const bottleneck: Contender = async (client) => {
  const limiter = new Bottleneck({
    maxConcurrent: CONCURRENCY,
    reservoir: LIMIT,
    reservoirRefreshAmount: LIMIT,
    reservoirRefreshInterval: 60_000,
  });
  limiter.on('failed', (error: unknown, { retryCount }) => {
    if (!isRetryable(error) || retryCount >= RETRIES) return;
    const retryAfterMs = error instanceof HttpError ? error.retryAfterMs : undefined;
    return Math.max(retryAfterMs ?? 0, Math.round((1 + Math.random()) * 1_000 * 2 ** retryCount));
  });
  const succeeded = await countFulfilled(
    client.calls.map((call) => limiter.schedule(() => client.send(call))),
  );
  await limiter.disconnect();
  return succeeded;
};

export default bottleneck;
