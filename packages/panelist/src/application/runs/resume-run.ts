import type { TaskRecord } from '@panelist/toolkit';
import type { Workspace } from '../open-workspace.ts';
import { failedKeys } from '../results/failure-groups.ts';
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

export interface RetryOptions {
  /** Only items that failed for one of these causes, as `failureGroups` calls them. @default all that failed */
  readonly codes?: readonly string[] | undefined;
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
  { codes }: RetryOptions = {},
): Promise<number> {
  await changeLimits(workspace, task, limits);
  const itemKeys = codes && (await failedKeys(workspace.tasks, task.taskId, codes));
  const { retried } = await workspace.runner.retryFailed(task.taskId, { itemKeys });
  return retried;
}
