import { join } from 'node:path';
import type { TaskManager, TaskRecord } from '@panelist/toolkit';
import { AnswerTableBuilder } from '../../analysis/answer-table.ts';
import {
  documentationPaths,
  type ExportOptions,
  exportDocumentation,
  exportResults,
} from '../../analysis/export/export-results.ts';
import { interviewJsonlParts } from '../../analysis/export/jsonl.ts';
import type { SurveyRecord } from '../../analysis/export/methods.ts';
import { type SurveyScan, SurveyScanner } from '../../analysis/export/survey-scan.ts';
import { groupingColumns } from '../../analysis/grouping.ts';
import type { Compared } from '../../analysis/report/comparison-page.ts';
import { Verbatims } from '../../analysis/report/verbatims.ts';
import { writeReport } from '../../analysis/report/write-report.ts';
import { type SurveySummary, summariseTable } from '../../analysis/survey-summary.ts';
import { type Tabulation, tabulate } from '../../analysis/tabulate.ts';
import type { OverwriteOptions } from '../../files/output-files.ts';
import { focusGroupOf } from '../../focus-group/group.ts';
import { PanelistError } from '../../panelist-error.ts';
import { type SaidLevels, withLevels } from '../../survey/measurement.ts';
import type { Questionnaire } from '../../survey/questionnaire.ts';
import { SURVEY } from '../../survey/stored-survey.ts';
import { type SurveyResult, surveyResults } from '../../survey/survey-results.ts';
import { SURVEY_JOB, type SurveyTaskParams } from '../../survey/survey-task.ts';
import { VERSION } from '../../version.ts';
import type { Workspace } from '../open-workspace.ts';
import { makeOutputFolder } from '../output-folder.ts';

/** Whether a task asks a questionnaire: a survey, or a poll of a focus group. */
export function isSurvey({ job }: Pick<TaskRecord, 'job'>): boolean {
  return job === SURVEY_JOB;
}

/** @throws PanelistError `ROW_INVALID`; `USAGE` for a task that is not a survey */
export function surveyParams(task: Pick<TaskRecord, 'taskId' | 'taskParams' | 'job'>): SurveyTaskParams {
  const { taskId, taskParams } = task;
  if (isSurvey(task)) return SURVEY.params(task);
  const focusGroupId = focusGroupOf(taskParams);
  if (focusGroupId === null)
    throw new PanelistError('USAGE', `Task ${taskId} isn't a survey: it has no answers to export.`);
  throw new PanelistError('USAGE', `Task ${taskId} isn't a survey, but a turn of a focus group.`, {
    data: { reason: 'turn-of-group', focusGroupId },
  });
}

/**
 * Of a survey task, with the levels of measurement that the researcher says.
 *
 * @throws PanelistError as `surveyParams`; `USAGE` as `withLevels`
 */
export function paramsWithLevels(
  task: Pick<TaskRecord, 'taskId' | 'taskParams' | 'job'>,
  levels: SaidLevels,
): SurveyTaskParams {
  const params = surveyParams(task);
  return { ...params, questionnaire: withLevels(params.questionnaire, levels) };
}

/**
 * Writes the answers that there are so far to one file, and what documents it beside it. Returns all paths.
 *
 * @throws PanelistError `FILE_EXISTS` for a file that is not ours, before anything is written
 */
export async function exportSurvey(
  { tasks, files }: Pick<Workspace, 'tasks' | 'files'>,
  task: TaskRecord,
  path: string,
  {
    force,
    ...options
  }: Required<Pick<ExportOptions, 'format' | 'shape'>> & Pick<ExportOptions, 'indicators'> & OverwriteOptions,
): Promise<readonly string[]> {
  const { questionnaire } = surveyParams(task);
  await files.check([path, ...documentationPaths(path)], { force });
  const write = files.writer({ force });
  const scan = await exportResults(path, resultsOf(tasks, task), { ...options, questionnaire, write });
  return [path, ...(await exportDocumentation(path, surveyRecord(task), scan, { ...options, write }))];
}

/** How many interviews a file on the task holds, for people. */
export function interviewCounts({ completedCount, totalCount }: TaskRecord): string {
  const open = totalCount - completedCount;
  return `${completedCount} of ${totalCount} interviews${open > 0 ? ` (${open} have not been held)` : ''}`;
}

/** What `writeAnswerFiles` writes into `folder`. */
export function answerPaths(folder: string): readonly string[] {
  return Object.values(answerFiles(folder));
}

function answerFiles(
  folder: string,
): Readonly<Record<'csv' | 'jsonl' | 'codebook' | 'methods' | 'report', string>> {
  const csv = join(folder, 'answers.csv');
  const [codebook, methods] = documentationPaths(csv);
  return {
    csv,
    jsonl: join(folder, 'answers.jsonl'),
    codebook,
    methods,
    report: join(folder, 'report.html'),
  };
}

