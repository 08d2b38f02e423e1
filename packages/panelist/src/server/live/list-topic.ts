import type { TaskManager } from '@panelist/toolkit';
import type { TaskView } from './task-view.ts';
import type { TaskViews } from './task-views.ts';
import type { Subscriber, Topic } from './topic.ts';

/** The newest tasks are looked at; older ones change seldom, and a page that shows them reads them again by itself. */
const MAX_TASKS = 100;

export const LIST = 'list';

/** The list of tasks: what has changed in it since a page has read it. */
export class ListTopic implements Topic {
  readonly #tasks: TaskManager;
  readonly #views: TaskViews;
  readonly #seen = new Map<string, string>();
  #isFirst = true;

  constructor(tasks: TaskManager, views: TaskViews) {
    this.#tasks = tasks;
    this.#views = views;
  }

  /** A page reads the list by itself, after it has joined; only what changes from now on is sent. */
  async join(): Promise<void> {
    if (this.#isFirst) await this.look(new Set());
  }

  async look(subscribers: ReadonlySet<Subscriber>): Promise<void> {
    const { entries } = await this.#tasks.store.summaries({ limit: MAX_TASKS });
    const changed: TaskView[] = [];
    for (const view of await this.#views.of(entries)) {
      const text = JSON.stringify(view);
      if (this.#seen.get(view.taskId) === text) continue;
      this.#seen.set(view.taskId, text);
      changed.push(view);
    }
    const removed = await this.#removed(new Set(entries.map(({ taskId }) => taskId)));
    const isFirst = this.#isFirst;
    this.#isFirst = false;
    if (isFirst || (changed.length === 0 && removed.length === 0)) return;
    const data = JSON.stringify({ changed, removed });
    for (const each of subscribers) each.send(LIST, { event: 'tasks', key: null, data });
  }

  /** Those that were deleted, and not only pushed out of the newest ones. */
  async #removed(present: ReadonlySet<string>): Promise<readonly string[]> {
    const missing = [...this.#seen.keys()].filter((taskId) => !present.has(taskId));
    if (missing.length === 0) return [];
    const { entries } = await this.#tasks.store.summaries({ taskIds: missing, limit: missing.length });
    const found = new Set(entries.map(({ taskId }) => taskId));
    for (const taskId of missing) this.#seen.delete(taskId);
    return missing.filter((taskId) => !found.has(taskId));
  }
}
