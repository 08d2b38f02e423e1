import {
  bulkhead,
  DelegateBackoff,
  ExponentialBackoff,
  handleWhen,
  type IBackoff,
  type IRetryBackoffContext,
  retry,
  wrap,
} from 'cockatiel';
import { HttpError, isRetryable } from '../client.ts';
import { CONCURRENCY } from '../workload.ts';
import { type Contender, countFulfilled, RETRIES } from './contender.ts';

/** Its own exponential back-off with decorrelated jitter, but at least `Retry-After`. */
const backoff = new DelegateBackoff<IRetryBackoffContext<unknown>, IBackoff<unknown>>(
  ({ result }, previous) => {
    const own = previous?.next(undefined) ?? new ExponentialBackoff().next();
    const requested = 'error' in result && result.error instanceof HttpError ? result.error.retryAfterMs : 0;
    return { delay: Math.max(requested ?? 0, own.duration), state: own };
  },
);

const cockatiel: Contender = (client) => {
  const policy = wrap(
    bulkhead(CONCURRENCY, Number.POSITIVE_INFINITY),
    retry(handleWhen(isRetryable), { maxAttempts: RETRIES, backoff }),
  );
  return countFulfilled(client.calls.map((call) => policy.execute(() => client.send(call))));
};

export default cockatiel;
