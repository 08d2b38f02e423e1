import type { AskedModel } from '../models/asked-model.ts';
import {
  boolean,
  count,
  fits,
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
import { defineStoredJob, type StoredJob } from '../stored/stored-job.ts';
import { type Answer, answerStatuses, type Interview, type InterviewCall } from './answer.ts';
import { answerValue, scalar } from './question-kinds/stored-question.ts';
import type { Questionnaire } from './questionnaire.ts';
import { storedQuestionnaire } from './stored-questionnaire.ts';
import { type RespondentItem, SURVEY_JOB, type SurveyTaskParams } from './survey-task.ts';
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

const surveyParamsMembers: {
  readonly [Name in keyof SurveyTaskParams]-?: Shape<SurveyTaskParams[Name]>;
} = {
  ...callSettingsMembers,
  survey: text,
  audience: text,
  questionnaire: storedQuestionnaire,
  ask: oneOf('question', 'page', 'survey'),
  randomizeOptions: boolean,
  orderRule: optional(oneOf('measurement')),
  replicates: positive,
  now: optional(number),
  priority: optional(number),
};

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

/** Its questionnaire may be of any version, or be none: bringing it up to date throws then. */
const anyQuestionnaire: Shape<Questionnaire> = (value) =>
  typeof value === 'object' && value !== null ? null : 'an object is expected';

const hasQuestionnaire = object<{ readonly questionnaire: Questionnaire }>({
  questionnaire: anyQuestionnaire,
});

/** Surveys, and the polls of focus groups: their parameters are a survey's with the turn's position in the group. */
export const SURVEY: StoredJob<RespondentItem, SurveyTaskParams, Interview> = defineStoredJob<
  RespondentItem,
  SurveyTaskParams,
  Interview
>(SURVEY_JOB, {
  params: object<SurveyTaskParams>(surveyParamsMembers),
  input: respondent,
  result: interview,
  upgradeParams: withCurrentQuestionnaire,
});

/** What cannot be brought up to date comes back as it is: the check says what is wrong with it. */
function withCurrentQuestionnaire(taskParams: unknown): unknown {
  if (!fits(hasQuestionnaire, taskParams)) return taskParams;
  try {
    const questionnaire = upgradeQuestionnaire(taskParams.questionnaire);
    return questionnaire === taskParams.questionnaire ? taskParams : { ...taskParams, questionnaire };
  } catch {
    return taskParams;
  }
}
