import { normal, unit } from '../random/hash-draws.ts';

/**
 * How long a reply takes: log-normal through a median and a 95th percentile, as real providers roughly are, or
 * evenly spread, or none. Milliseconds.
 */
export type Latency =
  | 0
  | { readonly medianMs: number; readonly p95Ms: number }
  | { readonly minMs: number; readonly maxMs: number };

/** The normal distribution's 95th percentile, in standard deviations. */
const P95_IN_SD = 1.645;

/** The latency of one request, milliseconds, for a `draw` made of its seed. */
export function latencyMs(latency: Latency, draw: number): number {
  if (latency === 0) return 0;
  if ('minMs' in latency) return latency.minMs + unit(draw) * (latency.maxMs - latency.minMs);
  if (latency.medianMs === 0) return 0;
  const sigma = Math.log(latency.p95Ms / latency.medianMs) / P95_IN_SD;
  return latency.medianMs * Math.exp(sigma * normal(draw));
}
