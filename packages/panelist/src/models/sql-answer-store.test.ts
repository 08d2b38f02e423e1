import { openSqliteDatabase, type SqlDatabase } from '@panelist/toolkit/sqlite';
import { sql } from 'kysely';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { ChatReply } from './chat-model.ts';
import { SqlAnswerStore } from './sql-answer-store.ts';

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

let database: SqlDatabase;
beforeEach(async () => {
  database = await openSqliteDatabase(':memory:');
});
afterEach(() => database.close());

it('gives a reply back as it was, also that its counts are estimates', async () => {
  const answers = await SqlAnswerStore.open(database);
  await answers.keep('hash', reply);
  expect(await answers.get('hash')).toEqual(reply);
});

it.each([
  ['no JSON', 'a text'],
  ['another shape', JSON.stringify({ ...reply, text: { markup: '<b>' } })],
  ['a finish reason that is none', JSON.stringify({ ...reply, finishReason: 'lost' })],
])('refuses a row that something else has changed: %s', async (_, column) => {
  const answers = await SqlAnswerStore.open(database);
  await answers.keep('hash', reply);
  await sql`update answers set reply = ${column}`.execute(database.kysely());
  await expect(answers.get('hash')).rejects.toMatchObject({
    code: 'ROW_INVALID',
    message: expect.stringContaining('The stored reply "hash" is not what Panelist writes'),
  });
});
