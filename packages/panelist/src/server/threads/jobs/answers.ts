import type { TaskManager } from '@panelist/toolkit';
import {
  AnswerGrids,
  type GridColumn,
  type GridPage,
  type GridRequest,
} from '../../../application/results/answer-grid.ts';
import { AnswerIndexes } from '../../../application/results/answer-indexes.ts';
import { type AnswerExplanation, explainAnswer } from '../../../application/results/explain-answer.ts';
import { type FailureGroups, failureGroups } from '../../../application/results/failure-groups.ts';
import { type Timeline, Timelines } from '../../../application/results/timeline.ts';
import { findTask } from '../../../application/tasks/find-task.ts';
import type { ThreadDatabase } from '../thread-job.ts';

export interface OfTask {
  readonly taskId: string;
}

/** What this thread knows of tasks' answers between two jobs. */
const readers = new WeakMap<TaskManager, { readonly grids: AnswerGrids; readonly timelines: Timelines }>();

function readersOf(tasks: TaskManager) {
  const known = readers.get(tasks) ?? {
    grids: new AnswerGrids(tasks, new AnswerIndexes(tasks)),
    timelines: new Timelines(tasks),
  };
  readers.set(tasks, known);
  return known;
}

export const answerJobs = {
  async answerPage(
    open: ThreadDatabase,
    { taskId, request }: OfTask & { request: GridRequest },
  ): Promise<GridPage> {
    const workspace = await open();
    return readersOf(workspace.tasks).grids.page(await findTask(workspace, taskId), request);
  },

  async answerColumns(open: ThreadDatabase, { taskId }: OfTask): Promise<readonly GridColumn[]> {
    const workspace = await open();
    return readersOf(workspace.tasks).grids.columns(await findTask(workspace, taskId));
  },

  async explainAnswer(
    open: ThreadDatabase,
    { taskId, key, question }: OfTask & { readonly key: string; readonly question: string },
  ): Promise<AnswerExplanation> {
    const workspace = await open();
    return explainAnswer(workspace, await findTask(workspace, taskId), key, question);
  },

  async taskFailures(open: ThreadDatabase, { taskId }: OfTask): Promise<FailureGroups> {
    const workspace = await open();
    return failureGroups(workspace, await findTask(workspace, taskId));
  },

  async taskTimeline(open: ThreadDatabase, { taskId }: OfTask): Promise<Timeline> {
    const { tasks } = await open();
    return readersOf(tasks).timelines.of({ taskId });
  },
};
