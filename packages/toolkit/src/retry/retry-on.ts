import type { Classification, ErrorKind } from '../classify/classification.ts';
import { RateLimitError } from '../errors/rate-limit-error.ts';
import { TimeoutError } from '../errors/timeout-error.ts';
import type { ErrorClass } from './retry-options.ts';
import type { RetryPolicy } from './retry-policy.ts';

/** Our two classes stand for a kind of error, since no SDK throws them. */
const KIND_BY_CLASS: ReadonlyMap<ErrorClass, ErrorKind> = new Map<ErrorClass, ErrorKind>([
  [RateLimitError, 'rate-limit'],
  [TimeoutError, 'timeout'],
]);

/** The verdict on an error once `retryOn` has had its say. */
export function verdictOn(
  error: unknown,
  attempt: number,
  classification: Classification,
  { retryOn }: RetryPolicy,
): Classification['verdict'] {
  const { verdict, kind } = classification;
  if (retryOn === undefined) return verdict;
  if (typeof retryOn === 'function') {
    if (retryOn(error, { attempt })) return 'retry';
    return verdict === 'stop' ? 'stop' : 'never';
  }
  // An SDK gives an exhausted quota the class of a throttle, and an abort is an Error too.
  if (verdict === 'stop' || kind === 'abort') return verdict;
  const named = retryOn.some((each) => error instanceof each || KIND_BY_CLASS.get(each) === kind);
  return named ? 'retry' : 'never';
}
