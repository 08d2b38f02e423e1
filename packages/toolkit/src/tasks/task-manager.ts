import { type Clock, systemClock } from '../clock/clock.ts';
import { inTurns, nextTurn } from '../clock/turns.ts';
import { checkCount, checkFlag, checkKey, checkMs, checkOption, checkText } from '../options/check.ts';
import { MemoryTaskStore } from '../stores/memory.ts';
import { fingerprintSteps } from './fingerprint.ts';
import { toJson } from './json-value.ts';
import { LiveTasks } from './live-tasks.ts';
import { type PruneOptions, pruneTasks } from './prune-tasks.ts';
import { type Task, type TaskSnapshot, taskSnapshot } from './task.ts';
import { type TaskEventMap, TaskEvents, type TaskListener } from './task-events.ts';
import { createTaskId } from './task-id.ts';
import {
  type CompleteTaskOptions,
  type CreateTaskOptions,
  checkedItems,
  checkedSettings,
  checkItemKeys,
  type ProgressUpdate,
  type ReasonOptions,
  type TaskManagerOptions,
} from './task-manager-options.ts';
import type { JsonValue, TaskItemRecord, TaskResult, TaskSettings, TaskStatus } from './task-record.ts';
import type { ItemsRequest, Page, ResetRequest, TaskFilter, TaskStore, Transition } from './task-store.ts';
import { type WatchOptions, watchTask } from './watch-task.ts';

const FINISHED: readonly TaskStatus[] = ['completed', 'failed', 'cancelled'];

/**
 * Keeps track of tasks: creates each request once, records results and progress, and notifies listeners. A promise
 * resolves after the store has made the change durable.
 *
 * Every method rejects with a `ToolkitError`: `INVALID_OPTION` for a bad argument, `TASK_NOT_FOUND` for an unknown
 * id, and the store's own (`STORE_…`).
 *
 * @example
 * const manager = new TaskManager();
 * const { task, isNew } = await manager.getOrCreateTask({ taskKey: 'survey_1', taskParams: { ids }, totalCount: 3 });
 * if (isNew) await manager.startTask(task.taskId);
 */
export class TaskManager {
  readonly store: TaskStore;
  readonly #clock: Clock;
  readonly #pollMs: number;
  readonly #live: LiveTasks;
  readonly #events: TaskEvents;

  constructor(options: TaskManagerOptions = {}) {
    const { clock = systemClock, maxResultsInMemory = 10_000, pollMs = 500 } = options;
    checkCount('maxResultsInMemory', maxResultsInMemory, { from: 0 });
    checkMs('pollMs', pollMs, { above: 0 });
    this.store = options.store ?? new MemoryTaskStore({ clock });
    this.#clock = clock;
    this.#pollMs = pollMs;
    this.#live = new LiveTasks(clock, maxResultsInMemory);
    this.#events = new TaskEvents(options.onListenerError ?? warn);
  }

