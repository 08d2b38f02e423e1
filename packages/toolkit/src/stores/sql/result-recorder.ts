import type { Transaction } from 'kysely';
import { ToolkitError } from '../../errors/toolkit-error.ts';
import type { TaskRecord } from '../../tasks/task-record.ts';
import { taskNotFound, withResult } from '../../tasks/task-rules.ts';
import type { ItemClaim } from '../../tasks/task-store.ts';
import type { ItemQueue } from './item-queue.ts';
import { arrayStatement, type RowStatement } from './row-statement.ts';
import { SizedStatement } from './sized-statement.ts';
import type { SqlDatabase } from './sql-database.ts';
import type { TaskRows } from './task-rows.ts';
import type { TaskResultsTable, TaskTables } from './task-tables.ts';

type Tables = Transaction<TaskTables>;

export interface ResultToRecord {
  readonly taskId: string;
  readonly itemKey: string | undefined;
  readonly success: boolean;
  /** The result as JSON text. */
  readonly text: string;
  readonly recordedAt: number;
  readonly claim: ItemClaim | undefined;
}

export type RecordOutcome =
  | { readonly recorded: boolean; readonly task: TaskRecord }
  | { readonly error: ToolkitError };

interface ItemOfTask {
  readonly taskId: string;
  readonly itemKey: string;
}

/** Records many results with few statements. */
export class ResultRecorder {
  readonly #tasks: TaskRows;
  readonly #queue: ItemQueue | undefined;
  readonly #insert: RowStatement<TaskTables, TaskResultsTable>;
  readonly #selectTaken: RowStatement<TaskTables, ItemOfTask, { readonly item_key: string }>;

  constructor(dialect: SqlDatabase['dialect'], tasks: TaskRows, queue: ItemQueue | undefined) {
    const { insert, selectTaken } = dialect === 'postgres' ? arrayStatements() : sizedStatements();
    this.#insert = insert;
    this.#selectTaken = selectTaken;
    this.#tasks = tasks;
    this.#queue = queue;
  }

  /** What became of each result, in order. None can spoil another. */
  async record(transaction: Tables, batch: readonly ResultToRecord[]): Promise<readonly RecordOutcome[]> {
    const outcomes = new Map<ResultToRecord, RecordOutcome>();
    // In one order, so that two processes never wait for each other's tasks.
    const byTask = [...Map.groupBy(batch, ({ taskId }) => taskId)].sort(([a], [b]) => (a < b ? -1 : 1));
    for (const [taskId, entries] of byTask) await this.#recordOf(taskId, transaction, entries, outcomes);
    return batch.map((entry) => outcomes.get(entry)!);
  }

