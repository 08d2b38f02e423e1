import type { SqlDatabase } from '@panelist/toolkit/sqlite';
import type { CompiledQuery, Transaction } from 'kysely';
import { count, nullable, number, object, oneOf, type Shape, text } from '../../stored/shapes.ts';
import { storedAs } from '../../stored/stored-row.ts';
import type { Caller, ChatReply } from '../chat-model.ts';
import { replyMigrations } from './reply-migrations.ts';
import type { NewReply, RepliesSpending, ReplyStore, StoredCall, StoredReply } from './reply-store.ts';
import { type RequestPart, RequestParts } from './request-parts.ts';
import { encodeRequest, StoredRequest } from './stored-request.ts';

interface ReplyRow {
  readonly task_id: string | null;
  readonly input_tokens: number;
  readonly output_tokens: number;
  readonly is_estimated: number;
  readonly attempts: number;
  readonly elapsed_ms: number;
  readonly finish_reason: ChatReply['finishReason'];
  readonly returned_model: string;
  readonly text: string;
}

export interface ReplyTables {
  replies: ReplyRow & {
    readonly request_hash: string;
    readonly withdrawn: number;
    readonly item_key: string | null;
    readonly request: string | null;
  };
  request_parts: { readonly hash: string; readonly text: string };
  earlier_spending: {
    readonly task_id: string;
    readonly replies: number;
    readonly input_tokens: number;
    readonly output_tokens: number;
  };
}

const replyRow: Shape<ReplyRow> = object<ReplyRow>({
  task_id: nullable(text),
  input_tokens: count,
  output_tokens: count,
  is_estimated: count,
  attempts: count,
  elapsed_ms: number,
  finish_reason: oneOf('stop', 'length', 'content-filter', 'other'),
  returned_model: text,
  text,
});

const replyColumns = [
  ...(['task_id', 'input_tokens', 'output_tokens', 'is_estimated', 'attempts', 'elapsed_ms'] as const),
  ...(['finish_reason', 'returned_model', 'text'] as const),
];

/** Task ids in one statement. */
const MAX_TASK_IDS = 1_000;
/** Parts that one statement reads. */
const MAX_PARTS = 10_000;

export interface SqlReplyStoreOptions {
  /** How long a new reply may wait for other writes that share its commit, milliseconds. @default 0 */
  readonly maxAddDelayMs?: number | undefined;
}

/** Stores replies in the database that the tasks are in; its writes share their commits. */
export class SqlReplyStore implements ReplyStore {
  readonly #database: SqlDatabase;
  readonly #maxAddDelayMs: number;
  readonly #parts = new RequestParts();
  /** Of the replies that are being added. */
  readonly #newParts = new Set<RequestPart>();
  readonly #written = new WeakMap<Transaction<ReplyTables>, ReadonlySet<RequestPart>>();
  // Compiled once: both run for every call.
  #find: CompiledQuery<ReplyRow> | undefined;
  #insert: CompiledQuery | undefined;

  private constructor(database: SqlDatabase, { maxAddDelayMs = 0 }: SqlReplyStoreOptions) {
    this.#database = database;
    this.#maxAddDelayMs = maxAddDelayMs;
  }

  static async open(database: SqlDatabase, options: SqlReplyStoreOptions = {}): Promise<SqlReplyStore> {
    // The component's name in version 0.1.
    await database.migrate('answers', replyMigrations(database.dialect));
    return new SqlReplyStore(database, options);
  }

  async find(requestHash: string): Promise<StoredReply | undefined> {
    this.#find ??= this.#current('').select(replyColumns).compile();
    const [, ...parameters] = this.#find.parameters;
    const db = this.#database.kysely<ReplyTables>();
    const { rows } = await db.executeQuery<ReplyRow>({
      ...this.#find,
      parameters: [requestHash, ...parameters],
    });
    const [row] = rows;
    return row && storedReply(row, requestHash);
  }

