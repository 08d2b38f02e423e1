import { type RawBuilder, type Selectable, sql } from 'kysely';
import { quote } from '../../errors/toolkit-error.ts';
import { type JsonValue, type TaskRecord, type TaskSettings, TaskStatus } from '../../tasks/task-record.ts';
import { changedRow, storedJson } from './stored-json.ts';

/** Booleans are 0 or 1, times epoch milliseconds, JSON is text: what both dialects keep in the same way. */
export interface TaskTables {
  tasks: TasksTable;
  /** Apart from `tasks`, whose rows are rewritten with every commit: parameters may be megabytes, and never change. */
  task_params: { task_id: string; params: string };
  /** What was given at creation. */
  task_items: { task_id: string; position: number; item_key: string; input: string };
  /** One row per result. `item_key` is null for those appended without one. */
  task_results: TaskResultsTable;
}

export interface TasksTable {
  task_id: string;
  task_key: string;
  fingerprint: string;
  job: string | null;
  status: TaskStatus;
  revision: number;
  total_count: number;
  completed_count: number;
  success_count: number;
  failed_count: number;
  error_message: string | null;
  created_at: number;
  started_at: number | null;
  finished_at: number | null;
  lease_owner: string | null;
  lease_expires_at: number | null;
  /** A JSON object. */
  settings: string;
}

export interface TaskResultsTable {
  task_id: string;
  sequence: number;
  item_key: string | null;
  success: number;
  result: string;
  recorded_at: number;
}

/** The condition of the unique index `tasks_active`, word for word, so that a database sees that it applies. */
export const IS_ACTIVE: RawBuilder<boolean> = sql<boolean>`status in ('pending', 'running', 'paused')`;

export type TaskRow = Selectable<TasksTable>;

/** @throws ToolkitError `STORE_FAILED` for a row that something else has changed: SQLite's columns take values of any type */
export function toRecord(row: TaskRow, taskParams: JsonValue): TaskRecord {
  checkRow(row);
  return {
    taskId: row.task_id,
    taskKey: row.task_key,
    fingerprint: row.fingerprint,
    taskParams,
    job: row.job,
    status: row.status,
    revision: row.revision,
    settings: storedSettings(row),
    totalCount: row.total_count,
    completedCount: row.completed_count,
    successCount: row.success_count,
    failedCount: row.failed_count,
    errorMessage: row.error_message,
    createdAt: row.created_at,
    startedAt: row.started_at,
    finishedAt: row.finished_at,
    lease:
      row.lease_owner === null || row.lease_expires_at === null
        ? null
        : { owner: row.lease_owner, expiresAt: row.lease_expires_at },
  };
}

export function toRow(record: TaskRecord): TaskRow {
  return {
    task_id: record.taskId,
    task_key: record.taskKey,
    fingerprint: record.fingerprint,
    job: record.job,
    created_at: record.createdAt,
    total_count: record.totalCount,
    status: record.status,
    revision: record.revision,
    completed_count: record.completedCount,
    success_count: record.successCount,
    failed_count: record.failedCount,
    error_message: record.errorMessage,
    started_at: record.startedAt,
    finished_at: record.finishedAt,
    lease_owner: record.lease?.owner ?? null,
    lease_expires_at: record.lease?.expiresAt ?? null,
    settings: JSON.stringify(record.settings),
  };
}

const texts = ['task_id', 'task_key', 'fingerprint', 'settings'] as const;
const nullableTexts = ['job', 'error_message', 'lease_owner'] as const;
const numbers = [
  ...(['revision', 'total_count', 'completed_count', 'success_count', 'failed_count', 'created_at'] as const),
];
const nullableNumbers = ['started_at', 'finished_at', 'lease_expires_at'] as const;
const statuses: ReadonlySet<unknown> = new Set(Object.values(TaskStatus));
/** Epoch milliseconds that a `Date` can have. */
const lastTime = 8_640_000_000_000_000;

function checkRow(row: TaskRow): void {
  const refuse = (column: keyof TaskRow): never => {
    throw changedRow(`task ${quote(row.task_id)}`, `its ${column} is ${quote(row[column])}`);
  };
  for (const column of texts) if (typeof row[column] !== 'string') refuse(column);
  for (const column of nullableTexts)
    if (row[column] !== null && typeof row[column] !== 'string') refuse(column);
  for (const column of numbers) if (!isNumber(row[column])) refuse(column);
  for (const column of nullableNumbers) if (row[column] !== null && !isNumber(row[column])) refuse(column);
  if (!statuses.has(row.status)) refuse('status');
}

function storedSettings({ task_id, settings }: TaskRow): TaskSettings {
  const what = `settings of task ${quote(task_id)}`;
  const value = storedJson(settings, what);
  if (isSettings(value)) return value;
  throw changedRow(what, `they are ${quote(settings)}`);
}

function isSettings(value: JsonValue): value is TaskSettings & JsonValue {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false;
  const { maxConcurrency = null } = value as { readonly maxConcurrency?: JsonValue };
  return maxConcurrency === null || (Number.isSafeInteger(maxConcurrency) && (maxConcurrency as number) > 0);
}

function isNumber(value: number | null): boolean {
  return Number.isFinite(value) && Math.abs(value as number) <= lastTime;
}
