import type { AskedModel } from '../models/asked-model.ts';
import type { AskScope } from './interview/interview-plan.ts';
import type { Questionnaire } from './questionnaire.ts';

/** The name under which the survey job is registered with a `TaskRunner`. */
export const SURVEY_JOB = 'survey';

/**
 * What a survey task is made of, besides its respondents. Stored with the task, so that any process can continue it.
 */
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
  /** As in `InterviewOptions`: absent in tasks of earlier versions, whose orders it keeps. */
  readonly orderRule?: 'measurement' | undefined;
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
  /** Distinguishes interviews of equal personas, replicates and people alike: each is a call of its own. */
  readonly asking: number;
}
