import type { SqlDatabase } from '@panelist/toolkit/sqlite';
import type { Kysely } from 'kysely';
import type { Migration } from 'kysely/migration';
import { boolean, number, object, oneOf, optional, type Shape, text } from '../stored/shapes.ts';
import { storedAs } from '../stored/stored-row.ts';
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

const storedReply: Shape<ChatReply> = object<ChatReply>({
  text,
  finishReason: oneOf('stop', 'length', 'content-filter', 'other'),
  returnedModel: text,
  inputTokens: number,
  outputTokens: number,
  isEstimated: optional(boolean),
  attempts: optional(number),
  elapsedMs: number,
});

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

  /** @throws PanelistError `ROW_INVALID` */
  async get(requestHash: string): Promise<ChatReply | undefined> {
    const row = await this.#database
      .kysely<AnswerTables>()
      .selectFrom('answers')
      .select('reply')
      .where('request_hash', '=', requestHash)
      .executeTakeFirst();
    return row && storedAs(storedReply, parsed(row.reply), { requestHash });
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

/** `undefined` for what is not JSON, which the check then refuses. */
function parsed(column: unknown): unknown {
  try {
    return JSON.parse(column as string);
  } catch {
    return undefined;
  }
}
