import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { VirtualClock } from '../testing/virtual-clock.ts';
import { RetryBudget } from './retry-budget.ts';

const INITIAL_BALANCE = 5;

function setUp() {
  const clock = new VirtualClock();
  const budget = new RetryBudget(clock);
  /** How many retries may be sent now, at most `most`. */
  const spendAll = (most = 1_000): number => {
    let spent = 0;
    for (; spent < most && budget.waitMs() === 0; spent++) budget.spend();
    return spent;
  };
  const times = (count: number, earn: () => void): void => {
    for (let done = 0; done < count; done++) earn();
  };
  return { clock, budget, spendAll, times };
}

describe('RetryBudget', () => {
  it('begins with five', () => {
    const { budget, spendAll } = setUp();
    expect(spendAll()).toBe(INITIAL_BALANCE);
    expect(budget.waitMs()).toBe(10_000);
  });

  it('earns a tenth by each new call', () => {
    const { budget, spendAll, times } = setUp();
    spendAll();
    times(9, () => budget.called());
    expect(budget.waitMs()).toBeGreaterThan(0);
    budget.called();
    expect(budget.waitMs()).toBe(0);
    expect(spendAll()).toBe(1);
    times(100, () => budget.called());
    expect(spendAll()).toBe(10);
  });

  it('earns three by each success, so that retries flow while anything succeeds', () => {
    const { budget, spendAll, times } = setUp();
    spendAll();
    for (let round = 0; round < 50; round++) {
      budget.succeeded();
      expect(spendAll()).toBe(3);
    }
    times(6, () => budget.succeeded());
    expect(spendAll()).toBe(18);
  });

  it('keeps twenty at most, so that a good hour does not pay for a bad one', () => {
    const { budget, spendAll, times } = setUp();
    times(10_000, () => budget.succeeded());
    times(10_000, () => budget.called());
    expect(spendAll()).toBe(20);
  });

  it('gives one for nothing ten seconds after the last, and no more for a longer wait', async () => {
    const { clock, budget, spendAll } = setUp();
    spendAll();
    await clock.advance(9_999);
    expect(budget.waitMs()).toBe(1);
    await clock.advance(1);
    expect(spendAll()).toBe(1);
    await clock.advance(3_600_000);
    expect(spendAll()).toBe(1);
    expect(budget.waitMs()).toBe(10_000);
  });

  it('makes no debt of the one for nothing', async () => {
    const { clock, budget, spendAll } = setUp();
    spendAll();
    for (let round = 0; round < 5; round++) {
      await clock.advance(10_000);
      expect(spendAll()).toBe(1);
    }
    budget.succeeded();
    expect(spendAll()).toBe(3);
  });

  it('where nothing succeeds: a tenth of the calls, the first five, and one in ten seconds at the most', async () => {
    const step = fc.record({
      gapMs: fc.oneof(fc.constant(0), fc.nat(3_000), fc.nat(40_000)),
      calls: fc.nat(30),
      retries: fc.nat(8),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 60, size: 'max' }), async (steps) => {
        const { clock, budget, spendAll, times } = setUp();
        let calls = 0;
        let retries = 0;
        for (const step of steps) {
          await clock.advance(step.gapMs);
          times(step.calls, () => budget.called());
          calls += step.calls;
          retries += spendAll(step.retries);
          expect(retries).toBeLessThanOrEqual(0.1 * calls + INITIAL_BALANCE + clock.now() / 10_000 + 1e-6);
        }
      }),
    );
  });

  it('lets everybody retry in the end: what it says to wait is enough', async () => {
    const { clock, budget } = setUp();
    for (let retry = 0; retry < 20; retry++) {
      await clock.advance(budget.waitMs());
      expect(budget.waitMs()).toBe(0);
      budget.spend();
    }
    expect(clock.now()).toBe((20 - INITIAL_BALANCE) * 10_000);
  });
});
