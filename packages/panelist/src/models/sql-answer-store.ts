import type { SqlDatabase } from '@panelist/toolkit/sqlite';
import type { Kysely } from 'kysely';
import type { Migration } from 'kysely/migration';
import { z } from 'zod';
import type { AnswerStore } from './answer-store.ts';
import type { ChatReply } from './chat-model.ts';

interface AnswerTables {
  answers: { request_hash: string; reply: string };
}

const migrations: Readonly<Record<string, Migration>> = {
  '2026-11-23-answers': {
    up: async (db: Kysely<unknown>) => {
      await db.schema
        .createTable('answers')
        .addColumn('request_hash', 'text', (column) => column.primaryKey())
        .addColumn('reply', 'text', (column) => column.notNull())
        .execute();
    },
  },
};

const keptReply = z.object({
  text: z.string(),
  finishReason: z.enum(['stop', 'length', 'content-filter', 'other']),
  returnedModel: z.string(),
  inputTokens: z.number(),
  outputTokens: z.number(),
  attempts: z.number().optional(),
  elapsedMs: z.number(),
}) satisfies z.ZodType<ChatReply>;

/** Keeps answers in the database that the tasks are in; its writes share their commits. */
export class SqlAnswerStore implements AnswerStore {
  readonly #database: SqlDatabase;

  private constructor(database: SqlDatabase) {
    this.#database = database;
  }

  static async open(database: SqlDatabase): Promise<SqlAnswerStore> {
    await database.migrate('answers', migrations);
    return new SqlAnswerStore(database);
  }

  async get(requestHash: string): Promise<ChatReply | undefined> {
    const row = await this.#database
      .kysely<AnswerTables>()
      .selectFrom('answers')
      .select('reply')
      .where('request_hash', '=', requestHash)
      .executeTakeFirst();
    return row && keptReply.parse(JSON.parse(row.reply));
  }

  async keep(requestHash: string, reply: ChatReply): Promise<void> {
    await this.#database.write<AnswerTables, void>(async (transaction) => {
      await transaction
        .insertInto('answers')
        .values({ request_hash: requestHash, reply: JSON.stringify(reply) })
        .onConflict((conflict) => conflict.column('request_hash').doNothing())
        .execute();
    });
  }

  async forget(requestHash: string): Promise<void> {
    await this.#database.write<AnswerTables, void>(async (transaction) => {
      await transaction.deleteFrom('answers').where('request_hash', '=', requestHash).execute();
    });
  }
}
