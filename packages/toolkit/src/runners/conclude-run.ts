import { ToolkitError } from '../errors/toolkit-error.ts';
import type { FailureResult } from '../tasks/failure-result.ts';
import type { TaskManager } from '../tasks/task-manager.ts';
import { isActive, type TaskRecord } from '../tasks/task-record.ts';
import type { LeftForLater } from './job-work.ts';

/** How a run has ended. */
export interface RunEnd extends LeftForLater {
  /** Whether the run was asked to start nothing more. */
  readonly isDraining: boolean;
}

/** Records in the task how a run has ended, unless the task was changed elsewhere meanwhile. */
export async function concludeRun(tasks: TaskManager, taskId: string, end: RunEnd): Promise<void> {
  const { stopMessage, pauseMessage, failedInARow, isDraining } = end;
  const task = await tasks.store.get(taskId);
  // Another process may have stopped it at the same moment: what failed here failed for the same reason all the same.
  if (stopMessage !== undefined && task !== undefined && isActive(task.status))
    await tasks.resetFailed(taskId, { itemKeys: failedInARow });
  if (task?.status !== 'running') return;
  const { completedCount, successCount, totalCount, revision } = task;
  if (stopMessage !== undefined) {
    await tasks.pauseTask(taskId, { reason: stopMessage });
  } else if (pauseMessage !== undefined) {
    await tasks.pauseTask(taskId, { reason: pauseMessage });
  } else if (completedCount === totalCount) {
    const success = successCount > 0 || totalCount === 0;
    const errorMessage = success
      ? null
      : `All ${totalCount} items failed.${await firstFailure(tasks, taskId)}`;
    try {
      await tasks.completeTask(taskId, { success, errorMessage, revision });
    } catch (error) {
      if (!(error instanceof ToolkitError) || error.code !== 'ILLEGAL_TRANSITION') throw error;
      // Failed items may have been taken back at this moment: then it is not over.
      await concludeRun(tasks, taskId, end);
    }
  } else if (!isDraining) await refuseIfNothingLeft(tasks, task);
}

async function firstFailure(tasks: TaskManager, taskId: string): Promise<string> {
  const { entries } = await tasks.store.items(taskId, { status: 'failed', limit: 1 });
  const { error } = (entries[0]?.result ?? {}) as Partial<FailureResult>;
  return error === undefined ? '' : ` The first: ${error.message}`;
}

/** Items that became pending at the last moment are done by the next run; without any, no run could end the task. */
async function refuseIfNothingLeft(
  tasks: TaskManager,
  { taskId, totalCount, completedCount }: TaskRecord,
): Promise<void> {
  const { entries } = await tasks.store.items(taskId, { status: 'pending', limit: 1 });
  if (entries.length > 0) return;
  throw new ToolkitError(
    'ILLEGAL_TRANSITION',
    `Task ${taskId} wants ${totalCount} results and has ${completedCount}, but no item is left to do. Record the others with updateProgress, or cancel the task.`,
  );
}
