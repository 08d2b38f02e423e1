import { type Kysely, sql, type Transaction } from 'kysely';
import { quote, ToolkitError, type ToolkitErrorCode } from '../../errors/toolkit-error.ts';
import { taskNotFound } from '../../tasks/task-rules.ts';
import {
  asStoredBy,
  digestRows,
  mergeRows,
  ROWS_PER_PAGE,
  RolledBack,
  RowDigest,
  rollingBack,
  rowText,
} from './copy-rows.ts';
import type { SqlDatabase } from './sql-database.ts';
import { IS_ACTIVE, type TaskResultsTable, type TaskRow, type TaskTables, toRecord } from './task-tables.ts';

export interface CopyTaskOptions {
  /** Called as items and results are copied; the copy waits for what it returns. */
  readonly onProgress?:
    | ((progress: { readonly done: number; readonly total: number }) => void | Promise<void>)
    | undefined;
  /** Whether the owner of a lease is known to be dead, such as `isKnownDead`. @default a lease is waited out */
  readonly isDead?: ((owner: string) => boolean) | undefined;
  readonly signal?: AbortSignal | undefined;
}

export interface CopiedTask {
  /** `updated`: the target had an earlier state of it. `present`: it had the same. */
  readonly outcome: 'copied' | 'updated' | 'present';
  readonly items: number;
  readonly results: number;
  /** Of the task with its parameters, items and results in their order: the same on both sides. */
  readonly sha256: string;
}

type ItemRow = TaskTables['task_items'];
type Tables = Transaction<TaskTables>;

/** See `optional-peers.ts`. */
export async function copyTask(
  from: SqlDatabase,
  to: SqlDatabase,
  taskId: string,
  options: CopyTaskOptions = {},
): Promise<CopiedTask> {
  return rollingBack(() => copyWhole(from, to, taskId, options));
}

async function copyWhole(
  from: SqlDatabase,
  to: SqlDatabase,
  taskId: string,
  { onProgress, isDead = () => false, signal }: CopyTaskOptions,
): Promise<CopiedTask> {
  const source = from.kysely<TaskTables>();
  const [found] = await source.selectFrom('tasks').selectAll().where('task_id', '=', taskId).execute();
  if (found === undefined) throw taskNotFound(taskId);
  toRecord(found, null);
  if (!isDead(found.lease_owner ?? '')) await refuseIfLeased(from, source, found, 'source');
  const row = asStoredBy(to.dialect, withoutLease(found));
  const total = row.total_count + row.completed_count;

  const copy = async (transaction: Tables): Promise<CopiedTask> => {
    const outcome = await prepareTarget(to, transaction, row);
    const digest = new RowDigest();
    digest.add(row);
    await copyParams(source, transaction, taskId, to.dialect, digest);
    let done = 0;
    const onRows = async (count: number): Promise<void> => {
      done += count;
      await onProgress?.({ done, total });
      signal?.throwIfAborted();
    };
    const items = await mergeRows<ItemRow>(
      {
        source: async (after) => stored(to, await itemsAfter(source, taskId, after)),
        target: (first, last) => itemsBetween(transaction, taskId, first, last),
        numberOf: ({ position }) => position,
        insert: async (rows) => {
          await transaction.insertInto('task_items').values(rows).execute();
        },
        onOther: async () => refuse('TASK_DIFFERS', otherState(taskId, 'has other items')),
      },
      digest,
      onRows,
    );
    const results = await mergeRows<TaskResultsTable>(
      {
        source: async (after) => stored(to, await resultsAfter(source, taskId, after)),
        target: (first, last) => resultsBetween(transaction, taskId, first, last),
        numberOf: ({ sequence }) => sequence,
        insert: async (rows) => {
          await transaction.insertInto('task_results').values(rows).execute();
        },
        onOther: ({ sequence, success }) => takeBack(transaction, taskId, sequence, success),
      },
      digest,
      onRows,
    );
    const sha256 = digest.end();
    await verify(transaction, taskId, { items, results, sha256 });
    await refuseIfChanged(source, found);
    return { outcome, items, results, sha256 };
  };
  return to.write(copy, { isLarge: true });
}

/** What the target must be like, and the task's own row in it. */
async function prepareTarget(
  to: SqlDatabase,
  transaction: Tables,
  row: TaskRow,
): Promise<CopiedTask['outcome']> {
  const { task_id: taskId } = row;
  const [existing] = await to
    .locking(transaction.selectFrom('tasks').selectAll().where('task_id', '=', taskId))
    .execute();
  const [same] = await transaction
    .selectFrom('tasks')
    .select('task_id')
    .where('task_key', '=', row.task_key)
    .where('fingerprint', '=', row.fingerprint)
    .where('task_id', '!=', taskId)
    .where(IS_ACTIVE)
    .execute();
  if (same !== undefined && isActiveRow(row))
    refuse(
      'TASK_DIFFERS',
      `The target has another active task with the same key and parameters as ${quote(taskId)}: ${quote(same.task_id)}. Finish or cancel one of them first.`,
    );
  if (existing === undefined) {
    await transaction.insertInto('tasks').values(row).execute();
    return 'copied';
  }
  await refuseIfLeased(to, transaction, existing, 'target');
  if (existing.revision > row.revision) refuse('TASK_DIFFERS', otherState(taskId, 'is ahead of the source'));
  const isSame = rowText(withoutLease(existing)) === rowText(row);
  if (isSame) return 'present';
  if (existing.revision === row.revision) refuse('TASK_DIFFERS', otherState(taskId, 'has another row'));
  await transaction.updateTable('tasks').set(row).where('task_id', '=', taskId).execute();
  return 'updated';
}

