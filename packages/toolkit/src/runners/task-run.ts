import type { Clock } from '../clock/clock.ts';
import type { ConcurrencyManager } from '../concurrency/concurrency-manager.ts';
import { classify } from '../errors/classify.ts';
import type { ErrorHandler } from '../errors/error-handler.ts';
import { ToolkitError } from '../errors/toolkit-error.ts';
import type { Task } from '../tasks/task.ts';
import type { TaskManager } from '../tasks/task-manager.ts';
import type { TaskItemRecord, TaskStatus } from '../tasks/task-record.ts';
import { failureResult } from './failure-result.ts';
import type { Job } from './job.ts';

export interface TaskRunOptions {
  readonly tasks: TaskManager;
  readonly concurrency: ConcurrencyManager;
  readonly errorHandler: ErrorHandler;
  readonly clock: Clock;
  readonly owner: string;
  readonly leaseMs: number;
  readonly maxConsecutiveFailures: number;
}

/** One process's run over a task whose lease it holds: every item that has no result, once. */
export class TaskRun {
  readonly #options: TaskRunOptions;
  readonly #task: Task;
  readonly #job: Job;
  readonly #abort = new AbortController();
  /** Set when nothing more is to start; what is in flight still finishes. */
  #draining = false;
  /** Why the rest is left for later; the task is paused with it. */
  #stopReason: { readonly error: unknown; readonly message: string } | undefined;
  /** A fault of the run itself, such as a full disk; `done` rejects with it. */
  #fault: { readonly error: unknown } | undefined;
  #consecutiveFailures = 0;
  #inFlight = 0;
  /** Settles when the run has ended and the lease is given back. */
  readonly done: Promise<void>;

  constructor(task: Task, job: Job, options: TaskRunOptions) {
    this.#task = task;
    this.#job = job;
    this.#options = options;
    this.done = this.#run();
  }

  /** Items that are being worked on now. */
  get inFlight(): number {
    return this.#inFlight;
  }

  /** Starts nothing more and lets what is in flight finish. */
  drain(): void {
    this.#draining = true;
  }

  /** Starts nothing more and aborts what is in flight; items without a result stay pending. */
  abort(reason: unknown): void {
    this.#draining = true;
    this.#abort.abort(reason);
  }

  async #run(): Promise<void> {
    const { tasks, owner } = this.#options;
    const { taskId } = this.#task;
    const stopHeartbeat = this.#heartbeat();
    try {
      if (this.#task.status === 'pending') await tasks.startTask(taskId);
      const items = this.#options.concurrency.stream(this.#pending(), { signal: this.#abort.signal });
      for await (const outcome of items) if (!outcome.success) this.#fail(outcome.error);
    } catch (error) {
      if (!this.#abort.signal.aborted) this.#fail(error);
    } finally {
      stopHeartbeat();
    }
    if (this.#fault === undefined) await this.#finish().catch((error: unknown) => this.#fail(error));
    await tasks.store.releaseLease(taskId, owner).catch((error: unknown) => this.#fail(error));
    if (this.#fault !== undefined) throw this.#fault.error;
  }

  async *#pending(): AsyncGenerator<() => Promise<void>> {
    let after: number | undefined;
    do {
      const page = await this.#options.tasks.store.items(this.#task.taskId, { status: 'pending', after });
      for (const item of page.entries) {
        if (this.#draining) return;
        yield () => this.#work(item);
      }
      after = page.next ?? undefined;
    } while (after !== undefined);
  }

  async #work(item: TaskItemRecord): Promise<void> {
    this.#inFlight += 1;
    try {
      const outcome = await this.#attempt(item);
      if (outcome === undefined) return;
      const { task } = await this.#options.tasks.updateProgress(this.#task.taskId, {
        itemKey: item.key,
        ...outcome,
      });
      if (task.status !== 'running') this.#obey(task.status);
    } catch (error) {
      // The task was ended by somebody else: it takes no more results, and that is no fault of this run.
      if (!(error instanceof ToolkitError) || error.code !== 'ILLEGAL_TRANSITION') throw error;
      this.abort(error);
    } finally {
      this.#inFlight -= 1;
    }
  }

  /** What to record for the item; `undefined` leaves it pending. */
  async #attempt(
    item: TaskItemRecord,
  ): Promise<{ readonly success: boolean; readonly result: unknown } | undefined> {
    if (this.#draining) return undefined;
    const { taskId, taskParams } = this.#task;
    try {
      const result = await this.#options.errorHandler.withRetry<unknown>(
        ({ signal }) => this.#job.run(item.input, { taskId, taskParams, itemKey: item.key, signal }),
        { ...this.#job.retry, signal: this.#abort.signal },
      );
      this.#consecutiveFailures = 0;
      return { success: true, result: result ?? null };
    } catch (error) {
      if (this.#abort.signal.aborted || this.#stopReason !== undefined) return undefined;
      const { maxConsecutiveFailures } = this.#options;
      this.#consecutiveFailures += 1;
      const failure = failureResult(error);
      if (classify(error).verdict === 'stop') {
        this.#stop(error, `Stopped: every further call would fail too. ${failure.error.message}`);
        return undefined;
      }
      if (this.#consecutiveFailures >= maxConsecutiveFailures) {
        this.#stop(
          error,
          `Stopped after ${maxConsecutiveFailures} failures in a row. ${failure.error.message}`,
        );
        return undefined;
      }
      return { success: false, result: failure };
    }
  }

  /** The rest is left for later: what is in flight is aborted, since it would fail for the same reason. */
  #stop(error: unknown, message: string): void {
    this.#stopReason ??= { error, message };
    this.abort(error);
  }

