import { type Clock, systemClock } from '../clock/clock.ts';
import { inTurns } from '../clock/turns.ts';
import { quote, ToolkitError } from '../errors/toolkit-error.ts';
import { checkCount, checkMs } from '../options/check.ts';
import {
  type ItemOutcome,
  isActive,
  type JsonValue,
  type TaskItemRecord,
  type TaskRecord,
  type TaskResult,
  type TaskSettings,
  type TaskStatus,
} from '../tasks/task-record.ts';
import {
  alreadyActive,
  configured,
  grantedLease,
  isDeletable,
  newRecord,
  storeClosed,
  taskNotFound,
  transitioned,
} from '../tasks/task-rules.ts';
import type {
  DeleteRequest,
  ItemsRequest,
  LeaseRequest,
  NewResult,
  NewTask,
  Page,
  PageRequest,
  ResetRequest,
  ResultsRequest,
  SummariesRequest,
  SummaryPage,
  TaskFilter,
  TaskStore,
  Transition,
} from '../tasks/task-store.ts';
import { MemoryTask } from './memory-task.ts';
import { readCursor, readPath, type SummaryCursor, writeCursor } from './task-summaries.ts';

export interface MemoryTaskStoreOptions {
  /** @default systemClock */
  readonly clock?: Clock | undefined;
  /** Beyond this many finished tasks, those that finished first are deleted; an integer, 0 or more. @default 1_000 */
  readonly maxFinishedTasks?: number | undefined;
  /** Finished tasks are deleted after this time, milliseconds, above 0. @default 86_400_000, a day */
  readonly maxFinishedAgeMs?: number | undefined;
}

/** Stores tasks in this process's memory. Active tasks stay; finished ones are deleted after a while. */
export class MemoryTaskStore implements TaskStore {
  readonly #clock: Clock;
  readonly #maxFinishedTasks: number;
  readonly #maxFinishedAgeMs: number;
  readonly #tasks = new Map<string, MemoryTask>();
  /** By key and fingerprint. */
  readonly #active = new Map<string, MemoryTask>();
  /** When each finished, in that order. */
  readonly #finished = new Map<string, number>();
  #closed = false;

  constructor(options: MemoryTaskStoreOptions = {}) {
    const { clock = systemClock, maxFinishedTasks = 1_000, maxFinishedAgeMs = 86_400_000 } = options;
    checkCount('maxFinishedTasks', maxFinishedTasks, { from: 0 });
    checkMs('maxFinishedAgeMs', maxFinishedAgeMs, { above: 0 });
    this.#clock = clock;
    this.#maxFinishedTasks = maxFinishedTasks;
    this.#maxFinishedAgeMs = maxFinishedAgeMs;
  }

  async create(task: NewTask): Promise<{ readonly task: TaskRecord; readonly isNew: boolean }> {
    this.#tidy();
    const existing = this.#active.get(identity(task));
    if (existing !== undefined) return { task: existing.record, isNew: false };
    const created = await inTurns(MemoryTask.create(newRecord(task), task.items ?? []));
    return this.#add(created, task);
  }

