import type { Options } from 'p-retry';
import { HttpError, isRetryable } from '../client.ts';
import { RETRIES } from './contender.ts';

/** p-retry as a careful user configures it: randomised 1, 2, 4 s, after the wait that the server requested. */
export const retryOptions: Options = {
  retries: RETRIES,
  randomize: true,
  shouldRetry: ({ error }) => isRetryable(error),
  async onFailedAttempt({ error, retriesLeft }) {
    const retryAfterMs = error instanceof HttpError ? error.retryAfterMs : undefined;
    if (retryAfterMs === undefined || retriesLeft === 0) return;
    await new Promise((resolve) => setTimeout(resolve, retryAfterMs));
  },
};
