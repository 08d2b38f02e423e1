import type { TaskRecord } from '@panelist/toolkit';
import type { Workspace } from '../../../application/open-workspace.ts';
import { changeLimits } from '../../../application/runs/change-limits.ts';
import { resumeRun, retryFailedItems } from '../../../application/runs/resume-run.ts';
import { limitsOf, type RunLimits } from '../../../application/runs/run-limits.ts';
import { askedModelOf } from '../../../application/runs/run-view.ts';
import { cancelTask } from '../../../application/tasks/cancel-task.ts';
import { findTask } from '../../../application/tasks/find-task.ts';

export interface OfTask {
  readonly taskId: string;
}

/** Tasks are paused and cancelled here as well, since the process that runs one follows its own changes at once. */
export const taskCommands = {
  /** @throws PanelistError as the run itself would: `API_KEY_MISSING`, `PRICE_UNKNOWN` … */
  async checkModel(
    workspace: Workspace,
    { model, baseUrl, limits }: { model: string; baseUrl: string | null; limits: RunLimits },
  ): Promise<void> {
    await workspace.checkModel({ model, baseUrl }, limits);
  },

  /** Goes on with a task that is paused or interrupted. One that runs elsewhere is taken over if its process ends. */
  async resume(workspace: Workspace, { taskId }: OfTask): Promise<void> {
    const task = await findTask(workspace, taskId);
    await checkModelOf(workspace, task);
    await resumeRun(workspace, task);
  },

  /** As `resume`; ends with the run, whether it is finished, paused or cancelled. */
  async seeThrough(workspace: Workspace, { taskId }: OfTask): Promise<void> {
    await taskCommands.resume(workspace, { taskId });
    await workspace.runner.wait(taskId);
  },

  /** @param input.codes only items that failed for one of these causes; `null` for all */
  async retryFailed(
    workspace: Workspace,
    { taskId, codes }: OfTask & { readonly codes: readonly string[] | null },
  ): Promise<{ readonly retried: number }> {
    const task = await findTask(workspace, taskId);
    await checkModelOf(workspace, task);
    return { retried: await retryFailedItems(workspace, task, {}, { codes: codes ?? undefined }) };
  },

  async pause(workspace: Workspace, { taskId, reason }: OfTask & { reason: string }): Promise<void> {
    await workspace.tasks.pauseTask(taskId, { reason });
  },

  async cancel(workspace: Workspace, { taskId }: OfTask): Promise<void> {
    await cancelTask(workspace, await findTask(workspace, taskId));
  },

  async changeLimits(
    workspace: Workspace,
    { taskId, limits }: OfTask & { limits: RunLimits },
  ): Promise<void> {
    await changeLimits(workspace, await findTask(workspace, taskId), limits);
  },
};

async function checkModelOf(workspace: Workspace, task: TaskRecord): Promise<void> {
  const asked = askedModelOf(task);
  if (asked !== null) await workspace.checkModel(asked, limitsOf(task));
}
