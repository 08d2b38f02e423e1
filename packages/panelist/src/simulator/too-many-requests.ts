import type { Refusal } from './account-limits.ts';
import { ApiError } from './api-error.ts';

/** The 429 for a refusal by quota or limits. `withHint` decides whether it says how long to wait. */
export function refusedError(refusal: Refusal, withHint: boolean): ApiError {
  if (refusal.reason === 'quota') {
    return new ApiError(429, {
      message: 'Simulated: you exceeded your current quota, please check your plan and billing details.',
      type: 'insufficient_quota',
      code: 'insufficient_quota',
    });
  }
  const { reason, perMinute, waitMs } = refusal;
  return rateLimitError(
    reason,
    `Simulated: rate limit reached on ${reason} per minute. Limit ${perMinute}, please try again in ${waitMs}ms.`,
    withHint ? waitMs : null,
  );
}

/** The 429 of a planted fault. */
export function plantedRateLimitError(waitMs: number | null): ApiError {
  return rateLimitError('requests', 'Simulated: rate limit reached.', waitMs);
}

function rateLimitError(type: 'requests' | 'tokens', message: string, waitMs: number | null): ApiError {
  return new ApiError(429, {
    message,
    type,
    code: 'rate_limit_exceeded',
    // `retry-after` has whole seconds with OpenAI: the other is the exact one.
    headers:
      waitMs === null
        ? {}
        : { 'retry-after': String(Math.ceil(waitMs / 1_000)), 'retry-after-ms': String(waitMs) },
  });
}
