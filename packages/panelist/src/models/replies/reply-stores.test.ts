import { openPostgresDatabase } from '@panelist/toolkit/postgres';
import { openSqliteDatabase, type SqlDatabase } from '@panelist/toolkit/sqlite';
import { sql } from 'kysely';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { newPostgresDatabase } from '../../../../toolkit/src/stores/postgres/fixtures/new-database.ts';
import type { ChatReply, ChatRequest } from '../chat-model.ts';
import { MemoryReplyStore } from './memory-reply-store.ts';
import { LONGEST_REQUEST_CHARS, type NewReply, type ReplyStore } from './reply-store.ts';
import { requestHash } from './request-hash.ts';
import { SqlReplyStore } from './sql-reply-store.ts';

const reply: ChatReply = {
  text: 'Yes.',
  finishReason: 'stop',
  returnedModel: 'm-1',
  inputTokens: 10,
  outputTokens: 2,
  isEstimated: true,
  attempts: 2,
  elapsedMs: 12,
};

const LONG_LINE = 'Ada, you have been drinking tea for as long as you can remember.';

const request: ChatRequest = {
  messages: [
    { role: 'system', content: `You are Ada.\n${LONG_LINE}\n` },
    { role: 'user', content: `\n${LONG_LINE}\nTea?\r\n${LONG_LINE}` },
    { role: 'user', content: 'Tea? 茶？' },
    { role: 'assistant', content: 'Perhaps.' },
    { role: 'user', content: 'Yes or no?' },
  ],
  replySchema: { name: 'page', schema: { type: 'object', properties: { q1: { type: 'string' } } } },
  temperature: 0.5,
  seed: 3,
  replicate: 1,
};

function newReply(change: Partial<NewReply & ChatRequest> = {}): NewReply {
  const { seed = 3, ...rest } = change;
  const own = { ...request, seed };
  const caller = { taskId: 'task', itemKey: 'a' };
  return { requestHash: requestHash('m', own), request: own, reply, caller, ...rest };
}

let database: SqlDatabase;
beforeEach(async () => {
  database = await openSqliteDatabase(':memory:');
});
afterEach(() => database.close());

const stores: readonly (readonly [string, () => Promise<ReplyStore>])[] = [
  ['in memory', async () => new MemoryReplyStore()],
  ['in SQL', () => SqlReplyStore.open(database)],
];

describe.each(stores)('replies %s', (_, open) => {
  it('returns a reply unchanged, and its call with request and task', async () => {
    const replies = await open();
    const added = newReply();
    expect(await replies.find(added.requestHash)).toBeUndefined();
    expect(await replies.call(added.requestHash, 'm')).toBeUndefined();
    await replies.add(added);
    expect(await replies.find(added.requestHash)).toEqual({ reply, taskId: 'task' });
    expect(await replies.call(added.requestHash, 'm')).toEqual({ reply, taskId: 'task', request });
  });

  it('keeps the first reply under a hash', async () => {
    const replies = await open();
    await replies.add(newReply());
    await replies.add(newReply({ reply: { ...reply, text: 'No.' } }));
    expect((await replies.find(newReply().requestHash))?.reply.text).toBe('Yes.');
  });

  it('still counts the tokens of a withdrawn reply', async () => {
    const replies = await open();
    for (const text of ['one', 'two', 'three']) {
      await replies.add(newReply({ reply: { ...reply, text } }));
      await replies.withdraw(newReply().requestHash);
    }
    expect(await replies.find(newReply().requestHash)).toBeUndefined();
    await replies.add(newReply({ reply: { ...reply, text: 'four' } }));
    expect((await replies.find(newReply().requestHash))?.reply.text).toBe('four');
    expect(await replies.spentBy(['task'])).toMatchObject({ replies: 4, inputTokens: 40, outputTokens: 8 });
    await replies.withdraw('unknown');
  });

  it('sums the spending of tasks, and counts replies by item', async () => {
    const replies = await open();
    await replies.add(newReply({ seed: 1 }));
    await replies.add(newReply({ seed: 2, caller: { taskId: 'task', itemKey: 'b' } }));
    await replies.add(newReply({ seed: 4, reply: { ...reply, isEstimated: undefined } }));
    await replies.add(newReply({ seed: 5, caller: { taskId: 'other', itemKey: 'a' } }));
    await replies.add(newReply({ seed: 6, caller: null }));
    const spent = { replies: 3, inputTokens: 30, outputTokens: 6, estimatedReplies: 2 };
    expect(await replies.spentBy(['task'])).toEqual(spent);
    expect(await replies.spentBy(['task', 'other'])).toMatchObject({ replies: 4, inputTokens: 40 });
    const many = Array.from({ length: 2_500 }, (_, index) => `t${index}`);
    expect(await replies.spentBy([...many, 'task'])).toEqual(spent);
    expect(await replies.spentBy([])).toMatchObject({ replies: 0, inputTokens: 0 });
    expect(await replies.countByItem('task')).toEqual(
      new Map([
        ['a', 2],
        ['b', 1],
      ]),
    );
  });

  it('attributes a reply without a task once', async () => {
    const replies = await open();
    const { requestHash: hash } = newReply();
    await replies.add(newReply({ caller: null }));
    expect(await replies.claim(hash, { taskId: 'first', itemKey: 'a' })).toBe(true);
    expect(await replies.claim(hash, { taskId: 'second', itemKey: 'a' })).toBe(false);
    expect(await replies.find(hash)).toMatchObject({ taskId: 'first' });
  });
});

