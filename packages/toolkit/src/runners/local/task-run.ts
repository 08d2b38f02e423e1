import { classify } from '../../classify/classify.ts';
import type { Clock } from '../../clock/clock.ts';
import type { ConcurrencyManager } from '../../concurrency/concurrency-manager.ts';
import { ToolkitError, type ToolkitErrorCode } from '../../errors/toolkit-error.ts';
import { ErrorHandler } from '../../retry/error-handler.ts';
import { failureResult } from '../../tasks/failure-result.ts';
import type { Job } from '../../tasks/job.ts';
import type { TaskManager } from '../../tasks/task-manager.ts';
import type { TaskItemRecord, TaskRecord, TaskSettings, TaskStatus } from '../../tasks/task-record.ts';
import { concludeRun } from './conclude-run.ts';
import { keepLease } from './lease.ts';

export interface TaskRunOptions {
  readonly tasks: TaskManager;
  readonly concurrency: ConcurrencyManager;
  readonly errorHandler: ErrorHandler;
  readonly clock: Clock;
  readonly owner: string;
  readonly leaseMs: number;
  readonly maxConsecutiveFailures: number;
  readonly maxConcurrencyPerTask: number;
}

/** How often a run that was aborted tries to write to a database that is busy. */
const TRIES_AFTER_ABORT = 3;

/** How long what is in flight may take when the task is paused. */
export const DRAIN_MS = 30_000;

interface ItemOutcome {
  readonly success: boolean;
  readonly result: unknown;
}

/**
 * One process's run over a task whose lease it has: every item that has no result, once. It ends when there is none
 * left, or on request: `drain` lets the items in flight finish, `abort` leaves them pending.
 */
export class TaskRun {
  /** Settles when the run has ended and the lease is given back; rejects with a fault of the run itself. */
  readonly done: Promise<void>;
  readonly #options: TaskRunOptions;
  readonly #task: TaskRecord;
  readonly #job: Job;
  /** Waits for a database that others keep busy: what an item has cost must not be lost to that. */
  readonly #whenBusy: ErrorHandler;
  readonly #abort = new AbortController();
  readonly #drain = new AbortController();
  #cancelDrainLimit = (): void => {};
  /** Why the rest is left for later; the task is paused with it. */
  #stopMessage: string | undefined;
  #pauseMessage: string | undefined;
  #fault: { readonly error: unknown } | undefined;
  /** Items that have failed in a row, the last ones of all. */
  #streak: string[] = [];
  /** Items that were handed out and have not ended. */
  readonly #taken = new Set<string>();
  #inFlight = 0;
  /** The settings that the job got last, as JSON. */
  #configured: string | undefined;
  /** The job gets one change after the other. */
  #configuring: Promise<void> = Promise.resolve();
  #maxConcurrency = Number.POSITIVE_INFINITY;

