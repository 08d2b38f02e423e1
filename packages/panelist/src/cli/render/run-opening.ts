import type { TaskRecord } from '@panelist/toolkit';
import type { Workspace } from '../../application/open-workspace.ts';
import { groupOfTask } from '../../application/runs/run-view.ts';
import { isSurvey, surveyParams } from '../../application/surveys/answer-files.ts';
import type { DeployedSurvey } from '../../survey/deploy-survey.ts';
import { terminalSafe } from '../../text/terminal-safe.ts';
import { servedModel } from './served-model.ts';
import { taskMessages } from './task-messages.ts';

type OpenedTask = Pick<TaskRecord, 'taskId' | 'taskParams' | 'job' | 'totalCount' | 'completedCount'>;

/** What a deployment says before its progress. */
export async function deployOpening(
  workspace: Workspace,
  { task, how }: DeployedSurvey,
  title: string,
): Promise<string> {
  const params = surveyParams(task);
  const { model } = params;
  const { opening: said } = taskMessages(task);
  const note = model.startsWith('simulator') ? said.simulated : '';
  const served = servedModel(model, workspace.addressOf(params), taskMessages(task));
  const what = said.what(terminalSafe(title), audienceText(task), served, note, task.taskId);
  switch (how) {
    case 'started':
      return `${said.deploying(what)}\n`;
    case 'joined':
      return joiningText(workspace, task, what);
    case 'finished':
      return `${said.finished(what)}\n`;
  }
}

/** What a task that is taken up again says before its progress. */
export async function resumeOpening(workspace: Workspace, task: OpenedTask): Promise<string> {
  return joiningText(workspace, task, taskMessages(task).opening.task(task.taskId));
}

async function joiningText(workspace: Workspace, task: OpenedTask, what: string): Promise<string> {
  const { goingOn, joining } = taskMessages(task).opening;
  const begun = workspace.runner.isRunning(task.taskId) ? goingOn(what) : joining(what);
  return `${begun} ${await doneText(workspace, task)}\n`;
}

async function doneText(workspace: Workspace, task: OpenedTask): Promise<string> {
  const { taskId, completedCount, totalCount } = task;
  const { opening: said } = taskMessages(task);
  if (!isSurvey(task)) return said.done(completedCount, totalCount);
  const isHere = groupOfTask(task) === null && workspace.runner.isRunning(taskId);
  const replies = isHere ? await workspace.repliesBefore(taskId) : 0;
  return replies === 0
    ? said.interviewsDone(completedCount, totalCount)
    : said.repliesStored(completedCount, totalCount, replies);
}

/** `200 respondents`, or `180 interviews (60 respondents × 3)`. */
function audienceText(task: OpenedTask): string {
  const { totalCount } = task;
  const { replicates } = surveyParams(task);
  const { opening: said } = taskMessages(task);
  return replicates === 1
    ? said.respondents(totalCount)
    : said.interviews(totalCount, totalCount / replicates, replicates);
}
