import { isActive, type TaskSummary } from '@panelist/toolkit';
import { ProgressMeter } from '../../application/runs/progress.ts';
import type { RunFigures } from '../../application/runs/run-figures.ts';
import type { RunProcesses } from '../processes/run-processes.ts';
import type { RunSpending, TaskLive, TaskView } from './task-view.ts';
import type { LiveEvent, Subscriber, Topic } from './topic.ts';

/** How often what is spent is summed up again. */
const SPENDING_EVERY_MS = 2_000;
const RATE_WINDOW_MS = 10_000;
/** A run begins with a burst: from less than this, its rate would look like more than the provider allows. */
const MIN_RATE_WINDOW_MS = 5_000;

export interface TaskTopicOptions {
  readonly taskId: string;
  readonly runs: Pick<RunProcesses, 'figures' | 'fault'>;
  /** The task as it is now; `undefined` for one that there isn't. Shared by all topics of one look. */
  readonly read: (
    taskId: string,
  ) => Promise<{ readonly summary: TaskSummary; readonly view: TaskView } | undefined>;
  readonly spending: (task: TaskView) => Promise<RunSpending | null>;
  /** Milliseconds, monotonic. */
  readonly now: () => number;
}

/** One task, for the pages that look at it. */
export class TaskTopic implements Topic {
  readonly #options: TaskTopicOptions;
  readonly #meter = new ProgressMeter();
  readonly #requests: { readonly at: number; readonly requests: number }[] = [];
  #live: TaskLive | undefined;
  #text = '';
  #spending:
    | { readonly value: RunSpending | null; readonly revision: number; readonly at: number }
    | undefined;
  #isSumming = false;
  #completed = 0;

  constructor(options: TaskTopicOptions) {
    this.#options = options;
  }

  async join(subscriber: Subscriber, cursor: string | undefined): Promise<void> {
    const live = await this.#look();
    if (live === undefined) return;
    const { taskId, revision } = live.task;
    const after = cursor === undefined ? Number.NaN : Number(cursor);
    // What a sleeping page has missed: it reads the results from there.
    if (after < revision) subscriber.send(taskId, this.#resultsEvent(after));
    subscriber.send(taskId, this.#taskEvent());
  }

  async look(subscribers: ReadonlySet<Subscriber>): Promise<void> {
    const before = this.#live;
    const live = await this.#look();
    if (live === undefined) {
      if (before !== undefined) this.#sendGone(subscribers);
      return;
    }
    const text = JSON.stringify(live);
    if (text === this.#text) return;
    this.#text = text;
    const { taskId, completedCount, revision } = live.task;
    const hasResults =
      before !== undefined && before.task.revision !== revision && completedCount !== this.#completed;
    this.#completed = completedCount;
    const results = hasResults ? this.#resultsEvent(before.task.revision) : undefined;
    const event = this.#taskEvent();
    for (const each of subscribers) {
      // First: the cursor of the task's event says that all results before it were announced.
      if (results !== undefined) each.send(taskId, results);
      each.send(taskId, event);
    }
  }

  #sendGone(subscribers: ReadonlySet<Subscriber>): void {
    const { taskId } = this.#options;
    const data = JSON.stringify({ taskId });
    this.#text = '';
    for (const each of subscribers) each.send(taskId, { event: 'gone', key: null, data });
  }

  #taskEvent(): LiveEvent {
    const { taskId } = this.#options;
    const live = this.#live!;
    const cursor = String(live.task.revision);
    return { event: 'task', key: `task ${taskId}`, data: JSON.stringify(live), cursor };
  }

  #resultsEvent(after: number): LiveEvent {
    const { taskId, revision, completedCount } = this.#live!.task;
    const event = (from: number): LiveEvent => ({
      event: 'results',
      key: `results ${taskId}`,
      data: JSON.stringify({ taskId, after: from, through: revision, completedCount }),
      cursor: String(revision),
      replacing: ({ data }) => event(Math.min(from, (JSON.parse(data) as { after: number }).after)),
    });
    return event(after);
  }

  async #look(): Promise<TaskLive | undefined> {
    const { taskId, runs, read, now } = this.#options;
    const found = await read(taskId);
    if (found === undefined) {
      this.#live = undefined;
      return undefined;
    }
    const { summary, view } = found;
    const figures = runs.figures(taskId);
    const counts = {
      total: view.totalCount,
      succeeded: view.successCount,
      failed: view.failedCount,
      inFlight: figures?.inFlight ?? 0,
    };
    const isOver = !isActive(summary.status);
    const progress = this.#meter.read(counts, now());
    this.#sum(view);
    this.#live = {
      task: view,
      progress: isOver ? { ...progress, ratePerSecond: null, secondsLeft: null } : progress,
      runs: figures !== undefined ? 'here' : view.status === 'running' ? 'elsewhere' : 'nowhere',
      wait: isOver ? null : (figures?.wait ?? null),
      accounts: figures?.accounts ?? [],
      requestsPerMinute: this.#requestRate(figures),
      spending: this.#spending?.value ?? null,
      exhausted: figures?.spending.exhausted ?? null,
      fault: isOver ? null : (runs.fault(taskId) ?? null),
    };
    return this.#live;
  }

  /** In the background: a large task's sum takes longer than a look. */
  #sum(task: TaskView): void {
    const { spending, now } = this.#options;
    const { at = Number.NEGATIVE_INFINITY, revision } = this.#spending ?? {};
    if (this.#isSumming || revision === task.revision || now() - at < SPENDING_EVERY_MS) return;
    this.#isSumming = true;
    const done = (value: RunSpending | null): void => {
      this.#isSumming = false;
      this.#spending = { value, revision: task.revision, at: now() };
    };
    spending(task).then(done, () => done(this.#spending?.value ?? null));
  }

  #requestRate(figures: RunFigures | undefined): number | null {
    if (figures === undefined) {
      this.#requests.length = 0;
      return null;
    }
    const at = this.#options.now();
    const requests = figures.accounts.reduce((sum, account) => sum + account.requests, 0);
    this.#requests.push({ at, requests });
    while (this.#requests.length > 2 && this.#requests[1]!.at <= at - RATE_WINDOW_MS) this.#requests.shift();
    const first = this.#requests[0]!;
    return at - first.at >= MIN_RATE_WINDOW_MS
      ? Math.round(((requests - first.requests) * 60_000) / (at - first.at))
      : null;
  }
}
