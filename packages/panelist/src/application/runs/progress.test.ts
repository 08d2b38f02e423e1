import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ProgressMeter } from './progress.ts';

describe('progress', () => {
  it('adds up at every moment, even if an item is recorded while it still counts as in flight', () => {
    fc.assert(
      fc.property(
        fc.nat(50),
        fc.array(fc.tuple(fc.nat(50), fc.nat(50), fc.nat(100), fc.nat(5_000)), { minLength: 1 }),
        (total, readings) => {
          const meter = new ProgressMeter();
          let at = 0;
          for (const [succeeded, failed, inFlight, later] of readings) {
            if (succeeded + failed > total) continue;
            at += later;
            const read = meter.read({ total, succeeded, failed, inFlight }, at);
            expect(read.done + read.failed + read.inFlight + read.waiting).toBe(total);
            expect(read.waiting).toBeGreaterThanOrEqual(0);
            expect(read.ratePerSecond === null || Number.isFinite(read.ratePerSecond)).toBe(true);
          }
        },
      ),
    );
  });

  it('has no speed between two samples of the same time', () => {
    const meter = new ProgressMeter();
    meter.read({ total: 2, succeeded: 0, failed: 0, inFlight: 1 }, 7);
    const read = meter.read({ total: 2, succeeded: 1, failed: 0, inFlight: 1 }, 7);
    expect(read).toMatchObject({ ratePerSecond: null, secondsLeft: null });
  });

  it('has the speed of the last 20 seconds, without items that were done before a resume', () => {
    const meter = new ProgressMeter();
    const read = (succeeded: number, at: number) =>
      meter.read({ total: 1_000, succeeded, failed: 0, inFlight: 10 }, at);
    expect(read(500, 0).ratePerSecond).toBeNull();
    expect(read(520, 10_000)).toMatchObject({ ratePerSecond: 2, secondsLeft: 240 });
    read(540, 20_000);
    expect(read(840, 30_000).ratePerSecond).toBe(16);
  });
});
