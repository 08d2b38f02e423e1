import type { TaskRecord } from '@panelist/toolkit';
import type { Workspace } from '../open-workspace.ts';
import { changeLimits } from './change-limits.ts';
import type { RunLimits } from './run-limits.ts';

/**
 * Goes on with a run that is paused or was interrupted. A run that is finished stays so.
 *
 * @param limits changed first, as by `changeLimits`
 * @returns the task as it is then
 */
export async function resumeRun(
  workspace: Workspace,
  task: TaskRecord,
  limits: RunLimits = {},
): Promise<TaskRecord> {
  await changeLimits(workspace, task, limits);
  await workspace.runner.resume(task.taskId);
  return (await workspace.tasks.store.get(task.taskId)) ?? task;
}

/**
 * Runs the failed items of a task again, and those never done.
 *
 * @param limits changed first, as by `changeLimits`
 * @returns how many had failed
 */
export async function retryFailedItems(
  workspace: Workspace,
  task: TaskRecord,
  limits: RunLimits = {},
): Promise<number> {
  await changeLimits(workspace, task, limits);
  const { retried } = await workspace.runner.retryFailed(task.taskId);
  return retried;
}
