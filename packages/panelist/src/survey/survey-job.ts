import type { Job } from '@panelist/toolkit';
import type { ChatModel } from '../models/chat-model.ts';
import type { Interview } from './answer.ts';
import { interview } from './interview/interview.ts';
import { SURVEY } from './stored-survey.ts';
import type { RespondentItem, SurveyTaskParams } from './survey-task.ts';

/**
 * One item is one respondent's interview. `modelFor` opens the model of a task, once; it retries and keeps its own
 * calls, so the item itself is not retried.
 */
export function surveyJob(
  modelFor: (params: SurveyTaskParams, taskId: string) => Promise<ChatModel>,
): Job<RespondentItem, SurveyTaskParams, Interview> {
  return {
    retry: false,
    ...SURVEY.runner(async (respondent, { signal, draining, taskId, taskParams: params, itemKey }) => {
      const model = await modelFor(params, taskId);
      const { priority } = params;
      // Between two pages is a good moment to stop: every reply is stored, and replayed when the interview resumes.
      const drained: ChatModel = {
        id: model.id,
        identity: model.identity,
        reply: (request, options) =>
          model.reply(request, { ...options, draining, caller: { taskId, itemKey }, priority }),
      };
      return holdInterview(respondent, params, drained, signal);
    }),
  };
}

/** Holds the interview of one item. The same item and task give the same requests as long as the replies are the same. */
export function holdInterview(
  { respondentId, persona, asking }: RespondentItem,
  { questionnaire, temperature, seed, ask, randomizeOptions, orderRule, now }: SurveyTaskParams,
  model: ChatModel,
  signal: AbortSignal,
): Promise<Interview> {
  return interview(questionnaire, { id: respondentId, persona }, model, {
    signal,
    ask,
    randomizeOptions,
    orderRule,
    orderSeed: String(seed ?? 0),
    replicate: asking,
    now,
    parameters: {
      ...(temperature !== null && { temperature }),
      // People with the same persona are asked the same: only another seed makes them different people.
      ...((seed !== null || asking > 0) && { seed: (seed ?? 0) + asking }),
    },
  });
}
