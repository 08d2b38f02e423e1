import { getEventListeners } from 'node:events';
import { ErrorHandler } from '@panelist/toolkit';
import { VirtualClock } from '@panelist/toolkit/testing';
import { describe, expect, it } from 'vitest';
import type { ChatModel, ChatReply, ChatRequest } from '../chat-model.ts';
import { noUsage } from '../model-usage.ts';
import { chatReply } from '../testing/chat-reply.ts';
import { retried } from './retried.ts';

const request: ChatRequest = { messages: [{ role: 'user', content: 'Hello' }], replySchema: null };
const reply = chatReply('Hi', { inputTokens: 3, outputTokens: 2 });
const refused = Object.assign(new Error('slow down'), { status: 429, headers: { 'retry-after': '120' } });

function setUp(answer: (attempt: number) => Promise<ChatReply>) {
  const clock = new VirtualClock();
  const usage = noUsage();
  let attempt = 0;
  const inner: ChatModel = { id: 'test/model', reply: () => answer(attempt++) };
  const model = retried({ errorHandler: new ErrorHandler({ clock }), usage })(inner);
  const caller = new AbortController();
  const drain = new AbortController();
  const call = () => model.reply(request, { signal: caller.signal, draining: drain.signal });
  return { clock, usage, caller, drain, call };
}

describe('retried calls', () => {
  it('waits for Retry-After, retries, and counts attempts and time', async () => {
    const { clock, usage, call, caller, drain } = setUp(async (attempt) => {
      if (attempt === 0) throw refused;
      return reply;
    });
    expect(await clock.runUntilSettled(call())).toEqual({ ...reply, attempts: 2 });
    expect(clock.now()).toBe(120_000);
    expect(usage).toMatchObject({ requests: 2, retries: 1, inputTokens: 3, outputTokens: 2 });
    expect(getEventListeners(caller.signal, 'abort')).toEqual([]);
    expect(getEventListeners(drain.signal, 'abort')).toEqual([]);
  });

  it('sends nothing after draining has begun', async () => {
    const { usage, call, drain } = setUp(async () => reply);
    drain.abort(new Error('closing'));
    await expect(call()).rejects.toThrow('closing');
    expect(usage.requests).toBe(0);
  });

  it('ends a long wait when draining begins', async () => {
    const { clock, usage, call, drain } = setUp(async () => {
      throw refused;
    });
    const calling = call();
    await clock.advance(1_000);
    drain.abort(new Error('closing'));
    await expect(calling).rejects.toThrow('closing');
    expect(usage.requests).toBe(1);
    expect(clock.pendingTimers).toBe(0);
  });

  it('lets sent requests finish while draining, and does not retry them', async () => {
    for (const [ends, outcome] of [
      ['well', 'Hi'],
      ['badly', 'closing'],
    ] as const) {
      const sent = Promise.withResolvers<ChatReply>();
      const { clock, usage, call, drain } = setUp(() => sent.promise);
      const calling = call().then(
        ({ text }) => text,
        (error: Error) => error.message,
      );
      await clock.advance(0);
      drain.abort(new Error('closing'));
      if (ends === 'well') sent.resolve(reply);
      else sent.reject(refused);
      expect(await calling).toBe(outcome);
      expect(usage.requests).toBe(1);
    }
  });

  it('ends immediately when the caller aborts', async () => {
    const { clock, call, caller } = setUp(() => new Promise(() => {}));
    const calling = call();
    await clock.advance(0);
    caller.abort(new Error('enough'));
    await expect(calling).rejects.toThrow('enough');
  });
});
