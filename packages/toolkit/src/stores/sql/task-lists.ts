import { type Kysely, type RawBuilder, type SelectQueryBuilder, sql } from 'kysely';
import type { JsonValue } from '../../tasks/task-record.ts';
import type { SummariesRequest, SummaryPage, TaskFilter } from '../../tasks/task-store.ts';
import { readCursor, readPath, writeCursor } from '../task-summaries.ts';
import type { SqlDatabase } from './sql-database.ts';
import { storedJson } from './stored-json.ts';
import { type TaskRow, type TaskTables, toRecord } from './task-tables.ts';

/** Rows of the tasks that the filter names, newest first. */
export function newestTasks(
  db: Kysely<TaskTables>,
  { taskIds, taskKey, fingerprint, statuses, job }: Omit<TaskFilter, 'limit'>,
): SelectQueryBuilder<TaskTables, 'tasks', TaskRow> {
  let query = db.selectFrom('tasks').selectAll('tasks');
  if (taskIds !== undefined) query = query.where('tasks.task_id', 'in', taskIds);
  if (taskKey !== undefined) query = query.where('task_key', '=', taskKey);
  if (fingerprint !== undefined) query = query.where('fingerprint', '=', fingerprint);
  if (statuses !== undefined) query = query.where('status', 'in', statuses);
  if (job !== undefined) query = query.where('job', '=', job);
  return query.orderBy('created_at', 'desc').orderBy('tasks.task_id', 'desc');
}

/** The members of the parameters are taken out of their JSON by the database: only those are read into memory. */
export async function readSummaries(
  db: Kysely<TaskTables>,
  { limit = 100, after, finishedBefore, params = [], ...filter }: SummariesRequest,
  dialect: SqlDatabase['dialect'],
): Promise<SummaryPage> {
  let query = newestTasks(db, filter);
  if (finishedBefore !== undefined) query = query.where('finished_at', '<', finishedBefore);
  if (after !== undefined) {
    const { createdAt, taskId } = readCursor(after);
    query = query.where((where) =>
      where.or([
        where('created_at', '<', createdAt),
        where.and([where('created_at', '=', createdAt), where('tasks.task_id', '<', taskId)]),
      ]),
    );
  }
  const members = params.map((path, index) => memberOf(readPath(path), dialect).as(`member_${index}`));
  const rows: readonly (TaskRow & Readonly<Record<string, unknown>>)[] =
    members.length === 0
      ? await query.limit(limit + 1).execute()
      : await query
          .leftJoin('task_params', 'task_params.task_id', 'tasks.task_id')
          .select(members)
          .limit(limit + 1)
          .execute();
  const entries = rows.slice(0, limit).map((row) => {
    const { taskParams: _, ...record } = toRecord(row, null);
    const found: Record<string, JsonValue> = {};
    for (const [index, path] of params.entries()) {
      const text = row[`member_${index}`];
      if (text !== null) found[path] = storedJson(text, `task ${row.task_id}, ${path} of its parameters`);
    }
    return { ...record, params: found };
  });
  const last = entries.at(-1);
  return { entries, next: last === undefined || rows.length <= limit ? null : writeCursor(last) };
}

/** A member of an object as JSON text, or null where there is none. */
function memberOf(keys: readonly string[], dialect: SqlDatabase['dialect']): RawBuilder<string | null> {
  if (dialect === 'sqlite') {
    const path = `$${keys.map((key) => `."${key}"`).join('')}`;
    return sql<string | null>`task_params.params -> ${path}`;
  }
  // `json` and not `jsonb`, which refuses texts with \u0000. A number would find an element of an array.
  const member = keys.reduce(
    (value, key) => sql`case json_typeof(${value}) when 'object' then ${value} -> ${key}::text end`,
    sql`task_params.params::json`,
  );
  return sql<string | null>`(${member})::text`;
}
