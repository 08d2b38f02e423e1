import type { TaskManager } from '@panelist/toolkit';
import type { Respondent } from '../audience/respondent.ts';
import type { Interview } from './answer.ts';
import type { RespondentItem, SurveyTaskParams } from './survey-job.ts';

/** One respondent with what came of the interview. */
export interface SurveyResult {
  readonly respondent: Respondent;
  readonly interview: Interview;
}

/**
 * The results of a survey task in the order of its audience, whenever and wherever each was recorded. A respondent
 * who could not be interviewed has every answer `failed`, with the reason; one who has not been yet is left out.
 */
export async function* surveyResults(tasks: TaskManager, taskId: string): AsyncGenerator<SurveyResult> {
  const record = await tasks.store.get(taskId);
  if (record === undefined) return;
  const params = record.taskParams as unknown as SurveyTaskParams;
  let after: number | undefined;
  do {
    const page = await tasks.store.items(taskId, { after });
    for (const item of page.entries) {
      if (item.status === 'pending') continue;
      const { persona } = item.input as unknown as RespondentItem;
      const interview =
        item.status === 'succeeded'
          ? (item.result as unknown as Interview)
          : failedInterview(item.key, params, item.result);
      yield { respondent: { id: item.key, persona }, interview };
    }
    after = page.next ?? undefined;
  } while (after !== undefined);
}

function failedInterview(
  respondentId: string,
  { questionnaire, model }: SurveyTaskParams,
  result: unknown,
): Interview {
  const problem =
    (result as { readonly error?: { readonly message?: string } } | null)?.error?.message ?? 'failed';
  const questions = questionnaire.pages
    .flatMap((page) => page.elements)
    .filter((element) => element.kind !== 'note');
  return {
    respondentId,
    answers: questions.map(({ name }) => ({
      question: name,
      status: 'failed',
      value: null,
      raw: null,
      repairs: [],
      asked: 0,
      problem,
    })),
    requestedModel: model,
    returnedModels: [],
    inputTokens: 0,
    outputTokens: 0,
  };
}
