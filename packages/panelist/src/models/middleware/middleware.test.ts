import { ErrorHandler } from '@panelist/toolkit';
import { VirtualClock } from '@panelist/toolkit/testing';
import { describe, expect, it } from 'vitest';
import { Budget } from '../budget/budget.ts';
import type { ChatModel, ChatRequest } from '../chat-model.ts';
import { noUsage } from '../model-usage.ts';
import { MemoryReplyStore } from '../replies/memory-reply-store.ts';
import { hashOf } from '../replies/request-hash.ts';
import { chatReply } from '../testing/chat-reply.ts';
import { throughMiddleware } from './middleware.ts';

const signal = new AbortController().signal;
const caller = { taskId: 'task', itemKey: 'item' };
const request: ChatRequest = { messages: [{ role: 'user', content: 'Hello' }], replySchema: null };

describe('throughMiddleware', () => {
  it('replays without budget or throttle, retries within one reservation, and counts each attempt', async () => {
    const clock = new VirtualClock();
    let calls = 0;
    const vendor: ChatModel = {
      id: 'test/model',
      async reply() {
        calls += 1;
        if (calls === 1) throw Object.assign(new Error('reset'), { code: 'ECONNRESET' });
        return chatReply('Hi', { inputTokens: 60, outputTokens: 20 });
      },
    };
    const replies = new MemoryReplyStore();
    const budget = new Budget({ maxTokens: 700, price: undefined });
    const usage = noUsage();
    const model = throughMiddleware(vendor, {
      ...{ identity: 'test/model at home', replies, budget, usage, time: { waitedMs: 0, inFlightMs: 0 } },
      errorHandler: new ErrorHandler({ clock }),
      hasPaid: async () => false,
    });
    const replying = model.reply(request, { signal, caller });
    await clock.advance(60_000);
    const first = await replying;
    // The attempt without a reply counts by its forecast of 502 tokens, the other by its usage.
    expect(budget.spent).toEqual({ inputTokens: 62, outputTokens: 520 });
    expect(usage).toMatchObject({ requests: 2, retries: 1, replayed: 0 });
    expect(await replies.call(hashOf(model, request))).toEqual({ reply: first, request, taskId: 'task' });

    await expect(model.reply({ ...request, seed: 2 }, { signal, caller })).rejects.toMatchObject({
      code: 'BUDGET_EXHAUSTED',
    });
    expect(await model.reply(request, { signal, caller })).toEqual(first);
    expect(usage).toMatchObject({ requests: 2, replayed: 1 });

    await model.withdraw?.(request);
    await expect(model.reply(request, { signal, caller })).rejects.toMatchObject({
      code: 'BUDGET_EXHAUSTED',
    });
    expect(calls).toBe(2);
  });
});