/** What a survey's end yields: its files, and what they say. */
export interface AnswerFiles {
  readonly files: readonly string[];
  readonly summary: SurveySummary;
}

/**
 * Writes `answers.csv`, `answers.jsonl`, their codebook and methods sheet, and the report into `folder`. The results are
 * read once for all but the CSV, whose columns depend on all of them.
 *
 * @throws PanelistError `FILE_EXISTS` for a file that is not ours, before anything is written
 */
export async function writeAnswerFiles(
  { tasks, files }: Pick<Workspace, 'tasks' | 'files'>,
  task: TaskRecord,
  folder: string,
  overwrite: OverwriteOptions = {},
): Promise<AnswerFiles> {
  await makeOutputFolder(folder);
  const paths = answerPaths(folder);
  await files.check(paths, overwrite);
  const write = files.writer(overwrite);
  const { questionnaire } = surveyParams(task);
  const record = surveyRecord(task);
  const results = resultsOf(tasks, task);
  const { csv, jsonl, report } = answerFiles(folder);
  const reading = new AnswerReading(questionnaire);
  await write(jsonl, interviewJsonlParts(reading.of(results())));
  const { scan, summary, verbatims } = reading.done();
  await exportResults(csv, results, { questionnaire, format: 'csv', scan, write });
  await exportDocumentation(csv, record, scan, { write });
  await writeReport(report, { record, facts: scan.facts, summary, verbatims }, write);
  return { files: paths, summary };
}

/** What one reading of the results yields, whatever else it is for. */
class AnswerReading {
  readonly #scanner: SurveyScanner;
  readonly #table: AnswerTableBuilder;
  readonly #verbatims: Verbatims;
  readonly #by: readonly string[];

  /** @param by groupings of the cross-tables */
  constructor(questionnaire: Questionnaire, by: readonly string[] = []) {
    this.#by = by;
    this.#scanner = new SurveyScanner(questionnaire);
    this.#table = new AnswerTableBuilder(questionnaire, [...new Set(by.flatMap(groupingColumns))]);
    this.#verbatims = new Verbatims(questionnaire);
  }

  /** The results, unchanged. */
  async *of(results: AsyncIterable<SurveyResult>): AsyncGenerator<SurveyResult> {
    for await (const result of results) {
      this.#scanner.add(result);
      this.#table.add(result);
      this.#verbatims.add(result);
      yield result;
    }
  }

  done(): { readonly scan: SurveyScan; readonly summary: SurveySummary; readonly verbatims: Verbatims } {
    const summary = summariseTable(this.#table.table(), { by: this.#by });
    return { scan: this.#scanner.scan(), summary, verbatims: this.#verbatims };
  }
}

export interface ReportOptions extends OverwriteOptions {
  /** Groupings of cross-tables, as for a summary. @default none */
  readonly by?: readonly string[] | undefined;
  /** A comparison with people's answers, as `compareAnswers` gives it. @default none */
  readonly compared?: Compared | undefined;
}

/**
 * Writes the report, one HTML page, on the answers that there are so far.
 *
 * @throws PanelistError `FILE_EXISTS`; `USAGE` for a grouping that cannot be made
 */
export async function reportSurvey(
  { tasks, files }: Pick<Workspace, 'tasks' | 'files'>,
  task: TaskRecord,
  path: string,
  { by, compared, nominal, ordinal, ...overwrite }: ReportOptions & SaidLevels = {},
): Promise<void> {
  const { questionnaire } = paramsWithLevels(task, { nominal, ordinal });
  const reading = new AnswerReading(questionnaire, by);
  // Nothing else is to be done with them.
  for await (const _ of reading.of(resultsOf(tasks, task)()));
  const { scan, summary, verbatims } = reading.done();
  const data = { record: surveyRecord(task), facts: scan.facts, summary, verbatims, compared };
  await writeReport(path, data, files.writer(overwrite));
}

/** The distribution of each question, of the answers that there are so far. */
export async function tabulateSurvey(tasks: TaskManager, task: TaskRecord): Promise<Tabulation> {
  return tabulate(surveyParams(task).questionnaire, resultsOf(tasks, task)());
}

function resultsOf(tasks: TaskManager, { taskId }: TaskRecord): () => AsyncGenerator<SurveyResult> {
  return () => surveyResults(tasks, taskId);
}

/** What documents say of a survey task. @throws PanelistError as `surveyParams` */
export function surveyRecord(task: TaskRecord): SurveyRecord {
  const { taskId, createdAt, finishedAt, totalCount } = task;
  const params = surveyParams(task);
  return { taskId, params, createdAt, finishedAt, totalInterviews: totalCount, version: VERSION };
}
