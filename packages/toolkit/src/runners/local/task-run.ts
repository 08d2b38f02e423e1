import type { Clock } from '../../clock/clock.ts';
import type { ConcurrencyManager } from '../../concurrency/concurrency-manager.ts';
import type { ErrorHandler } from '../../retry/error-handler.ts';
import type { Job } from '../../tasks/job.ts';
import type { TaskManager } from '../../tasks/task-manager.ts';
import type { TaskItemRecord, TaskRecord, TaskStatus } from '../../tasks/task-record.ts';
import { concludeRun } from '../conclude-run.ts';
import { DRAIN_MS, type ItemResult, JobWork } from '../job-work.ts';
import { hasCode, recordItem, storeHandler } from '../record-item.ts';
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

/**
 * One process's run over a task whose lease it has: every item that has no result, once. It ends when there is none
 * left, or on request: `drain` lets the items in flight finish, `abort` leaves them pending.
 */
export class TaskRun {
  /** Settles when the run has ended and the lease is given back; rejects with a fault of the run itself. */
  readonly done: Promise<void>;
  readonly #options: TaskRunOptions;
  readonly #task: TaskRecord;
  readonly #work: JobWork;
  /** Waits for a database that others keep busy: what an item has cost must not be lost to that. */
  readonly #whenBusy: ErrorHandler;
  #cancelDrainLimit = (): void => {};
  #fault: { readonly error: unknown } | undefined;
  /** Items that were handed out and have not ended. */
  readonly #taken = new Set<string>();
  #inFlight = 0;

  constructor(task: TaskRecord, job: Job, options: TaskRunOptions) {
    this.#task = task;
    this.#options = options;
    this.#work = new JobWork(task, job, { ...options, onLeft: () => {} });
    // No other process can go on with the task while the database is busy.
    this.#whenBusy = storeHandler(options.clock, this.#work.aborted, (error) => hasCode(error, 'STORE_BUSY'));
    this.done = this.#run();
  }

  /** Items that are being worked on now. */
  get inFlight(): number {
    return this.#inFlight;
  }

  /** Starts nothing more, gives what is in flight `drainMs` to finish, then aborts it. */
  drain(drainMs: number): void {
    this.#work.startNothingMore();
    this.#cancelDrainLimit();
    this.#cancelDrainLimit = this.#options.clock.setTimer(
      () =>
        this.abort(new DOMException(`Not finished ${drainMs} ms after the run was to stop.`, 'AbortError')),
      drainMs,
    );
  }

  /** Starts nothing more and aborts what is in flight; items without a result stay pending. */
  abort(reason: unknown): void {
    this.#work.abort(reason);
  }

  async #run(): Promise<void> {
    const { tasks, clock, owner, leaseMs } = this.#options;
    const { taskId, status } = this.#task;
    const unlisten = [
      tasks.on('status', ({ task }) => {
        if (task.taskId === taskId) this.#obey(task.status);
      }),
      tasks.on('settings', ({ task }) => {
        if (task.taskId === taskId) void this.#work.configure(task.settings);
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
        void this.#work.configure(seen.settings);
      },
      onLost: (error) => this.#fail(error),
    });
    try {
      if (status === 'pending') await this.#whenBusy.withRetry(() => tasks.startTask(taskId));
      await this.#work.configure(this.#task.settings);
      const items = this.#options.concurrency.stream(this.#pending(), {
        signal: this.#work.aborted,
        maxConcurrency: () => this.#work.maxConcurrency,
      });
      for await (const outcome of items) if (!outcome.success) this.#fail(outcome.error);
    } catch (error) {
      if (!this.#work.aborted.aborted) this.#fail(error);
    }
    for (const end of unlisten) end();
    lost?.removeEventListener('abort', onLost);
    const orFail = (error: unknown): void => this.#fail(error);
    if (this.#fault === undefined) await this.#whenBusy.withRetry(() => this.#conclude()).catch(orFail);
    endHeartbeat();
    await this.#work.end();
    // Only now: until its end the heartbeat may have begun another drain.
    this.#cancelDrainLimit();
    await this.#whenBusy.withRetry(() => tasks.store.releaseLease(taskId, owner)).catch(orFail);
    if (this.#fault !== undefined) throw this.#fault.error;
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
          if (this.#work.draining.aborted) return;
          if (this.#taken.has(item.key)) continue;
          this.#taken.add(item.key);
          found = true;
          yield () => this.#do(item);
        }
        after = page.next ?? undefined;
      } while (after !== undefined);
    }
  }

  async #do(item: TaskItemRecord): Promise<void> {
    if (this.#work.draining.aborted) return;
    this.#inFlight += 1;
    try {
      const outcome = await this.#work.attempt(item);
      if (outcome !== undefined) await this.#record(item.key, outcome);
    } finally {
      this.#taken.delete(item.key);
      this.#inFlight -= 1;
    }
  }

  async #record(itemKey: string, outcome: ItemResult): Promise<void> {
    const { taskId } = this.#task;
    try {
      await recordItem(this.#options.tasks, this.#whenBusy, { taskId, itemKey }, outcome);
    } catch (error) {
      // The task was ended elsewhere: it takes no more results, which isn't a fault of this run.
      if (hasCode(error, 'ILLEGAL_TRANSITION')) this.abort(error);
      else throw error;
    }
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
      ...this.#work.left,
      isDraining: this.#work.draining.aborted,
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
