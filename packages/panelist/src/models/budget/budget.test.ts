import { getEventListeners } from 'node:events';
import { ErrorHandler } from '@panelist/toolkit';
import { VirtualClock } from '@panelist/toolkit/testing';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ChatModel, ChatReply, ChatRequest } from '../chat-model.ts';
import { metered, withinBudget } from '../middleware/budgeted.ts';
import { retried } from '../middleware/retried.ts';
import { noUsage } from '../model-usage.ts';
import { chatReply } from '../testing/chat-reply.ts';
import { Budget, type BudgetOptions, isBudgetExhausted } from './budget.ts';
import { PriceTable, type TokenCount } from './price-table.ts';

const request: ChatRequest = { messages: [{ role: 'user', content: 'x'.repeat(400) }], replySchema: null };
const price = PriceTable.builtIn.requirePrice('openai/gpt-4o');
const never = new AbortController().signal;

function replyOf({ inputTokens, outputTokens }: TokenCount, text = 'Hi'): ChatReply {
  return chatReply(text, { inputTokens, outputTokens });
}

/** A model whose calls end when the test says so, within a budget, in the order of `middleware.ts`. */
function setUp(options: Partial<BudgetOptions> = {}) {
  const budget = new Budget({ price, ...options });
  const sent: PromiseWithResolvers<ChatReply>[] = [];
  const inner: ChatModel = {
    id: 'openai/gpt-4o',
    reply: () => {
      const call = Promise.withResolvers<ChatReply>();
      sent.push(call);
      return call.promise;
    },
  };
  const clock = new VirtualClock();
  const handler = new ErrorHandler({ clock, maxRetries: 1, attemptTimeoutMs: 1_000 });
  const retrying = retried({ errorHandler: handler, usage: noUsage() });
  const model = withinBudget(budget)(retrying(metered(budget)(inner)));
  const ask = (signals: { signal?: AbortSignal; draining?: AbortSignal } = {}, asked = request) =>
    model.reply(asked, { signal: never, ...signals });
  return { budget, sent, ask, clock };
}

const total = ({ inputTokens, outputTokens }: TokenCount): number => inputTokens + outputTokens;

