import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { VirtualClock } from '../../testing/virtual-clock.ts';
import { AdaptiveRate } from './adaptive-rate.ts';

const PLACES = 4;

function setUp(initialConcurrency = PLACES) {
  const clock = new VirtualClock();
  const rate = new AdaptiveRate({ clock, initialConcurrency });
  /** Sends as many as may go within `forMs`, none of which ends. */
  const sendAll = async (forMs: number, inFlight = 0): Promise<number[]> => {
    const sent: number[] = [];
    const end = clock.now() + forMs;
    for (;;) {
      const waitMs = rate.waitMs(inFlight + sent.length);
      if (clock.now() + waitMs > end) break;
      await clock.advance(waitMs);
      sent.push(rate.send());
    }
    await clock.advance(end - clock.now());
    return sent;
  };
  /** Out of slow start: 20 calls sent in 200 ms, the first refused. */
  const cutOnce = async (): Promise<number[]> => {
    const sent: number[] = [];
    for (let count = 0; count < 20; count++) {
      sent.push(rate.send());
      await clock.advance(10);
    }
    rate.refused(sent[0]!, false);
    return sent;
  };
  return { clock, rate, sendAll, cutOnce };
}

describe('slow start', () => {
  it('begins with few, spread out so that a refusal is heard in time', async () => {
    const { rate, sendAll } = setUp(16);
    expect(rate.waitMs(0)).toBe(0);
    const atOnce = await sendAll(50);
    expect(atOnce.length).toBeGreaterThanOrEqual(5);
    expect(atOnce.length).toBeLessThanOrEqual(8);
    expect((await sendAll(10_000, atOnce.length)).length).toBe(16 - atOnce.length);
    expect(rate.waitMs(15)).toBe(0);
    expect(rate.waitMs(16)).toBe(Number.POSITIVE_INFINITY);
    expect(rate.perMinute).toBeUndefined();
  });

  it('gives one place more for each success while its places are used', async () => {
    const { rate, sendAll } = setUp();
    const sent = await sendAll(1_000);
    for (const [at, sequence] of sent.entries()) rate.succeeded(sequence, PLACES - at);
    // With 4, 3, 2 and 1 under way: half of 4, 5, 6 and 7 places were taken twice.
    expect((await sendAll(10_000)).length).toBe(PLACES + 2);
  });

  it('gives none while they are not', async () => {
    const { rate, sendAll } = setUp();
    for (let count = 0; count < 100; count++) {
      const [sent] = await sendAll(0, PLACES - 1);
      rate.succeeded(sent!, 1);
    }
    expect((await sendAll(10_000)).length).toBe(PLACES);
  });

  it('needs no places where responses tell what may be sent', async () => {
    const { rate, sendAll } = setUp();
    const [first] = await sendAll(1_000);
    rate.reported();
    rate.succeeded(first!, PLACES);
    for (let sent = PLACES; sent < 1_000; sent++) {
      expect(rate.waitMs(sent)).toBe(0);
      rate.send();
    }
    expect(rate.perMinute).toBeUndefined();
  });

  it('is over, with or without reported limits, when something refuses', async () => {
    const { rate, sendAll } = setUp();
    const sent = await sendAll(1_000);
    rate.reported();
    rate.refused(sent[0]!, true);
    expect(rate.perMinute).toBeGreaterThan(0);
    rate.reported();
    expect(rate.waitMs(1_000)).toBeGreaterThan(0);
  });

  it('starts again where the estimated rate is of no use any more', async () => {
    const { rate, sendAll, cutOnce } = setUp();
    await cutOnce();
    expect(rate.perMinute).toBeGreaterThan(0);
    rate.restart();
    expect(rate.perMinute).toBeUndefined();
    expect((await sendAll(1_000)).length).toBe(PLACES);
  });
});

describe('a congestion event', () => {
  it('ends slow start at somewhat less than was being sent', async () => {
    const { rate, cutOnce } = setUp();
    await cutOnce();
    // 20 in 200 ms are 6,000 a minute.
    expect(rate.perMinute).toBeLessThan(0.9 * 6_000);
    expect(rate.perMinute).toBeGreaterThan(0.6 * 6_000);
  });

  it('is cut for once, however many of the calls sent before are refused', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.record({ at: fc.integer({ min: 1, max: 19 }), afterMs: fc.nat(2_000) }), {
          maxLength: 60,
          size: 'max',
        }),
        fc.boolean(),
        async (others, asksToWait) => {
          const { clock, rate, cutOnce } = setUp();
          const sent = await cutOnce();
          const { perMinute } = rate;
          for (const { at, afterMs } of others) {
            await clock.advance(afterMs);
            rate.refused(sent[at]!, asksToWait);
          }
          expect(rate.perMinute).toBe(perMinute);
        },
      ),
    );
  });

  it('is a new one when something is refused that was sent after the cut, by 0.7 to 0.9', async () => {
    const { rate, sendAll, cutOnce } = setUp();
    await cutOnce();
    const sent = await sendAll(1_000);
    const before = rate.perMinute!;
    rate.succeeded(sent[0]!, 20);
    rate.refused(sent[1]!, false);
    expect(rate.perMinute! / before).toBeGreaterThanOrEqual(0.7);
    expect(rate.perMinute! / before).toBeLessThanOrEqual(0.9);
    const after = rate.perMinute;
    for (const other of sent.slice(2)) rate.refused(other, false);
    expect(rate.perMinute).toBe(after);
  });

  it('cuts deeper where nothing has succeeded since the last', async () => {
    const factor = async (succeeds: boolean): Promise<number> => {
      const { rate, sendAll, cutOnce } = setUp();
      await cutOnce();
      const sent = await sendAll(1_000);
      const before = rate.perMinute!;
      if (succeeds) rate.succeeded(sent[0]!, 20);
      rate.refused(sent[1]!, false);
      return rate.perMinute! / before;
    };
    expect(await factor(false)).toBeLessThan(await factor(true));
  });

  it('is not what was abandoned', async () => {
    const { rate, sendAll, cutOnce } = setUp();
    await cutOnce();
    const sent = await sendAll(1_000);
    const { perMinute } = rate;
    for (const each of sent) rate.abandoned(each);
    expect(rate.perMinute).toBe(perMinute);
  });
});