  #fail(error: unknown): void {
    this.#fault ??= { error };
    this.abort(error);
  }

  /** Somebody else, perhaps in another process, has paused, cancelled or finished the task. */
  #obey(status: TaskStatus): void {
    if (status === 'paused') this.drain();
    else this.abort(new ToolkitError('ILLEGAL_TRANSITION', `Task ${this.#task.taskId} is ${status} now.`));
  }

  async #finish(): Promise<void> {
    const { tasks } = this.#options;
    const { taskId } = this.#task;
    const task = await tasks.store.get(taskId);
    if (task?.status !== 'running') return;
    if (this.#stopReason !== undefined) {
      // What failed on the way to the stop failed for its reason: it is to be done again with the rest.
      await tasks.store.resetFailed(taskId);
      await tasks.pauseTask(taskId, { reason: this.#stopReason.message });
      return;
    }
    if (task.completedCount < task.totalCount) return;
    const success = task.successCount > 0 || task.totalCount === 0;
    await tasks.completeTask(taskId, {
      success,
      errorMessage: success ? null : `All ${task.totalCount} items failed.`,
    });
  }

  /** Renews the lease, and sees what other processes have done to the task; returns what ends it. */
  #heartbeat(): () => void {
    const { clock, leaseMs, owner, tasks } = this.#options;
    const { taskId } = this.#task;
    let cancel = (): void => {};
    let ended = false;
    let renewedAt = clock.now();
    const beat = async (): Promise<void> => {
      const now = clock.now();
      try {
        const held = await tasks.store.acquireLease(taskId, { owner, ttlMs: leaseMs, now });
        if (held) renewedAt = now;
        const status = (await tasks.store.get(taskId))?.status;
        if (status !== undefined && status !== 'running') this.#obey(status);
        else if (!held) {
          this.#fail(
            new ToolkitError(
              'LEASE_LOST',
              `Another process has taken over task ${taskId}: this one was not heard of for ${leaseMs} ms.`,
            ),
          );
        }
      } catch (error) {
        // A busy database may answer the next time; until the lease lapses nobody else runs the task.
        if (clock.now() - renewedAt >= leaseMs) this.#fail(error);
      }
      arm();
    };
    const arm = (): void => {
      if (!ended) cancel = clock.setTimer(() => void beat(), leaseMs / 3);
    };
    arm();
    return () => {
      ended = true;
      cancel();
    };
  }
}
