import { quote, type TaskRecord } from '@panelist/toolkit';
import { readAnswerTable } from '../../analysis/answer-table.ts';
import { type Calibration, calibrate } from '../../analysis/calibration/calibrate.ts';
import { compareWithHumans, type HumanComparison } from '../../analysis/compare-humans.ts';
import { comparisonCsv } from '../../analysis/export/comparison-csv.ts';
import { type HumanAnswersOptions, readHumanAnswers } from '../../analysis/human-answers.ts';
import { comparisonPage } from '../../analysis/report/comparison-page.ts';
import { type SummaryOptions, type SurveySummary, summariseSurvey } from '../../analysis/survey-summary.ts';
import type { InputFile } from '../../files/input-file.ts';
import type { OverwriteOptions } from '../../files/output-files.ts';
import { PanelistError } from '../../panelist-error.ts';
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
  /** Of the bootstrap of intervals, and of the split into halves. @default 1 */
  readonly seed?: number | undefined;
  /** A second file of the same form: the same people, asked again. Their ids are in `idColumn`. */
  readonly retest?: InputFile | undefined;
}

/**
 * The answers of a task beside people's, and how far they can be trusted.
 *
 * @param file a CSV file, one row a person, a column a question
 * @throws PanelistError as `readHumanAnswers`
 */
export async function compareAnswers(
  { tasks }: Pick<Workspace, 'tasks'>,
  task: TaskRecord,
  file: InputFile,
  { seed = 1, retest, nominal, ordinal, ...options }: CompareOptions = {},
): Promise<{
  readonly params: SurveyTaskParams;
  readonly comparison: HumanComparison;
  readonly calibration: Calibration;
}> {
  const params = paramsWithLevels(task, { nominal, ordinal });
  const { groupColumns: by = [], idColumn } = options;
  if (retest !== undefined && idColumn === undefined)
    throw new PanelistError(
      'USAGE',
      "People who were asked again are found by their ids: name the column of respondents' ids, which both files need.",
    );
  const humans = await readHumanAnswers(file, params.questionnaire, options);
  const again =
    retest === undefined ? undefined : await readHumanAnswers(retest, params.questionnaire, options);
  const synthetic = await readAnswerTable(params.questionnaire, surveyResults(tasks, task.taskId), by);
  const unknown = by.find((name) => !synthetic.personaColumns.includes(name));
  if (unknown !== undefined && synthetic.interviews > 0)
    throw new PanelistError(
      'USAGE',
      `The respondents have no column ${quote(unknown)} to group by. They have: ${synthetic.personaColumns
        .slice(0, 30)
        .map((name) => quote(name))
        .join(', ')}.`,
    );
  return {
    params,
    comparison: compareWithHumans(synthetic, humans, seed),
    calibration: calibrate(synthetic, humans, { seed, by, areLinked: idColumn !== undefined, again }),
  };
}

/** A comparison, with what it is of. */
export type ComparedAnswers = Awaited<ReturnType<typeof compareAnswers>>;

/**
 * Writes a comparison to a file: as CSV (a row for each figure), JSON (all of it), or one HTML page.
 *
 * @throws PanelistError `FILE_EXISTS`
 */
export async function writeComparison(
  { files }: Pick<Workspace, 'files'>,
  { taskId }: Pick<TaskRecord, 'taskId'>,
  { params, comparison, calibration }: ComparedAnswers,
  path: string,
  { format, ...overwrite }: { readonly format: 'csv' | 'json' | 'html' } & OverwriteOptions,
): Promise<void> {
  const texts = {
    csv: () => comparisonCsv(comparison, calibration),
    json: () => `${JSON.stringify({ taskId, model: params.model, ...comparison, calibration }, null, 2)}\n`,
    html: () => comparisonPage({ comparison, calibration }, params.questionnaire),
  };
  await files.writer(overwrite)(path, onePart(texts[format]()));
}

async function* onePart(text: string): AsyncGenerator<string> {
  yield text;
}