describe('a closed window', () => {
  /** Everything refused, for three seconds. */
  const close = async ({ clock, rate }: ReturnType<typeof setUp>): Promise<void> => {
    rate.refused(rate.send(), false);
    for (let count = 0; count < 6; count++) {
      await clock.advance(500);
      rate.refused(rate.send(), false);
    }
  };

  it('lets nobody through but one probe at a time', async () => {
    const all = setUp();
    const { clock, rate } = all;
    await close(all);
    expect(rate.waitMs(0)).toBeGreaterThan(1_000);
    await clock.advance(rate.waitMs(0));
    const probe = rate.send();
    expect(rate.waitMs(1)).toBe(Number.POSITIVE_INFINITY);
    rate.refused(probe, false);
    expect(rate.waitMs(0)).toBeGreaterThan(1_000);
    expect(rate.waitMs(0)).toBeLessThan(60_000);
  });

  it('lets another probe go where one was abandoned', async () => {
    const all = setUp();
    const { clock, rate } = all;
    await close(all);
    await clock.advance(rate.waitMs(0));
    const probe = rate.send();
    rate.abandoned(probe);
    expect(rate.waitMs(0)).toBe(0);
  });

  it('is open again when a probe has succeeded', async () => {
    const all = setUp();
    const { clock, rate } = all;
    await close(all);
    await clock.advance(rate.waitMs(0));
    rate.succeeded(rate.send(), 1);
    expect(rate.waitMs(0)).toBe(0);
  });

  it('is not what a provider means that tells a wait', async () => {
    const { clock, rate } = setUp();
    rate.refused(rate.send(), true);
    for (let count = 0; count < 20; count++) {
      await clock.advance(500);
      const sequence = rate.send();
      expect(rate.waitMs(1)).toBeLessThan(Number.POSITIVE_INFINITY);
      rate.refused(sequence, true);
    }
  });
});

describe('the rate', () => {
  it('is paced: no two calls closer than it says, but for what a late timer missed', async () => {
    const { clock, rate, cutOnce } = setUp();
    await cutOnce();
    const spacingMs = 60_000 / rate.perMinute!;
    expect(rate.waitMs(1_000)).toBeCloseTo(spacingMs, 6);
    await clock.advance(rate.waitMs(0));
    rate.send();
    expect(rate.waitMs(0)).toBeGreaterThan(0.8 * spacingMs);
    expect(rate.waitMs(0)).toBeLessThan(1.2 * spacingMs);
  });

  it('comes back to what it was cut at, stays there for a while, and then goes beyond', async () => {
    const { rate, sendAll, cutOnce } = setUp();
    await cutOnce();
    const cutAt = rate.perMinute! / 0.7;
    const rates: number[] = [];
    for (let second = 0; second < 10; second++) {
      await sendAll(1_000);
      rates.push(rate.perMinute!);
    }
    expect(rates).toEqual([...rates].sort((a, b) => a - b));
    expect(rates[1]! / cutAt).toBeGreaterThan(0.98);
    expect(rates[2]! / cutAt).toBeLessThan(1.1);
    expect(rates[9]! / cutAt).toBeGreaterThan(2);
  });

  it('is made no higher by idle time, however long', async () => {
    /** The rate after calls with pauses between them, and how many may follow at once. */
    const after = async (pauses: readonly number[]) => {
      const { clock, rate, cutOnce } = setUp();
      await cutOnce();
      for (const pauseMs of pauses) {
        const before = rate.perMinute;
        await clock.advance(pauseMs);
        expect(rate.perMinute).toBe(before);
        await clock.advance(rate.waitMs(0));
        rate.send();
      }
      const { perMinute } = rate;
      let burst = 0;
      for (; rate.waitMs(0) === 0; burst++) rate.send();
      return { perMinute, burst };
    };
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.integer({ min: 100, max: 3_600_000 }), { minLength: 1, maxLength: 30, size: 'max' }),
        async (pauses) => {
          const idle = await after(pauses);
          // An hour is worth no more than the tenth of a second that a few calls take.
          const busy = await after(pauses.map(() => 100));
          expect(idle.perMinute! / busy.perMinute!).toBeCloseTo(1, 6);
          expect(idle.burst).toBeLessThanOrEqual(5);
        },
      ),
    );
  });
});
