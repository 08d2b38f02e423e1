import { isWorthWaiting, ToolkitError } from '@panelist/toolkit';
import { VirtualClock } from '@panelist/toolkit/testing';
import { describe, expect, it } from 'vitest';
import type { ChatModel, ChatReply, ChatRequest } from '../chat-model.ts';
import { noUsage } from '../model-usage.ts';
import { MemoryReplyStore } from '../replies/memory-reply-store.ts';
import type { NewReply, ReplyStore } from '../replies/reply-store.ts';
import { hashOf, requestHash } from '../replies/request-hash.ts';
import { chatReply } from '../testing/chat-reply.ts';
import { type StoredRepliesOptions, storedReplies } from './stored-replies.ts';

const request: ChatRequest = {
  messages: [{ role: 'user', content: 'Hello' }],
  replySchema: { name: 'r', schema: { type: 'object' } },
  seed: 1,
  temperature: 0,
  maxOutputTokens: 10,
  replicate: 0,
};

function countingModel(): ChatModel & { calls: number } {
  return {
    id: 'test/model',
    calls: 0,
    async reply(): Promise<ChatReply> {
      this.calls += 1;
      return chatReply(`reply ${this.calls}`);
    },
  };
}

const signal = new AbortController().signal;

function replaying(
  model: ChatModel,
  replies: ReplyStore,
  options: Partial<StoredRepliesOptions> = {},
): ChatModel {
  return storedReplies({ identity: 'id', replies, usage: noUsage(), ...options })(model);
}

