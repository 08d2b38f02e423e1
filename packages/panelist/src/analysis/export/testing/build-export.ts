import type { Answer, AnswerValue, Interview, InterviewCall } from '../../../survey/answer.ts';
import type { Questionnaire } from '../../../survey/questionnaire.ts';
import type { SurveyResult } from '../../../survey/survey-results.ts';
import { type GivenResult, result } from '../../testing/build-results.ts';
import type { SurveyRecord } from '../methods.ts';

export interface GivenInterview extends GivenResult {
  /** Overrides members of the answers of these names. */
  readonly details?: Readonly<Record<string, Partial<Answer>>>;
  readonly computed?: Readonly<Record<string, AnswerValue>>;
  readonly calls?: readonly InterviewCall[];
  readonly interview?: Partial<Interview>;
}

/** Builds a result with everything that exports contain. */
export function interviewed({
  details = {},
  computed = {},
  calls = [],
  ...given
}: GivenInterview): SurveyResult {
  const plain = result(given);
  const answers = plain.interview.answers.map((answer) => ({ ...answer, ...details[answer.question] }));
  return { ...plain, interview: { ...plain.interview, answers, computed, calls, ...given.interview } };
}

export function call(promptHash: string, part: Partial<InterviewCall> = {}): InterviewCall {
  const cost = { attempts: 1, inputTokens: 10, outputTokens: 5, elapsedMs: 12.5 };
  return { promptHash, returnedModel: 'm-1', ...cost, ...part };
}

export async function* streamed<T>(...items: readonly T[]): AsyncGenerator<T> {
  yield* items;
}

export function recordOf(
  questionnaire: Questionnaire,
  part: Partial<SurveyRecord['params']> = {},
): SurveyRecord {
  return {
    taskId: 'task_1',
    params: {
      survey: 'survey',
      audience: 'people.csv',
      questionnaire,
      model: 'p/m',
      baseUrl: null,
      temperature: 0.5,
      seed: 7,
      ask: 'page',
      randomizeOptions: true,
      replicates: 1,
      freshRun: null,
      ...part,
    },
    createdAt: Date.UTC(2026, 2, 1, 9),
    finishedAt: Date.UTC(2026, 2, 1, 10),
    totalInterviews: 3,
    version: '1.2.3',
  };
}