  /**
   * Creates the task, or returns the active one with the same `taskKey` and fingerprint: of any number of callers
   * and processes exactly one gets `isNew`.
   *
   * @throws ToolkitError also `NOT_FINGERPRINTABLE`, `DUPLICATE_ITEM`.
   */
  async getOrCreateTask(
    options: CreateTaskOptions,
  ): Promise<{ readonly task: Task; readonly isNew: boolean }> {
    const { taskKey, taskParams = {}, job = null, ordered } = options;
    checkKey('taskKey', taskKey);
    if (job !== null) checkKey('job', job);
    const items = await inTurns(checkedItems(options.items ?? []));
    const totalCount = options.totalCount ?? items.length;
    checkCount('totalCount', totalCount, { from: 0 });
    // A job's task gets results of its items only.
    const fits = items.length === totalCount || (items.length === 0 && job === null);
    checkOption(fits, `totalCount must be the number of items, ${items.length}`, totalCount);
    // Also computed if there is an identity, so that parameters that JSON would silently change are always refused.
    const ofParams = await inTurns(fingerprintSteps(taskParams, { ordered }));
    const { identity } = options;
    const { task: record, isNew } = await this.store.create({
      taskId: createTaskId(this.#clock),
      taskKey,
      fingerprint: identity === undefined ? ofParams : await inTurns(fingerprintSteps(identity, { ordered })),
      taskParams: JSON.parse(JSON.stringify(taskParams)) as JsonValue,
      job,
      totalCount,
      items,
      settings: checkedSettings(options.settings ?? {}),
      createdAt: this.#clock.now(),
    });
    const task = isNew ? this.#live.show(record) : await this.#live.load(record, this.store);
    if (isNew) this.#events.changedStatus(record, task);
    return { task, isNew };
  }

  /** From pending to running. @throws ToolkitError `ILLEGAL_TRANSITION` */
  startTask(taskId: string): Promise<Task> {
    return this.#transition(taskId, 'running', { from: ['pending'] });
  }

  /**
   * Records a result. With an `itemKey` that already has one, nothing changes and `recorded` is false; without an
   * `itemKey` it is appended.
   *
   * @throws ToolkitError `ILLEGAL_TRANSITION` unless the task is running or paused, `COUNT_EXCEEDED` beyond its total.
   */
  async updateProgress(
    taskId: string,
    { result: given = null, success = true, itemKey, claim }: ProgressUpdate = {},
  ): Promise<{ readonly recorded: boolean; readonly task: Task }> {
    const result = toJson(given, 'result');
    checkFlag('success', success);
    if (itemKey !== undefined) checkKey('itemKey', itemKey);
    const recordedAt = this.#clock.now();
    const { recorded, task: record } = await this.store.record(taskId, {
      itemKey,
      success,
      result,
      recordedAt,
      claim,
    });
    if (!recorded) return { recorded, task: this.#live.show(record) };
    const task = this.#live.showResult(record, result);
    this.#events.progressed(record, { task, itemKey, success, result });
    return { recorded, task };
  }

  /**
   * From running to completed, or with `success: false` from any active state to failed. Completed says that the work
   * is over: some of its results, or all, may have failed (`failedCount`).
   * @throws ToolkitError `ILLEGAL_TRANSITION`
   */
  async completeTask(
    taskId: string,
    { success = true, errorMessage = null, revision }: CompleteTaskOptions = {},
  ): Promise<Task> {
    checkFlag('success', success);
    checkText('errorMessage', errorMessage);
    return this.#transition(taskId, success ? 'completed' : 'failed', { errorMessage, revision });
  }

  /** From any active state to cancelled; what was recorded stays. @throws ToolkitError `ILLEGAL_TRANSITION` */
  async cancelTask(taskId: string, { reason = null }: ReasonOptions = {}): Promise<Task> {
    checkText('reason', reason);
    return this.#transition(taskId, 'cancelled', { errorMessage: reason });
  }

  /** From running to paused; results of what was in flight are still taken. @throws ToolkitError `ILLEGAL_TRANSITION` */
  async pauseTask(taskId: string, { reason = null }: ReasonOptions = {}): Promise<Task> {
    checkText('reason', reason);
    return this.#transition(taskId, 'paused', { errorMessage: reason });
  }

  /** From paused to running. @throws ToolkitError `ILLEGAL_TRANSITION` */
  resumeTask(taskId: string): Promise<Task> {
    return this.#transition(taskId, 'running', { from: ['paused'] });
  }

  /**
   * From a finished state to running, for what is still to be done.
   * @throws ToolkitError `ILLEGAL_TRANSITION`, also while another task with the same key and fingerprint is active.
   */
  reopenTask(taskId: string): Promise<Task> {
    return this.#transition(taskId, 'running', { from: FINISHED });
  }

  /**
   * Changes how a task is run: those settings that are given, also to `null`; others stay. A runner follows: at once in
   * this process, and in others within a third of its `leaseMs`.
   */
  async configureTask(taskId: string, settings: TaskSettings): Promise<Task> {
    const record = await this.store.configure(taskId, checkedSettings(settings));
    const task = this.#live.show(record);
    this.#events.changedSettings(record, task);
    return task;
  }

  /**
   * Takes back the failed results of items that were given at creation, or of those among them that `itemKeys`
   * names, so that they are pending again; returns how many. The task's status stays as it is.
   */
  async resetFailed(taskId: string, request: ResetRequest = {}): Promise<number> {
    if (request.itemKeys !== undefined) checkItemKeys(request.itemKeys);
    const count = await this.store.resetFailed(taskId, request);
    const record = count === 0 ? undefined : await this.store.get(taskId);
    if (record !== undefined) {
      await this.#live.load(record, this.store);
      this.#events.changed(record);
    }
    return count;
  }

  async getTask(taskId: string): Promise<Task | undefined> {
    const record = await this.store.get(taskId);
    return record && this.#live.load(record, this.store);
  }

  /** The newest active task of that key. */
  async getActiveTask(taskKey: string): Promise<Task | undefined> {
    const record = await this.store.findActive(taskKey);
    return record && this.#live.load(record, this.store);
  }

  /**
   * Snapshots of the tasks that match, newest first. They carry no results, which may be millions: `getTask` reads
   * those of one task, `results` goes through all of them.
   */
  async listTasks(filter: TaskFilter = {}): Promise<readonly TaskSnapshot[]> {
    checkCount('limit', filter.limit, { from: 0 });
    const { entries } = await this.store.summaries(filter);
    for (const summary of entries) this.#live.refresh(summary);
    return entries.map((summary) => taskSnapshot(summary, this.#clock));
  }

  /**
   * Deletes a finished task, its items and its results.
   * @throws ToolkitError `ILLEGAL_TRANSITION` for one that is not finished
   */
  async deleteTask(taskId: string): Promise<void> {
    await this.store.delete(taskId);
  }

  /**
   * Deletes the tasks that finished longer ago than `olderThanMs`, and what belongs to them; never one that is not
   * finished. With `dryRun` it only counts them. Returns how many.
   *
   * @example
   * await manager.prune({ olderThanMs: 90 * 86_400_000 });
   */
  prune(options: PruneOptions): Promise<number> {
    return pruneTasks(this.store, this.#clock.now(), options);
  }

  /** Every result, in the order of recording, read a page at a time. */
  results(taskId: string): AsyncGenerator<TaskResult, void, undefined> {
    return entriesOf((after) => this.store.results(taskId, { after }));
  }

  /** The items that were given at creation, in that order, all or those of one status, read a page at a time. */
  items(
    taskId: string,
    { status }: Pick<ItemsRequest, 'status'> = {},
  ): AsyncGenerator<TaskItemRecord, void, undefined> {
    return entriesOf((after) => this.store.items(taskId, { status, after }));
  }

  /**
   * Calls `listener` with what this manager does from now on; returns what ends it. What other processes do is seen
   * by `watch`.
   */
  on<Type extends keyof TaskEventMap>(type: Type, listener: TaskListener<Type>): () => void {
    return this.#events.on(type, listener);
  }

  /**
   * The task now, then again after it has changed, until it is finished; a slow reader misses what lay between, never
   * the end. Changes made through this manager show at once, those of other processes within `pollMs`.
   *
   * @example
   * for await (const { progressPercentage } of manager.watch(taskId)) console.log(progressPercentage);
   */
  async *watch(
    taskId: string,
    { signal, pollMs = this.#pollMs }: WatchOptions = {},
  ): AsyncGenerator<TaskSnapshot, void, undefined> {
    checkMs('pollMs', pollMs, { above: 0 });
    yield* watchTask(taskId, { store: this.store, events: this.#events, clock: this.#clock, pollMs }, signal);
  }

  async #transition(taskId: string, to: TaskStatus, details: Omit<Transition, 'at'>): Promise<Task> {
    const record = await this.store.transition(taskId, to, { ...details, at: this.#clock.now() });
    const task = this.#live.show(record);
    this.#events.changedStatus(record, task);
    return task;
  }
}

/** The entries of all pages; between two pages other work gets its turn. */
async function* entriesOf<T>(
  read: (after: number | undefined) => Promise<Page<T>>,
): AsyncGenerator<T, void, undefined> {
  let after: number | undefined;
  for (;;) {
    const page = await read(after);
    yield* page.entries;
    if (page.next === null) return;
    after = page.next;
    await nextTurn();
  }
}

function warn(error: unknown): void {
  process.emitWarning(
    `A listener of a TaskManager threw: ${error instanceof Error ? error.stack : String(error)}`,
  );
}
