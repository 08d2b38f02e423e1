import { type Clock, systemClock } from '../../clock/clock.ts';
import { checkCount, checkMs, checkNumber } from '../../options/check.ts';
import { ErrorHandler } from '../../retry/error-handler.ts';
import type { Job, TypedJob } from '../../tasks/job.ts';
import type { Task } from '../../tasks/task.ts';
import type { TaskManager } from '../../tasks/task-manager.ts';
import type { ResetRequest } from '../../tasks/task-store.ts';
import { isToRun, JobRegistry } from '../job-registry.ts';
import { DRAIN_MS } from '../job-work.ts';
import type { JobRunner, Runner, Submission } from '../runner.ts';
import { existingTask, runnerClosed, takeBackFailed } from '../runner-tasks.ts';
import { Dispatch } from './dispatch.ts';
import type { PgBossQueue } from './pg-boss-queue.ts';
import type { TaskWork } from './task-work.ts';

export interface PgBossRunnerOptions {
  /** On a `SqlTaskStore` that was opened with the same queue. */
  readonly tasks: TaskManager;
  readonly queue: PgBossQueue;
  /**
   * How many items this process works on at once, of all tasks together; 1 or more. As many more may be waiting for their
   * results to be recorded, and where items take milliseconds, some hundreds more for that or for their turn. @default 50
   */
  readonly maxConcurrency?: number | undefined;
  /** @default new ErrorHandler() */
  readonly errorHandler?: ErrorHandler | undefined;
  /**
   * How many items of one task all processes together work on at once if neither its job nor its settings set it; a whole
   * number of at least 1. @default Infinity
   */
  readonly maxConcurrencyPerTask?: number | undefined;
  /**
   * After this many consecutive failed items in one process the rest is not tried: the task is paused, with the reason.
   * @default Infinity
   */
  readonly maxConsecutiveFailures?: number | undefined;
  /**
   * Called with what ended this process's work on a task, such as a row of the database that cannot be read. The task is
   * tried again, and paused after three times. `wait` rejects with it too. @default nothing
   */
  readonly onFault?: ((taskId: string, error: unknown) => void) | undefined;
  /** How long a task whose work has failed rests before it is tried again, milliseconds. @default 10_000 */
  readonly faultRestMs?: number | undefined;
  /** How often changes are looked for that no notification told of, milliseconds. @default 1_000 */
  readonly pollMs?: number | undefined;
  /** @default systemClock */
  readonly clock?: Clock | undefined;
}

export interface ServeOptions {
  /** Only tasks of these jobs. @default all that are registered */
  readonly jobs?: readonly string[] | undefined;
}

/** After the drain of a shutdown, what is in flight may still wait so long for a database that is away. */
const LAST_WAIT_MS = 10_000;

/**
 * Runs tasks on any number of machines that share a PostgreSQL database. Each process works on the tasks that it submits,
 * resumes or waits for, and after `serve` on everybody's. What a process was doing when it died goes to another after
 * some ten seconds.
 *
 * @example
 * const database = await openPostgresDatabase('postgres://localhost/tasks');
 * const queue = await openPgBossQueue(database);
 * const tasks = new TaskManager({ store: await SqlTaskStore.open(database, { queue }) });
 * const runner = new PgBossRunner({ tasks, queue }).register('greet', { run: (name) => `Hello ${name}` });
 * runner.serve();
 */
export class PgBossRunner implements JobRunner {
  readonly tasks: TaskManager;
  readonly #queue: PgBossQueue;
  readonly #jobs = new JobRegistry();
  readonly #dispatch: Dispatch;
  #closed = false;

