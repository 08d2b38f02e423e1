import { describe, expect, it } from 'vitest';
import { mix } from '../random/hash-draws.ts';
import { latencyMs } from './latency.ts';

const draws = Array.from({ length: 20_000 }, (_, index) => mix(11, index));

function quantile(values: readonly number[], share: number): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length * share)] ?? Number.NaN;
}

describe('latencyMs', () => {
  it('has the configured median and 95th percentile', () => {
    const values = draws.map((draw) => latencyMs({ medianMs: 400, p95Ms: 1_500 }, draw));
    expect(quantile(values, 0.5) / 400).toBeCloseTo(1, 1);
    expect(quantile(values, 0.95) / 1_500).toBeCloseTo(1, 1);
    expect(Math.min(...values)).toBeGreaterThan(0);
  });

  it('is uniform within the interval', () => {
    const values = draws.map((draw) => latencyMs({ minMs: 50, maxMs: 150 }, draw));
    expect(Math.min(...values)).toBeGreaterThanOrEqual(50);
    expect(Math.max(...values)).toBeLessThanOrEqual(150);
    for (const share of [0.1, 0.5, 0.9])
      expect(Math.abs(quantile(values, share) - (50 + 100 * share))).toBeLessThan(2);
  });

  it('is zero when set to zero', () => {
    expect(latencyMs(0, 7)).toBe(0);
    expect(latencyMs({ medianMs: 0, p95Ms: 0 }, 7)).toBe(0);
  });
});