  constructor(task: TaskRecord, job: Job, options: TaskRunOptions) {
    this.#task = task;
    this.#job = job;
    this.#options = options;
    this.#whenBusy = new ErrorHandler({
      clock: options.clock,
      maxRetries: Number.POSITIVE_INFINITY,
      retryDelayMs: 100,
      maxDelayMs: 2_000,
      // No other process can go on with the task either; only a run that was asked to end does not wait for ever.
      retryOn: (error, { attempt }) =>
        hasCode(error, 'STORE_BUSY') && (!this.#abort.signal.aborted || attempt < TRIES_AFTER_ABORT),
    });
    this.done = this.#run();
  }

  /** Items that are being worked on now. */
  get inFlight(): number {
    return this.#inFlight;
  }

  /** Starts nothing more, gives what is in flight `drainMs` to finish, then aborts it. */
  drain(drainMs: number): void {
    this.#startNothingMore();
    this.#cancelDrainLimit();
    this.#cancelDrainLimit = this.#options.clock.setTimer(
      () =>
        this.abort(new DOMException(`Not finished ${drainMs} ms after the run was to stop.`, 'AbortError')),
      drainMs,
    );
  }

  /** Starts nothing more and aborts what is in flight; items without a result stay pending. */
  abort(reason: unknown): void {
    this.#startNothingMore();
    this.#abort.abort(reason);
  }

  #startNothingMore(): void {
    this.#drain.abort(new DOMException('The run starts nothing more.', 'AbortError'));
  }

  get #draining(): boolean {
    return this.#drain.signal.aborted;
  }

  async #run(): Promise<void> {
    const { tasks, clock, owner, leaseMs } = this.#options;
    const { taskId, status } = this.#task;
    const unlisten = [
      tasks.on('status', ({ task }) => {
        if (task.taskId === taskId) this.#obey(task.status);
      }),
      tasks.on('settings', ({ task }) => {
        if (task.taskId === taskId) void this.#configure(task.settings);
      }),
    ];
    const { lost } = tasks.store;
    const onLost = (): void => this.#leave(lost?.reason);
    if (lost?.aborted) onLost();
    lost?.addEventListener('abort', onLost);
    const endHeartbeat = keepLease(taskId, {
      store: tasks.store,
      clock,
      owner,
      leaseMs,
      onTask: (seen) => {
        this.#obey(seen.status);
        void this.#configure(seen.settings);
      },
      onLost: (error) => this.#fail(error),
    });
    try {
      if (status === 'pending') await this.#whenBusy.withRetry(() => tasks.startTask(taskId));
      await this.#configure(this.#task.settings);
      const items = this.#options.concurrency.stream(this.#pending(), {
        signal: this.#abort.signal,
        maxConcurrency: () => this.#maxConcurrency,
      });
      for await (const outcome of items) if (!outcome.success) this.#fail(outcome.error);
    } catch (error) {
      if (!this.#abort.signal.aborted) this.#fail(error);
    }
    for (const end of unlisten) end();
    lost?.removeEventListener('abort', onLost);
    const orFail = (error: unknown): void => this.#fail(error);
    if (this.#fault === undefined) await this.#whenBusy.withRetry(() => this.#conclude()).catch(orFail);
    endHeartbeat();
    const { taskParams } = this.#task;
    await this.#configuring;
    this.#job.ended?.({ taskId, taskParams });
    // Only now: until its end the heartbeat may have begun another drain.
    this.#cancelDrainLimit();
    await this.#whenBusy.withRetry(() => tasks.store.releaseLease(taskId, owner)).catch(orFail);
    if (this.#fault !== undefined) throw this.#fault.error;
  }

  /** Follows the task's settings. Resolves when the job has, too. */
  #configure(settings: TaskSettings): Promise<void> {
    const text = JSON.stringify(settings);
    if (text === this.#configured) return this.#configuring;
    this.#configured = text;
    const { taskId, taskParams } = this.#task;
    const { maxConcurrencyPerTask } = this.#options;
    this.#maxConcurrency = Math.min(
      this.#job.maxConcurrency?.(taskParams) ?? Number.POSITIVE_INFINITY,
      settings.maxConcurrency ?? maxConcurrencyPerTask,
    );
    const tell = async (): Promise<void> => {
      try {
        await this.#job.configure?.(settings, { taskId, taskParams });
      } catch (error) {
        this.#pause(failureResult(error).error.message);
      }
    };
    this.#configuring = this.#configuring.then(tell);
    return this.#configuring;
  }

  /** In passes, since failed items may become pending again meanwhile. */
  async *#pending(): AsyncGenerator<() => Promise<void>> {
    const { store } = this.#options.tasks;
    for (let found = true; found; ) {
      found = false;
      let after: number | undefined;
      do {
        const page = await store.items(this.#task.taskId, { status: 'pending', after });
        for (const item of page.entries) {
          if (this.#draining) return;
          if (this.#taken.has(item.key)) continue;
          this.#taken.add(item.key);
          found = true;
          yield () => this.#work(item);
        }
        after = page.next ?? undefined;
      } while (after !== undefined);
    }
  }

  async #work(item: TaskItemRecord): Promise<void> {
    if (this.#draining) return;
    this.#inFlight += 1;
    try {
      const outcome = await this.#attempt(item);
      if (outcome !== undefined) await this.#record(item.key, outcome);
    } finally {
      this.#taken.delete(item.key);
      this.#inFlight -= 1;
    }
  }

  /** What to record for the item; `undefined` leaves it pending. */
  async #attempt(item: TaskItemRecord): Promise<ItemOutcome | undefined> {
    const { taskId, taskParams } = this.#task;
    const { errorHandler } = this.#options;
    const { retry } = this.#job;
    const draining = this.#drain.signal;
    const run = async ({ signal }: { readonly signal: AbortSignal }): Promise<unknown> =>
      this.#job.run(item.input, { taskId, taskParams, itemKey: item.key, signal, draining });
    const { signal } = this.#abort;
    try {
      const result = await (retry === false
        ? run({ signal })
        : errorHandler.withRetry<unknown>(run, { ...retry, signal }));
      this.#streak = [];
      return { success: true, result: result ?? null };
    } catch (error) {
      if (signal.aborted || (draining.aborted && error === draining.reason)) return undefined;
      return this.#failed(item.key, error);
    }
  }

  #failed(itemKey: string, error: unknown): ItemOutcome | undefined {
    const result = failureResult(error);
    const { maxConsecutiveFailures } = this.#options;
    if (this.#job.pauseOn?.(error)) this.#pause(result.error.message);
    else if (classify(error).verdict === 'stop') {
      this.#stop(`Stopped: every further call would fail too. ${result.error.message}`, error);
    } else if (this.#streak.length + 1 >= maxConsecutiveFailures) {
      this.#stop(`Stopped after ${maxConsecutiveFailures} failures in a row. ${result.error.message}`, error);
    } else {
      this.#streak.push(itemKey);
      return { success: false, result };
    }
    return undefined;
  }

  async #record(itemKey: string, outcome: ItemOutcome): Promise<void> {
    const record = (each: ItemOutcome): Promise<unknown> =>
      this.#whenBusy.withRetry(() =>
        this.#options.tasks.updateProgress(this.#task.taskId, { itemKey, ...each }),
      );
    try {
      await record(outcome);
    } catch (error) {
      // The job's result isn't JSON: that is a failure of this item, not of the run.
      if (hasCode(error, 'INVALID_OPTION')) await record({ success: false, result: failureResult(error) });
      // The task was ended elsewhere: it takes no more results, which isn't a fault of this run.
      else if (hasCode(error, 'ILLEGAL_TRANSITION')) this.abort(error);
      else throw error;
    }
  }

  /** The rest is left for later; items in flight finish, and earlier failures stay. */
  #pause(message: string): void {
    this.#pauseMessage ??= message;
    this.#startNothingMore();
  }

  /** The rest is left for later: items in flight are aborted, since they would fail for the same reason. */
  #stop(message: string, error: unknown): void {
    this.#stopMessage ??= message;
    this.abort(error);
  }

  /** The store's file was lost: items in flight are recorded in its copy, and then the run fails. */
  #leave(error: unknown): void {
    this.#fault ??= { error };
    this.drain(DRAIN_MS);
  }

  #fail(error: unknown): void {
    this.#fault ??= { error };
    this.abort(error);
  }

  #conclude(): Promise<void> {
    return concludeRun(this.#options.tasks, this.#task.taskId, {
      stopMessage: this.#stopMessage,
      pauseMessage: this.#pauseMessage,
      failedInARow: this.#streak,
      isDraining: this.#draining,
    });
  }

  /** The task was paused, cancelled or finished by another caller, perhaps in another process. */
  #obey(status: TaskStatus): void {
    if (status === 'paused') this.drain(DRAIN_MS);
    else if (status !== 'running') {
      this.abort(new DOMException(`Task ${this.#task.taskId} is ${status} now.`, 'AbortError'));
    }
  }
}

function hasCode(error: unknown, code: ToolkitErrorCode): boolean {
  return error instanceof ToolkitError && error.code === code;
}