  async call(requestHash: string, modelIdentity: string): Promise<StoredCall | undefined> {
    const row = await this.#current(requestHash)
      .select([...replyColumns, 'request'])
      .executeTakeFirst();
    if (row === undefined) return undefined;
    const stored = storedReply(row, requestHash);
    if (row.request === null) return { ...stored, request: null };
    const request = new StoredRequest(row.request, requestHash);
    return { ...stored, request: request.decode(await this.#textsOf([...request.parts]), modelIdentity) };
  }

  async add({ requestHash, request, reply, caller }: NewReply): Promise<void> {
    const encoded = encodeRequest(request, this.#parts);
    const parts = new Set(encoded?.parts.filter(({ isStored }) => !isStored));
    for (const part of parts) this.#newParts.add(part);
    const row: ReplyTables['replies'] = {
      request_hash: requestHash,
      withdrawn: 0,
      task_id: caller?.taskId ?? null,
      item_key: caller?.itemKey ?? null,
      input_tokens: reply.inputTokens,
      output_tokens: reply.outputTokens,
      is_estimated: reply.isEstimated === true ? 1 : 0,
      attempts: reply.attempts ?? 1,
      elapsed_ms: reply.elapsedMs,
      finish_reason: reply.finishReason,
      returned_model: reply.returnedModel,
      text: reply.text,
      request: encoded?.request ?? null,
    };
    try {
      await this.#database.write<ReplyTables, void>(
        async (transaction) => {
          await this.#addParts(transaction, parts);
          this.#insert ??= insertion(transaction, row);
          await transaction.executeQuery({ ...this.#insert, parameters: Object.values(row) });
        },
        { maxDelayMs: this.#maxAddDelayMs },
      );
      // Only now: before the commit they may still be rolled back.
      for (const part of parts) part.isStored = true;
    } finally {
      for (const part of parts) this.#newParts.delete(part);
    }
  }

  /**
   * The first of the replies that share a transaction writes the parts of all, in the order of their hashes: two processes
   * that write the same parts in different orders would wait for each other. A part too many does no harm.
   */
  async #addParts(transaction: Transaction<ReplyTables>, own: ReadonlySet<RequestPart>): Promise<void> {
    if (own.size === 0) return;
    const written = this.#written.get(transaction);
    const parts = written === undefined ? own.union(this.#newParts) : own.difference(written);
    this.#written.set(transaction, written?.union(parts) ?? parts);
    await addParts(transaction, parts);
  }

  async withdraw(requestHash: string): Promise<void> {
    await this.#database.write<ReplyTables, void>(async (transaction) => {
      const { last } = await transaction
        .selectFrom('replies')
        .select(({ fn }) => fn.max('withdrawn').as('last'))
        .where('request_hash', '=', requestHash)
        .executeTakeFirstOrThrow();
      await transaction
        .updateTable('replies')
        .set({ withdrawn: Number(last) + 1 })
        .where('request_hash', '=', requestHash)
        .where('withdrawn', '=', 0)
        .execute();
    });
  }

  claim(requestHash: string, { taskId, itemKey }: Caller): Promise<boolean> {
    return this.#database.write<ReplyTables, boolean>(async (transaction) => {
      const { numUpdatedRows } = await transaction
        .updateTable('replies')
        .set({ task_id: taskId, item_key: itemKey })
        .where('request_hash', '=', requestHash)
        .where('withdrawn', '=', 0)
        .where('task_id', 'is', null)
        .executeTakeFirst();
      return numUpdatedRows > 0n;
    });
  }

  async spentBy(taskIds: readonly string[]): Promise<RepliesSpending> {
    let spent: RepliesSpending = { replies: 0, inputTokens: 0, outputTokens: 0, estimatedReplies: 0 };
    for (let from = 0; from < taskIds.length; from += MAX_TASK_IDS) {
      const ids = taskIds.slice(from, from + MAX_TASK_IDS);
      spent = sum(spent, await this.#spentBy(ids));
    }
    return spent;
  }

  async #spentBy(taskIds: readonly string[]): Promise<RepliesSpending> {
    const db = this.#database.kysely<ReplyTables>();
    const rows = await db
      .selectFrom('replies')
      .select(({ fn, val }) => [
        fn.countAll().as('replies'),
        fn.coalesce(fn.sum('input_tokens'), val(0)).as('input'),
        fn.coalesce(fn.sum('output_tokens'), val(0)).as('output'),
        fn.coalesce(fn.sum('is_estimated'), val(0)).as('estimated'),
      ])
      .where('task_id', 'in', taskIds)
      .unionAll(
        db
          .selectFrom('earlier_spending')
          .select(({ fn, val }) => [
            fn.coalesce(fn.sum('replies'), val(0)).as('replies'),
            fn.coalesce(fn.sum('input_tokens'), val(0)).as('input'),
            fn.coalesce(fn.sum('output_tokens'), val(0)).as('output'),
            val(0).as('estimated'),
          ])
          .where('task_id', 'in', taskIds),
      )
      .execute();
    const numbers = rows.map(({ replies, input, output, estimated }) => ({
      replies: Number(replies),
      inputTokens: Number(input),
      outputTokens: Number(output),
      estimatedReplies: Number(estimated),
    }));
    return numbers.reduce(sum);
  }

  async countByItem(taskId: string): Promise<ReadonlyMap<string, number>> {
    const rows = await this.#database
      .kysely<ReplyTables>()
      .selectFrom('replies')
      .select(({ fn }) => ['item_key', fn.countAll().as('replies')])
      .where('task_id', '=', taskId)
      .groupBy('item_key')
      .execute();
    return new Map(rows.map(({ item_key, replies }) => [item_key ?? '', Number(replies)]));
  }

  #current(requestHash: string) {
    return this.#database
      .kysely<ReplyTables>()
      .selectFrom('replies')
      .where('request_hash', '=', requestHash)
      .where('withdrawn', '=', 0);
  }

