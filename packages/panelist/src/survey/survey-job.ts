import type { Job } from '@panelist/toolkit';
import type { AskedModel } from '../models/asked-model.ts';
import type { ChatModel } from '../models/chat-model.ts';
import type { Interview } from './answer.ts';
import { interview } from './interview.ts';
import type { AskScope } from './interview-plan.ts';
import type { Questionnaire } from './questionnaire.ts';
import { respondentOf, surveyParamsOf } from './stored-survey.ts';

/** The name under which the survey job is registered with a `TaskRunner`. */
export const SURVEY_JOB = 'survey';

/** What a survey task is made of, besides its respondents. Kept with the task, so that any process can go on with it. */
export interface SurveyTaskParams extends AskedModel {
  readonly survey: string;
  readonly audience: string;
  readonly questionnaire: Questionnaire;
  readonly temperature: number | null;
  /** Given to the model, and what every order is drawn by. */
  readonly seed: number | null;
  /** How much is asked at once. */
  readonly ask: AskScope;
  readonly randomizeOptions: boolean;
  /** Interviews a respondent. */
  readonly replicates: number;
  /** The moment that `today()` and its like count from, in milliseconds since 1970. @default the interview's own */
  readonly now?: number | undefined;
  /** Of its calls, where they share a throttle with others'. @default 0 */
  readonly priority?: number | undefined;
}

/** One interview to be held. */
export interface RespondentItem {
  readonly respondentId: string;
  readonly persona: Readonly<Record<string, string>>;
  /** How many people of the population the respondent stands for, relative to the others. */
  readonly weight: number;
  /** Which of the respondent's interviews it is: 0 for the first. */
  readonly replicate: number;
  /** Tells interviews of the very same persona apart, replicates and people alike: each is asked anew. */
  readonly asking: number;
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
    async run(input, { signal, draining, taskId, taskParams, itemKey }) {
      const params = surveyParamsOf({ taskId, taskParams });
      const respondent = respondentOf(taskId, { key: itemKey, input });
      const model = await modelFor(params, taskId);
      const { priority } = params;
      // Between two pages is a good moment to stop: every reply is kept, and replayed when the interview is taken up.
      const drained: ChatModel = {
        id: model.id,
        reply: (request, options) => model.reply(request, { ...options, draining, group: taskId, priority }),
      };
      return holdInterview(respondent, params, drained, signal);
    },
  };
}

/** Holds the interview of one item. The same item and task give the same requests as long as the replies are the same. */
export function holdInterview(
  { respondentId, persona, asking }: RespondentItem,
  { questionnaire, temperature, seed, ask, randomizeOptions, now }: SurveyTaskParams,
  model: ChatModel,
  signal: AbortSignal,
): Promise<Interview> {
  return interview(questionnaire, { id: respondentId, persona }, model, {
    signal,
    ask,
    randomizeOptions,
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