  async #recordOf(
    taskId: string,
    transaction: Tables,
    entries: readonly ResultToRecord[],
    outcomes: Map<ResultToRecord, RecordOutcome>,
  ): Promise<void> {
    // Others wait for the task. What this process has claimed nobody else records, so it need not be looked up meanwhile.
    const areClaimed = this.#queue !== undefined && entries.every(({ claim }) => claim !== undefined);
    const early = areClaimed ? await this.#lookUp(transaction, taskId, entries) : undefined;
    const before = await this.#tasks.get(transaction, taskId);
    let task = before;
    const { taken, isValid } = early ?? (await this.#lookUp(transaction, taskId, entries));
    const rows: TaskResultsTable[] = [];
    for (const entry of entries) {
      try {
        if (task === undefined) throw taskNotFound(taskId);
        const isNew = entry.itemKey === undefined || !taken.has(entry.itemKey);
        const recorded = isNew && isValid(entry.claim);
        if (recorded) {
          task = withResult(task, entry.success);
          rows.push(toRow(entry, task.revision));
          if (entry.itemKey !== undefined) taken.add(entry.itemKey);
        }
        outcomes.set(entry, { recorded, task });
      } catch (error) {
        if (!(error instanceof ToolkitError)) throw error;
        outcomes.set(entry, { error });
      }
    }
    if (before === undefined || task === undefined || rows.length === 0) return;
    await this.#insert.execute(transaction, rows);
    await this.#tasks.save(transaction, before, task);
  }

  /** Which items have a result already, and which claims were valid, which end with this. */
  async #lookUp(
    transaction: Tables,
    taskId: string,
    entries: readonly ResultToRecord[],
  ): Promise<{
    readonly taken: Set<string>;
    readonly isValid: (claim: ItemClaim | undefined) => boolean;
  }> {
    const claims = entries.flatMap(({ claim }) => (claim === undefined ? [] : [claim]));
    const settled =
      this.#queue === undefined || claims.length === 0
        ? undefined
        : await this.#queue.settle(transaction as unknown as Transaction<unknown>, taskId, claims);
    return {
      taken: await this.#keysWithResult(transaction, taskId, entries),
      isValid: (claim) => claim === undefined || settled === undefined || settled.has(claim),
    };
  }

  async #keysWithResult(
    transaction: Tables,
    taskId: string,
    entries: readonly ResultToRecord[],
  ): Promise<Set<string>> {
    const items = entries.flatMap(({ itemKey }) => (itemKey === undefined ? [] : [{ taskId, itemKey }]));
    const rows = await this.#selectTaken.execute(transaction, items);
    return new Set(rows.map(({ item_key }) => item_key));
  }
}

function toRow(entry: ResultToRecord, sequence: number): TaskResultsTable {
  return {
    task_id: entry.taskId,
    sequence,
    item_key: entry.itemKey ?? null,
    success: entry.success ? 1 : 0,
    result: entry.text,
    recorded_at: entry.recordedAt,
  };
}

function sizedStatements() {
  return {
    insert: new SizedStatement<TaskTables, TaskResultsTable>(
      { task_id: '', sequence: 0, item_key: '', success: 0, result: '', recorded_at: 0 },
      (transaction, blankRows) => transaction.insertInto('task_results').values(blankRows).compile(),
      insertParameters,
    ),
    selectTaken: new SizedStatement<TaskTables, ItemOfTask, { readonly item_key: string }>(
      { taskId: '', itemKey: '' },
      (transaction, blankRows) =>
        transaction
          .selectFrom('task_results')
          .select('item_key')
          .where('task_id', '=', '')
          .where(
            'item_key',
            'in',
            blankRows.map(({ itemKey }) => itemKey),
          )
          .compile(),
      (items) => [items[0]?.taskId, ...items.map(({ itemKey }) => itemKey)],
    ),
  };
}

function arrayStatements() {
  return {
    insert: arrayStatement<TaskTables, TaskResultsTable>(
      `insert into task_results (task_id, sequence, item_key, success, result, recorded_at)
       select * from unnest($1::text[], $2::bigint[], $3::text[], $4::int[], $5::text[], $6::bigint[])`,
      (rows) => [
        rows.map(({ task_id }) => task_id),
        rows.map(({ sequence }) => sequence),
        rows.map(({ item_key }) => item_key),
        rows.map(({ success }) => success),
        rows.map(({ result }) => result),
        rows.map(({ recorded_at }) => recorded_at),
      ],
    ),
    selectTaken: arrayStatement<TaskTables, ItemOfTask, { readonly item_key: string }>(
      // One by one: where it has no statistics yet, PostgreSQL reads all results of the task.
      `select item_key from unnest($2::text[]) as item_key
       cross join lateral (
         select from task_results where task_id = $1 and task_results.item_key = item_key.item_key limit 1
       ) as found`,
      (items) => [items[0]?.taskId, items.map(({ itemKey }) => itemKey)],
    ),
  };
}

function insertParameters(rows: readonly TaskResultsTable[]): readonly unknown[] {
  const parameters: unknown[] = [];
  for (const row of rows) {
    parameters.push(row.task_id, row.sequence, row.item_key, row.success, row.result, row.recorded_at);
  }
  return parameters;
}
