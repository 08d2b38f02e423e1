import type { ToolkitError } from '../errors/toolkit-error.ts';
import { checkFlag, checkFunction, checkMs } from '../options/check.ts';
import type { TaskSummary } from './task-record.ts';
import type { TaskStore } from './task-store.ts';

export interface PruneOptions {
  /** How long ago a task must have finished, milliseconds, 0 or more. */
  readonly olderThanMs: number;
  /** Whether to keep a task that is old enough. @default keeps none */
  readonly keep?: ((task: TaskSummary) => boolean | Promise<boolean>) | undefined;
  /** Counts the tasks, and deletes none. @default false */
  readonly dryRun?: boolean | undefined;
  /** Stops before the next task; rejects with the signal's reason. */
  readonly signal?: AbortSignal | undefined;
}

/** Deletes the tasks that finished longer ago than `olderThanMs` before `now`. @returns how many */
export async function pruneTasks(
  store: TaskStore,
  now: number,
  { olderThanMs, keep, dryRun = false, signal }: PruneOptions,
): Promise<number> {
  checkMs('olderThanMs', olderThanMs, { from: 0 });
  checkFunction('keep', keep);
  checkFlag('dryRun', dryRun);
  const finishedBefore = now - olderThanMs;
  let count = 0;
  let after: string | undefined;
  do {
    const page = await store.summaries({ finishedBefore, after });
    for (const task of page.entries) {
      signal?.throwIfAborted();
      if (await keep?.(task)) continue;
      if (dryRun || (await deleteIfStill(store, task.taskId, finishedBefore))) count += 1;
    }
    after = page.next ?? undefined;
  } while (after !== undefined);
  return count;
}

/** Any process may have reopened or deleted it since it was listed. */
async function deleteIfStill(store: TaskStore, taskId: string, finishedBefore: number): Promise<boolean> {
  try {
    return await store.delete(taskId, { finishedBefore });
  } catch (error) {
    const { code } = error as Partial<ToolkitError>;
    if (code === 'ILLEGAL_TRANSITION' || code === 'TASK_NOT_FOUND') return false;
    throw error;
  }
}
