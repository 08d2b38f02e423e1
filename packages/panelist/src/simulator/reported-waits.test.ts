import { VirtualClock } from '@panelist/toolkit/testing';
import fc from 'fast-check';
import { beforeEach, describe, expect, it } from 'vitest';
import { GRACE_MS, ReportedWaits } from './reported-waits.ts';

let clock: VirtualClock;
let waits: ReportedWaits;
beforeEach(() => {
  clock = new VirtualClock();
  waits = new ReportedWaits(clock);
});

/** How many of the requests that arrive with these pauses between them count. */
async function disregarded(...pauses: number[]): Promise<number> {
  const before = waits.disregarded;
  for (const pause of pauses) {
    await clock.advance(pause);
    waits.arrived('key');
  }
  return waits.disregarded - before;
}

describe('ReportedWaits', () => {
  it('counts requests after the grace period and before the end of the wait', async () => {
    waits.reported('key', 200);
    expect(await disregarded(0, GRACE_MS)).toBe(0);
    expect(await disregarded(1, 148)).toBe(2);
    expect(await disregarded(1, 10)).toBe(0);
  });

  it('gives no new grace period with each 429', async () => {
    waits.reported('key', 1_000);
    await clock.advance(40);
    waits.reported('key', 960);
    expect(await disregarded(20)).toBe(1);
  });

  it('applies the longest wait, not the last', async () => {
    waits.reported('key', 1_000);
    await clock.advance(10);
    waits.reported('key', 60);
    expect(await disregarded(500)).toBe(1);
  });

  it('separates keys, and starts without a wait', async () => {
    waits.reported('another', 1_000);
    expect(await disregarded(500)).toBe(0);
  });

  it('agrees with a check of every 429 for every request', async () => {
    const event = fc.record({ pauseMs: fc.nat(120), waitMs: fc.option(fc.nat(400)) });
    await fc.assert(
      fc.asyncProperty(fc.array(event, { maxLength: 30 }), async (events) => {
        clock = new VirtualClock();
        waits = new ReportedWaits(clock);
        const told: { readonly sentAt: number; readonly until: number }[] = [];
        let expected = 0;
        for (const { pauseMs, waitMs } of events) {
          await clock.advance(pauseMs);
          const now = clock.monotonic();
          if (told.some(({ sentAt, until }) => now - sentAt > GRACE_MS && now < until)) expected++;
          waits.arrived('key');
          if (waitMs === null) continue;
          waits.reported('key', waitMs);
          told.push({ sentAt: now, until: now + waitMs });
        }
        expect(waits.disregarded).toBe(expected);
      }),
      { numRuns: 50 },
    );
  });
});
