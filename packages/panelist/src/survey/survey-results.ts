import type { TaskManager } from '@panelist/toolkit';
import type { Respondent } from '../audience/respondent.ts';
import { storedFailure } from '../stored/stored-row.ts';
import type { Interview } from './answer.ts';
import { questionsOf } from './questionnaire.ts';
import { SURVEY } from './stored-survey.ts';
import type { SurveyTaskParams } from './survey-task.ts';

/** One interview with whom it was held. */
export interface SurveyResult {
  readonly respondent: Respondent;
  /** Which of the respondent's interviews it is: 0 for the first. */
  readonly replicate: number;
  /** Of the respondent, relative to the others; 1 where the audience has none. */
  readonly weight: number;
  readonly interview: Interview;
}

/**
 * The results of a survey task in the order of its audience, whenever and wherever each was recorded. A respondent
 * who could not be interviewed has every answer `failed`, with the reason; one who has not been yet is left out.
 *
 * @throws PanelistError `ROW_INVALID` for a row that is not what Panelist writes
 */
export async function* surveyResults(tasks: TaskManager, taskId: string): AsyncGenerator<SurveyResult> {
  const record = await tasks.store.get(taskId);
  if (record === undefined) return;
  const params = SURVEY.params(record);
  for await (const row of tasks.items(taskId)) {
    if (row.status === 'pending') continue;
    const item = SURVEY.item(taskId, row);
    const { respondentId, persona, weight, replicate } = item.input;
    const interview =
      item.status === 'succeeded'
        ? item.result
        : failedInterview(
            respondentId,
            params,
            storedFailure(row.result, { taskId, itemKey: row.key }).message,
          );
    yield { respondent: { id: respondentId, persona, weight }, replicate, weight, interview };
  }
}

function failedInterview(
  respondentId: string,
  { questionnaire, model, temperature, seed }: SurveyTaskParams,
  problem: string,
): Interview {
  return {
    respondentId,
    answers: questionsOf(questionnaire).map(({ name }) => ({
      question: name,
      status: 'failed',
      value: null,
      raw: null,
      repairs: [],
      shownOptions: null,
      calls: [],
      problem,
    })),
    computed: {},
    askedOrder: [],
    calls: [],
    requestedModel: model,
    parameters: { temperature, seed },
  };
}
