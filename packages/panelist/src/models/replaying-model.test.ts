import { ToolkitError } from '@panelist/toolkit';
import { openSqliteDatabase } from '@panelist/toolkit/sqlite';
import { VirtualClock } from '@panelist/toolkit/testing';
import { describe, expect, it } from 'vitest';
import type { AnswerStore } from './answer-store.ts';
import type { ChatModel, ChatReply, ChatRequest } from './chat-model.ts';
import { noUsage } from './model-usage.ts';
import { ReplayingModel } from './replaying-model.ts';
import { requestHash } from './request-hash.ts';
import { SqlAnswerStore } from './sql-answer-store.ts';
import { chatReply } from './testing/chat-reply.ts';

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

describe('ReplayingModel', () => {
  it('asks again for what it was told to forget, and for nothing else', async () => {
    const database = await openSqliteDatabase(':memory:');
    const model = countingModel();
    const replaying = new ReplayingModel('test', model, await SqlAnswerStore.open(database), noUsage());
    const other = { ...request, seed: 2 };
    for (const each of [request, other]) await replaying.reply(each, { signal });
    await replaying.forget(request);
    expect((await replaying.reply(request, { signal })).text).toBe('reply 3');
    expect((await replaying.reply(other, { signal })).text).toBe('reply 2');
    await database.close();
  });

  it('asks once, and after a restart too', async () => {
    const database = await openSqliteDatabase(':memory:');
    const paid = countingModel();
    const usage = noUsage();
    const first = new ReplayingModel('id', paid, await SqlAnswerStore.open(database), usage);
    const reply = await first.reply(request, { signal });
    const second = new ReplayingModel('id', paid, await SqlAnswerStore.open(database), usage);
    expect(await second.reply(structuredClone(request), { signal })).toEqual(reply);
    expect(paid.calls).toBe(1);
    expect(usage.replayed).toBe(1);
    await database.close();
  });

  it('lets the event loop turn between two callers, so that what has arrived meanwhile is stored first', async () => {
    const database = await openSqliteDatabase(':memory:');
    const replaying = new ReplayingModel(
      'id',
      countingModel(),
      await SqlAnswerStore.open(database),
      noUsage(),
    );
    let turns = 0;
    let isDone = false;
    const turn = (): void => {
      turns += 1;
      if (!isDone) setImmediate(turn);
    };
    turn();
    for (const kind of ['new replies', 'stored replies']) {
      const turnOf = async (seed: number): Promise<number> => {
        await replaying.reply({ ...request, seed }, { signal });
        return turns;
      };
      const seen = await Promise.all(Array.from({ length: 50 }, (_, seed) => turnOf(seed)));
      expect(new Set(seen).size, kind).toBe(50);
    }
    isDone = true;
    await database.close();
  });

  it('holds a paid reply until a busy database takes it, and asks nothing again', async () => {
    const database = await openSqliteDatabase(':memory:');
    const stored = await SqlAnswerStore.open(database);
    const refusals = { get: 2, keep: 3 };
    const orBusy = async <T>(verb: 'get' | 'keep', action: () => Promise<T>): Promise<T> => {
      if (refusals[verb]-- > 0) throw new ToolkitError('STORE_BUSY', 'locked');
      return action();
    };
    const busy: AnswerStore = {
      get: (hash) => orBusy('get', () => stored.get(hash)),
      keep: (hash, reply) => orBusy('keep', () => stored.keep(hash, reply)),
      forget: (hash) => stored.forget(hash),
    };
    const paid = countingModel();
    const clock = new VirtualClock();
    const replaying = new ReplayingModel('id', paid, busy, noUsage(), clock);
    const replying = replaying.reply(request, { signal });
    await clock.advance(10_000);
    const reply = await replying;
    expect(reply.text).toBe('reply 1');
    expect(await stored.get(requestHash('id', request))).toEqual(reply);
    refusals.keep = Number.POSITIVE_INFINITY;
    const controller = new AbortController();
    const waiting = replaying.reply({ ...request, seed: 2 }, { signal: controller.signal });
    await clock.advance(60_000);
    controller.abort(new Error('enough'));
    await expect(waiting).rejects.toThrow('enough');
    await database.close();
  });

  it('keeps nothing of a call that failed', async () => {
    const database = await openSqliteDatabase(':memory:');
    const paid = countingModel();
    const failing: ChatModel = { id: 'x', reply: () => Promise.reject(new Error('503')) };
    const answers = await SqlAnswerStore.open(database);
    await expect(
      new ReplayingModel('id', failing, answers, noUsage()).reply(request, { signal }),
    ).rejects.toThrow('503');
    await new ReplayingModel('id', paid, answers, noUsage()).reply(request, { signal });
    expect(paid.calls).toBe(1);
    await database.close();
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