describe('Budget', () => {
  it('is exceeded by at most the calls in flight when the last call was sent', async () => {
    const taken = fc.record({ inputTokens: fc.integer({ min: 1, max: 900 }), outputTokens: fc.nat(1_500) });
    await fc.assert(
      fc.asyncProperty(
        fc.array(taken, { minLength: 200, maxLength: 200 }),
        fc.integer({ min: 1_000, max: 60_000 }),
        fc.nat(),
        async (replies, maxTokens, order) => {
          const { budget, sent, ask, clock } = setUp({ maxTokens });
          let refused = 0;
          const worker = async (): Promise<void> => {
            while (refused === 0) {
              await ask().catch((error: unknown) => {
                expect(isBudgetExhausted(error)).toBe(true);
                refused += 1;
              });
            }
          };
          const workers = Promise.all(Array.from({ length: 50 }, worker));
          const open: { readonly index: number }[] = [];
          let seen = 0;
          let inFlightAtLastSend: TokenCount[] = [];
          for (let step = 0; seen < 200; step++) {
            await clock.advance(0);
            for (; seen < sent.length; seen++) {
              open.push({ index: seen });
              // Nothing is sent once the limit is reached.
              expect(total(budget.spent)).toBeLessThan(maxTokens);
              inFlightAtLastSend = open.map(({ index }) => replies[index % 200] as TokenCount);
            }
            if (open.length === 0) break;
            const [{ index } = { index: 0 }] = open.splice((order + step) % open.length, 1);
            sent[index]?.resolve(replyOf(replies[index % 200] as TokenCount, ''));
          }
          const overshoot = total(budget.spent) - maxTokens;
          expect(overshoot).toBeLessThanOrEqual(
            inFlightAtLastSend.reduce((sum, each) => sum + total(each), 0),
          );
          for (const call of sent) call.resolve(replyOf({ inputTokens: 1e6, outputTokens: 0 }));
          await workers;
          expect(refused).toBeGreaterThan(0);
          expect(budget.exhausted).toBe('tokens');
        },
      ),
      { numRuns: 30 },
    );
  });

  it('is used up to within one call, and not exceeded, if calls cost as forecast', async () => {
    const { budget, sent, ask, clock } = setUp({ maxTokens: 20_000 });
    const asking = Array.from({ length: 50 }, () => ask().catch(isBudgetExhausted));
    for (let answered = 0; answered < 100; answered++) {
      await clock.advance(0);
      sent[answered]?.resolve(replyOf({ inputTokens: 100, outputTokens: 500 }));
    }
    await Promise.all(asking);
    expect(total(budget.spent)).toBe(33 * 600);
  });

  it('admits more calls after replies shorter than the forecast', async () => {
    const { sent, ask, clock } = setUp({ maxTokens: 1_300 });
    const asking = Array.from({ length: 5 }, () => ask());
    await clock.advance(0);
    expect(sent).toHaveLength(2);
    for (let answered = 0; answered < 5; answered++) {
      sent[answered]?.resolve(replyOf({ inputTokens: 100, outputTokens: 5 }));
      await clock.advance(0);
    }
    expect(await Promise.all(asking)).toHaveLength(5);
  });

  it('reports the spending, the limit and how to continue', async () => {
    const spentBefore = { inputTokens: 100_000, outputTokens: 10_000 };
    const { budget, sent, ask, clock } = setUp({ maxCostUsd: 0.5, spentBefore });
    const first = ask();
    await clock.advance(0);
    sent[0]?.resolve(replyOf({ inputTokens: 40_000, outputTokens: 5_000 }));
    await first;
    expect(budget.costUsd).toBeCloseTo(0.15, 12);
    await expect(ask()).rejects.toMatchObject({
      code: 'BUDGET_EXHAUSTED',
      message:
        'The budget is exhausted: $0.50 of $0.50 are spent ($0.35 of it by earlier runs), and the next call may take $0.15. A higher limit goes on.',
      data: { reason: 'budget', limit: 'cost' },
    });
    expect(budget.exhausted).toBe('cost');
    expect(sent).toHaveLength(1);
  });

  it('reserves at most the output that the request allows', async () => {
    const { sent, ask, clock } = setUp({ maxTokens: 200 });
    await expect(ask()).rejects.toMatchObject({ code: 'BUDGET_EXHAUSTED' });
    void ask({}, { ...request, maxOutputTokens: 50 });
    await clock.advance(0);
    expect(sent).toHaveLength(1);
  });

  it.each([
    ['uses the reported tokens', replyOf({ inputTokens: 7, outputTokens: 3 }), 10],
    [
      'estimates tokens that are not reported',
      replyOf({ inputTokens: 0, outputTokens: 0 }, 'y'.repeat(40)),
      110,
    ],
    ["estimates what isn't a count", replyOf({ inputTokens: Number.NaN, outputTokens: -5 }, ''), 100],
  ])('%s', async (_, reply, tokens) => {
    const { budget, sent, ask, clock } = setUp();
    const asking = ask();
    await clock.advance(0);
    sent[0]?.resolve(reply);
    await asking;
    expect(total(budget.spent)).toBe(tokens);
  });

  it.each<[string, unknown, number]>([
    ['an answer of the server', Object.assign(new Error('no'), { status: 500 }), 0],
    ['a connection refused', Object.assign(new Error('no'), { code: 'ECONNREFUSED' }), 0],
    ['a connection lost', Object.assign(new Error('no'), { code: 'ECONNRESET' }), 600],
    ['an abort', new DOMException('no', 'AbortError'), 600],
  ])('counts the possibly billed tokens of a request that ended with %s', async (_, error, tokens) => {
    const { budget, sent, ask, clock } = setUp();
    const asking = ask().catch(() => {});
    await clock.advance(0);
    sent[0]?.reject(error);
    await clock.advance(0);
    expect(total(budget.spent)).toBe(tokens);
    await clock.advance(10_000);
    sent[1]?.resolve(replyOf({ inputTokens: 7, outputTokens: 3 }));
    await clock.runUntilSettled(asking);
  });

  it('counts a reply that arrives after the caller has stopped waiting', async () => {
    const { budget, sent, ask, clock } = setUp();
    const asking = ask().catch(() => {});
    await clock.advance(1_500);
    sent[0]?.resolve(replyOf({ inputTokens: 7, outputTokens: 3 }));
    await clock.runUntilSettled(asking);
    expect(total(budget.spent)).toBe(10);
  });

  it.each(['signal', 'draining'] as const)('ends a wait for the budget when the %s aborts', async (name) => {
    const { sent, ask, clock } = setUp({ maxTokens: 700 });
    const first = ask();
    const controller = new AbortController();
    const waiting = ask({ [name]: controller.signal });
    await clock.advance(0);
    expect(sent).toHaveLength(1);
    controller.abort(new Error('enough'));
    await expect(waiting).rejects.toThrow('enough');
    expect(getEventListeners(controller.signal, 'abort')).toEqual([]);
    await expect(ask({ [name]: controller.signal })).rejects.toThrow('enough');
    sent[0]?.resolve(replyOf({ inputTokens: 7, outputTokens: 3 }));
    expect(await first).toMatchObject({ text: 'Hi' });
  });

  it('never reports a cost of 0 without a price', () => {
    const budget = new Budget({ price: undefined });
    expect(budget.costUsd).toBe(0);
    budget.count(request, replyOf({ inputTokens: 7, outputTokens: 3 }));
    expect(budget.costUsd).toBeNull();
    expect(() => new Budget({ price: undefined, maxCostUsd: 1 })).toThrow(
      expect.objectContaining({ code: 'PRICE_UNKNOWN' }),
    );
  });
});
