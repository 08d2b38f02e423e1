import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { TokenEstimate } from './provider-limits.ts';

function learned(calls: readonly (readonly [estimate: number, used: number])[]): TokenEstimate {
  const estimate = new TokenEstimate();
  for (const [estimated, used] of calls) estimate.settle(estimated, used);
  return estimate;
}

const estimates = Array.from({ length: 300 }, (_, i) => 100 + ((i * 37) % 900));

describe('TokenEstimate', () => {
  it('uses the caller’s estimate until a call has reported what it used', () => {
    expect(new TokenEstimate().reserve(700)).toBe(700);
  });

  it('learns a reply that is added to every prompt', () => {
    const estimate = learned(estimates.map((each) => [each, each + 250]));
    expect(estimate.reserve(100)).toBeCloseTo(350, -1);
    expect(estimate.reserve(5_000)).toBeCloseTo(5_250, -2);
  });

  it('learns a tokeniser that counts twice as many', () => {
    const estimate = learned(estimates.map((each) => [each, 2 * each]));
    expect(estimate.reserve(100)).toBeCloseTo(200, -1);
    expect(estimate.reserve(5_000)).toBeCloseTo(10_000, -2);
  });

  it('learns what calls take where nothing is estimated, and how far they are from it', () => {
    expect(learned(estimates.map(() => [0, 800])).reserve(0)).toBeCloseTo(800, 0);
    const uneven = learned(estimates.map((_, i) => [0, i % 2 === 0 ? 600 : 1_000]));
    // 800 in the mean, 200 from it, four times.
    expect(uneven.reserve(0)).toBeGreaterThan(1_500);
    expect(uneven.reserve(0)).toBeLessThan(1_700);
  });

  it('forgets what calls took long ago', () => {
    const estimate = learned([
      ...estimates.map((each) => [each, each + 5_000] as const),
      ...estimates.map((each) => [each, each + 100] as const),
      ...estimates.map((each) => [each, each + 100] as const),
    ]);
    expect(estimate.reserve(500)).toBeLessThan(700);
  });

  it('is a number from 0, whatever the calls took', () => {
    const tokens = fc.oneof(fc.constant(0), fc.double({ min: 0, max: 100_000_000, noNaN: true }));
    fc.assert(
      fc.property(fc.array(fc.tuple(tokens, tokens)), tokens, (calls, asked) => {
        const reserved = learned(calls).reserve(asked);
        expect(Number.isFinite(reserved)).toBe(true);
        expect(reserved).toBeGreaterThanOrEqual(0);
      }),
    );
  });
});
