import type { AskedModel } from '../models/asked-model.ts';
import {
  boolean,
  count,
  list,
  nullable,
  number,
  object,
  oneOf,
  optional,
  positive,
  record,
  type Shape,
  text,
} from '../stored/shapes.ts';
import { type StoredInput, type StoredParams, type StoredResult, storedAs } from '../stored/stored-row.ts';
import { type Answer, answerStatuses, type Interview, type InterviewCall } from './answer.ts';
import { answerValue, scalar } from './question-kinds/stored-question.ts';
import type { Questionnaire } from './questionnaire.ts';
import { storedQuestionnaire } from './stored-questionnaire.ts';
import type { RespondentItem, SurveyTaskParams } from './survey-task.ts';
import { upgradeQuestionnaire } from './upgrade-questionnaire.ts';

/** How a model is asked, as the parameters of every task that asks one have it. */
export const callSettingsMembers: {
  readonly [Name in keyof AskedModel | 'temperature' | 'seed']: Shape<
    (AskedModel & Pick<SurveyTaskParams, 'temperature' | 'seed'>)[Name]
  >;
} = {
  model: text,
  baseUrl: nullable(text),
  freshRun: nullable(text),
  temperature: nullable(number),
  seed: nullable(number),
};

export const surveyParamsMembers: {
  readonly [Name in keyof SurveyTaskParams]-?: Shape<SurveyTaskParams[Name]>;
} = {
  ...callSettingsMembers,
  survey: text,
  audience: text,
  questionnaire: storedQuestionnaire,
  ask: oneOf('question', 'page', 'survey'),
  randomizeOptions: boolean,
  replicates: positive,
  now: optional(number),
  priority: optional(number),
};

const surveyParams: Shape<SurveyTaskParams> = object<SurveyTaskParams>(surveyParamsMembers);

const respondent: Shape<RespondentItem> = object<RespondentItem>({
  respondentId: text,
  persona: record(text),
  weight: positive,
  replicate: count,
  asking: count,
});

const interview: Shape<Interview> = object<Interview>({
  respondentId: text,
  answers: list(
    object<Answer>({
      question: text,
      status: oneOf(...answerStatuses),
      value: nullable(answerValue),
      raw: nullable(text),
      repairs: list(text),
      shownOptions: nullable(list(scalar)),
      calls: list(count),
      problem: nullable(text),
    }),
  ),
  computed: record(answerValue),
  askedOrder: list(text),
  calls: list(
    object<InterviewCall>({
      promptHash: text,
      returnedModel: text,
      attempts: number,
      inputTokens: number,
      outputTokens: number,
      isEstimated: optional(oneOf(true)),
      elapsedMs: number,
    }),
  ),
  requestedModel: text,
  parameters: object({ temperature: nullable(number), seed: nullable(number) }),
});

/** By the object that a store gives for a task, which is the same for all the task's items. */
const checked = new WeakMap<object, SurveyTaskParams>();

/**
 * The parameters of a survey's task, its questionnaire brought up to date. A poll's are a survey's with its place in the group.
 *
 * @throws PanelistError `ROW_INVALID`
 */
export function surveyParamsOf({ taskId, taskParams }: StoredParams): SurveyTaskParams {
  const known = checked.get(taskParams as object);
  if (known !== undefined) return known;
  const params = storedAs(surveyParams, upgraded(taskParams), { taskId, itemKey: null, what: 'parameters' });
  checked.set(taskParams as object, params);
  return params;
}

/** Who is interviewed in an item. @throws PanelistError `ROW_INVALID` */
export function respondentOf(taskId: string, { key, input }: StoredInput): RespondentItem {
  return storedAs(respondent, input, { taskId, itemKey: key, what: 'input' });
}

/** The interview that was recorded for an item. @throws PanelistError `ROW_INVALID` */
export function interviewOf(taskId: string, { key, result }: StoredResult): Interview {
  return storedAs(interview, result, { taskId, itemKey: key, what: 'result' });
}

/** What cannot be brought up to date comes back as it is: the check says what is wrong with it. */
function upgraded(taskParams: unknown): unknown {
  try {
    const params = taskParams as { readonly questionnaire: Questionnaire };
    const questionnaire = upgradeQuestionnaire(params.questionnaire);
    return questionnaire === params.questionnaire ? params : { ...params, questionnaire };
  } catch {
    return taskParams;
  }
}
