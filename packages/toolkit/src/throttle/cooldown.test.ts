import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { VirtualClock } from '../testing/virtual-clock.ts';
import { Cooldown } from './cooldown.ts';

function setUp(random = () => 0) {
  const clock = new VirtualClock();
  const cooldown = new Cooldown({ clock, random });
  /** How many may pass now, at most `most`. */
  const letThrough = (most = 1_000): number => {
    let passed = 0;
    for (; passed < most && cooldown.waitMs() === 0; passed++) cooldown.pass();
    return passed;
  };
  return { clock, cooldown, letThrough };
}

describe('closing', () => {
  it('is not before somebody closes', () => {
    const { cooldown, letThrough } = setUp();
    expect(cooldown.waitMs()).toBe(0);
    expect(cooldown.closedForMs).toBe(0);
    expect(letThrough()).toBe(1_000);
  });

  it('lasts as long as the Retry-After', async () => {
    const { clock, cooldown } = setUp();
    cooldown.close(30_000);
    expect(cooldown.closedForMs).toBe(30_000);
    expect(cooldown.waitMs()).toBe(30_000);
    await clock.advance(29_999);
    expect(cooldown.waitMs()).toBe(1);
    expect(cooldown.closedForMs).toBe(1);
    await clock.advance(1);
    expect(cooldown.waitMs()).toBe(0);
    expect(cooldown.closedForMs).toBe(0);
    await clock.advance(5_000);
    expect(cooldown.closedForMs).toBe(0);
  });

  it('is not shortened by a shorter one, and is lengthened by a longer one', () => {
    const { cooldown } = setUp();
    cooldown.close(5_000);
    cooldown.close(200);
    expect(cooldown.closedForMs).toBe(5_000);
    cooldown.close(8_000);
    expect(cooldown.closedForMs).toBe(8_000);
  });

  it('is a fiftieth longer at most, and never more than half a second', () => {
    const { cooldown } = setUp(() => 1);
    cooldown.close(10_000);
    expect(cooldown.closedForMs).toBe(10_200);
    cooldown.close(3_600_000);
    expect(cooldown.closedForMs).toBe(3_600_500);
  });
});

describe('opening', () => {
  it('after a second or more: 1, 2, 4 … 64 calls, 50 ms apart, then everybody', async () => {
    const { clock, cooldown, letThrough } = setUp();
    cooldown.close(1_000);
    await clock.advance(1_000);
    for (const step of [1, 2, 4, 8, 16, 32, 64]) {
      expect(letThrough()).toBe(step);
      expect(cooldown.waitMs()).toBe(50);
      await clock.advance(cooldown.waitMs());
    }
    expect(letThrough()).toBe(1_000);
  });

  it('leaves the places of a step that nobody took to the next', async () => {
    const { clock, cooldown, letThrough } = setUp();
    cooldown.close(1_000);
    await clock.advance(1_120);
    expect(letThrough()).toBe(7);
    expect(cooldown.waitMs()).toBe(30);
  });

  it('begins again when it is closed again', async () => {
    const { clock, cooldown, letThrough } = setUp();
    cooldown.close(2_000);
    await clock.advance(2_200);
    expect(letThrough()).toBe(31);
    cooldown.close(2_000);
    expect(letThrough()).toBe(0);
    await clock.advance(2_000);
    expect(letThrough()).toBe(1);
  });

  it('is for everybody at once after less than a second', async () => {
    const { clock, cooldown, letThrough } = setUp();
    cooldown.close(999);
    expect(letThrough()).toBe(0);
    await clock.advance(999);
    expect(letThrough()).toBe(1_000);
  });

  it('goes in steps also when a short closing has outlasted a long one', async () => {
    const { clock, cooldown, letThrough } = setUp();
    cooldown.close(10_000);
    await clock.advance(9_950);
    cooldown.close(100);
    await clock.advance(100);
    expect(letThrough()).toBe(1);
  });
});

describe('whatever closes it, in whatever order', () => {
  const step = fc.record({
    afterMs: fc.oneof(fc.constant(0), fc.nat(200), fc.nat(5_000)),
    close: fc.option(fc.oneof(fc.nat(300), fc.nat(20_000)), { nil: undefined, freq: 2 }),
  });

  it('lets no call through before every Retry-After has passed, and is open half a second later at the latest', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(step, { maxLength: 40, size: 'max' }),
        fc.nat(1_000),
        async (steps, jitter) => {
          const { clock, cooldown, letThrough } = setUp(() => jitter / 1_000);
          let toldUntil = 0;
          for (const { afterMs, close } of steps) {
            await clock.advance(afterMs);
            if (close !== undefined) {
              cooldown.close(close);
              toldUntil = Math.max(toldUntil, clock.now() + close);
            }
            if (clock.now() < toldUntil) {
              expect(letThrough(1)).toBe(0);
              expect(clock.now() + cooldown.waitMs()).toBeGreaterThanOrEqual(toldUntil);
            } else letThrough(3);
          }
          await clock.advance(Math.max(0, toldUntil + 500 - clock.now()));
          expect(cooldown.closedForMs).toBe(0);
          await clock.advance(350);
          expect(letThrough()).toBe(1_000);
        },
      ),
    );
  });

  it('lets at most 127 calls through in the 350 ms after a long cooldown, if each asks when it may', async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1_000, max: 60_000 }), fc.nat(1_000), async (waitMs, jitter) => {
        const { clock, cooldown, letThrough } = setUp(() => jitter / 1_000);
        cooldown.close(waitMs);
        await clock.advance(cooldown.closedForMs);
        const openedAt = clock.now();
        let passed = 0;
        while (clock.now() < openedAt + 349) {
          const openMs = clock.now() - openedAt;
          passed += letThrough();
          expect(passed).toBeLessThan(2 ** (Math.floor(openMs / 50 + 1e-6) + 1));
          await clock.advance(Math.max(1, cooldown.waitMs()));
        }
        expect(passed).toBe(127);
      }),
      { numRuns: 30 },
    );
  });
});
