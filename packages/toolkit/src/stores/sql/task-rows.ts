import type { Kysely, Transaction, Updateable } from 'kysely';
import type { JsonValue, TaskRecord } from '../../tasks/task-record.ts';
import type { SqlDatabase } from './sql-database.ts';
import { storedJson } from './stored-json.ts';
import { IS_ACTIVE, type TaskRow, type TasksTable, type TaskTables, toRecord, toRow } from './task-tables.ts';

const MOST_CACHED = 100;

/** Adds to rows of `tasks` their parameters, which never change and may be large: recently used ones are cached. */
class TaskParamsCache {
  readonly #params = new Map<string, JsonValue>();

  async toRecords(db: Kysely<TaskTables>, rows: readonly TaskRow[]): Promise<TaskRecord[]> {
    const params = new Map<string, JsonValue>();
    for (const { task_id } of rows) {
      const known = this.#params.get(task_id);
      if (known !== undefined) params.set(task_id, known);
    }
    const unknown = rows.map(({ task_id }) => task_id).filter((taskId) => !params.has(taskId));
    if (unknown.length > 0) {
      const read = await db.selectFrom('task_params').selectAll().where('task_id', 'in', unknown).execute();
      for (const row of read) {
        const value = storedJson(row.params, `parameters of task ${row.task_id}`);
        params.set(row.task_id, value);
        this.#keep(row.task_id, value);
      }
    }
    return rows.map((row) => toRecord(row, params.get(row.task_id) ?? null));
  }

  forget(taskId: string): void {
    this.#params.delete(taskId);
  }

  #keep(taskId: string, value: JsonValue): void {
    this.#params.set(taskId, value);
    for (const oldest of this.#params.keys()) {
      if (this.#params.size <= MOST_CACHED) return;
      this.#params.delete(oldest);
    }
  }
}

type Tables = Transaction<TaskTables>;

/** Tasks to and from their rows. */
export class TaskRows {
  readonly #database: Pick<SqlDatabase, 'locking'>;
  readonly #params = new TaskParamsCache();

  constructor(database: Pick<SqlDatabase, 'locking'>) {
    this.#database = database;
  }

  read(db: Kysely<TaskTables>, rows: readonly TaskRow[]): Promise<TaskRecord[]> {
    return this.#params.toRecords(db, rows);
  }

  /** The active task that is the same, if there is one. */
  async activeLike(
    transaction: Tables,
    { taskKey, fingerprint }: Pick<TaskRecord, 'taskKey' | 'fingerprint'>,
  ): Promise<TaskRecord | undefined> {
    const rows = await transaction
      .selectFrom('tasks')
      .selectAll()
      .where('task_key', '=', taskKey)
      .where('fingerprint', '=', fingerprint)
      .where(IS_ACTIVE)
      .execute();
    return (await this.read(transaction, rows))[0];
  }

  /** A task that is about to be changed. */
  async get(transaction: Tables, taskId: string): Promise<TaskRecord | undefined> {
    const query = transaction.selectFrom('tasks').selectAll().where('task_id', '=', taskId);
    const rows = await this.#database.locking(query).execute();
    return (await this.read(transaction, rows))[0];
  }

  /** Inserts the task; `false`, and nothing is changed, where an active one is the same. */
  async insert(transaction: Tables, task: TaskRecord): Promise<boolean> {
    const inserted = await transaction
      .insertInto('tasks')
      .values(toRow(task))
      .onConflict((conflict) => conflict.columns(['task_key', 'fingerprint']).where(IS_ACTIVE).doNothing())
      .returning('task_id')
      .executeTakeFirst();
    return inserted !== undefined;
  }

  /** Deletes the task's own row; what belongs to it must be gone. */
  async delete(transaction: Tables, taskId: string): Promise<void> {
    await transaction.deleteFrom('tasks').where('task_id', '=', taskId).execute();
    this.#params.forget(taskId);
  }

  /** Writes what has changed; a column that is named is written, and its index too, even if its value is the same. */
  async save(transaction: Tables, before: TaskRecord, after: TaskRecord): Promise<void> {
    const old = toRow(before);
    const changes = Object.entries(toRow(after)).filter(
      ([column, value]) => value !== old[column as keyof TaskRow],
    );
    if (changes.length === 0) return;
    await transaction
      .updateTable('tasks')
      .set(Object.fromEntries(changes) as Updateable<TasksTable>)
      .where('task_id', '=', after.taskId)
      .execute();
  }
}
