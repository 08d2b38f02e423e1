import type { Kysely } from 'kysely';
import { quote } from '../../errors/toolkit-error.ts';
import type { ItemOutcome, TaskItemRecord, TaskResult } from '../../tasks/task-record.ts';
import type { ItemsRequest, Page, PageRequest, ResultsRequest } from '../../tasks/task-store.ts';
import { isOneOf } from './row-statement.ts';
import type { SqlDatabase } from './sql-database.ts';
import { storedJson } from './stored-json.ts';
import type { TaskTables } from './task-tables.ts';

export async function readResults(
  db: Kysely<TaskTables>,
  taskId: string,
  { after, limit = 500, newestFirst = false }: ResultsRequest,
): Promise<Page<TaskResult>> {
  let query = db
    .selectFrom('task_results')
    .select(['sequence', 'item_key', 'success', 'result', 'recorded_at'])
    .where('task_id', '=', taskId);
  if (after !== undefined) query = query.where('sequence', newestFirst ? '<' : '>', after);
  const rows = await query
    .orderBy('sequence', newestFirst ? 'desc' : 'asc')
    .limit(limit + 1)
    .execute();
  const entries = rows.map((row) => ({
    sequence: row.sequence,
    itemKey: row.item_key ?? `#${row.sequence}`,
    success: row.success === 1,
    result: storedJson(row.result, `task ${taskId}, result ${row.sequence}`),
    recordedAt: row.recorded_at,
  }));
  return page(entries, limit, ({ sequence }) => sequence);
}

export async function readOutcomes(
  db: Kysely<TaskTables>,
  taskId: string,
  { after, limit = 500 }: PageRequest,
): Promise<Page<ItemOutcome>> {
  let query = db
    .selectFrom('task_results')
    .select(['sequence', 'item_key', 'success', 'recorded_at'])
    .where('task_id', '=', taskId);
  if (after !== undefined) query = query.where('sequence', '>', after);
  const rows = await query
    .orderBy('sequence')
    .limit(limit + 1)
    .execute();
  const entries = rows.map((row) => ({
    sequence: row.sequence,
    itemKey: row.item_key ?? `#${row.sequence}`,
    success: row.success === 1,
    recordedAt: row.recorded_at,
  }));
  return page(entries, limit, ({ sequence }) => sequence);
}

export async function readItems(
  db: Kysely<TaskTables>,
  taskId: string,
  { after = -1, limit = 500, status, itemKeys }: ItemsRequest,
  dialect: SqlDatabase['dialect'],
): Promise<Page<TaskItemRecord>> {
  const isFew = dialect === 'postgres' && itemKeys !== undefined;
  const all = isFew ? itemsByIndex(db, taskId) : itemsOf(db, taskId);
  let query = all.where('task_items.position', '>', after);
  if (status === 'pending') query = query.where('task_results.success', 'is', null);
  else if (status !== undefined)
    query = query.where('task_results.success', '=', status === 'succeeded' ? 1 : 0);
  if (itemKeys !== undefined) query = query.where(isOneOf(dialect, 'task_items.item_key', itemKeys));
  const rows = await query
    .orderBy('task_items.position')
    .limit(limit + 1)
    .execute();
  const entries = rows.map((row) => toItem(taskId, row));
  return page(entries, limit, ({ position }) => position);
}

export async function readItem(
  db: Kysely<TaskTables>,
  taskId: string,
  key: string,
): Promise<TaskItemRecord | undefined> {
  const row = await itemsOf(db, taskId).where('task_items.item_key', '=', key).executeTakeFirst();
  return row && toItem(taskId, row);
}

function itemsOf(db: Kysely<TaskTables>, taskId: string) {
  return db
    .selectFrom('task_items')
    .leftJoin('task_results', (join) =>
      join
        .onRef('task_results.task_id', '=', 'task_items.task_id')
        .onRef('task_results.item_key', '=', 'task_items.item_key'),
    )
    .select(['task_items.position', 'task_items.item_key', 'task_items.input'])
    .select(['task_results.success', 'task_results.result'])
    .where('task_items.task_id', '=', taskId);
}

/**
 * The same for a few items of many: the result of each is found by itself. Without the limit PostgreSQL reads all results of
 * the task where it has no statistics of them yet, as in the first minute of a run.
 */
function itemsByIndex(db: Kysely<TaskTables>, taskId: string): ReturnType<typeof itemsOf> {
  const query = db
    .selectFrom('task_items')
    .leftJoinLateral(
      (from) =>
        from
          .selectFrom('task_results')
          .select(['success', 'result'])
          .whereRef('task_results.task_id', '=', 'task_items.task_id')
          .whereRef('task_results.item_key', '=', 'task_items.item_key')
          .limit(1)
          .as('task_results'),
      (join) => join.onTrue(),
    )
    .select(['task_items.position', 'task_items.item_key', 'task_items.input'])
    .select(['task_results.success', 'task_results.result'])
    .where('task_items.task_id', '=', taskId);
  return query as unknown as ReturnType<typeof itemsOf>;
}

interface ItemRow {
  readonly position: number;
  readonly item_key: string;
  readonly input: string;
  readonly success: number | null;
  readonly result: string | null;
}

function toItem(taskId: string, row: ItemRow): TaskItemRecord {
  const item = `item ${quote(row.item_key)}`;
  return {
    key: row.item_key,
    input: storedJson(row.input, `task ${taskId}, ${item}`),
    position: row.position,
    status: row.success === null ? 'pending' : row.success === 1 ? 'succeeded' : 'failed',
    result: row.result === null ? null : storedJson(row.result, `task ${taskId}, result of ${item}`),
  };
}

/** `read` has one entry more than `limit` where there is a next page. */
function page<T>(read: readonly T[], limit: number, cursor: (entry: T) => number): Page<T> {
  if (read.length <= limit) return { entries: read, next: null };
  const entries = read.slice(0, limit);
  return { entries, next: cursor(entries[limit - 1]!) };
}