  async #textsOf(hashes: readonly string[]): Promise<ReadonlyMap<string, string>> {
    const texts = new Map<string, string>();
    for (let from = 0; from < hashes.length; from += MAX_PARTS) {
      const rows = await this.#database
        .kysely<ReplyTables>()
        .selectFrom('request_parts')
        .select(['hash', 'text'])
        .where('hash', 'in', hashes.slice(from, from + MAX_PARTS))
        .execute();
      for (const { hash, text } of rows) texts.set(hash, text);
    }
    return texts;
  }
}

/** Inserts a row whose columns are in the order of `row`; the first reply under a hash stays. */
function insertion(transaction: Transaction<ReplyTables>, row: ReplyTables['replies']): CompiledQuery {
  return transaction
    .insertInto('replies')
    .values(row)
    .onConflict((conflict) => conflict.columns(['request_hash', 'withdrawn']).doNothing())
    .compile();
}

async function addParts(
  transaction: Transaction<ReplyTables>,
  parts: ReadonlySet<RequestPart>,
): Promise<void> {
  for (const { hash, text } of [...parts].sort((a, b) => (a.hash < b.hash ? -1 : 1))) {
    await transaction
      .insertInto('request_parts')
      .values({ hash, text })
      .onConflict((conflict) => conflict.column('hash').doNothing())
      .execute();
  }
}

function storedReply(row: ReplyRow, requestHash: string): StoredReply {
  const valid = storedAs(replyRow, row, { requestHash });
  return {
    taskId: valid.task_id,
    reply: {
      text: valid.text,
      finishReason: valid.finish_reason,
      returnedModel: valid.returned_model,
      inputTokens: valid.input_tokens,
      outputTokens: valid.output_tokens,
      ...(valid.is_estimated === 1 && { isEstimated: true }),
      attempts: valid.attempts,
      elapsedMs: valid.elapsed_ms,
    },
  };
}

function sum(a: RepliesSpending, b: RepliesSpending): RepliesSpending {
  return {
    replies: a.replies + b.replies,
    inputTokens: a.inputTokens + b.inputTokens,
    outputTokens: a.outputTokens + b.outputTokens,
    estimatedReplies: a.estimatedReplies + b.estimatedReplies,
  };
}
