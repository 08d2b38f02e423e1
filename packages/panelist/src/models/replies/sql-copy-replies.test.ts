import { openPostgresDatabase } from '@panelist/toolkit/postgres';
import { openSqliteDatabase, type SqlDatabase, SqlTaskStore } from '@panelist/toolkit/sqlite';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { newPostgresDatabase } from '../../../../toolkit/src/stores/postgres/fixtures/new-database.ts';
import type { ChatReply, ChatRequest } from '../chat-model.ts';
import { requestHash } from './request-hash.ts';
import { copyReplies } from './sql-copy-replies.ts';
import { SqlReplyStore } from './sql-reply-store.ts';

const LONG_LINE = 'You are a person of this town, and you answer as you would at your own door.';

function requestOf(index: number): ChatRequest {
  return {
    messages: [
      { role: 'user', content: `${LONG_LINE}\nPerson ${index} of the whole town, whose answer is this one.` },
    ],
    replySchema: null,
    seed: index,
  };
}

const hashOf = (index: number): string => requestHash('m', requestOf(index));

function replyOf(text: string): ChatReply {
  return {
    text,
    finishReason: 'stop',
    returnedModel: 'm-1',
    inputTokens: 10,
    outputTokens: 2,
    isEstimated: false,
    attempts: 1,
    elapsedMs: 12,
  };
}

interface Side {
  readonly database: SqlDatabase;
  readonly replies: SqlReplyStore;
}

async function sideOf(database: SqlDatabase): Promise<Side> {
  await (await SqlTaskStore.open(database)).close();
  return { database, replies: await SqlReplyStore.open(database) };
}

async function pay({ replies }: Side, index: number, text: string, taskId: string | null): Promise<void> {
  await replies.add({
    requestHash: hashOf(index),
    request: requestOf(index),
    reply: replyOf(text),
    caller: taskId === null ? null : { taskId, itemKey: String(index) },
  });
}

const pairs: readonly (readonly [string, () => Promise<SqlDatabase>, () => Promise<SqlDatabase>])[] = [
  ['SQLite to PostgreSQL', () => openSqliteDatabase(':memory:'), postgres],
  ['PostgreSQL to SQLite', postgres, () => openSqliteDatabase(':memory:')],
];

async function postgres(): Promise<SqlDatabase> {
  return openPostgresDatabase(await newPostgresDatabase());
}

describe.each(pairs)('copyReplies from %s', (_, openFrom, openTo) => {
  let from: Side;
  let to: Side;
  beforeEach(async () => {
    from = await sideOf(await openFrom());
    to = await sideOf(await openTo());
  });
  afterEach(() => Promise.all([from.database.close(), to.database.close()]));

  it('copies replies with their requests and what they took, once', async () => {
    for (let index = 0; index < 250; index += 1) await pay(from, index, `reply ${index}`, 'task_1');
    await pay(from, 900, 'of another', 'task_2');
    await from.replies.withdraw(hashOf(3));
    await pay(from, 3, 'asked again', 'task_1');
    const copied = await copyReplies(from.database, to.database, { taskId: 'task_1' });
    expect(copied).toEqual({ replies: 251, sha256: expect.stringMatching(/^[0-9a-f]{64}$/) });
    expect(await copyReplies(from.database, to.database, { taskId: 'task_1' })).toEqual(copied);
    expect(await to.replies.spentBy(['task_1'])).toEqual(await from.replies.spentBy(['task_1']));
    expect(await to.replies.countByItem('task_1')).toEqual(await from.replies.countByItem('task_1'));
    for (const index of [0, 3, 249])
      expect(await to.replies.call(hashOf(index), 'm')).toEqual(await from.replies.call(hashOf(index), 'm'));
    expect(await to.replies.find(hashOf(900))).toBeUndefined();
    expect(await to.replies.find(hashOf(3))).toMatchObject({ reply: { text: 'asked again' } });
    // The way back brings nothing new.
    expect(await copyReplies(to.database, from.database, { taskId: 'task_1' })).toEqual(copied);
    expect(await from.replies.spentBy(['task_1'])).toMatchObject({ replies: 251 });
  });

  it('leaves the reply that the target has paid for, and counts both', async () => {
    await pay(from, 1, 'of the source', 'task_1');
    await pay(to, 1, 'of the target', 'task_9');
    for (const _ of [1, 2]) await copyReplies(from.database, to.database, { taskId: 'task_1' });
    expect(await to.replies.find(hashOf(1))).toMatchObject({
      reply: { text: 'of the target' },
      taskId: 'task_9',
    });
    expect(await to.replies.spentBy(['task_1'])).toMatchObject({ replies: 1, inputTokens: 10 });
    expect(await to.replies.spentBy(['task_9'])).toMatchObject({ replies: 1 });
  });

  it('follows a task that has withdrawn a reply since it was copied', async () => {
    await pay(from, 1, 'first', 'task_1');
    await copyReplies(from.database, to.database, { taskId: 'task_1' });
    await from.replies.withdraw(hashOf(1));
    await pay(from, 1, 'second', 'task_1');
    await copyReplies(from.database, to.database, { taskId: 'task_1' });
    expect(await to.replies.find(hashOf(1))).toMatchObject({ reply: { text: 'second' } });
    expect(await to.replies.spentBy(['task_1'])).toMatchObject({ replies: 2 });
  });

  it('copies replies by their hashes, and those of no task', async () => {
    await pay(from, 1, 'by hash', 'task_7');
    await pay(from, 2, 'of nobody', null);
    await pay(from, 3, 'not asked for', 'task_7');
    await pay(from, 4, 'its own', 'task_8');
    await copyReplies(from.database, to.database, {
      hashesOfOthers: [hashOf(1), hashOf(4), 'unknown'],
      than: 'task_8',
    });
    expect(await to.replies.call(hashOf(1), 'm')).toMatchObject({ taskId: 'task_7' });
    expect(await to.replies.find(hashOf(3))).toBeUndefined();
    expect(await to.replies.find(hashOf(4))).toBeUndefined();
    expect(await copyReplies(from.database, to.database, 'others')).toMatchObject({ replies: 4 });
    expect(await to.replies.find(hashOf(2))).toMatchObject({ taskId: null });
  });
});
