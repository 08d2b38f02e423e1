import { ACTIVE_STATUSES, type TaskManager, type TaskSummary } from '@panelist/toolkit';
import { groupTaskKey } from '../../focus-group/group.ts';

export interface PruneRequest {
  /** How long ago a task must have finished, milliseconds. */
  readonly olderThanMs: number;
  /** Counts what would be deleted, and deletes nothing. @default false */
  readonly dryRun?: boolean | undefined;
}

export interface Pruned {
  /** How many tasks were deleted, or would be. */
  readonly tasks: number;
  /** Only tasks that finished before, epoch milliseconds. */
  readonly finishedBefore: number;
}

/**
 * Deletes the tasks that finished long enough ago, with their results; never one that is not finished. The turns of a
 * focus group go together, once the last of them is old enough: a group cannot be read without its first.
 *
 * Stored replies stay, since other runs may reuse them.
 */
export async function pruneTasks(tasks: TaskManager, { olderThanMs, dryRun }: PruneRequest): Promise<Pruned> {
  const finishedBefore = Date.now() - olderThanMs;
  const isKept = new Map<string, Promise<boolean>>();
  const keep = ({ taskKey }: TaskSummary): boolean | Promise<boolean> => {
    if (!taskKey.startsWith(groupTaskKey(''))) return false;
    const known = isKept.get(taskKey) ?? isInUse(tasks, taskKey, finishedBefore);
    isKept.set(taskKey, known);
    return known;
  };
  return { tasks: await tasks.prune({ olderThanMs, keep, dryRun }), finishedBefore };
}

/** Whether a task of that key is not finished, or was until lately. */
async function isInUse(tasks: TaskManager, taskKey: string, finishedBefore: number): Promise<boolean> {
  const active = await tasks.store.summaries({ taskKey, statuses: ACTIVE_STATUSES, limit: 1 });
  if (active.entries.length > 0) return true;
  let after: string | undefined;
  do {
    const { entries, next } = await tasks.store.summaries({ taskKey, after });
    if (entries.some(({ finishedAt }) => finishedAt !== null && finishedAt >= finishedBefore)) return true;
    after = next ?? undefined;
  } while (after !== undefined);
  return false;
}
