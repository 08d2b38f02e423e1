import {
  type AnswerFileName,
  type AnswerFileOptions,
  answerFileParts,
} from '../../../application/results/answer-downloads.ts';
import { type CompareRunsOptions, compareRuns } from '../../../application/results/compare-runs.ts';
import { type ComparisonView, comparisonView } from '../../../application/results/comparison-view.ts';
import { type SummaryView, summaryView } from '../../../application/results/summary-view.ts';
import {
  type CompareOptions,
  compareAnswers,
  summariseAnswers,
} from '../../../application/surveys/analyse.ts';
import { findTask } from '../../../application/tasks/find-task.ts';
import type { InputFile } from '../../../files/input-file.ts';
import type { SaidLevels } from '../../../survey/measurement.ts';
import type { ThreadDatabase } from '../thread-job.ts';

/** Summaries that are kept: several pages look at one task, and most tasks don't change any more. */
const MOST_KEPT = 20;
const kept = new Map<string, Promise<SummaryView>>();

export interface SummaryRequest extends SaidLevels {
  readonly taskId: string;
  /** Groupings of cross-tables: columns of personas, and questions. */
  readonly by?: readonly string[] | undefined;
}

export const analysisJobs = {
  async surveySummary(open: ThreadDatabase, request: SummaryRequest): Promise<SummaryView> {
    const { taskId, ...options } = request;
    const workspace = await open();
    const task = await findTask(workspace, taskId);
    const key = JSON.stringify([task.taskId, task.revision, options]);
    const known = kept.get(key);
    if (known !== undefined) return known;
    const making = summariseAnswers(workspace, task, options).then(({ params, summary }) =>
      summaryView(params.questionnaire, summary),
    );
    kept.set(key, making);
    making.catch(() => kept.delete(key));
    for (const oldest of kept.keys()) if (kept.size > MOST_KEPT) kept.delete(oldest);
    return making;
  },

  async compareRuns(
    open: ThreadDatabase,
    { first, second, ...options }: CompareRunsOptions & { readonly first: string; readonly second: string },
  ): Promise<ComparisonView> {
    const workspace = await open();
    const { params, comparison } = await compareRuns(
      workspace,
      await findTask(workspace, first),
      await findTask(workspace, second),
      options,
    );
    return comparisonView(params.questionnaire, comparison, null);
  },

  async comparePeople(
    open: ThreadDatabase,
    { taskId, people, ...options }: CompareOptions & { readonly taskId: string; readonly people: InputFile },
  ): Promise<ComparisonView> {
    const workspace = await open();
    const task = await findTask(workspace, taskId);
    const { params, comparison, calibration } = await compareAnswers(workspace, task, people, options);
    return comparisonView(params.questionnaire, comparison, calibration);
  },

  async *answerFile(
    open: ThreadDatabase,
    {
      taskId,
      file,
      ...options
    }: AnswerFileOptions & { readonly taskId: string; readonly file: AnswerFileName },
  ): AsyncGenerator<string | Uint8Array> {
    const workspace = await open();
    yield* answerFileParts(workspace, await findTask(workspace, taskId), file, options);
  },
};
