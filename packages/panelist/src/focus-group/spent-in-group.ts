import type { TaskManager } from '@panelist/toolkit';
import type { ChatModel } from '../models/chat-model.ts';
import { type SpentTokens, spentTokens } from '../survey/spent-tokens.ts';
import { SURVEY_JOB } from '../survey/survey-job.ts';
import { findGroup } from './group-history.ts';
import type { PollParams } from './group-turn.ts';
import { itemsOf } from './round-job.ts';

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
  const add = (spent: Partial<SpentTokens>): void => {
    inputTokens += spent.inputTokens ?? 0;
    outputTokens += spent.outputTokens ?? 0;
  };
  for (const { task } of (await findGroup(tasks, focusGroupId))?.turns ?? []) {
    const params = task.taskParams as unknown as PollParams;
    if (params.model !== model) continue;
    if (task.job === SURVEY_JOB) add(await spentTokens(tasks, task.taskId, params, kept));
    else
      for await (const { status, result } of itemsOf(tasks, task.taskId))
        if (status === 'succeeded') add(result as Partial<SpentTokens>);
  }
  return { inputTokens, outputTokens };
}
