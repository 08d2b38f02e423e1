import type { Quota } from './rate-limit.ts';

export type HeaderFields = Record<string, string>;

/** The headers that a server sends: all, only a refusal's `Retry-After`, or none. */
export type Hints = 'all' | 'retry-after' | 'none';

/** A duration in Go's format, which OpenAI sends: `120ms`, `7.66s`, `1m0s`. */
export function goDuration(ms: number): string {
  if (ms === 0) return '0s';
  if (ms < 1_000) return `${ms}ms`;
  const minutes = Math.floor(ms / 60_000);
  const seconds = `${(ms % 60_000) / 1_000}s`;
  if (minutes === 0) return seconds;
  if (minutes < 60) return `${minutes}m${seconds}`;
  return `${Math.floor(minutes / 60)}h${minutes % 60}m${seconds}`;
}

/** OpenAI's rate-limit headers for one dimension. */
export function quotaHeaders(dimension: 'requests' | 'tokens', quota: Quota): HeaderFields {
  return {
    [`x-ratelimit-limit-${dimension}`]: String(quota.limit),
    [`x-ratelimit-remaining-${dimension}`]: String(quota.remaining),
    [`x-ratelimit-reset-${dimension}`]: goDuration(quota.resetMs),
  };
}

/** `Retry-After` in decimal seconds, and in milliseconds. */
export function retryAfterHeaders(waitMs: number): HeaderFields {
  return { 'retry-after': String(waitMs / 1_000), 'retry-after-ms': String(waitMs) };
}
