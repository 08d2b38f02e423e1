import { VirtualClock } from '@panelist/toolkit/testing';
import { describe, expect, it } from 'vitest';
import type { ChatRequest } from '../chat-model.ts';
import { chatReply } from '../testing/chat-reply.ts';
import { Budget, isBudgetExhausted } from './budget.ts';
import type { TokenCount } from './price-table.ts';
import { SpentElsewhere } from './spent-elsewhere.ts';

const request: ChatRequest = { messages: [{ role: 'user', content: 'x'.repeat(400) }], replySchema: null };
const signal = new AbortController().signal;
/** Of replies of 600 tokens each. */
const tokens = (count: number): TokenCount => ({ inputTokens: count / 6, outputTokens: (count * 5) / 6 });

/** Processes on one run, each with its budget, and the replies that they have stored. */
function setUp(maxTokens: number, processes: number, spentBefore = 0) {
  const clock = new VirtualClock();
  const store = { spent: spentBefore, reads: 0, failure: undefined as unknown };
  const readSpent = async (): Promise<TokenCount> => {
    store.reads += 1;
    if (store.failure !== undefined) throw store.failure;
    return tokens(store.spent);
  };
  const budgets = Array.from({ length: processes }, () => {
    const before = tokens(spentBefore);
    const elsewhere = new SpentElsewhere({ readSpent, spentBefore: before, clock });
    return new Budget({ price: undefined, maxTokens, spentBefore: before, elsewhere });
  });
  /** One call that takes 600 tokens, as forecast. */
  const call = async (budget: Budget, ms = 100): Promise<void> => {
    const release = await budget.reserve(request, { signal });
    try {
      await new Promise<void>((resolve) => clock.setTimer(resolve, ms));
      const reply = chatReply('', { inputTokens: 100, outputTokens: 500 });
      budget.count(request, reply);
      budget.countStoring(reply);
      store.spent += 600;
    } finally {
      release();
    }
  };
  const callUntilRefused = async (budget: Budget): Promise<void> => {
    for (;;) await call(budget);
  };
  return { clock, store, budgets, call, callUntilRefused };
}

describe('a budget of several processes', () => {
  it('is exceeded by no more than the calls in flight in all of them', async () => {
    const { clock, store, budgets, callUntilRefused } = setUp(100_000, 3);
    const ended = Promise.allSettled(
      budgets.flatMap((budget) => Array.from({ length: 10 }, () => callUntilRefused(budget))),
    );
    const outcomes = await clock.runUntilSettled(ended);
    for (const outcome of outcomes) {
      expect(outcome.status === 'rejected' && isBudgetExhausted(outcome.reason)).toBe(true);
    }
    expect(store.spent).toBeGreaterThan(100_000 - 600 * 3);
    expect(store.spent).toBeLessThanOrEqual(100_000 + 30 * 600);
  });

  it('counts what was stored before, and what others store, each once', async () => {
    const { clock, store, budgets, call } = setUp(6_000, 2, 1_200);
    const [first, second] = budgets;
    await clock.runUntilSettled(call(first!));
    await clock.runUntilSettled(call(second!));
    store.spent += 600;
    await clock.advance(3_000);
    // 3,000 are spent: five more fit.
    for (let index = 0; index < 5; index += 1) await clock.runUntilSettled(call(first!));
    const refused = clock.runUntilSettled(call(second!));
    await expect(refused).rejects.toMatchObject({ code: 'BUDGET_EXHAUSTED', data: { limit: 'tokens' } });
    await expect(refused).rejects.toThrow('by other processes');
  });

  it('reads what others spend about once a second, and before each call once the limit is near', async () => {
    const { clock, store, budgets, call } = setUp(10_000_000, 1);
    for (let index = 0; index < 100; index += 1) await clock.runUntilSettled(call(budgets[0]!));
    // In ten seconds.
    expect(store.reads).toBeGreaterThanOrEqual(8);
    expect(store.reads).toBeLessThanOrEqual(11);
    store.spent += 9_500_000;
    await clock.advance(5_000);
    const before = store.reads;
    for (let index = 0; index < 5; index += 1) await clock.runUntilSettled(call(budgets[0]!));
    expect(store.reads - before).toBeGreaterThanOrEqual(5);
  });

  it('knows after a rest what others have spent meanwhile', async () => {
    const { clock, store, budgets, call } = setUp(100_000, 1);
    await clock.runUntilSettled(call(budgets[0]!));
    store.spent += 99_000;
    await clock.advance(60_000);
    await expect(clock.runUntilSettled(call(budgets[0]!))).rejects.toMatchObject({
      code: 'BUDGET_EXHAUSTED',
    });
  });

  it('sends nothing near the limit that it cannot check', async () => {
    const { clock, store, budgets, call } = setUp(1_000, 1, 950);
    store.failure = new Error('out of reach');
    await expect(clock.runUntilSettled(call(budgets[0]!))).rejects.toBe(store.failure);
  });

  it('goes on when the limit is raised', async () => {
    const { clock, budgets, call } = setUp(1_000, 1, 950);
    const [budget] = budgets;
    await expect(clock.runUntilSettled(call(budget!))).rejects.toMatchObject({ code: 'BUDGET_EXHAUSTED' });
    budget!.setLimits({ maxTokens: 100_000 });
    await clock.runUntilSettled(call(budget!));
  });

  it('does not take its own replies for those of others while they are being stored', async () => {
    const clock = new VirtualClock();
    const elsewhere = new SpentElsewhere({
      readSpent: async () => tokens(600),
      spentBefore: tokens(0),
      clock,
    });
    elsewhere.storing(tokens(600));
    await elsewhere.refreshed();
    expect(elsewhere.spent).toEqual(tokens(0));
  });
});
