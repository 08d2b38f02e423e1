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
}

/** How far an index is that isn't ready. */
export interface Indexing {
  readonly done: number;
  readonly total: number;
}

/**
 * Indexes of tasks' answers in this process. One is built when it is first asked for, which takes 2 to 3 s and some 40 MB
 * for 100,000 interviews of 10 questions; later it is continued with what was recorded since. The least recently used ones
 * are dropped.
 */
export class AnswerIndexes {
  readonly #tasks: TaskManager;
  /** The most recently used last. */
  readonly #kept = new Map<string, Kept>();

  constructor(tasks: TaskManager) {
    this.#tasks = tasks;
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
    const isDone = await within(kept.done, waitMs);
    const { index } = kept;
    return isDone || kept.isBuilt ? index : { done: index.rows, total: index.total };
  }

  #use(task: TaskRecord): Kept {
    const { taskId } = task;
    const kept = this.#kept.get(taskId) ?? this.#build(task);
    this.#kept.delete(taskId);
    this.#kept.set(taskId, kept);
    let bytes = Array.from(this.#kept.values()).reduce((sum, { index }) => sum + index.bytes, 0);
    for (const [oldest, { index }] of this.#kept) {
      if (oldest === taskId || (this.#kept.size <= MOST_KEPT && bytes <= MOST_BYTES)) break;
      this.#kept.delete(oldest);
      bytes -= index.bytes;
    }
    return kept;
  }

  #build(task: TaskRecord): Kept {
    const { taskId, totalCount, revision } = task;
    const index = new AnswerIndex(taskId, surveyParams(task).questionnaire, totalCount);
    const kept: Kept = { index, through: revision, done: Promise.resolve(), isBuilt: false };
    kept.done = this.#scan(kept);
    this.#dropOnError(taskId, kept);
    return kept;
  }

  #dropOnError(taskId: string, kept: Kept): void {
    kept.done.catch(() => {
      if (this.#kept.get(taskId) === kept) this.#kept.delete(taskId);
    });
  }

  async #scan(kept: Kept): Promise<void> {
    const { index } = kept;
    for await (const item of this.#tasks.items(index.taskId)) index.addItem(item);
    // What was recorded before the scan began is in the items; what came since, may be.
    await this.#follow(kept);
    kept.isBuilt = true;
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

/** Whether the work is done within the time. @throws what the work throws */
async function within(work: Promise<void>, ms: number): Promise<boolean> {
  const { promise, resolve } = Promise.withResolvers<boolean>();
  const timer = setTimeout(resolve, ms, false);
  try {
    return await Promise.race([work.then(() => true), promise]);
  } finally {
    clearTimeout(timer);
  }
}
