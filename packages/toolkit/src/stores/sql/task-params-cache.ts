import type { Kysely } from 'kysely';
import type { JsonValue, TaskRecord } from '../../tasks/task-record.ts';
import { storedJson } from './stored-json.ts';
import { type TaskRow, type TaskTables, toRecord } from './task-tables.ts';

const MOST_ENTRIES = 100;

/** Adds to rows of `tasks` their parameters, which never change and may be large: those of late are kept at hand. */
export class TaskParamsCache {
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

  #keep(taskId: string, value: JsonValue): void {
    this.#params.set(taskId, value);
    for (const oldest of this.#params.keys()) {
      if (this.#params.size <= MOST_ENTRIES) return;
      this.#params.delete(oldest);
    }
  }
}
