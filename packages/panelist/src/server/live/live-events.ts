import { TaskChanges, type TaskManager, type TaskSummary } from '@panelist/toolkit';
import type { RunProcesses } from '../processes/run-processes.ts';
import type { WorkThreads } from '../threads/work-threads.ts';
import { GroupTopic } from './group-topic.ts';
import { LIST, ListTopic } from './list-topic.ts';
import { TaskTopic } from './task-topic.ts';
import type { RunSpending, TaskView } from './task-view.ts';
import type { TaskViews } from './task-views.ts';
import type { Subscriber, Topic } from './topic.ts';

/** Four events a second of a task, at most; what another process does shows within this time. */
const LOOK_EVERY_MS = 250;
/** A change that nobody told of shows after this, where the store tells of changes. */
const UNTOLD_MS = 2_000;
/** Before a group's name, so that no group can have a task's. */
const GROUP = 'group ';
/** Tasks whose spending is remembered. */
const MAX_SPENDING = 1_000;

export interface LiveEventsOptions {
  readonly tasks: TaskManager;
  readonly views: TaskViews;
  readonly runs: RunProcesses;
  readonly threads: WorkThreads;
  readonly log: (error: unknown) => void;
}

type Rows = ReadonlyMap<string, { readonly summary: TaskSummary; readonly view: TaskView }>;

/** What a page looks at. */
export interface LiveRequest {
  readonly tasks: readonly string[];
  readonly groups: readonly string[];
  readonly list: boolean;
  /** How far each topic was reported, by `Last-Event-ID`. */
  readonly cursors: ReadonlyMap<string, string>;
}

/**
 * Looks at what pages look at, once for all of them, and sends each what has changed. Nothing is looked at while no page is
 * open.
 */
export class LiveEvents {
  readonly #options: LiveEventsOptions;
  readonly #topics = new Map<string, { readonly topic: Topic; readonly subscribers: Set<Subscriber> }>();
  readonly #spending = new Map<string, { readonly revision: number; readonly value: RunSpending }>();
  readonly #summing = new Map<string, Promise<RunSpending | null>>();
  #timer: NodeJS.Timeout | undefined;
  #changes: TaskChanges | undefined;
  #lookedAt = 0;
  #isLooking = false;
  #said = '';
  /** The rows of one look, shared by its topics. */
  #rows: Promise<Rows> | undefined;

  constructor(options: LiveEventsOptions) {
    this.#options = options;
  }

  /** @returns what ends the subscription */
  async subscribe(request: LiveRequest, subscriber: Subscriber): Promise<() => void> {
    const names = [
      ...request.tasks,
      ...request.groups.map((group) => `${GROUP}${group}`),
      ...(request.list ? [LIST] : []),
    ];
    const leave = (): void => {
      for (const name of names) this.#leave(name, subscriber);
    };
    for (const name of names) {
      const entry = this.#topics.get(name) ?? { topic: this.#topic(name), subscribers: new Set() };
      this.#topics.set(name, entry);
      entry.subscribers.add(subscriber);
      // One that cannot be read must not keep the page from the others.
      await entry.topic
        .join(subscriber, request.cursors.get(name))
        .catch((error: unknown) => this.#failed(name, error));
    }
    this.#changes ??= new TaskChanges(this.#options.tasks.store);
    this.#timer ??= setInterval(() => void this.#look(), LOOK_EVERY_MS);
    return leave;
  }

  /**
   * What a task has spent, from a thread. Of one that is running it is what was known last, which is summed up again in the
   * background; `null` before that.
   */
  async spending(task: TaskView): Promise<RunSpending | null> {
    const known = this.#spending.get(task.taskId);
    if (known?.revision === task.revision) return known.value;
    const summing = this.#sum(task);
    if (task.status !== 'running') return summing;
    summing.catch(() => {});
    return known?.value ?? null;
  }

  /** One sum of a task at a time: a large one takes some tenths of a second. */
  #sum({ taskId, revision, model }: TaskView): Promise<RunSpending | null> {
    const summing =
      this.#summing.get(taskId) ??
      this.#options.threads
        .run('spending', { tasks: [{ taskId, model }] })
        .then(([value]) => {
          if (value === undefined) return null;
          this.#spending.delete(taskId);
          this.#spending.set(taskId, { revision, value });
          for (const other of this.#spending.keys()) {
            if (this.#spending.size <= MAX_SPENDING) break;
            this.#spending.delete(other);
          }
          return value;
        })
        .finally(() => this.#summing.delete(taskId));
    this.#summing.set(taskId, summing);
    return summing;
  }

  close(): void {
    this.#stop();
    this.#topics.clear();
  }

  #stop(): void {
    clearInterval(this.#timer);
    this.#timer = undefined;
    this.#changes?.close();
    this.#changes = undefined;
  }

  #topic(name: string): Topic {
    const { tasks, views, runs } = this.#options;
    if (name === LIST) return new ListTopic(tasks, views);
    if (name.startsWith(GROUP)) return new GroupTopic(tasks, name.slice(GROUP.length), name);
    return new TaskTopic({
      taskId: name,
      runs,
      read: async (taskId) => (await this.#read(taskId)).get(taskId),
      spending: (task) => this.spending(task),
      now: () => performance.now(),
    });
  }

  async #read(taskId: string): Promise<Rows> {
    const rows = await this.#rows;
    // A task that has joined since that look began isn't in it.
    return rows?.has(taskId) ? rows : this.#readRows([taskId]);
  }

  async #readRows(taskIds: readonly string[]): Promise<Rows> {
    const { tasks, views } = this.#options;
    const { entries } = await tasks.store.summaries({ taskIds, limit: taskIds.length });
    const found = await views.of(entries);
    return new Map(
      entries.map((summary, index) => [summary.taskId, { summary, view: found[index] as TaskView }]),
    );
  }

  #leave(name: string, subscriber: Subscriber): void {
    const entry = this.#topics.get(name);
    entry?.subscribers.delete(subscriber);
    if (entry?.subscribers.size === 0) this.#topics.delete(name);
    if (this.#topics.size === 0) this.#stop();
  }

  /** Said once: a task that cannot be read is looked at four times a second. */
  #failed(name: string, error: unknown): void {
    const text = `${name}: ${String(error)}`;
    if (text !== this.#said) this.#options.log(error);
    this.#said = text;
  }

  /** What runs in this server is looked at each time: what is in flight changes without a change of the task. */
  #isDue(): boolean {
    const now = performance.now();
    const hasChanged = this.#changes?.takeChange() ?? true;
    const isRunHere = [...this.#topics.keys()].some((name) => this.#options.runs.figures(name) !== undefined);
    if (!hasChanged && !isRunHere && now - this.#lookedAt < UNTOLD_MS) return false;
    this.#lookedAt = now;
    return true;
  }

  async #look(): Promise<void> {
    // A slow database gets no second look on top of the first.
    if (this.#isLooking || !this.#isDue()) return;
    this.#isLooking = true;
    try {
      const taskIds = [...this.#topics.keys()].filter((name) => name !== LIST && !name.startsWith(GROUP));
      this.#rows = taskIds.length === 0 ? undefined : this.#readRows(taskIds);
      this.#rows?.catch(() => {});
      for (const [name, { topic, subscribers }] of [...this.#topics])
        await topic.look(subscribers).catch((error: unknown) => this.#failed(name, error));
    } finally {
      this.#rows = undefined;
      this.#isLooking = false;
    }
  }
}
