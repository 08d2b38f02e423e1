import type { TaskRecord } from '@panelist/toolkit';
import { isKnownDead } from '@panelist/toolkit';

/** A task as `--json` shows it. */
export interface TaskView {
  readonly taskId: string;
  readonly taskKey: string;
  /** As kept, but `interrupted` for a running task that no process runs: it can be resumed. */
  readonly status: string;
  readonly totalCount: number;
  readonly completedCount: number;
  readonly successCount: number;
  readonly failedCount: number;
  readonly errorMessage: string | null;
  readonly createdAt: string;
  readonly startedAt: string | null;
  readonly finishedAt: string | null;
}

export function taskView(task: TaskRecord, now: number): TaskView {
  const { taskId, taskKey, totalCount, completedCount, successCount, failedCount, errorMessage } = task;
  return {
    taskId,
    taskKey,
    status: task.status === 'running' && !isRun(task, now) ? 'interrupted' : task.status,
    totalCount,
    completedCount,
    successCount,
    failedCount,
    errorMessage,
    createdAt: new Date(task.createdAt).toISOString(),
    startedAt: isoTime(task.startedAt),
    finishedAt: isoTime(task.finishedAt),
  };
}

function isRun({ lease }: TaskRecord, now: number): boolean {
  return lease !== null && lease.expiresAt > now && !isKnownDead(lease.owner);
}

function isoTime(at: number | null): string | null {
  return at === null ? null : new Date(at).toISOString();
}

export function taskLines(view: TaskView): string {
  const { taskId, taskKey, status, totalCount, successCount, failedCount, errorMessage } = view;
  const lines = [
    `${taskId}  ${taskKey}`,
    `  ${status}: ${successCount} of ${totalCount} done, ${failedCount} failed, ${totalCount - successCount - failedCount} open`,
    `  created ${view.createdAt}${view.finishedAt === null ? '' : `, finished ${view.finishedAt}`}`,
  ];
  if (errorMessage !== null) lines.push(`  ${errorMessage}`);
  return lines.join('\n');
}