async function copyParams(
  source: Kysely<TaskTables>,
  transaction: Tables,
  taskId: string,
  dialect: 'sqlite' | 'postgres',
  digest: RowDigest,
): Promise<void> {
  const [read] = await source.selectFrom('task_params').selectAll().where('task_id', '=', taskId).execute();
  if (read === undefined) return;
  const row = asStoredBy(dialect, read);
  digest.add(row);
  const [there] = await transaction
    .selectFrom('task_params')
    .select('params')
    .where('task_id', '=', taskId)
    .execute();
  if (there === undefined) await transaction.insertInto('task_params').values(row).execute();
  else if (there.params !== row.params) refuse('TASK_DIFFERS', otherState(taskId, 'has other parameters'));
}

/** A result that the target has and the source has not: one that had failed, and was taken back to be done again. */
async function takeBack(
  transaction: Tables,
  taskId: string,
  sequence: number,
  success: number,
): Promise<void> {
  if (success === 1) refuse('TASK_DIFFERS', otherState(taskId, 'has results that the source has not'));
  await transaction
    .deleteFrom('task_results')
    .where('task_id', '=', taskId)
    .where('sequence', '=', sequence)
    .execute();
}

/** Reads the target's rows back: what a checksum of the source's proves is that these are the same. */
async function verify(
  transaction: Tables,
  taskId: string,
  expected: Pick<CopiedTask, 'items' | 'results' | 'sha256'>,
): Promise<void> {
  const digest = new RowDigest();
  const rows = await transaction.selectFrom('tasks').selectAll().where('task_id', '=', taskId).execute();
  for (const row of rows) digest.add(withoutLease(row));
  for (const row of await transaction
    .selectFrom('task_params')
    .selectAll()
    .where('task_id', '=', taskId)
    .execute())
    digest.add(row);
  const items = await digestRows(
    (after) => itemsAfter(transaction, taskId, after),
    ({ position }) => position,
    digest,
  );
  const results = await digestRows(
    (after) => resultsAfter(transaction, taskId, after),
    ({ sequence }) => sequence,
    digest,
  );
  const sha256 = digest.end();
  if (items === expected.items && results === expected.results && sha256 === expected.sha256) return;
  refuse(
    'STORE_FAILED',
    `The copy of task ${quote(taskId)} is not what was read: ${items} items of ${expected.items}, ${results} results of ${expected.results}, SHA-256 ${sha256} instead of ${expected.sha256}. Nothing of it was written; try again.`,
  );
}

async function refuseIfLeased(
  database: SqlDatabase,
  db: Kysely<TaskTables>,
  { task_id, lease_owner }: TaskRow,
  where: 'source' | 'target',
): Promise<void> {
  if (lease_owner === null) return;
  const leased = await db
    .selectFrom('tasks')
    .select('task_id')
    .where('task_id', '=', task_id)
    .where('lease_expires_at', '>', sql<number>`${database.clock}`)
    .execute();
  if (leased.length === 0) return;
  refuse(
    'TASK_BUSY',
    `Task ${quote(task_id)} runs now in the ${where}: ${quote(lease_owner)} works on it. Pause it, or stop that process, and try again.`,
  );
}

async function refuseIfChanged(source: Kysely<TaskTables>, before: TaskRow): Promise<void> {
  const [now] = await source
    .selectFrom('tasks')
    .select('revision')
    .where('task_id', '=', before.task_id)
    .execute();
  if (now?.revision === before.revision) return;
  refuse(
    'TASK_BUSY',
    `Task ${quote(before.task_id)} was changed while it was copied, so nothing of it was written. Pause it, and try again.`,
  );
}

function refuse(code: ToolkitErrorCode, message: string): never {
  throw new RolledBack(new ToolkitError(code, message));
}

function otherState(taskId: string, how: string): string {
  return `The target has another state of task ${quote(taskId)}: it ${how}. Only an earlier state of the same task is updated. Copy into a database that does not have it.`;
}

function withoutLease(row: TaskRow): TaskRow {
  return { ...row, lease_owner: null, lease_expires_at: null };
}

function isActiveRow({ status }: TaskRow): boolean {
  return status === 'pending' || status === 'running' || status === 'paused';
}

function stored<Row extends object>({ dialect }: SqlDatabase, rows: readonly Row[]): readonly Row[] {
  return dialect === 'sqlite' ? rows : rows.map((row) => asStoredBy(dialect, row));
}

function itemsAfter(db: Kysely<TaskTables>, taskId: string, after: number): Promise<ItemRow[]> {
  return itemsBetween(db, taskId, after + 1, Number.MAX_SAFE_INTEGER);
}

function itemsBetween(
  db: Kysely<TaskTables>,
  taskId: string,
  first: number,
  last: number,
): Promise<ItemRow[]> {
  return db
    .selectFrom('task_items')
    .select(['task_id', 'position', 'item_key', 'input'])
    .where('task_id', '=', taskId)
    .where('position', '>=', first)
    .where('position', '<=', last)
    .orderBy('position')
    .limit(ROWS_PER_PAGE)
    .execute();
}

function resultsAfter(db: Kysely<TaskTables>, taskId: string, after: number): Promise<TaskResultsTable[]> {
  return resultsBetween(db, taskId, after + 1, Number.MAX_SAFE_INTEGER);
}

function resultsBetween(
  db: Kysely<TaskTables>,
  taskId: string,
  first: number,
  last: number,
): Promise<TaskResultsTable[]> {
  return db
    .selectFrom('task_results')
    .select(['task_id', 'sequence', 'item_key', 'success', 'result', 'recorded_at'])
    .where('task_id', '=', taskId)
    .where('sequence', '>=', first)
    .where('sequence', '<=', last)
    .orderBy('sequence')
    .limit(ROWS_PER_PAGE)
    .execute();
}
