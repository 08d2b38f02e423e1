import type { Job } from '@panelist/toolkit';
import type { ChatModel } from '../models/chat-model.ts';
import { interview } from './interview.ts';
import type { Questionnaire } from './questionnaire.ts';

/** The name under which the survey job is registered with a `TaskRunner`. */
export const SURVEY_JOB = 'survey';

/** What a survey task is made of, besides its respondents. Kept with the task, so that any process can go on with it. */
export interface SurveyTaskParams {
  readonly survey: string;
  readonly audience: string;
  readonly questionnaire: Questionnaire;
  readonly model: string;
  readonly baseUrl: string | null;
  readonly temperature: number | null;
  readonly seed: number | null;
  /** Set by a run that is to ask everything anew; its answers are kept under this name. */
  readonly freshRun: string | null;
}

/** One respondent to be interviewed. */
export interface RespondentItem {
  readonly persona: Readonly<Record<string, string>>;
  /** How many before this one in the audience have the very same persona: each is asked anew. */
  readonly replicate: number;
}

/**
 * One item is one respondent's interview. `modelFor` opens the model of a task, once; it retries and keeps its own
 * calls, so the item itself is not retried.
 */
export function surveyJob(
  modelFor: (params: SurveyTaskParams, taskId: string) => Promise<ChatModel>,
): Job<RespondentItem, SurveyTaskParams> {
  return {
    retry: false,
    async run({ persona, replicate }, { signal, draining, taskId, taskParams, itemKey }) {
      const { questionnaire, temperature, seed } = taskParams;
      const model = await modelFor(taskParams, taskId);
      // Between two pages is a good moment to stop: every reply is kept, and replayed when the interview is taken up.
      const drained: ChatModel = {
        id: model.id,
        reply: (request, options) => model.reply(request, { ...options, draining, group: taskId }),
      };
      return interview(questionnaire, { id: itemKey, persona }, drained, {
        signal,
        replicate,
        parameters: {
          ...(temperature !== null && { temperature }),
          // People with the same persona are asked the same: only another seed makes them different people.
          ...((seed !== null || replicate > 0) && { seed: (seed ?? 0) + replicate }),
        },
      });
    },
  };
}
