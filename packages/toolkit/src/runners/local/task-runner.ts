import { type Clock, systemClock } from '../../clock/clock.ts';
import { sleep } from '../../clock/sleep.ts';
import { ConcurrencyManager } from '../../concurrency/concurrency-manager.ts';
import { ToolkitError } from '../../errors/toolkit-error.ts';
import { checkCount, checkMs, checkNumber } from '../../options/check.ts';
import { ErrorHandler } from '../../retry/error-handler.ts';
import type { Job, TypedJob } from '../../tasks/job.ts';
import type { Task } from '../../tasks/task.ts';
import { TaskManager } from '../../tasks/task-manager.ts';
import type { TaskRecord } from '../../tasks/task-record.ts';
import type { ResetRequest } from '../../tasks/task-store.ts';
import { isToRun, JobRegistry } from '../job-registry.ts';
import { DRAIN_MS } from '../job-work.ts';
import type { JobRunner, Runner, Submission } from '../runner.ts';
import { existingTask, runnerClosed, takeBackFailed } from '../runner-tasks.ts';
import { isKnownDead, leaseOwner } from './lease.ts';
import { TaskRun } from './task-run.ts';

export interface TaskRunnerOptions {
  /** @default new TaskManager() */
  readonly tasks?: TaskManager | undefined;
  /** Its ceiling applies to all tasks of this runner together. @default new ConcurrencyManager() */
  readonly concurrency?: ConcurrencyManager | undefined;
  /** @default new ErrorHandler() */
  readonly errorHandler?: ErrorHandler | undefined;
  /** How long after the last heartbeat another process may take a task over, milliseconds. @default 15_000 */
  readonly leaseMs?: number | undefined;
  /** How often `wait` looks at a task that another process runs, milliseconds. @default 500 */
  readonly pollMs?: number | undefined;
  /**
   * How many items of one task run at once if neither its job nor its settings set it; a whole number of at
   * least 1. @default Infinity: the ceiling of `concurrency`
   */
  readonly maxConcurrencyPerTask?: number | undefined;
  /**
   * After this many consecutive failed items the rest is not tried: the task is paused, with the reason. @default Infinity
   */
  readonly maxConsecutiveFailures?: number | undefined;
  /** @default systemClock */
  readonly clock?: Clock | undefined;
}

const DEFAULT_LEASE_MS = 15_000;

const POSITIVE = { above: 0, orInfinity: true };

/**
 * Runs tasks in this process. The process that has a task's lease runs it, whichever process started it and however
 * often processes were killed.
 *
 * @example
 * const runner = new TaskRunner({ tasks: new TaskManager({ store }) });
 * runner.register('greet', { run: (name) => `Hello ${name}` });
 * const { task } = await runner.submit({ job: 'greet', taskKey: 'hello', taskParams: {}, items: ['Ada', 'Bo'] });
 * await runner.wait(task.taskId);
 */
export class TaskRunner implements JobRunner {
  readonly tasks: TaskManager;
  readonly #concurrency: ConcurrencyManager;
  readonly #errorHandler: ErrorHandler;
  readonly #clock: Clock;
  readonly #leaseMs: number;
  readonly #pollMs: number;
  readonly #maxConsecutiveFailures: number;
  readonly #maxConcurrencyPerTask: number;
  readonly #owner = leaseOwner();
  readonly #jobs = new JobRegistry();
  readonly #runs = new Map<string, TaskRun>();
  readonly #starting = new Set<Promise<boolean>>();
  /** What ended a task's run here, until a caller waits for the task or resumes it. */
  readonly #faults = new Map<string, { readonly error: unknown }>();
  #closed = false;

