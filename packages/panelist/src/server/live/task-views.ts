import type { JsonValue, SummariesRequest, TaskManager, TaskSummary } from '@panelist/toolkit';
import { isSurveyJob, RUN_MEMBERS, runOfSummary } from '../../application/tasks/list-runs.ts';
import { hostedTask } from '../processes/hosted-task.ts';
import type { TaskView } from './task-view.ts';

/** Tasks whose parameters are remembered: they never change, and a questionnaire may be megabytes to read. */
const MAX_REMEMBERED = 5_000;

type Params = Readonly<Record<string, JsonValue>>;

/** Reads tasks as lists show them. Looking at one again costs a row. */
export class TaskViews {
  readonly #tasks: TaskManager;
  readonly #params = new Map<string, Params>();

  constructor(tasks: TaskManager) {
    this.#tasks = tasks;
  }

  /** A page of tasks, newest first. */
  async page(
    request: Pick<SummariesRequest, 'statuses' | 'job' | 'after' | 'limit' | 'taskIds'>,
  ): Promise<{ readonly tasks: readonly TaskView[]; readonly next: string | null }> {
    const { entries, next } = await this.#tasks.store.summaries(request);
    return { tasks: await this.of(entries), next };
  }

  async find(taskIds: readonly string[]): Promise<readonly TaskView[]> {
    return (await this.page({ taskIds, limit: Math.max(taskIds.length, 1) })).tasks;
  }

  /** @param summaries without parameters */
  async of(summaries: readonly TaskSummary[]): Promise<readonly TaskView[]> {
    const unknown = summaries.filter(({ taskId }) => !this.#params.has(taskId)).map(({ taskId }) => taskId);
    if (unknown.length > 0) await this.#read(unknown);
    const now = Date.now();
    return summaries.map((summary) =>
      viewOf({ ...summary, params: this.#params.get(summary.taskId) ?? {} }, now),
    );
  }

  async #read(taskIds: readonly string[]): Promise<void> {
    const { entries } = await this.#tasks.store.summaries({
      taskIds,
      params: RUN_MEMBERS,
      limit: taskIds.length,
    });
    for (const { taskId, params } of entries) this.#params.set(taskId, params);
    for (const taskId of this.#params.keys()) {
      if (this.#params.size <= MAX_REMEMBERED) break;
      this.#params.delete(taskId);
    }
  }
}

function viewOf(summary: TaskSummary, now: number): TaskView {
  const { focusGroupId } = summary.params;
  const { baseUrl: _, ...run } = runOfSummary(summary, now);
  return {
    ...run,
    kind: isSurveyJob(summary) ? 'survey' : focusGroupId === undefined ? 'other' : 'turn',
    focusGroupId: typeof focusGroupId === 'string' ? focusGroupId : null,
    revision: summary.revision,
    ...hostedTask(summary),
  };
}
