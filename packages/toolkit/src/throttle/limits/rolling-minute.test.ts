import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { RollingMinute } from './rolling-minute.ts';

/** A slot's length and the time that requests may take to arrive: nothing is given back later than this. */
const LATEST_MS = 60_000 + 250 + 50;

interface Sent {
  readonly at: number;
  readonly amount: number;
}

const sum = (sent: readonly Sent[]): number => sent.reduce((total, { amount }) => total + amount, 0);

const step = fc.record({
  gapMs: fc.oneof(
    fc.constant(0),
    fc.nat(300),
    fc.nat(20_000),
    fc.integer({ min: 59_000, max: 62_000 }),
    fc.nat(400_000),
  ),
  amount: fc.option(fc.integer({ min: 1, max: 1_000 }), { nil: undefined }),
});

describe('RollingMinute', () => {
  it('gives back everything exactly once, never before 60 s, and soon after', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 100, size: 'max' }), fc.nat(1_000_000), (steps, startMs) => {
        const minute = new RollingMinute();
        const sent: Sent[] = [];
        let now = startMs;
        let back = 0;
        for (const { gapMs, amount } of steps) {
          now += gapMs;
          back += minute.expire(now);
          expect(back).toBeLessThanOrEqual(sum(sent.filter(({ at }) => at <= now - 60_000)));
          expect(back).toBeGreaterThanOrEqual(sum(sent.filter(({ at }) => at <= now - LATEST_MS)));
          if (amount === undefined) continue;
          minute.add(amount, now);
          sent.push({ at: now, amount });
        }
        back += minute.expire(now + LATEST_MS);
        expect(back).toBe(sum(sent));
        expect(minute.expire(now + 2 * LATEST_MS)).toBe(0);
        expect(minute.nextExpiryMs(now + 2 * LATEST_MS)).toBeUndefined();
      }),
      { numRuns: 300 },
    );
  });

  it('says when it gives back next: then and not before', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 30, size: 'max' }), (steps) => {
        const minute = new RollingMinute();
        let now = 0;
        let kept = 0;
        for (const { gapMs, amount } of steps) {
          now += gapMs;
          kept -= minute.expire(now);
          if (amount === undefined) continue;
          minute.add(amount, now);
          kept += amount;
        }
        for (;;) {
          const waitMs = minute.nextExpiryMs(now);
          if (waitMs === undefined) break;
          expect(waitMs).toBeGreaterThan(0);
          expect(minute.expire(now + waitMs - 0.001)).toBe(0);
          now += waitMs;
          const back = minute.expire(now);
          expect(back).toBeGreaterThan(0);
          kept -= back;
        }
        expect(kept).toBe(0);
      }),
    );
  });

  it('waits for nothing where nothing was sent', () => {
    const minute = new RollingMinute();
    expect(minute.expire(1e6)).toBe(0);
    expect(minute.expiring(1e6)).toBe(0);
    expect(minute.nextExpiryMs(1e6)).toBeUndefined();
  });

  it('knows what is older than a minute and not yet given back', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60, size: 'max' }), (steps) => {
        const minute = new RollingMinute();
        const sent: Sent[] = [];
        let now = 0;
        let back = 0;
        for (const { gapMs, amount } of steps) {
          now += gapMs;
          back += minute.expire(now);
          const expiring = minute.expiring(now);
          expect(expiring).toBeGreaterThanOrEqual(sum(sent.filter(({ at }) => at <= now - 60_000)) - back);
          // By the slot that the minute's end falls into.
          expect(expiring).toBeLessThanOrEqual(sum(sent.filter(({ at }) => at < now - 59_750)) - back);
          if (amount === undefined) continue;
          minute.add(amount, now);
          sent.push({ at: now, amount });
        }
      }),
    );
    const minute = new RollingMinute();
    minute.add(7, 0);
    expect(minute.expiring(59_999)).toBe(0);
    expect(minute.expiring(60_000)).toBe(7);
    expect(minute.expire(60_299)).toBe(0);
    expect(minute.expiring(60_299)).toBe(7);
    expect(minute.expire(60_300)).toBe(7);
    expect(minute.expiring(60_300)).toBe(0);
  });
});
