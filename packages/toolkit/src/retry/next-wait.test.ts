import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { backOffMs, spreadMs } from './next-wait.ts';

const policy = {
  retryDelayMs: 1_000,
  exponentialBackoff: true,
  maxDelayMs: Number.POSITIVE_INFINITY,
  jitter: false,
};
const never = (): number => {
  throw new Error('asked for a random number');
};

describe('backOffMs', () => {
  it('follows the two formulas of the guide', () => {
    const waits = (exponentialBackoff: boolean): number[] =>
      [0, 1, 2].map((retry) => backOffMs(retry, { ...policy, exponentialBackoff }, never));
    expect(waits(false)).toEqual([1_000, 1_000, 1_000]);
    expect(waits(true)).toEqual([1_000, 2_000, 4_000]);
  });

  it('never exceeds the cap, and is finite however many retries there were', () => {
    fc.assert(
      fc.property(
        fc.nat(5_000),
        fc.nat(1e6),
        fc.nat(1e6),
        fc.boolean(),
        (retry, retryDelayMs, maxDelayMs, jitter) => {
          const options = { retryDelayMs, maxDelayMs, jitter, exponentialBackoff: true };
          const waitMs = backOffMs(retry, options, () => 0.999);
          expect(waitMs).toBeGreaterThanOrEqual(0);
          expect(waitMs).toBeLessThanOrEqual(maxDelayMs);
        },
      ),
    );
    expect(backOffMs(5_000, policy, never)).toBeLessThan(Number.POSITIVE_INFINITY);
    expect(backOffMs(5_000, { ...policy, retryDelayMs: 0 }, never)).toBe(0);
  });

  it('applies full jitter after the cap', () => {
    const jittered = { ...policy, jitter: true, maxDelayMs: 3_000 };
    expect(backOffMs(10, jittered, () => 0)).toBe(0);
    expect(backOffMs(10, jittered, () => 0.5)).toBe(1_500);
    expect(backOffMs(0, jittered, () => 0.5)).toBe(500);
  });
});

describe('spreadMs', () => {
  it('adds up to a quarter, at most ten seconds, and no more than there is room for', () => {
    expect(spreadMs(8_000, Number.POSITIVE_INFINITY, () => 0.5)).toBe(1_000);
    expect(spreadMs(8_000, Number.POSITIVE_INFINITY, () => 0)).toBe(0);
    expect(spreadMs(600_000, Number.POSITIVE_INFINITY, () => 0.5)).toBe(5_000);
    expect(spreadMs(8_000, 100, () => 0.5)).toBe(50);
  });
});
