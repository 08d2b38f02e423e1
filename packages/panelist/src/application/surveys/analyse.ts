import type { TaskRecord } from '@panelist/toolkit';
import { readAnswerTable } from '../../analysis/answer-table.ts';
import { compareWithHumans, type HumanComparison } from '../../analysis/compare-humans.ts';
import { type HumanAnswersOptions, readHumanAnswers } from '../../analysis/human-answers.ts';
import { type SummaryOptions, type SurveySummary, summariseSurvey } from '../../analysis/survey-summary.ts';
import type { SaidLevels } from '../../survey/measurement.ts';
import { surveyResults } from '../../survey/survey-results.ts';
import type { SurveyTaskParams } from '../../survey/survey-task.ts';
import type { Workspace } from '../open-workspace.ts';
import { paramsWithLevels } from './answer-files.ts';

/** Distributions, means, cross-tables, order effects and consistency of the answers that there are so far. */
export async function summariseAnswers(
  { tasks }: Pick<Workspace, 'tasks'>,
  task: TaskRecord,
  { nominal, ordinal, ...options }: SummaryOptions & SaidLevels = {},
): Promise<{ readonly params: SurveyTaskParams; readonly summary: SurveySummary }> {
  const params = paramsWithLevels(task, { nominal, ordinal });
  const summary = await summariseSurvey(params.questionnaire, surveyResults(tasks, task.taskId), options);
  return { params, summary };
}

export interface CompareOptions extends HumanAnswersOptions, SaidLevels {
  /** Of the bootstrap of intervals. @default 1 */
  readonly seed?: number | undefined;
}

/**
 * The answers of a task beside people's.
 *
 * @param path a CSV file, one row a person, a column a question
 * @throws PanelistError as `readHumanAnswers`
 */
export async function compareAnswers(
  { tasks }: Pick<Workspace, 'tasks'>,
  task: TaskRecord,
  path: string,
  { seed = 1, nominal, ordinal, ...options }: CompareOptions = {},
): Promise<{ readonly params: SurveyTaskParams; readonly comparison: HumanComparison }> {
  const params = paramsWithLevels(task, { nominal, ordinal });
  const humans = await readHumanAnswers(path, params.questionnaire, options);
  const synthetic = await readAnswerTable(params.questionnaire, surveyResults(tasks, task.taskId));
  return { params, comparison: compareWithHumans(synthetic, humans, seed) };
}
