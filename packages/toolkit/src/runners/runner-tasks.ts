import { quote, ToolkitError } from '../errors/toolkit-error.ts';
import type { Task } from '../tasks/task.ts';
import type { TaskManager } from '../tasks/task-manager.ts';
import { isActive } from '../tasks/task-record.ts';
import type { ResetRequest } from '../tasks/task-store.ts';
import type { JobRegistry } from './job-registry.ts';

/** @throws ToolkitError `TASK_NOT_FOUND` */
export async function existingTask(tasks: TaskManager, taskId: string): Promise<Task> {
  const task = await tasks.getTask(taskId);
  if (task !== undefined) return task;
  throw new ToolkitError('TASK_NOT_FOUND', `There is no task ${quote(taskId)}.`);
}

/**
 * Takes failed results back, and reopens a finished task that has something to do then; returns how many.
 *
 * @throws ToolkitError `TASK_NOT_FOUND`, `UNKNOWN_JOB`
 */
export async function takeBackFailed(
  tasks: TaskManager,
  jobs: JobRegistry,
  taskId: string,
  { itemKeys }: ResetRequest,
): Promise<number> {
  // A copy: the caller may change the list meanwhile.
  const request = { itemKeys: itemKeys?.slice() };
  const task = await existingTask(tasks, taskId);
  jobs.named(task.job);
  const retried = await tasks.resetFailed(taskId, request);
  if (!isActive(task.status) && task.completedCount < task.totalCount) await tasks.reopenTask(taskId);
  return retried;
}

export function runnerClosed(): ToolkitError {
  return new ToolkitError(
    'RUNNER_CLOSED',
    'This runner was shut down and starts nothing more. Make another.',
  );
}
