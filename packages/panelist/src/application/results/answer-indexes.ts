import { type TaskManager, type TaskRecord, ToolkitError } from '@panelist/toolkit';
import { surveyParams } from '../surveys/answer-files.ts';
import { AnswerIndex } from './answer-index.ts';

/** Indexes that are kept, as long as they are small enough together. */
const MOST_KEPT = 4;
const MOST_BYTES = 256_000_000;

interface Kept {
  readonly index: AnswerIndex;
  /** The task's revision up to which results are in the index. */
  through: number;
  /** Resolves when all that was there when it was last called is in the index. */
  done: Promise<void>;
  isBuilt: boolean;
  /** Nobody can ask it any more: its scan ends. */
  isDropped: boolean;
}

export interface AnswerIndexesOptions {
  /** Indexes that are kept. @default 4 */
  readonly mostKept?: number | undefined;
  /** Of all that are kept, but for the one that is asked for. @default 256 MB */
  readonly mostBytes?: number | undefined;
}

/** How far an index is that isn't ready. */
export interface Indexing {
  readonly done: number;
  readonly total: number;
}

/**
 * Indexes of tasks' answers in this process. One is built when it is first asked for, which takes 2 to 3 s and some 40 MB
 * for 100,000 interviews of 10 questions; later it is continued with what was recorded since. Tasks are scanned one after
 * the other. The least recently used indexes are dropped.
 */
export class AnswerIndexes {
  readonly #tasks: TaskManager;
  /** The most recently used last. */
  readonly #kept = new Map<string, Kept>();
  readonly #mostKept: number;
  readonly #mostBytes: number;
  #scanned: Kept | undefined;
  /** Resolves when no index is being built. */
  #scans: Promise<void> = Promise.resolve();

  constructor(
    tasks: TaskManager,
    { mostKept = MOST_KEPT, mostBytes = MOST_BYTES }: AnswerIndexesOptions = {},
  ) {
    this.#tasks = tasks;
    this.#mostKept = mostKept;
    this.#mostBytes = mostBytes;
  }

  /** Begins to build the index where there is none. */
  prepare(task: TaskRecord): void {
    this.#use(task);
  }

  /** The index if there is one already, however far it is: for what is only a help. */
  existing(taskId: string): AnswerIndex | undefined {
    return this.#kept.get(taskId)?.index;
  }

  /**
   * The index with all that is recorded now, or how far it is when it takes longer than `waitMs`.
   *
   * @throws PanelistError `USAGE` for a task that has no answers; ToolkitError `TASK_NOT_FOUND`, `STORE_…`
   */
  async of(task: TaskRecord, { waitMs }: { readonly waitMs: number }): Promise<AnswerIndex | Indexing> {
    const kept = this.#use(task);
    if (kept.isBuilt) {
      const before = kept.done;
      kept.done = before.then(() => this.#follow(kept));
      this.#dropOnError(task.taskId, kept);
    }
    await within(kept.done, waitMs);
    const { index } = kept;
    return kept.isBuilt ? index : { done: index.rows, total: index.total };
  }

  #use(task: TaskRecord): Kept {
    const { taskId } = task;
    const kept = this.#kept.get(taskId) ?? this.#build(task);
    this.#kept.delete(taskId);
    this.#kept.set(taskId, kept);
    this.#makeRoom(kept);
    return kept;
  }

  /** Drops the least recently used ones. That which is being scanned goes last, or of many tasks none would get ready. */
  #makeRoom(asked: Kept): void {
    const kept = [...this.#kept.values()];
    let bytes = kept.reduce((sum, { index }) => sum + index.bytes, 0);
    const rest = kept.filter((each) => each !== asked && each !== this.#scanned);
    const scanned = kept.filter((each) => each !== asked && each === this.#scanned);
    for (const each of [...rest, ...scanned]) {
      if (this.#kept.size <= this.#mostKept && bytes <= this.#mostBytes) break;
      each.isDropped = true;
      this.#kept.delete(each.index.taskId);
      bytes -= each.index.bytes;
    }
  }

  #build(task: TaskRecord): Kept {
    const { taskId, totalCount, revision } = task;
    const index = new AnswerIndex(taskId, surveyParams(task).questionnaire, totalCount);
    const kept: Kept = {
      ...{ index, through: revision, done: Promise.resolve() },
      ...{ isBuilt: false, isDropped: false },
    };
    kept.done = this.#scans.then(() => this.#scan(kept));
    this.#scans = kept.done.catch(() => {});
    this.#dropOnError(taskId, kept);
    return kept;
  }

  #dropOnError(taskId: string, kept: Kept): void {
    kept.done.catch(() => {
      if (this.#kept.get(taskId) === kept) this.#kept.delete(taskId);
    });
  }

  async #scan(kept: Kept): Promise<void> {
    if (kept.isDropped) return;
    this.#scanned = kept;
    const { index } = kept;
    try {
      for await (const item of this.#tasks.items(index.taskId)) {
        if (kept.isDropped) return;
        index.addItem(item);
      }
      // What was recorded before the scan began is in the items; what came since, may be.
      await this.#follow(kept);
      kept.isBuilt = !kept.isDropped;
    } finally {
      this.#scanned = undefined;
    }
  }

  async #follow(kept: Kept): Promise<void> {
    const { store } = this.#tasks;
    const { index } = kept;
    const { taskId } = index;
    const before = await this.#record(taskId);
    if (before.revision === kept.through) return;
    for (let after = kept.through; ; ) {
      const { entries, next } = await store.results(taskId, { after });
      for (const result of entries) index.addResult(result);
      if (next === null) break;
      if (kept.isDropped) return;
      after = next;
    }
    kept.through = before.revision;
    // Failed results that were taken back leave no trace but the counts.
    if (index.failed <= (await this.#record(taskId)).failedCount) return;
    const failed = new Set<string>();
    for await (const { key } of this.#tasks.items(taskId, { status: 'failed' })) failed.add(key);
    index.keepFailed(failed);
  }

  async #record(taskId: string): Promise<TaskRecord> {
    const record = await this.#tasks.store.get(taskId);
    if (record !== undefined) return record;
    throw new ToolkitError('TASK_NOT_FOUND', `There is no task ${JSON.stringify(taskId)}.`);
  }
}

/** Waits for the work for at most so long. @throws what the work throws */
async function within(work: Promise<void>, ms: number): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  const timer = setTimeout(resolve, ms);
  try {
    await Promise.race([work, promise]);
  } finally {
    clearTimeout(timer);
  }
}