  /** In one go: while the items were copied, another caller may have created the same task. */
  #add(created: MemoryTask, task: NewTask): { readonly task: TaskRecord; readonly isNew: boolean } {
    this.#tidy();
    const existing = this.#active.get(identity(task));
    if (existing !== undefined) return { task: existing.record, isNew: false };
    if (this.#tasks.has(task.taskId)) {
      throw new ToolkitError(
        'STORE_FAILED',
        `There is a task ${quote(task.taskId)} already; ids must be new.`,
      );
    }
    this.#tasks.set(task.taskId, created);
    this.#active.set(identity(task), created);
    return { task: created.record, isNew: true };
  }

  async get(taskId: string): Promise<TaskRecord | undefined> {
    this.#tidy();
    return this.#tasks.get(taskId)?.record;
  }

  async findActive(taskKey: string, fingerprint?: string): Promise<TaskRecord | undefined> {
    this.#tidy();
    return select(this.#active.values(), { taskKey, fingerprint })[0];
  }

  async list({ limit = 100, ...filter }: TaskFilter = {}): Promise<readonly TaskRecord[]> {
    this.#tidy();
    return select(this.#tasks.values(), filter).slice(0, limit);
  }

  async summaries({ limit = 100, ...request }: SummariesRequest = {}): Promise<SummaryPage> {
    this.#tidy();
    const { after, finishedBefore = Number.POSITIVE_INFINITY, params = [] } = request;
    const paths = params.map((path) => [path, readPath(path)] as const);
    const cursor = after === undefined ? undefined : readCursor(after);
    const chosen = select(this.#tasks.values(), request).filter(
      (record) =>
        (request.finishedBefore === undefined || (record.finishedAt ?? finishedBefore) < finishedBefore) &&
        (cursor === undefined || newestFirst(cursor, record) < 0),
    );
    const entries = chosen.slice(0, limit).map(({ taskParams, ...record }) => ({
      ...record,
      params: Object.fromEntries(
        paths.flatMap(([path, keys]) => {
          const member = memberOf(taskParams, keys);
          return member === undefined ? [] : [[path, member]];
        }),
      ),
    }));
    const last = entries.at(-1);
    return { entries, next: last === undefined || chosen.length <= limit ? null : writeCursor(last) };
  }

  async transition(taskId: string, to: TaskStatus, details: Transition): Promise<TaskRecord> {
    const task = this.#existing(taskId);
    const next = transitioned(task.record, to, details);
    const key = identity(next);
    if (isActive(to)) {
      const active = this.#active.get(key);
      if (active !== undefined && active !== task) throw alreadyActive(next, active.record.taskId);
      this.#active.set(key, task);
      this.#finished.delete(taskId);
    } else {
      this.#active.delete(key);
      this.#finished.set(taskId, this.#clock.now());
    }
    task.record = next;
    this.#tidy();
    return next;
  }

  async configure(taskId: string, settings: TaskSettings): Promise<TaskRecord> {
    const task = this.#existing(taskId);
    task.record = configured(task.record, settings);
    return task.record;
  }

  async record(
    taskId: string,
    result: NewResult,
  ): Promise<{ readonly recorded: boolean; readonly task: TaskRecord }> {
    const task = this.#existing(taskId);
    return { recorded: task.add(result), task: task.record };
  }

  async results(taskId: string, page: ResultsRequest = {}): Promise<Page<TaskResult>> {
    return this.#existing(taskId).results(page);
  }

  async outcomes(taskId: string, page: PageRequest = {}): Promise<Page<ItemOutcome>> {
    return this.#existing(taskId).outcomes(page);
  }

  async items(taskId: string, page: ItemsRequest = {}): Promise<Page<TaskItemRecord>> {
    return this.#existing(taskId).items(page);
  }

  async item(taskId: string, key: string): Promise<TaskItemRecord | undefined> {
    return this.#existing(taskId).item(key);
  }

  async resetFailed(taskId: string, request: ResetRequest = {}): Promise<number> {
    return this.#existing(taskId).resetFailed(request);
  }

  async acquireLease(taskId: string, request: LeaseRequest): Promise<boolean> {
    const task = this.#existing(taskId);
    const lease = grantedLease(task.record.lease, request);
    if (lease === undefined) return false;
    task.record = { ...task.record, lease };
    return true;
  }

  async releaseLease(taskId: string, owner: string): Promise<void> {
    const task = this.#existing(taskId);
    if (task.record.lease?.owner === owner) task.record = { ...task.record, lease: null };
  }

  async delete(taskId: string, request: DeleteRequest = {}): Promise<boolean> {
    if (!isDeletable(this.#existing(taskId).record, request)) return false;
    this.#tasks.delete(taskId);
    this.#finished.delete(taskId);
    return true;
  }

  async close(): Promise<void> {
    this.#closed = true;
    this.#tasks.clear();
    this.#active.clear();
    this.#finished.clear();
  }

  #existing(taskId: string): MemoryTask {
    this.#tidy();
    const task = this.#tasks.get(taskId);
    if (task === undefined) throw taskNotFound(taskId);
    return task;
  }

  /** Runs before every verb: refuses a closed store, and deletes finished tasks that are too many or too old. */
  #tidy(): void {
    if (this.#closed) throw storeClosed();
    const expired = this.#clock.now() - this.#maxFinishedAgeMs;
    for (const [taskId, finishedAt] of this.#finished) {
      if (this.#finished.size <= this.#maxFinishedTasks && finishedAt > expired) return;
      this.#finished.delete(taskId);
      this.#tasks.delete(taskId);
    }
  }
}

function identity({
  taskKey,
  fingerprint,
}: {
  readonly taskKey: string;
  readonly fingerprint: string;
}): string {
  return `${fingerprint} ${taskKey}`;
}

/** Those that the filter names, newest first. */
function select(
  tasks: Iterable<MemoryTask>,
  { taskIds, taskKey, fingerprint, statuses, job }: TaskFilter,
): TaskRecord[] {
  return Array.from(tasks, ({ record }) => record)
    .filter(
      (record) =>
        (taskIds === undefined || taskIds.includes(record.taskId)) &&
        (taskKey === undefined || record.taskKey === taskKey) &&
        (fingerprint === undefined || record.fingerprint === fingerprint) &&
        (statuses === undefined || statuses.includes(record.status)) &&
        (job === undefined || record.job === job),
    )
    .sort(newestFirst);
}

function newestFirst(a: SummaryCursor, b: SummaryCursor): number {
  return b.createdAt - a.createdAt || (a.taskId === b.taskId ? 0 : a.taskId < b.taskId ? 1 : -1);
}

function memberOf(params: JsonValue, keys: readonly string[]): JsonValue | undefined {
  let value: JsonValue | undefined = params;
  for (const key of keys) value = isJsonObject(value) && Object.hasOwn(value, key) ? value[key] : undefined;
  return value;
}

function isJsonObject(value: JsonValue | undefined): value is Readonly<Record<string, JsonValue>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
