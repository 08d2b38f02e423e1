import { type Clock, systemClock } from '../clock/clock.ts';
import { sleep } from '../clock/sleep.ts';
import { ConcurrencyManager } from '../concurrency/concurrency-manager.ts';
import { ErrorHandler } from '../errors/error-handler.ts';
import { quote, ToolkitError } from '../errors/toolkit-error.ts';
import type { Task } from '../tasks/task.ts';
import { TaskManager } from '../tasks/task-manager.ts';
import { ACTIVE_STATUSES, type TaskItem } from '../tasks/task-record.ts';
import type { Job, Submission } from './job.ts';
import { isKnownDead, leaseOwner } from './lease-owner.ts';
import { TaskRun } from './task-run.ts';

export interface TaskRunnerOptions {
  /** @default new TaskManager() */
  readonly tasks?: TaskManager | undefined;
  /** Its ceiling holds over all tasks that this runner runs. @default new ConcurrencyManager() */
  readonly concurrency?: ConcurrencyManager | undefined;
  /** @default new ErrorHandler() */
  readonly errorHandler?: ErrorHandler | undefined;
  /** After how long without a sign of life, milliseconds, another process may take a task over. @default 15_000 */
  readonly leaseMs?: number | undefined;
  /** How often `wait` looks at a task that another process runs, milliseconds. @default 500 */
  readonly pollMs?: number | undefined;
  /**
   * After this many items in a row have failed, none succeeding between, the rest is not tried: the task is paused
   * and says why. @default Infinity
   */
  readonly maxConsecutiveFailures?: number | undefined;
  /** @default systemClock */
  readonly clock?: Clock | undefined;
}

/**
 * Runs the items of tasks in this process: each is done, retried and recorded once, whoever started it and however
 * often it was killed. Several runners, in any number of processes, may share one store; a task is run by whoever
 * holds its lease.
 *
 * @example
 * const runner = new TaskRunner({ tasks: new TaskManager({ store }) });
 * runner.register('greet', { run: (name) => `Hello ${name}` });
 * const { task } = await runner.submit({ job: 'greet', taskKey: 'hello', taskParams: {}, items: ['Ada', 'Bo'] });
 * await runner.wait(task.taskId);
 */
export class TaskRunner {
  readonly tasks: TaskManager;
  readonly #concurrency: ConcurrencyManager;
  readonly #errorHandler: ErrorHandler;
  readonly #clock: Clock;
  readonly #leaseMs: number;
  readonly #pollMs: number;
  readonly #maxConsecutiveFailures: number;
  readonly #owner = leaseOwner();
  readonly #jobs = new Map<string, Job>();
  readonly #runs = new Map<string, TaskRun>();
  #closed = false;

