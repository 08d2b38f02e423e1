import type { Task } from '@panelist/toolkit';
import { focusGroupOf } from '../focus-group/group-turn.ts';
import type { DeployedSurvey } from '../survey/deploy-survey.ts';
import { SURVEY_JOB, type SurveyTaskParams } from '../survey/survey-job.ts';
import type { Workspace } from './compose.ts';

/** What a deployment says before its progress. */
export async function deployOpening(
  workspace: Workspace,
  { task, how }: DeployedSurvey,
  title: string,
): Promise<string> {
  const { model } = paramsOf(task);
  const simulated = model.startsWith('simulator') ? ' (a simulator, no model: its answers mean nothing)' : '';
  const what = `"${title}" to ${audienceText(task)}, played by ${model}${simulated}. Task ${task.taskId}.`;
  switch (how) {
    case 'started':
      return `Deploying ${what}\n`;
    case 'joined':
      return `${joiningText(workspace, task)} ${what} ${await doneText(workspace, task)}\n`;
    case 'finished':
      return `Finished before: ${what} These are the stored answers; --fresh asks everything again.\n`;
  }
}

/** What a task that is taken up again says before its progress. */
export async function resumeOpening(workspace: Workspace, task: Task): Promise<string> {
  return `${joiningText(workspace, task)} task ${task.taskId}. ${await doneText(workspace, task)}\n`;
}

function joiningText({ runner }: Workspace, { taskId }: Task): string {
  return runner.isRunning(taskId) ? 'Going on with' : 'Joining the run of';
}

async function doneText(workspace: Workspace, task: Task): Promise<string> {
  const { taskId, completedCount, totalCount } = task;
  const isSurvey = task.job === SURVEY_JOB;
  const done = `${completedCount} of ${totalCount}${isSurvey ? ' interviews' : ''} are done`;
  if (!isSurvey || focusGroupOf(task.taskParams) !== null || !workspace.runner.isRunning(taskId))
    return `${done}.`;
  const { replies } = await workspace.earlierRuns(taskId, paramsOf(task));
  if (replies === 0) return `${done}.`;
  return `${done}, and ${replies} ${replies === 1 ? 'reply' : 'replies'} of the others ${replies === 1 ? 'is' : 'are'} stored.`;
}

/** `200 respondents`, or `180 interviews (60 respondents × 3)`. */
function audienceText(task: Task): string {
  const { totalCount } = task;
  const { replicates } = paramsOf(task);
  return replicates === 1
    ? `${totalCount} respondents`
    : `${totalCount} interviews (${totalCount / replicates} respondents × ${replicates})`;
}

function paramsOf({ taskParams }: Task): SurveyTaskParams {
  return taskParams as unknown as SurveyTaskParams;
}