describe('stored replies', () => {
  it('calls the model again only for a withdrawn reply', async () => {
    const model = replaying(countingModel(), new MemoryReplyStore());
    const other = { ...request, seed: 2 };
    for (const each of [request, other]) await model.reply(each, { signal });
    await model.withdraw?.(request);
    expect((await model.reply(request, { signal })).text).toBe('reply 3');
    expect((await model.reply(other, { signal })).text).toBe('reply 2');
  });

  it('calls the model once per request, also after a restart', async () => {
    const paid = countingModel();
    const usage = noUsage();
    const replies = new MemoryReplyStore();
    const reply = await replaying(paid, replies, { usage }).reply(request, { signal });
    expect(await replaying(paid, replies, { usage }).reply(structuredClone(request), { signal })).toEqual(
      reply,
    );
    expect(paid.calls).toBe(1);
    expect(usage.replayed).toBe(1);
  });

  it('stores the request and the task of each new reply under the hash that the model gives it', async () => {
    const replies = new MemoryReplyStore();
    const model = replaying(countingModel(), replies);
    await model.reply(request, { signal, caller: { taskId: 't', itemKey: 'a' } });
    expect(await replies.call(hashOf(model, request))).toMatchObject({ request, taskId: 't' });
  });

  it('attributes a reply without a task to an earlier task only once', async () => {
    const replies = new MemoryReplyStore();
    const reply = chatReply('earlier', { inputTokens: 7 });
    await replies.add({ requestHash: requestHash('id', request), request, reply, caller: null });
    const earlier: ChatReply[] = [];
    const model = replaying(countingModel(), replies, {
      hasPaid: async (taskId) => taskId === 'old',
      onEarlier: (each) => earlier.push(each),
    });
    for (const taskId of ['new', 'old', 'old']) {
      await model.reply(request, { signal, caller: { taskId, itemKey: 'a' } });
    }
    expect(earlier).toEqual([reply]);
    expect(await replies.spentBy(['new'])).toMatchObject({ replies: 0 });
    expect(await replies.spentBy(['old'])).toMatchObject({ replies: 1, inputTokens: 7 });
  });

  it('yields to the event loop between two callers, so that arrived replies are stored first', async () => {
    const model = replaying(countingModel(), new MemoryReplyStore());
    let turns = 0;
    let isDone = false;
    const turn = (): void => {
      turns += 1;
      if (!isDone) setImmediate(turn);
    };
    turn();
    for (const kind of ['new replies', 'stored replies']) {
      const turnOf = async (seed: number): Promise<number> => {
        await model.reply({ ...request, seed }, { signal });
        return turns;
      };
      const seen = await Promise.all(Array.from({ length: 50 }, (_, seed) => turnOf(seed)));
      expect(new Set(seen).size, kind).toBe(50);
    }
    isDone = true;
  });

  it('stores a paid reply without another call when a busy database is free again', async () => {
    const stored = new MemoryReplyStore();
    const refusals = { find: 2, add: 3 };
    const orBusy = async <T>(verb: 'find' | 'add', action: () => Promise<T>): Promise<T> => {
      if (refusals[verb]-- > 0) throw new ToolkitError('STORE_BUSY', 'locked');
      return action();
    };
    class BusyStore extends MemoryReplyStore {
      override find(hash: string) {
        return orBusy('find', () => stored.find(hash));
      }
      override add(reply: NewReply) {
        return orBusy('add', () => stored.add(reply));
      }
    }
    const clock = new VirtualClock();
    const model = replaying(countingModel(), new BusyStore(), { clock });
    const replying = model.reply(request, { signal });
    await clock.advance(10_000);
    const reply = await replying;
    expect(reply.text).toBe('reply 1');
    expect((await stored.find(requestHash('id', request)))?.reply).toEqual(reply);
    refusals.add = Number.POSITIVE_INFINITY;
    const controller = new AbortController();
    const waiting = model.reply({ ...request, seed: 2 }, { signal: controller.signal });
    await clock.advance(60_000);
    controller.abort(new Error('enough'));
    await expect(waiting).rejects.toThrow('enough');
  });

  it('waits for a full database only where that is worth waiting for, and asks the model once', async () => {
    const paid = countingModel();
    let isFull = true;
    class FullStore extends MemoryReplyStore {
      override async add(reply: NewReply) {
        if (isFull) throw new ToolkitError('STORE_FULL', 'no room');
        await super.add(reply);
      }
    }
    const clock = new VirtualClock();
    const replies = new FullStore();
    const waiting = replaying(paid, replies, { clock, isWorthWaiting }).reply(request, { signal });
    await clock.advance(60_000);
    await expect(
      replaying(paid, replies, { clock }).reply({ ...request, seed: 2 }, { signal }),
    ).rejects.toMatchObject({ code: 'STORE_FULL' });
    isFull = false;
    await clock.advance(2_000);
    expect((await waiting).text).toBe('reply 1');
    expect((await replies.find(requestHash('id', request)))?.reply.text).toBe('reply 1');
    expect(paid.calls).toBe(2);
  });

  it('stores nothing for a failed call', async () => {
    const paid = countingModel();
    const failing: ChatModel = { id: 'x', reply: () => Promise.reject(new Error('503')) };
    const replies = new MemoryReplyStore();
    await expect(replaying(failing, replies).reply(request, { signal })).rejects.toThrow('503');
    await replaying(paid, replies).reply(request, { signal });
    expect(paid.calls).toBe(1);
  });
});

describe('requestHash', () => {
  const changes: [string, Partial<ChatRequest>][] = [
    ['a message', { messages: [{ role: 'user', content: 'Hello!' }] }],
    ['a role', { messages: [{ role: 'system', content: 'Hello' }] }],
    ['the schema', { replySchema: { name: 'r', schema: { type: 'array' } } }],
    ['the seed', { seed: 2 }],
    ['the temperature', { temperature: 1 }],
    ['the length', { maxOutputTokens: 11 }],
    ['the replicate', { replicate: 1 }],
  ];
  it.each(changes)('changes with %s', (_what, change) => {
    expect(requestHash('id', { ...request, ...change })).not.toBe(requestHash('id', request));
  });

  it('changes with the model, and is the same on any machine', () => {
    expect(requestHash('other', request)).not.toBe(requestHash('id', request));
    expect(requestHash('id', request)).toMatchInlineSnapshot(
      `"850cf672a677a959ed7308f09002b1abf0216138e8c32173b364164e19be5b64"`,
    );
  });
});