  constructor(options: TaskRunnerOptions = {}) {
    this.#clock = options.clock ?? systemClock;
    this.tasks = options.tasks ?? new TaskManager({ clock: this.#clock });
    this.#concurrency = options.concurrency ?? new ConcurrencyManager();
    this.#errorHandler = options.errorHandler ?? new ErrorHandler({ clock: this.#clock });
    this.#leaseMs = checkMs('leaseMs', options.leaseMs ?? DEFAULT_LEASE_MS, POSITIVE);
    this.#pollMs = checkMs('pollMs', options.pollMs ?? 500, POSITIVE);
    this.#maxConsecutiveFailures = checkNumber(
      'maxConsecutiveFailures',
      options.maxConsecutiveFailures ?? Number.POSITIVE_INFINITY,
      POSITIVE,
    );
    const { maxConcurrencyPerTask = Number.POSITIVE_INFINITY } = options;
    checkCount('maxConcurrencyPerTask', maxConcurrencyPerTask, { from: 1, orInfinity: true });
    this.#maxConcurrencyPerTask = maxConcurrencyPerTask;
  }

  /** Registers how the items of that job's tasks are done. A process that resumes a task must have registered its job. */
  register<Input, Params, Result>(
    job: TypedJob<Input, Params, Result>,
    how: Job<NoInfer<Input>, NoInfer<Params>, NoInfer<Result>>,
  ): this;
  register<Input, Params>(name: string, job: Job<Input, Params>): this;
  register(job: string | TypedJob<unknown, unknown, unknown>, how: Job<never, never>): this {
    this.#jobs.register(job, how);
    return this;
  }

  async submit<Input, Params>(
    submission: Submission<Input, Params>,
  ): Promise<{ readonly task: Task; readonly isNew: boolean }> {
    this.#refuseIfClosed();
    const created = await this.tasks.getOrCreateTask(this.#jobs.taskOf(submission));
    await this.#start(created.task.taskId);
    return created;
  }

  async resume(taskId: string): Promise<Task> {
    this.#refuseIfClosed();
    const task = await existingTask(this.tasks, taskId);
    this.#faults.delete(taskId);
    if (task.status === 'paused') {
      this.#jobs.named(task.job);
      await this.tasks.resumeTask(taskId);
    }
    await this.#start(taskId);
    return task;
  }

  async pause(
    taskId: string,
    { reason, drainMs = DRAIN_MS }: Parameters<Runner['pause']>[1] = {},
  ): Promise<Task> {
    const run = this.#runs.get(taskId);
    const task = await this.tasks.pauseTask(taskId, { reason });
    run?.drain(drainMs);
    await settled(run);
    return task;
  }

  async cancel(taskId: string, { reason }: Parameters<Runner['cancel']>[1] = {}): Promise<Task> {
    const run = this.#runs.get(taskId);
    const task = await this.tasks.cancelTask(taskId, { reason });
    await settled(run);
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
      await settled(this.#runs.get(taskId), signal);
      const fault = this.#faults.get(taskId);
      if (fault !== undefined) {
        this.#faults.delete(taskId);
        throw fault.error;
      }
      const task = await existingTask(this.tasks, taskId);
      if (this.#closed || !isToRun(task)) return task;
      if (!(await this.#start(taskId))) await sleep(this.#pollMs, { clock: this.#clock, signal });
    }
  }

  /** Whether this process runs the task now; `false` if another process does, or none. */
  isRunning(taskId: string): boolean {
    return this.#runs.has(taskId);
  }

  /** The ids of the tasks that this process runs now. */
  get running(): readonly string[] {
    return [...this.#runs.keys()];
  }

  inFlight(taskId?: string): number {
    const runs = taskId === undefined ? [...this.#runs.values()] : [this.#runs.get(taskId)];
    return runs.reduce((sum, run) => sum + (run?.inFlight ?? 0), 0);
  }

  async shutdown({ drainMs = DRAIN_MS }: Parameters<Runner['shutdown']>[0] = {}): Promise<void> {
    this.#closed = true;
    await Promise.allSettled(this.#starting);
    const runs = [...this.#runs.values()];
    for (const run of runs) run.drain(drainMs);
    await Promise.all(runs.map((run) => settled(run)));
  }

  #start(taskId: string): Promise<boolean> {
    const starting = this.#tryStart(taskId);
    this.#starting.add(starting);
    const forget = (): void => {
      this.#starting.delete(starting);
    };
    starting.then(forget, forget);
    return starting;
  }

  /** Runs the task here if it is to be run and no other process runs it; returns whether it runs here. */
  async #tryStart(taskId: string): Promise<boolean> {
    if (this.#runs.has(taskId)) return true;
    const { store } = this.tasks;
    store.lost?.throwIfAborted();
    const found = await store.get(taskId);
    if (this.#closed || found === undefined || !isToRun(found)) return false;
    const now = this.#clock.now();
    const { lease } = found;
    const deadOwner = lease !== null && isKnownDead(lease.owner) ? lease.owner : undefined;
    const isHeld = lease !== null && lease.owner !== this.#owner && lease.expiresAt > now;
    if (isHeld && deadOwner === undefined) return false;
    const job = this.#jobs.named(found.job);
    const owner = this.#owner;
    if (!(await store.acquireLease(taskId, { owner, ttlMs: this.#leaseMs, now, deadOwner }))) return false;
    // Only now can't it change: before the lease was ours, another process may have finished it.
    const record = await store.get(taskId);
    if (this.#runs.has(taskId)) return true;
    if (this.#closed || record === undefined || !isToRun(record)) {
      await store.releaseLease(taskId, owner);
      return false;
    }
    this.#launch(record, job);
    return true;
  }

  #launch(record: TaskRecord, job: Job): void {
    const { taskId } = record;
    const run = new TaskRun(record, job, {
      tasks: this.tasks,
      concurrency: this.#concurrency,
      errorHandler: this.#errorHandler,
      clock: this.#clock,
      owner: this.#owner,
      leaseMs: this.#leaseMs,
      maxConsecutiveFailures: this.#maxConsecutiveFailures,
      maxConcurrencyPerTask: this.#maxConcurrencyPerTask,
    });
    this.#runs.set(taskId, run);
    this.#faults.delete(taskId);
    run.done.then(
      () => {
        this.#runs.delete(taskId);
        // It may have been paused and resumed while it drained. If it cannot start again, `wait` rejects with the reason.
        this.#start(taskId).catch((error: unknown) => this.#faults.set(taskId, { error }));
      },
      (error: unknown) => {
        this.#runs.delete(taskId);
        // The process that has the task now finishes it; `wait` follows it there.
        if (!(error instanceof ToolkitError && error.code === 'LEASE_LOST'))
          this.#faults.set(taskId, { error });
      },
    );
  }

  #refuseIfClosed(): void {
    if (this.#closed) throw runnerClosed();
  }
}

/** Resolves when the run has ended, in any way; rejects with the signal's reason if that aborts first. */
function settled(run: TaskRun | undefined, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    if (run === undefined) return resolve();
    const onAbort = (): void => reject(signal?.reason);
    signal?.addEventListener('abort', onAbort, { once: true });
    const end = (): void => {
      signal?.removeEventListener('abort', onAbort);
      resolve();
    };
    run.done.then(end, end);
  });
}