  constructor(options: TaskRunnerOptions = {}) {
    this.#clock = options.clock ?? systemClock;
    this.tasks = options.tasks ?? new TaskManager({ clock: this.#clock });
    this.#concurrency = options.concurrency ?? new ConcurrencyManager();
    this.#errorHandler = options.errorHandler ?? new ErrorHandler({ clock: this.#clock });
    this.#leaseMs = positive('leaseMs', options.leaseMs ?? 15_000);
    this.#pollMs = positive('pollMs', options.pollMs ?? 500);
    this.#maxConsecutiveFailures = positive(
      'maxConsecutiveFailures',
      options.maxConsecutiveFailures ?? Number.POSITIVE_INFINITY,
    );
  }

  /** Says how the items of tasks with that `job` are done. A process that resumes a task must have registered its job. */
  register<Input, Params>(name: string, job: Job<Input, Params>): this {
    this.#jobs.set(name, job as Job);
    return this;
  }

  /**
   * Creates a task and starts it, or joins the active one that is the same: `isNew` says which. A joined task whose
   * process has died is taken over; a paused one stays paused until `resume`.
   *
   * @throws ToolkitError `UNKNOWN_JOB`, `DUPLICATE_ITEM`, `NOT_FINGERPRINTABLE`, or one of the store's.
   */
  async submit(submission: Submission): Promise<{ readonly task: Task; readonly isNew: boolean }> {
    const { job, taskKey, taskParams } = submission;
    this.#jobNamed(job);
    const items = readItems(submission.items);
    const created = await this.tasks.getOrCreateTask({
      taskKey,
      taskParams,
      totalCount: items.length,
      job,
      items,
      identity: submission.identity ?? { job, taskParams, items },
    });
    await this.#tryStart(created.task);
    return created;
  }

  /**
   * Goes on with a task that is paused, or whose process has died. Does nothing to one that is running or finished.
   *
   * @throws ToolkitError `TASK_NOT_FOUND`, `UNKNOWN_JOB`.
   */
  async resume(taskId: string): Promise<Task> {
    const task = await this.#existing(taskId);
    if (task.status === 'paused') await this.tasks.resumeTask(taskId);
    await this.#tryStart(task);
    return task;
  }

  /** Starts nothing more; what is in flight finishes and is recorded. */
  async pause(taskId: string, { reason }: { readonly reason?: string } = {}): Promise<Task> {
    const task = await this.tasks.pauseTask(taskId, { reason });
    const run = this.#runs.get(taskId);
    run?.drain();
    await run?.done;
    return task;
  }

  /** Starts nothing more and aborts what is in flight. What was recorded stays. */
  async cancel(taskId: string, { reason }: { readonly reason?: string } = {}): Promise<Task> {
    const task = await this.tasks.cancelTask(taskId, { reason });
    const run = this.#runs.get(taskId);
    run?.abort(new ToolkitError('ILLEGAL_TRANSITION', `Task ${taskId} was cancelled.`));
    await run?.done;
    return task;
  }

  /** Does the items again that failed, and those never done; returns how many had failed. */
  async retryFailed(taskId: string): Promise<{ readonly task: Task; readonly retried: number }> {
    const task = await this.#existing(taskId);
    this.#jobNamed(task.job);
    const retried = await this.tasks.store.resetFailed(taskId);
    if (!ACTIVE_STATUSES.includes(task.status) && (retried > 0 || task.completedCount < task.totalCount)) {
      await this.tasks.reopenTask(taskId);
    }
    return { task: await this.resume(taskId), retried };
  }

  /**
   * Resolves when the task is finished or paused, wherever it runs; takes it over when its process dies.
   * Rejects with the fault that ended this process's run, such as `STORE_FULL`, or with the signal's reason.
   */
  async wait(taskId: string, { signal }: { readonly signal?: AbortSignal } = {}): Promise<Task> {
    for (;;) {
      signal?.throwIfAborted();
      await this.#runs.get(taskId)?.done;
      const task = await this.#existing(taskId);
      if (this.#closed || (task.status !== 'running' && task.status !== 'pending')) return task;
      if (!(await this.#tryStart(task))) await sleep(this.#pollMs, { clock: this.#clock, signal });
    }
  }

  /** How many items this process is working on, of one task or of all. */
  inFlight(taskId?: string): number {
    const runs = taskId === undefined ? [...this.#runs.values()] : [this.#runs.get(taskId)];
    return runs.reduce((sum, run) => sum + (run?.inFlight ?? 0), 0);
  }

  /**
   * Starts nothing more, gives what is in flight `drainMs` to finish and be recorded, then aborts it. Tasks that are
   * not done stay running without an owner: any process may go on with them.
   */
  async shutdown({ drainMs = 30_000 }: { readonly drainMs?: number } = {}): Promise<void> {
    this.#closed = true;
    const runs = [...this.#runs.values()];
    for (const run of runs) run.drain();
    const cancel = this.#clock.setTimer(() => {
      for (const run of runs) run.abort(new ToolkitError('LEASE_LOST', 'The runner was shut down.'));
    }, drainMs);
    await Promise.allSettled(runs.map((run) => run.done));
    cancel();
  }

  /** Runs the task here if it is to be run, nobody else does, and we know its job; returns whether it runs here. */
  async #tryStart(task: Task): Promise<boolean> {
    const { taskId } = task;
    if (this.#runs.has(taskId)) return true;
    if (this.#closed || (task.status !== 'pending' && task.status !== 'running')) return false;
    const job = this.#jobNamed(task.job);
    const holder = (await this.tasks.store.get(taskId))?.lease?.owner;
    const acquired = await this.tasks.store.acquireLease(taskId, {
      owner: this.#owner,
      ttlMs: this.#leaseMs,
      now: this.#clock.now(),
      deadOwner: holder !== undefined && isKnownDead(holder) ? holder : undefined,
    });
    if (!acquired) return false;
    if (this.#runs.has(taskId)) return true;
    const run = new TaskRun(task, job, {
      tasks: this.tasks,
      concurrency: this.#concurrency,
      errorHandler: this.#errorHandler,
      clock: this.#clock,
      owner: this.#owner,
      leaseMs: this.#leaseMs,
      maxConsecutiveFailures: this.#maxConsecutiveFailures,
    });
    this.#runs.set(taskId, run);
    const forget = (): void => {
      this.#runs.delete(taskId);
    };
    run.done.then(forget, forget);
    return true;
  }

  async #existing(taskId: string): Promise<Task> {
    const task = await this.tasks.getTask(taskId);
    if (task !== undefined) return task;
    throw new ToolkitError('TASK_NOT_FOUND', `There is no task ${quote(taskId)}.`);
  }

  #jobNamed(name: string | null): Job {
    const job = name === null ? undefined : this.#jobs.get(name);
    if (job !== undefined) return job;
    const known = [...this.#jobs.keys()].map((key) => quote(key)).join(', ') || 'none';
    throw new ToolkitError(
      'UNKNOWN_JOB',
      `No job is registered as ${quote(name)} (registered: ${known}). Call runner.register(name, job) first.`,
    );
  }
}

function readItems(items: Submission['items']): readonly TaskItem[] {
  const keys = new Set<string>();
  return Array.from(items, (item) => {
    const read = typeof item === 'object' ? item : { key: String(item), input: item };
    if (keys.has(read.key)) {
      throw new ToolkitError(
        'DUPLICATE_ITEM',
        `Two items have the key ${quote(read.key)}: keys must be unique.`,
      );
    }
    keys.add(read.key);
    // Whether it is JSON is for the task manager to check.
    return read as TaskItem;
  });
}

function positive(name: string, value: number): number {
  if (value > 0) return value;
  throw new ToolkitError('INVALID_OPTION', `${name} must be a number above 0, got ${quote(value)}.`);
}
