import type { TaskItemRecord, TaskManager } from '@panelist/toolkit';
import type { ChatModel, ChatReply } from '../models/chat-model.ts';
import { PanelistError } from '../panelist-error.ts';
import { interviewOf, respondentOf } from './stored-survey.ts';
import { holdInterview } from './survey-job.ts';
import type { SurveyTaskParams } from './survey-task.ts';

export interface SpentTokens {
  readonly inputTokens: number;
  readonly outputTokens: number;
}

/**
 * What a task's kept replies took of the model: those of finished interviews as recorded, those of others by holding
 * them with `kept` as far as it goes. So nothing needs to be kept beside the replies, which cannot get out of step
 * with them, however the run ended. Attempts that had no reply are not in it; replies that another task had paid for
 * are.
 *
 * @param kept answers with what is kept, and rejects with a `PanelistError` where nothing is (`Workspace.keptReplies`)
 */
export async function spentTokens(
  tasks: TaskManager,
  taskId: string,
  params: SurveyTaskParams,
  kept: ChatModel,
): Promise<SpentTokens> {
  let inputTokens = 0;
  let outputTokens = 0;
  const add = (call: SpentTokens): void => {
    inputTokens += call.inputTokens;
    outputTokens += call.outputTokens;
  };
  let after: number | undefined;
  do {
    const page = await tasks.store.items(taskId, { after });
    for (const item of page.entries) {
      if (item.status === 'succeeded') for (const call of interviewOf(taskId, item).calls) add(call);
      else await replay(taskId, item, params, kept, add);
    }
    after = page.next ?? undefined;
  } while (after !== undefined);
  return { inputTokens, outputTokens };
}

async function replay(
  taskId: string,
  item: TaskItemRecord,
  params: SurveyTaskParams,
  kept: ChatModel,
  hear: (reply: ChatReply) => void,
): Promise<void> {
  const replies: ChatModel = {
    id: kept.id,
    reply: async (request, options) => {
      const reply = await kept.reply(request, options);
      hear(reply);
      return reply;
    },
  };
  const respondent = respondentOf(taskId, item);
  try {
    await holdInterview(respondent, params, replies, new AbortController().signal);
  } catch (error) {
    if (!(error instanceof PanelistError)) throw error;
  }
}
