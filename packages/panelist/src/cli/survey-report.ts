import { access, constants, mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { TaskManager, TaskRecord } from '@panelist/toolkit';
import { exportCsv } from '../analysis/export/csv.ts';
import { exportJsonl } from '../analysis/export/jsonl.ts';
import { personaColumns } from '../analysis/export/persona-columns.ts';
import { type Tabulation, tabulate } from '../analysis/tabulate.ts';
import { PanelistError } from '../panelist-error.ts';
import type { Interview } from '../survey/answer.ts';
import { SURVEY_JOB, type SurveyTaskParams } from '../survey/survey-job.ts';
import { type SurveyResult, surveyResults } from '../survey/survey-results.ts';

export type ExportFormat = 'csv' | 'jsonl';

export function surveyParams({ job, taskId, taskParams }: TaskRecord): SurveyTaskParams {
  if (job === SURVEY_JOB) return taskParams as unknown as SurveyTaskParams;
  throw new PanelistError('USAGE', `Task ${taskId} is no survey: it has no answers to export.`);
}

/** Writes the answers that there are so far to one file. */
export async function exportSurvey(
  tasks: TaskManager,
  task: TaskRecord,
  format: ExportFormat,
  path: string,
): Promise<void> {
  const { questionnaire } = surveyParams(task);
  const results = (): AsyncGenerator<SurveyResult> => surveyResults(tasks, task.taskId);
  if (format === 'jsonl') await exportJsonl(path, results());
  else await exportCsv(path, results(), { questionnaire, personaColumns: await personaColumns(results()) });
}

/** Makes the folder for a run's files before anything is paid for. @throws PanelistError `FILE_NOT_WRITABLE` */
export async function makeOutputFolder(folder: string): Promise<void> {
  try {
    await mkdir(folder, { recursive: true });
    await access(folder, constants.W_OK);
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new PanelistError(
      'FILE_NOT_WRITABLE',
      `Cannot write to the output folder ${JSON.stringify(folder)}: ${reason}. Choose another with --out.`,
      { cause },
    );
  }
}

/** Writes `answers.csv` and `answers.jsonl` into `folder`; returns their paths. */
export async function writeAnswerFiles(
  tasks: TaskManager,
  task: TaskRecord,
  folder: string,
): Promise<readonly string[]> {
  await makeOutputFolder(folder);
  const paths: string[] = [];
  for (const format of ['csv', 'jsonl'] as const) {
    const path = join(folder, `answers.${format}`);
    await exportSurvey(tasks, task, format, path);
    paths.push(path);
  }
  return paths;
}

export async function tabulateSurvey(tasks: TaskManager, task: TaskRecord): Promise<Tabulation> {
  return tabulate(surveyParams(task).questionnaire, interviews(surveyResults(tasks, task.taskId)));
}

async function* interviews(results: AsyncIterable<SurveyResult>): AsyncGenerator<Interview> {
  for await (const { interview } of results) yield interview;
}