  /** @throws ToolkitError `INVALID_OPTION` */
  constructor(options: PgBossRunnerOptions) {
    const { tasks, queue, clock = systemClock, errorHandler = new ErrorHandler({ clock }) } = options;
    const { maxConcurrency = 50, pollMs = 1_000, faultRestMs = 10_000, onFault = () => {} } = options;
    const { maxConcurrencyPerTask = Number.POSITIVE_INFINITY } = options;
    const { maxConsecutiveFailures = Number.POSITIVE_INFINITY } = options;
    this.tasks = tasks;
    this.#queue = queue;
    checkCount('maxConcurrency', maxConcurrency, { from: 1 });
    checkMs('pollMs', pollMs, { above: 0 });
    checkMs('faultRestMs', faultRestMs, { from: 0 });
    checkCount('maxConcurrencyPerTask', maxConcurrencyPerTask, { from: 1, orInfinity: true });
    checkNumber('maxConsecutiveFailures', maxConsecutiveFailures, { above: 0, orInfinity: true });
    this.#dispatch = new Dispatch({
      ...{ tasks, queue, jobs: this.#jobs, clock, errorHandler, onFault },
      ...{ maxConcurrency, maxConcurrencyPerTask, maxConsecutiveFailures, pollMs, faultRestMs },
    });
  }

  /** Registers how the items of that job's tasks are done. */
  register<Input, Params, Result>(
    job: TypedJob<Input, Params, Result>,
    how: Job<NoInfer<Input>, NoInfer<Params>, NoInfer<Result>>,
  ): this;
  register<Input, Params>(name: string, job: Job<Input, Params>): this;
  register(job: string | TypedJob<unknown, unknown, unknown>, how: Job<never, never>): this {
    this.#jobs.register(job, how);
    return this;
  }

  /**
   * Works from now on on all tasks of these jobs, of any process.
   *
   * @throws ToolkitError `UNKNOWN_JOB`, `RUNNER_CLOSED`
   */
  serve({ jobs = this.#jobs.names }: ServeOptions = {}): void {
    this.#refuseIfClosed();
    for (const name of jobs) this.#jobs.named(name);
    this.#dispatch.serve(jobs);
  }

  async submit<Input, Params>(
    submission: Submission<Input, Params>,
  ): Promise<{ readonly task: Task; readonly isNew: boolean }> {
    this.#refuseIfClosed();
    const created = await this.tasks.getOrCreateTask(this.#jobs.taskOf(submission));
    this.#dispatch.see(created.task.taskId);
    return created;
  }

  async resume(taskId: string): Promise<Task> {
    this.#refuseIfClosed();
    const task = await existingTask(this.tasks, taskId);
    this.#dispatch.forgive(taskId);
    if (task.status === 'paused') {
      this.#jobs.named(task.job);
      await this.tasks.resumeTask(taskId);
    }
    if (!isToRun(task)) return task;
    this.#jobs.named(task.job);
    await this.#refill(task);
    this.#dispatch.see(taskId);
    return task;
  }

  async pause(
    taskId: string,
    { reason, drainMs = DRAIN_MS }: Parameters<Runner['pause']>[1] = {},
  ): Promise<Task> {
    const work = this.#dispatch.work(taskId);
    const task = await this.tasks.pauseTask(taskId, { reason });
    work?.drain(drainMs);
    await settled(work);
    return task;
  }

  async cancel(taskId: string, { reason }: Parameters<Runner['cancel']>[1] = {}): Promise<Task> {
    const work = this.#dispatch.work(taskId);
    const task = await this.tasks.cancelTask(taskId, { reason });
    await settled(work);
    this.#dispatch.inBackground(this.#queue.remove(taskId));
    return task;
  }

  async retryFailed(
    taskId: string,
    request: ResetRequest = {},
  ): Promise<{ readonly task: Task; readonly retried: number }> {
    this.#refuseIfClosed();
    const retried = await takeBackFailed(this.tasks, this.#jobs, taskId, request);
    return { task: await this.resume(taskId), retried };
  }

  async wait(taskId: string, { signal }: { readonly signal?: AbortSignal | undefined } = {}): Promise<Task> {
    for (;;) {
      signal?.throwIfAborted();
      const changed = this.#dispatch.nextChange(taskId, signal);
      changed.catch(() => {});
      const fault = this.#dispatch.takeFault(taskId);
      if (fault !== undefined) throw fault.error;
      const task = await existingTask(this.tasks, taskId);
      if (this.#closed) return task;
      if (!isToRun(task)) {
        if (!this.isRunning(taskId)) return task;
      } else if (this.#jobs.has(task.job)) this.#dispatch.see(taskId);
      await changed;
    }
  }

  isRunning(taskId: string): boolean {
    return this.#dispatch.work(taskId) !== undefined;
  }

  get running(): readonly string[] {
    return this.#dispatch.running;
  }

  inFlight(taskId?: string): number {
    return this.#dispatch.inFlight(taskId);
  }

  async shutdown({ drainMs = DRAIN_MS }: Parameters<Runner['shutdown']>[0] = {}): Promise<void> {
    this.#closed = true;
    // A process that is to end waits no longer for a database than for what is in flight.
    this.#queue.hurry(drainMs + LAST_WAIT_MS);
    await this.#dispatch.close(drainMs);
  }

  /** Puts items into the queue that are not in it: of a task that was created without one, or whose queue was removed. */
  async #refill({ taskId, totalCount, completedCount }: Task): Promise<void> {
    if ((await this.#queue.size(taskId)) < totalCount - completedCount) await this.#queue.refill(taskId);
  }

  #refuseIfClosed(): void {
    if (this.#closed) throw runnerClosed();
  }
}

/** Resolves when the work has ended, in any way. */
async function settled(work: TaskWork | undefined): Promise<void> {
  await work?.done.catch(() => {});
}
