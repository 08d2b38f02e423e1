import type { JsonValue, SummariesRequest, TaskManager, TaskSummary } from '@panelist/toolkit';
import { isSurveyJob, RUN_MEMBERS, runOfSummary } from '../../application/tasks/list-runs.ts';
import { terminalSafe } from '../../text/terminal-safe.ts';
import { hostedTask } from '../processes/hosted-task.ts';
import type { TaskView } from './task-view.ts';

/** Tasks whose parameters are remembered: they never change, and a questionnaire may be megabytes to read. */
const MAX_REMEMBERED = 5_000;

type Params = Readonly<Record<string, JsonValue>>;

type ViewRequest = Pick<SummariesRequest, 'statuses' | 'job' | 'after' | 'limit' | 'taskIds'>;

export interface TaskViewPage {
  readonly tasks: readonly TaskView[];
  readonly next: string | null;
}

interface Finding {
  readonly taskIds: Set<string>;
  readonly found: Promise<ReadonlyMap<string, TaskView>>;
}

/** Reads tasks as lists show them. Looking at one again costs a row. */
export class TaskViews {
  readonly #tasks: TaskManager;
  readonly #params = new Map<string, Params>();
  readonly #pages = new Map<string, Promise<TaskViewPage>>();
  #finding: Finding | undefined;

  constructor(tasks: TaskManager) {
    this.#tasks = tasks;
  }

  /** A page of tasks, newest first. Equal requests of one turn of the event loop share it. */
  page(request: ViewRequest): Promise<TaskViewPage> {
    const key = JSON.stringify(request);
    const page =
      this.#pages.get(key) ?? afterThisTurn(() => this.#pages.delete(key)).then(() => this.#page(request));
    this.#pages.set(key, page);
    return page;
  }

  /** Those that there are. Requests of one turn of the event loop share a query. */
  async find(taskIds: readonly string[]): Promise<readonly TaskView[]> {
    this.#finding ??= this.#find();
    const { taskIds: wanted, found } = this.#finding;
    for (const taskId of taskIds) wanted.add(taskId);
    const views = await found;
    return taskIds.flatMap((taskId) => views.get(taskId) ?? []);
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

  #find(): Finding {
    const taskIds = new Set<string>();
    const found = afterThisTurn(() => {
      this.#finding = undefined;
    })
      .then(() => this.#page({ taskIds: [...taskIds], limit: taskIds.size }))
      .then(({ tasks }) => new Map(tasks.map((view) => [view.taskId, view])));
    return { taskIds, found };
  }

  async #page(request: ViewRequest): Promise<TaskViewPage> {
    const { entries, next } = await this.#tasks.store.summaries(request);
    return { tasks: await this.of(entries), next };
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
    // Of a stranger's file: control and direction characters become visible, as in its exports.
    title: terminalSafe(run.title),
    kind: isSurveyJob(summary) ? 'survey' : focusGroupId === undefined ? 'other' : 'turn',
    focusGroupId: typeof focusGroupId === 'string' ? focusGroupId : null,
    revision: summary.revision,
    ...hostedTask(summary),
  };
}

/** Requests that have arrived by then are answered together. @param begin called first, so that later ones wait for the next */
function afterThisTurn(begin: () => void): Promise<void> {
  return new Promise((resolve) =>
    setImmediate(() => {
      begin();
      resolve();
    }),
  );
}
