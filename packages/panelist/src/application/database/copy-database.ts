import { isKnownDead, quote, TaskManager, type TaskRecord, ToolkitError } from '@panelist/toolkit';
import { type CopiedTask, copyTask, type SqlDatabase, SqlTaskStore } from '@panelist/toolkit/sqlite';
import { focusGroupOfKey, groupTaskKey } from '../../focus-group/group.ts';
import { type CopiedReplies, copyReplies } from '../../models/replies/sql-copy-replies.ts';
import { SqlReplyStore } from '../../models/replies/sql-reply-store.ts';
import { WorkerRegistry } from '../../workers/sql-worker-registry.ts';
import { openDatabase } from '../open-database.ts';
import { findTask } from '../tasks/find-task.ts';

export interface CopyDatabaseOptions {
  /** An address, `postgres://…`, or the path of a SQLite file. */
  readonly from: string;
  /** The same. A file is created if there is none. */
  readonly to: string;
  /** Only these, each as for `findTask`; of a focus group all turns are copied. @default all tasks and replies */
  readonly tasks?: readonly string[] | undefined;
  readonly onEvent?: ((event: CopyEvent) => void) | undefined;
  readonly signal?: AbortSignal | undefined;
}

export type CopyEvent =
  | {
      readonly type: 'progress';
      readonly task: number;
      readonly tasks: number;
      readonly taskId: string;
      /** Rows of items and results. */
      readonly done: number;
      readonly total: number;
    }
  | { readonly type: 'replies'; readonly taskId: string | null; readonly replies: number }
  | { readonly type: 'copied'; readonly task: TaskCopy }
  | { readonly type: 'refused'; readonly task: RefusedTask };

export interface TaskCopy extends CopiedTask {
  readonly taskId: string;
  /** Whether it is unfinished: from now on it is to go on in one of the two databases only. */
  readonly isActive: boolean;
  /** The replies that it has paid for. */
  readonly replies: number;
  readonly repliesSha256: string;
}

export interface RefusedTask {
  readonly taskId: string;
  readonly code: string;
  readonly message: string;
}

export interface DatabaseCopy {
  readonly tasks: readonly TaskCopy[];
  /** Those that run now, or that the target has in another state. */
  readonly refused: readonly RefusedTask[];
  /** Stored replies of no task, which other runs may reuse; `null` where only some tasks were copied. */
  readonly otherReplies: CopiedReplies | null;
}

const IDS_PER_PAGE = 1_000;
const RESULTS_PER_PAGE = 200;
const HASHES_PER_COPY = 1_000;
/** A reply that an answer came from is recorded under this. */
const REPLY_HASH = /"([0-9a-f]{64})"/g;

/**
 * Copies tasks with their items, results, settings and replies from one database to another. A task appears there when it is
 * complete, and its replies do before. What was copied earlier is found and compared, so a copy that was interrupted goes on
 * when it is started again.
 *
 * @throws PanelistError `TASK_NOT_FOUND` …; ToolkitError `STORE_…`, `INVALID_OPTION`; or the signal's reason
 */
export async function copyDatabase(options: CopyDatabaseOptions): Promise<DatabaseCopy> {
  if (options.from === options.to)
    throw new ToolkitError('INVALID_OPTION', 'The two databases of a copy must be different ones.');
  const from = await openDatabase(options.from, { mustExist: true, withoutQueue: true });
  try {
    const to = await openDatabase(options.to, { withoutQueue: true });
    try {
      return await copyBetween(await sideOf(from.database), await sideOf(to.database), options);
    } finally {
      await to.close();
    }
  } finally {
    await from.close();
  }
}

interface Side {
  readonly database: SqlDatabase;
  readonly tasks: TaskManager;
  readonly workers: WorkerRegistry;
}

async function sideOf(database: SqlDatabase): Promise<Side> {
  const tasks = new TaskManager({ store: await SqlTaskStore.open(database), maxResultsInMemory: 0 });
  await SqlReplyStore.open(database);
  return { database, tasks, workers: await WorkerRegistry.open(database) };
}

async function copyBetween(
  from: Side,
  to: Side,
  { tasks: references, onEvent = () => {}, signal }: CopyDatabaseOptions,
): Promise<DatabaseCopy> {
  const ids = references === undefined ? await allIds(from) : await namedIds(from, references);
  const tasks: TaskCopy[] = [];
  const refused: RefusedTask[] = [];
  let otherReplies: CopiedReplies | null = null;
  if (references === undefined)
    otherReplies = await copyReplies(from.database, to.database, 'others', {
      signal,
      onProgress: (replies) => onEvent({ type: 'replies', taskId: null, replies }),
    });
  for (const [index, taskId] of ids.entries()) {
    signal?.throwIfAborted();
    const place = { task: index + 1, tasks: ids.length, taskId };
    try {
      await refuseIfWorkedOn([from, to], taskId);
      if (references !== undefined) await copyNamedReplies(from, to, taskId, signal);
      const task = await copyOne(from, to, place, onEvent, signal);
      tasks.push(task);
      onEvent({ type: 'copied', task });
    } catch (error) {
      if (!(error instanceof ToolkitError) || !REFUSALS.has(error.code)) throw error;
      const task = { taskId, code: error.code, message: error.message };
      refused.push(task);
      onEvent({ type: 'refused', task });
    }
  }
  return { tasks, refused, otherReplies };
}

