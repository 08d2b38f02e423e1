import { isActive, type TaskRecord } from '@panelist/toolkit';
import type { Workspace } from '../application/open-workspace.ts';
import { resumeRun, retryFailedItems } from '../application/runs/resume-run.ts';
import { limitsInEffect, type RunLimits } from '../application/runs/run-limits.ts';
import { askedModelOf } from '../application/runs/run-view.ts';
import { answerPaths } from '../application/surveys/answer-files.ts';
import { findTask } from '../application/tasks/find-task.ts';
import { limitsIn, type RunFlags } from './commands/shared-options.ts';
import type { ExitCode } from './exit-codes.ts';
import { finishRun, outputFolderOf } from './finish-run.ts';
import { resumeOpening } from './render/run-opening.ts';
import type { Terminal } from './terminal.ts';
import { withStoredModels } from './use-workspace.ts';

/** Resumes a task and follows it to its end. */
export function resumeTask(reference: string, flags: RunFlags, terminal: Terminal): Promise<ExitCode> {
  return startAgain(reference, flags, terminal, async (workspace, task, limits) => {
    const resumed = await resumeRun(workspace, task, limits);
    const { taskId, status } = resumed;
    return isActive(status) ? resumeOpening(workspace, resumed) : `Task ${taskId} is ${status} already.\n`;
  });
}

/** Runs the failed items of a task again and follows it to its end. */
export function retryFailed(reference: string, flags: RunFlags, terminal: Terminal): Promise<ExitCode> {
  return startAgain(reference, flags, terminal, async (workspace, task, limits) => {
    const { taskId } = task;
    const retried = await retryFailedItems(workspace, task, limits);
    return retried === 0
      ? `Nobody has failed in task ${taskId}.\n`
      : `Asking ${retried} of task ${taskId} again.\n`;
  });
}

/** @param start returns the line to print before progress is displayed */
function startAgain(
  reference: string,
  flags: RunFlags,
  terminal: Terminal,
  start: (workspace: Workspace, task: TaskRecord, limits: RunLimits) => Promise<string>,
): Promise<ExitCode> {
  return withStoredModels(flags, terminal, async (workspace, checkModel) => {
    const task = await findTask(workspace, reference);
    const { taskId } = task;
    const limits = limitsIn(flags);
    // Checked first: a task that cannot be paid for or written stays as it is.
    await checkModel(askedModelOf(task), limitsInEffect(task, limits));
    await workspace.files.check(answerPaths(outputFolderOf(taskId, flags)), flags);
    const opening = await start(workspace, task, limits);
    return finishRun(workspace, taskId, opening, flags, terminal);
  });
}
