import type { TaskManager } from '@panelist/toolkit';
import type { AskedModel } from '../models/asked-model.ts';
import type { ChatModel } from '../models/chat-model.ts';
import { type SpentTokens, spentTokens } from '../survey/spent-tokens.ts';
import { surveyParamsOf } from '../survey/stored-survey.ts';
import { SURVEY_JOB } from '../survey/survey-task.ts';
import { findGroup } from './group-history.ts';
import { itemsOf } from './round-job.ts';
import { spentIn } from './stored-turns.ts';

/**
 * What a group's recorded calls to one model took, in all its runs. Calls of replies that could not be used, or that
 * were under way when the process was killed, are not in it.
 *
 * @param kept answers with what is kept, for the interviews of polls
 */
export async function spentInGroup(
  tasks: TaskManager,
  focusGroupId: string,
  model: string,
  kept: ChatModel,
): Promise<SpentTokens> {
  let inputTokens = 0;
  let outputTokens = 0;
  const add = (spent: SpentTokens): void => {
    inputTokens += spent.inputTokens;
    outputTokens += spent.outputTokens;
  };
  for (const { task } of (await findGroup(tasks, focusGroupId))?.turns ?? []) {
    if ((task.taskParams as Partial<AskedModel>).model !== model) continue;
    if (task.job === SURVEY_JOB) add(await spentTokens(tasks, task.taskId, surveyParamsOf(task), kept));
    else
      for await (const item of itemsOf(tasks, task.taskId))
        if (item.status === 'succeeded') add(spentIn(task.taskId, item));
  }
  return { inputTokens, outputTokens };
}
