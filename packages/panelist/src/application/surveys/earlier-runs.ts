import type { TaskManager } from '@panelist/toolkit';
import type { ChatModel } from '../../models/chat-model.ts';
import { type SpentTokens, spentTokens } from '../../survey/spent-tokens.ts';
import type { SurveyTaskParams } from '../../survey/survey-task.ts';

/** What runs of a survey task that ended before its end have left. */
export interface EarlierRuns {
  /** Stored replies of interviews that are not finished: they are not asked for again. */
  readonly replies: number;
  /** What all replies of the task took; `undefined` where there was no earlier run. */
  readonly spent: SpentTokens | undefined;
}

/** @param stored replies with what is stored, and rejects with a `PanelistError` where nothing is */
export async function readEarlierRuns(
  tasks: TaskManager,
  taskId: string,
  params: SurveyTaskParams,
  stored: ChatModel,
): Promise<EarlierRuns> {
  let replies = 0;
  const counting: ChatModel = {
    id: stored.id,
    reply: async (request, options) => {
      const reply = await stored.reply(request, options);
      replies += 1;
      return reply;
    },
  };
  const spent = await spentTokens(tasks, taskId, params, counting);
  return { replies, spent };
}