describe('replies in SQL', () => {
  it('stores each long line and each schema once', async () => {
    const replies = await SqlReplyStore.open(database);
    const again = await SqlReplyStore.open(database);
    for (const [store, seed] of [
      [replies, 1],
      [replies, 2],
      [again, 3],
    ] as const) {
      await store.add(newReply({ seed }));
    }
    const { rows } = await sql<{ text: string }>`select text from request_parts`.execute(database.kysely());
    expect(rows.map(({ text }) => text).sort()).toEqual([
      LONG_LINE,
      JSON.stringify(request.replySchema?.schema),
    ]);
    expect((await again.call(newReply({ seed: 2 }).requestHash, 'm'))?.request?.seed).toBe(2);
  });

  it.each([
    ['is too long', 'x'.repeat(LONGEST_REQUEST_CHARS + 1)],
    ['is not Unicode', `${LONG_LINE}\uD800`],
  ])('stores only the reply if the request %s', async (_, content) => {
    const replies = await SqlReplyStore.open(database);
    const long: ChatRequest = { messages: [{ role: 'user', content }], replySchema: null };
    await replies.add(newReply({ requestHash: 'long', request: long }));
    expect(await replies.call('long', 'm')).toEqual({ reply, taskId: 'task', request: null });
  });

  it.each([
    ['an unknown finish reason', sql`update replies set finish_reason = 'lost'`],
    ['tokens that are not a number', sql`update replies set input_tokens = 'many'`],
    ['a negative number of tokens', sql`update replies set output_tokens = -1`],
  ])('rejects a row that another program has changed: %s', async (_, change) => {
    const replies = await SqlReplyStore.open(database);
    const { requestHash: hash } = newReply();
    await replies.add(newReply());
    await change.execute(database.kysely());
    const refused = {
      code: 'ROW_INVALID',
      message: expect.stringContaining(`The stored reply "${hash}" is not what Panelist writes`),
    };
    await expect(replies.find(hash)).rejects.toMatchObject(refused);
    await expect(replies.call(hash, 'm')).rejects.toMatchObject(refused);
  });

  it.each([
    ['no JSON', sql`update replies set request = '{'`],
    ['another shape', sql`update replies set request = '{"messages":"hello","replySchema":null}'`],
    [
      'another request',
      sql`update replies set request = (select request from replies where request_hash = ${newReply({ seed: 4 }).requestHash})`,
    ],
    ['another part', sql`update request_parts set text = replace(text, 'Ada', 'Bo')`],
    ['a missing part', sql`delete from request_parts`],
  ])('rejects a request that another program has changed: %s', async (_, change) => {
    const replies = await SqlReplyStore.open(database);
    const { requestHash: hash } = newReply();
    await replies.add(newReply());
    await replies.add(newReply({ seed: 4 }));
    await change.execute(database.kysely());
    await expect(replies.call(hash, 'm')).rejects.toMatchObject({ code: 'ROW_INVALID' });
    expect((await replies.find(hash))?.reply).toEqual(reply);
  });

  it('migrates the rows of version 0.1, and rejects those that version 0.1 would have rejected', async () => {
    const { isEstimated: _isEstimated, attempts: _attempts, ...earlier } = reply;
    const calls = [{ inputTokens: 5, outputTokens: 1 }, { inputTokens: 6, outputTokens: 2 }, 'changed'];
    const db = database.kysely();
    await sql`create table answers (request_hash text primary key, reply text not null)`.execute(db);
    await sql`create table answers_migrations (name text primary key, timestamp text not null)`.execute(db);
    await sql`insert into answers_migrations values ('2026-11-23-answers', '2026-11-23T00:00:00Z')`.execute(
      db,
    );
    await sql`create table task_results (task_id text, sequence integer, success integer, result text)`.execute(
      db,
    );
    const result = async (task: string, sequence: number, success: number, value: string): Promise<unknown> =>
      sql`insert into task_results values (${task}, ${sequence}, ${success}, ${value})`.execute(db);
    for (let row = 0; row < 450; row += 1) {
      await sql`insert into answers values (${`hash ${row}`}, ${JSON.stringify(earlier)})`.execute(db);
      await result('survey', row, 1, JSON.stringify({ calls }));
    }
    await result('survey', 450, 0, JSON.stringify({ error: { inputTokens: 9, outputTokens: 9 } }));
    await result('turn', 0, 1, JSON.stringify({ text: 'Hm.', inputTokens: 8, outputTokens: 3 }));
    await result('turn', 1, 1, 'changed');
    await sql`insert into answers values ('changed', 'a text'), ('another', '{"text":{"markup":"<b>"}}')`.execute(
      db,
    );
    await sql`insert into answers values ('null', 'null'), ('list', '[]')`.execute(db);

    const replies = await SqlReplyStore.open(database);
    const found = { reply: { ...earlier, attempts: 1 }, taskId: null };
    for (const row of [0, 199, 200, 449]) {
      expect(await replies.find(`hash ${row}`)).toEqual(found);
      expect(await replies.call(`hash ${row}`, 'm')).toEqual({ ...found, request: null });
    }
    for (const hash of ['changed', 'another', 'null', 'list'])
      await expect(replies.find(hash), hash).rejects.toMatchObject({ code: 'ROW_INVALID' });
    const ofSurvey = { replies: 900, inputTokens: 4_950, outputTokens: 1_350, estimatedReplies: 0 };
    expect(await replies.spentBy(['survey'])).toEqual(ofSurvey);
    expect(await replies.spentBy(['turn'])).toEqual({
      ...{ replies: 1, inputTokens: 8, outputTokens: 3, estimatedReplies: 0 },
    });
    // Opened again, nothing is migrated twice.
    expect(await (await SqlReplyStore.open(database)).spentBy(['survey'])).toEqual(ofSurvey);
  });
});

it('replies that share a commit write their parts in one order, so that processes do not wait for each other', async () => {
  const postgres = await openPostgresDatabase(await newPostgresDatabase());
  try {
    const replies = await SqlReplyStore.open(postgres);
    const added = Array.from({ length: 12 }, (_, index) => {
      const own = { ...request, messages: [{ role: 'user' as const, content: `${LONG_LINE} ${index}` }] };
      return newReply({ requestHash: requestHash('m', own), request: own });
    });
    await Promise.all(added.map((each) => replies.add(each)));
    const { rows } = await sql<{ hash: string }>`select hash from request_parts order by ctid`.execute(
      postgres.kysely(),
    );
    const hashes = rows.map(({ hash }) => hash);
    // One line of each, and the schema that all share.
    expect(hashes).toHaveLength(13);
    expect(hashes).toEqual(hashes.toSorted((a, b) => (a < b ? -1 : 1)));
    for (const each of added)
      expect((await replies.call(each.requestHash, 'm'))?.request).toEqual(each.request);
  } finally {
    await postgres.close();
  }
});
