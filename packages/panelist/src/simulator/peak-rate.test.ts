import { VirtualClock } from '@panelist/toolkit/testing';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { PeakRate } from './peak-rate.ts';

async function peak(pauses: readonly number[]): Promise<number> {
  const clock = new VirtualClock();
  const rate = new PeakRate(clock, 1_000);
  for (const pause of pauses) {
    await clock.advance(pause);
    rate.arrived();
  }
  return rate.most;
}

it('counts over a sliding second', async () => {
  expect(await peak([])).toBe(0);
  // Four within 999 ms across the clock's second 1, and a fifth 1,000 ms after the first of them.
  expect(await peak([600, 300, 200, 499, 1])).toBe(4);
  expect(await peak([0, 1_000, 1_000])).toBe(1);
});

it('agrees with counting from every arrival', async () => {
  const pauses = fc.array(fc.integer({ min: 0, max: 300 }), { minLength: 1, maxLength: 60 });
  await fc.assert(
    fc.asyncProperty(pauses, async (given) => {
      const times = given.map((_, index) => given.slice(0, index + 1).reduce((sum, pause) => sum + pause, 0));
      const counts = times.map((from) => times.filter((at) => at >= from && at < from + 1_000).length);
      expect(await peak(given)).toBe(Math.max(...counts));
    }),
    { numRuns: 50 },
  );
});

it('continues counting after discarding thousands', async () => {
  expect(await peak([...Array<number>(5_000).fill(10), ...Array<number>(150).fill(5)])).toBe(175);
});
