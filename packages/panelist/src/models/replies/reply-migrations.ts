import type { SqlDatabase } from '@panelist/toolkit/sqlite';
import { type ColumnDataType, type Kysely, type RawBuilder, sql } from 'kysely';
import type { Migration } from 'kysely/migration';
import { parsed } from './stored-request.ts';

/** Append only: what is published has been run on somebody's database. */
export function replyMigrations(dialect: SqlDatabase['dialect']): Readonly<Record<string, Migration>> {
  // Hashes and ids are compared by their bytes; a duration has fractions, which SQLite's integers may have too.
  const types: ColumnTypes =
    dialect === 'sqlite'
      ? { key: 'text', count: 'integer', ms: 'integer' }
      : { key: sql<string>`text collate "C"`, count: 'bigint', ms: 'double precision' };
  return {
    '2026-11-23-answers': { up: (db) => createAnswers(db, types) },
    '2026-11-30-replies': { up: (db) => replaceAnswers(db, types) },
  };
}

interface ColumnTypes {
  readonly key: 'text' | RawBuilder<string>;
  readonly count: ColumnDataType;
  readonly ms: ColumnDataType;
}

/** Rows that are read, changed and written at once. */
const BATCH = 200;

/** Version 0.1: replies without their requests and tasks. */
async function createAnswers(db: Kysely<unknown>, { key }: ColumnTypes): Promise<void> {
  await db.schema
    .createTable('answers')
    .addColumn('request_hash', key, (column) => column.primaryKey())
    .addColumn('reply', 'text', (column) => column.notNull())
    .execute();
}

async function replaceAnswers(db: Kysely<unknown>, { key, count, ms }: ColumnTypes): Promise<void> {
  await db.schema
    .createTable('replies')
    .addColumn('request_hash', key, (column) => column.notNull())
    // 0: current. The others are numbered, and only count as spent.
    .addColumn('withdrawn', 'integer', (column) => column.notNull())
    .addColumn('task_id', key)
    .addColumn('item_key', key)
    .addColumn('input_tokens', count, (column) => column.notNull())
    .addColumn('output_tokens', count, (column) => column.notNull())
    .addColumn('is_estimated', 'integer', (column) => column.notNull())
    .addColumn('attempts', count, (column) => column.notNull())
    .addColumn('elapsed_ms', ms, (column) => column.notNull())
    .addColumn('finish_reason', 'text', (column) => column.notNull())
    .addColumn('returned_model', 'text', (column) => column.notNull())
    .addColumn('text', 'text', (column) => column.notNull())
    .addColumn('request', 'text')
    .addPrimaryKeyConstraint('replies_pk', ['request_hash', 'withdrawn'])
    .execute();
  // It has all that is summed, so that a sum does not read the texts.
  await db.schema
    .createIndex('replies_by_task')
    .on('replies')
    .columns(['task_id', 'item_key', 'input_tokens', 'output_tokens', 'is_estimated'])
    .execute();
  await db.schema
    .createTable('request_parts')
    .addColumn('hash', key, (column) => column.primaryKey())
    .addColumn('text', 'text', (column) => column.notNull())
    .execute();
  // What version 0.1 spent, which did not store the tasks of replies: the sums of its recorded results.
  await db.schema
    .createTable('earlier_spending')
    .addColumn('task_id', key, (column) => column.primaryKey())
    .addColumn('replies', count, (column) => column.notNull())
    .addColumn('input_tokens', count, (column) => column.notNull())
    .addColumn('output_tokens', count, (column) => column.notNull())
    .execute();
  await copyAnswers(db);
  await sumEarlierResults(db);
  await db.schema.dropTable('answers').execute();
}

async function copyAnswers(db: Kysely<unknown>): Promise<void> {
  let after = '';
  for (;;) {
    const { rows } = await sql<{ request_hash: string; reply: string }>`
      select request_hash, reply from answers where request_hash > ${after} order by request_hash limit ${BATCH}
    `.execute(db);
    if (rows.length === 0) return;
    after = rows.at(-1)!.request_hash;
    for (const { request_hash, reply } of rows) {
      const stored = parsed(reply) as Partial<Record<string, unknown>> | undefined;
      // A row that something else has changed stays, and is refused where it is read.
      const { inputTokens, outputTokens, isEstimated, attempts = 1, elapsedMs, finishReason } = stored ?? {};
      const { returnedModel = '', text } = stored ?? {};
      await sql`
        insert into replies (request_hash, withdrawn, input_tokens, output_tokens, is_estimated, attempts, elapsed_ms,
          finish_reason, returned_model, text)
        values (${request_hash}, 0, ${scalar(inputTokens)}, ${scalar(outputTokens)}, ${isEstimated === true ? 1 : 0},
          ${scalar(attempts)}, ${scalar(elapsedMs)}, ${isText(text) ? scalar(finishReason) : 'unreadable'},
          ${scalar(returnedModel)}, ${isText(text) ? text : reply})
      `.execute(db);
    }
  }
}

/** Where the database has no task yet, it has no table of results. */
async function sumEarlierResults(db: Kysely<unknown>): Promise<void> {
  const tables = await db.introspection.getTables();
  if (!tables.some(({ name }) => name === 'task_results')) return;
  const spent = new Map<string, { replies: number; input: number; output: number }>();
  let place: readonly [task: string, sequence: number] = ['', 0];
  for (;;) {
    const [task, after] = place;
    const { rows } = await sql<{ task_id: string; sequence: number; success: number; result: string }>`
      select task_id, sequence, success, result from task_results
      where task_id > ${task} or (task_id = ${task} and sequence > ${after})
      order by task_id, sequence limit ${BATCH}
    `.execute(db);
    if (rows.length === 0) break;
    const last = rows.at(-1)!;
    place = [last.task_id, last.sequence];
    for (const { task_id, success, result } of rows) {
      const sum = spent.get(task_id) ?? { replies: 0, input: 0, output: 0 };
      for (const call of success === 1 ? callsIn(parsed(result)) : []) {
        sum.replies += 1;
        sum.input += call.inputTokens;
        sum.output += call.outputTokens;
      }
      spent.set(task_id, sum);
    }
  }
  for (const [task, { replies, input, output }] of spent) {
    if (replies > 0)
      await sql`insert into earlier_spending values (${task}, ${replies}, ${input}, ${output})`.execute(db);
  }
}

interface Call {
  readonly inputTokens: number;
  readonly outputTokens: number;
}

/** Version 0.1 recorded a list of calls with an interview, and the tokens themselves with a turn of a group. */
function callsIn(result: unknown): readonly Call[] {
  const { calls = [result] } = (result ?? {}) as { readonly calls?: unknown };
  return Array.isArray(calls) ? calls.filter(isCall) : [];
}

function isCall(value: unknown): value is Call {
  const { inputTokens, outputTokens } = (value ?? {}) as Partial<Call>;
  return Number.isSafeInteger(inputTokens) && Number.isSafeInteger(outputTokens);
}

function isText(value: unknown): value is string {
  return typeof value === 'string';
}

/** What a column can hold; anything else is refused when the row is read. */
function scalar(value: unknown): string | number {
  return typeof value === 'number' ? value : String(value);
}