/** Of one task: the others are copied all the same. A task that was deleted meanwhile is one of them. */
const REFUSALS: ReadonlySet<string> = new Set(['TASK_BUSY', 'TASK_DIFFERS', 'TASK_NOT_FOUND']);

async function copyOne(
  from: Side,
  to: Side,
  place: { readonly task: number; readonly tasks: number; readonly taskId: string },
  onEvent: (event: CopyEvent) => void,
  signal: AbortSignal | undefined,
): Promise<TaskCopy> {
  const { taskId } = place;
  const paid = await copyReplies(
    from.database,
    to.database,
    { taskId },
    { signal, onProgress: (replies) => onEvent({ type: 'replies', taskId, replies }) },
  );
  const copied = await copyTask(from.database, to.database, taskId, {
    signal,
    isDead: isKnownDead,
    onProgress: (rows) => onEvent({ type: 'progress', ...place, ...rows }),
  });
  const record = await to.tasks.store.get(taskId);
  return {
    taskId,
    ...copied,
    isActive: record !== undefined && record.finishedAt === null,
    replies: paid.replies,
    repliesSha256: paid.sha256,
  };
}

/** The oldest first. */
async function allIds({ tasks: { store } }: Side): Promise<readonly string[]> {
  const ids: string[] = [];
  let after: string | undefined;
  do {
    const page = await store.summaries({ limit: IDS_PER_PAGE, after });
    ids.push(...page.entries.map(({ taskId }) => taskId));
    after = page.next ?? undefined;
  } while (after !== undefined);
  return ids.reverse();
}

/** A turn of a focus group means the group: its transcript cannot be read without the others. */
async function namedIds(from: Side, references: readonly string[]): Promise<readonly string[]> {
  const ids = new Set<string>();
  for (const reference of references) {
    const task = await findTask(from, reference);
    for (const { taskId } of await withGroup(from, task)) ids.add(taskId);
  }
  return [...ids];
}

async function withGroup(
  { tasks: { store } }: Side,
  task: TaskRecord,
): Promise<readonly Pick<TaskRecord, 'taskId'>[]> {
  const group = focusGroupOfKey(task.taskKey);
  if (group === null) return [task];
  const turns: { readonly taskId: string }[] = [];
  let after: string | undefined;
  do {
    const page = await store.summaries({ taskKey: groupTaskKey(group), limit: IDS_PER_PAGE, after });
    turns.push(...page.entries);
    after = page.next ?? undefined;
  } while (after !== undefined);
  return turns.reverse();
}

/** Replies that its answers came from, and another task has paid for. */
async function copyNamedReplies(
  from: Side,
  to: Side,
  taskId: string,
  signal: AbortSignal | undefined,
): Promise<void> {
  const hashes = new Set<string>();
  const flush = async (): Promise<void> => {
    if (hashes.size === 0) return;
    const read = [...hashes];
    hashes.clear();
    for (let start = 0; start < read.length; start += HASHES_PER_COPY)
      await copyReplies(
        from.database,
        to.database,
        { hashesOfOthers: read.slice(start, start + HASHES_PER_COPY), than: taskId },
        { signal },
      );
  };
  let after: number | undefined;
  do {
    const page = await from.tasks.store.results(taskId, { after, limit: RESULTS_PER_PAGE });
    for (const { result } of page.entries)
      for (const [, hash = ''] of JSON.stringify(result).matchAll(REPLY_HASH)) hashes.add(hash);
    if (hashes.size >= HASHES_PER_COPY) await flush();
    after = page.next ?? undefined;
  } while (after !== undefined);
  await flush();
}

/** Where the items of one task are worked on by several processes, no lease says so; in a SQLite file one does. */
async function refuseIfWorkedOn(sides: readonly Side[], taskId: string): Promise<void> {
  for (const { workers, database } of sides) {
    if (database.dialect === 'sqlite') continue;
    const worker = (await workers.list()).find(
      ({ state, taskIds }) => state !== 'gone' && taskIds.includes(taskId),
    );
    if (worker === undefined) continue;
    throw new ToolkitError(
      'TASK_BUSY',
      `Task ${quote(taskId)} runs now: process ${worker.pid} on ${quote(worker.host)} works on it. Pause it, or stop that process, and try again.`,
    );
  }
}
