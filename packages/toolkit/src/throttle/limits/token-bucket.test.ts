import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { VirtualClock } from '../../testing/virtual-clock.ts';
import { TokenBucket } from './provider-limits.ts';

function setUp(perMinute: number, burstMs: number) {
  const clock = new VirtualClock();
  return { clock, bucket: new TokenBucket({ perMinute, burstMs, clock }) };
}

interface Passed {
  readonly at: number;
  readonly amount: number;
}

/** The most that passed in any 60 seconds. */
function mostInAMinute(all: readonly Passed[]): number {
  let most = 0;
  let sum = 0;
  let first = 0;
  for (const { at, amount } of all) {
    sum += amount;
    // The bucket lets through what is missing by less than a billionth.
    while (all[first]!.at <= at - 60_000 + 1e-3) sum -= all[first++]!.amount;
    most = Math.max(most, sum);
  }
  return most;
}

/** Sends one after the other as soon as each has come and may pass. */
async function sendAll(
  { clock, bucket }: ReturnType<typeof setUp>,
  calls: readonly { readonly gapMs: number; readonly amount: number }[],
): Promise<readonly Passed[]> {
  const passed: Passed[] = [];
  for (const { gapMs, amount } of calls) {
    if (gapMs > 0) await clock.advance(gapMs);
    for (let waitMs = bucket.waitMs(amount); waitMs > 0; waitMs = bucket.waitMs(amount)) {
      await clock.advance(waitMs);
    }
    bucket.take(amount);
    passed.push({ at: clock.now(), amount });
  }
  return passed;
}

const gapMs = fc.oneof({ weight: 8, arbitrary: fc.constant(0) }, fc.nat(2_000), fc.nat(70_000));
const burstMs = fc.oneof(fc.constant(100), fc.nat(1_000), fc.nat(200_000));

describe('what passes in any 60 seconds', () => {
  it('is never more requests than the limit', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.oneof(fc.integer({ min: 1, max: 60 }), fc.integer({ min: 1, max: 400 })),
        burstMs,
        fc.array(gapMs, { minLength: 1, maxLength: 50, size: 'max' }),
        async (perMinute, burst, gaps) => {
          // A crowd behind each that comes alone: the limit has to hold it back.
          const calls = gaps.flatMap((each) => [each, ...Array<number>(10).fill(0)]);
          const passed = await sendAll(
            setUp(perMinute, burst),
            calls.map((each) => ({ gapMs: each, amount: 1 })),
          );
          expect(mostInAMinute(passed)).toBeLessThanOrEqual(perMinute);
        },
      ),
    );
  });

  it('is never more tokens than the limit, where no call takes more than the bucket holds', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 6_000, max: 100_000 }),
        fc.integer({ min: 100, max: 120_000 }),
        fc.array(fc.record({ gapMs, share: fc.double({ min: 0, max: 1, noNaN: true }) }), {
          maxLength: 400,
          size: 'max',
        }),
        async (perMinute, burst, calls) => {
          const holds = Math.min(burst, 30_000) * (perMinute / 60_000);
          const passed = await sendAll(
            setUp(perMinute, burst),
            calls.map((call) => ({ gapMs: call.gapMs, amount: Math.floor(call.share * holds) })),
          );
          expect(mostInAMinute(passed)).toBeLessThanOrEqual(perMinute);
        },
      ),
    );
  });

  it.each([1, 7, 60, 500])('is not much less than a limit of %i either', async (perMinute) => {
    const passed = await sendAll(setUp(perMinute, 100), Array(10 * perMinute).fill({ gapMs: 0, amount: 1 }));
    expect(passed.at(-1)!.at).toBeLessThanOrEqual(10 * 60_000);
    expect(mostInAMinute(passed)).toBe(perMinute);
  });
});

describe('waiting', () => {
  it('spreads requests evenly: only so many at once as fit into the burst', async () => {
    const { clock, bucket } = setUp(6_000, 100);
    for (let sent = 0; sent < 10; sent++) {
      expect(bucket.waitMs(1)).toBe(0);
      bucket.take(1);
    }
    const waitMs = bucket.waitMs(1);
    expect(waitMs).toBeCloseTo(60_000 / (6_000 - 10 + 1), 9);
    await clock.advance(waitMs - 0.01);
    expect(bucket.waitMs(1)).toBeGreaterThan(0);
    await clock.advance(0.01);
    expect(bucket.waitMs(1)).toBe(0);
  });

  it('lets one at a time through however small the burst', async () => {
    const { clock, bucket } = setUp(60, 0);
    expect(bucket.waitMs(1)).toBe(0);
    bucket.take(1);
    expect(bucket.waitMs(1)).toBe(1_000);
    await clock.advance(1_000);
    expect(bucket.waitMs(1)).toBe(0);
  });

  it('does not let idle time add up', async () => {
    const { clock, bucket } = setUp(60, 100);
    await clock.advance(3_600_000);
    bucket.take(1);
    expect(bucket.waitMs(1)).toBe(1_000);
  });

  it('lets what is larger than the bucket through when that is full, and then fills the debt', async () => {
    const { clock, bucket } = setUp(60_000, 1_000);
    expect(bucket.waitMs(3_000)).toBe(0);
    bucket.take(3_000);
    // 2,000 below nothing.
    expect(bucket.waitMs(1)).toBeCloseTo(2_001 / ((60_000 - 1_000 + 1) / 60_000), 6);
    await clock.advance(bucket.waitMs(1_000));
    bucket.take(500);
    expect(bucket.waitMs(3_000)).toBeGreaterThan(500);
    expect(bucket.waitMs(500)).toBe(0);
  });
});

describe('giving back', () => {
  it('makes room at once', () => {
    const { bucket } = setUp(60_000, 1_000);
    bucket.take(1_000);
    expect(bucket.waitMs(400)).toBeGreaterThan(0);
    bucket.take(-400);
    expect(bucket.waitMs(400)).toBe(0);
    expect(bucket.waitMs(401)).toBeGreaterThan(0);
  });

  it('makes no more room than the bucket has', () => {
    const { bucket } = setUp(60_000, 1_000);
    bucket.take(-5_000);
    bucket.take(1_000);
    expect(bucket.waitMs(1)).toBeGreaterThan(0);
  });
});
