import { type Clock, systemClock } from '../../clock/clock.ts';
import { quote, ToolkitError } from '../../errors/toolkit-error.ts';
import { checkCount, checkMs, checkNumber } from '../../options/check.ts';
import { ErrorHandler } from '../../retry/error-handler.ts';
import { failureResult } from '../../tasks/failure-result.ts';
import type { Job, TypedJob } from '../../tasks/job.ts';
import type { Task } from '../../tasks/task.ts';
import type { TaskManager } from '../../tasks/task-manager.ts';
import { isActive, type TaskSummary } from '../../tasks/task-record.ts';
import type { ResetRequest } from '../../tasks/task-store.ts';
import { isToRun, JobRegistry } from '../job-registry.ts';
import { DRAIN_MS } from '../job-work.ts';
import { leaseOwner } from '../local/lease.ts';
import { hasCode, isWorthWaiting } from '../record-item.ts';
import type { JobRunner, Runner, Submission } from '../runner.ts';
import type { PgBossQueue } from './pg-boss-queue.ts';
import { type FollowedTask, TaskWork } from './task-work.ts';
import { WakeUps } from './wake-ups.ts';

export interface PgBossRunnerOptions {
  /** On a `SqlTaskStore` that was opened with the same queue. */
  readonly tasks: TaskManager;
  readonly queue: PgBossQueue;
  /**
   * How many items this process works on at once, of all tasks together; 1 or more. Three times as many
   * more may be waiting for their results to be recorded. @default 50
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

/**
 * Items whose results wait to be recorded need no place, up to so many times as many as there are places: the more there are,
 * the more share a commit.
 */
const MAX_WAITING = 4;
/** A task with more new items is analysed: see `PgBossQueue.analyze`. */
const MANY_ITEMS = 1_000;
/** How often a task is examined that seems to have nothing left to do and does not end. */
const EXAMINE_MS = 5_000;
const MOST_TASKS = 1_000;
/** After the drain of a shutdown, what is in flight may still wait so long for a database that is away. */
const LAST_WAIT_MS = 10_000;
/** A task whose work has failed here so often in a row is paused. */
const MAX_FAULTS = 3;
/** Queues of finished tasks are removed by whoever finishes them; of others, such as cancelled ones, now and then. */
const TIDY_MS = 60_000;

interface Candidate {
  readonly taskId: string;
  readonly job: string | null;
  /** It had nothing for this process; until then it isn't asked again, unless something has changed. */
  idleUntil: number;
  examinedAt: number;
}

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
  readonly #options: PgBossRunnerOptions;
  readonly #queue: PgBossQueue;
  readonly #errorHandler: ErrorHandler;
  readonly #clock: Clock;
  readonly #maxConcurrency: number;
  readonly #pollMs: number;
  readonly #faultRestMs: number;
  readonly #owner = leaseOwner();
  readonly #jobs = new JobRegistry();
  readonly #works = new Map<string, TaskWork>();
  readonly #beginning = new Map<string, Promise<TaskWork | undefined>>();
  /** Tasks that this process has been asked to see through. */
  readonly #own = new Set<string>();
  readonly #candidates = new Map<string, Candidate>();
  /** What ended the work on a task here, until a caller waits for it or resumes it. */
  readonly #faults = new Map<string, { readonly error: unknown }>();
  /** Tasks whose work has failed here, and when each is tried again. */
  readonly #failing = new Map<string, { readonly times: number; readonly restsUntil: number }>();
  readonly #wakeUps: WakeUps;
  readonly #background = new Set<Promise<unknown>>();
  /** Jobs whose tasks this process works on, whoever submitted them. */
  #served: ReadonlySet<string> = new Set();
  #loop: Promise<void> | undefined;
  #isStale = true;
  #lookedAt = Number.NEGATIVE_INFINITY;
  #turn = 0;
  #tidiedAt: number | undefined;
  #closed = false;

  /** @throws ToolkitError `INVALID_OPTION` */
  constructor(options: PgBossRunnerOptions) {
    const { tasks, queue, maxConcurrency = 50, pollMs = 1_000, clock = systemClock } = options;
    const { maxConcurrencyPerTask, maxConsecutiveFailures } = options;
    this.#options = options;
    this.tasks = tasks;
    this.#queue = queue;
    this.#clock = clock;
    this.#errorHandler = options.errorHandler ?? new ErrorHandler({ clock });
    this.#maxConcurrency = checkCount('maxConcurrency', maxConcurrency, { from: 1 });
    this.#pollMs = checkMs('pollMs', pollMs, { above: 0 });
    this.#faultRestMs = checkMs('faultRestMs', options.faultRestMs ?? 10_000, { from: 0 });
    checkCount('maxConcurrencyPerTask', maxConcurrencyPerTask, { from: 1, orInfinity: true });
    checkNumber('maxConsecutiveFailures', maxConsecutiveFailures, { above: 0, orInfinity: true });
    this.#wakeUps = new WakeUps(clock);
    tasks.on('status', ({ task }) => this.#changed(task.taskId, task));
    tasks.on('settings', ({ task }) => this.#changed(task.taskId, task));
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
   * Works from now on on all tasks of these jobs, whoever submitted them.
   *
   * @throws ToolkitError `UNKNOWN_JOB`, `RUNNER_CLOSED`
   */
  serve({ jobs = this.#jobs.names }: ServeOptions = {}): void {
    this.#refuseIfClosed();
    for (const name of jobs) this.#jobs.named(name);
    this.#served = new Set(jobs);
    this.#wake();
  }

  async submit<Input, Params>(
    submission: Submission<Input, Params>,
  ): Promise<{ readonly task: Task; readonly isNew: boolean }> {
    this.#refuseIfClosed();
    const created = await this.tasks.getOrCreateTask(this.#jobs.taskOf(submission));
    const { task, isNew } = created;
    if (isNew && task.totalCount >= MANY_ITEMS) await this.#queue.analyze();
    this.#see(task.taskId);
    return created;
  }

  async resume(taskId: string): Promise<Task> {
    this.#refuseIfClosed();
    const task = await this.#existing(taskId);
    this.#faults.delete(taskId);
    this.#failing.delete(taskId);
    if (task.status === 'paused') {
      this.#jobs.named(task.job);
      await this.tasks.resumeTask(taskId);
    }
    if (!isToRun(task)) return task;
    this.#jobs.named(task.job);
    await this.#refill(task);
    this.#see(taskId);
    return task;
  }

  async pause(
    taskId: string,
    { reason, drainMs = DRAIN_MS }: Parameters<Runner['pause']>[1] = {},
  ): Promise<Task> {
    const work = this.#works.get(taskId);
    const task = await this.tasks.pauseTask(taskId, { reason });
    work?.drain(drainMs);
    await settled(work);
    return task;
  }

  async cancel(taskId: string, { reason }: Parameters<Runner['cancel']>[1] = {}): Promise<Task> {
    const work = this.#works.get(taskId);
    const task = await this.tasks.cancelTask(taskId, { reason });
    await settled(work);
    this.#inBackground(this.#queue.remove(taskId));
    return task;
  }

  async retryFailed(
    taskId: string,
    { itemKeys }: ResetRequest = {},
  ): Promise<{ readonly task: Task; readonly retried: number }> {
    this.#refuseIfClosed();
    const request = { itemKeys: itemKeys?.slice() };
    const task = await this.#existing(taskId);
    this.#jobs.named(task.job);
    const retried = await this.tasks.resetFailed(taskId, request);
    if (!isActive(task.status) && task.completedCount < task.totalCount) await this.tasks.reopenTask(taskId);
    return { task: await this.resume(taskId), retried };
  }

  async wait(taskId: string, { signal }: { readonly signal?: AbortSignal | undefined } = {}): Promise<Task> {
    for (;;) {
      signal?.throwIfAborted();
      const changed = this.#wakeUps.next(taskId, this.#pollMs, signal);
      changed.catch(() => {});
      const fault = this.#faults.get(taskId);
      if (fault !== undefined) {
        this.#faults.delete(taskId);
        throw fault.error;
      }
      const task = await this.#existing(taskId);
      if (this.#closed) return task;
      if (isToRun(task)) this.#see(taskId);
      else if (!this.#works.has(taskId)) return task;
      await changed;
    }
  }

  /** Whether this process works on the task now. */
  isRunning(taskId: string): boolean {
    return this.#works.has(taskId);
  }

  /** The ids of the tasks that this process works on now. */
  get running(): readonly string[] {
    return [...this.#works.keys()];
  }

  inFlight(taskId?: string): number {
    const works = taskId === undefined ? [...this.#works.values()] : [this.#works.get(taskId)];
    return works.reduce((sum, work) => sum + (work?.inFlight ?? 0), 0);
  }

  async shutdown({ drainMs = DRAIN_MS }: Parameters<Runner['shutdown']>[0] = {}): Promise<void> {
    this.#closed = true;
    // A process that is to end waits no longer for a database than for what is in flight.
    this.#queue.hurry(drainMs + LAST_WAIT_MS);
    this.#wake();
    await this.#loop;
    await Promise.allSettled(this.#beginning.values());
    const works = [...this.#works.values()];
    for (const work of works) work.drain(drainMs);
    await Promise.all(works.map((work) => settled(work)));
    await Promise.all(this.#background);
    this.#wakeUps.all();
  }

  /** This process works on the task until it has ended. */
  #see(taskId: string): void {
    this.#own.add(taskId);
    const candidate = this.#candidates.get(taskId);
    if (candidate !== undefined) candidate.idleUntil = 0;
    this.#isStale = true;
    this.#wake();
  }

  /** The task was changed by this process, or by another that notified. */
  #changed(taskId: string | undefined, task?: FollowedTask): void {
    this.#isStale = true;
    for (const candidate of taskId === undefined ? this.#candidates.values() : [this.#candidates.get(taskId)])
      if (candidate !== undefined) candidate.idleUntil = 0;
    if (taskId !== undefined && task !== undefined) void this.#works.get(taskId)?.obey(task);
    if (taskId === undefined) this.#wakeUps.all();
    else this.#wakeUps.of(taskId);
    this.#wakeUps.of(LOOP);
  }

  #wake(): void {
    if (!this.#closed) this.#loop ??= this.#run();
    this.#wakeUps.of(LOOP);
  }

  /** How many more items may be begun. Results that wait for the database are bounded too. */
  get #places(): number {
    let beingDone = 0;
    for (const work of this.#works.values()) beingDone += work.beingDone;
    return Math.min(this.#maxConcurrency - beingDone, MAX_WAITING * this.#maxConcurrency - this.inFlight());
  }

  get #hasTasks(): boolean {
    return this.#served.size > 0 || this.#own.size > 0 || this.#works.size > 0;
  }

  async #run(): Promise<void> {
    const stopListening = this.#queue.listen((taskId) => this.#changed(taskId));
    while (!this.#closed && this.#hasTasks) {
      const woken = this.#wakeUps.next(LOOP, this.#pollMs);
      try {
        if (this.#isStale || this.#clock.monotonic() - this.#lookedAt >= this.#pollMs) await this.#look();
        await this.#fill();
      } catch (error) {
        this.#isStale = true;
        // A database that is busy, away or full is asked again; what else is wrong ends what this process works on.
        if (!isWorthWaiting(error)) this.#failAll(error);
      }
      await woken;
    }
    stopListening();
    this.#loop = undefined;
    // Something may have been asked for meanwhile.
    if (!this.#closed && this.#hasTasks) this.#wake();
  }

  #failAll(error: unknown): void {
    for (const taskId of new Set([...this.#own, ...this.#works.keys()])) this.#failTask(taskId, error);
  }

  /** What is in flight ends first. */
  #failTask(taskId: string, error: unknown): void {
    const work = this.#works.get(taskId);
    if (work === undefined) this.#fault(taskId, error);
    else work.fail(error);
  }

  #fault(taskId: string, error: unknown): void {
    this.#faults.set(taskId, { error });
    const times = (this.#failing.get(taskId)?.times ?? 0) + 1;
    this.#failing.set(taskId, { times, restsUntil: this.#clock.monotonic() + this.#faultRestMs });
    this.#options.onFault?.(taskId, error);
    if (times >= MAX_FAULTS) {
      this.#failing.delete(taskId);
      const { message } = failureResult(error).error;
      this.#inBackground(
        this.tasks.pauseTask(taskId, { reason: `Its work has failed ${times} times here. ${message}` }),
      );
    }
    this.#own.delete(taskId);
    this.#candidates.delete(taskId);
    this.#wakeUps.of(taskId);
  }

  /** Finds out which tasks there are to work on, and follows those that are worked on. */
  async #look(): Promise<void> {
    const { store } = this.tasks;
    const known = [...new Set([...this.#own, ...this.#works.keys()])];
    this.#isStale = false;
    this.#lookedAt = this.#clock.monotonic();
    const found = new Map<string, TaskSummary>();
    for (let start = 0; start < known.length; start += MOST_TASKS) {
      const taskIds = known.slice(start, start + MOST_TASKS);
      for (const task of (await store.summaries({ taskIds, limit: MOST_TASKS })).entries)
        found.set(task.taskId, task);
    }
    if (this.#served.size > 0) {
      let after: string | undefined;
      do {
        const page = await store.summaries({ statuses: ['pending', 'running'], limit: MOST_TASKS, after });
        for (const task of page.entries)
          if (task.job !== null && this.#served.has(task.job)) found.set(task.taskId, task);
        after = page.next ?? undefined;
      } while (after !== undefined);
      this.#tidyNowAndThen();
    }
    for (const taskId of known) {
      const task = found.get(taskId);
      if (task !== undefined) await this.#works.get(taskId)?.obey(task);
      if (task === undefined || !isToRun(task)) this.#own.delete(taskId);
    }
    for (const taskId of this.#candidates.keys()) {
      const task = found.get(taskId);
      if (task === undefined || !isToRun(task)) this.#candidates.delete(taskId);
    }
    for (const { taskId, job, status } of found.values()) {
      if (!isToRun({ status }) || this.#candidates.has(taskId)) continue;
      const idleUntil = this.#failing.get(taskId)?.restsUntil ?? 0;
      this.#candidates.set(taskId, { taskId, job, idleUntil, examinedAt: Number.NEGATIVE_INFINITY });
    }
  }

  /** Shares the free places among the tasks, so that ten items are not behind a hundred thousand. */
  async #fill(): Promise<void> {
    const now = this.#clock.monotonic();
    const due = [...this.#candidates.values()].filter(({ idleUntil }) => idleUntil <= now);
    // Each time another is first.
    const first = due.length === 0 ? 0 : this.#turn++ % due.length;
    const inTurn = [...due.slice(first), ...due.slice(0, first)];
    let left = inTurn.length;
    for (const candidate of inTurn) {
      const free = this.#places;
      if (this.#closed || free < 1) return;
      const taken = await this.#take(candidate, Math.ceil(free / left)).catch((error: unknown) => {
        if (isWorthWaiting(error)) throw error;
        this.#failTask(candidate.taskId, error);
        return 0;
      });
      left -= 1;
      if (taken === 0) candidate.idleUntil = this.#clock.monotonic() + this.#pollMs;
      // There may be more, and room for it.
      else this.#wakeUps.of(LOOP);
    }
  }

  /** Claims items of a task and works on them; returns how many. */
  async #take(candidate: Candidate, count: number): Promise<number> {
    const { taskId } = candidate;
    const work = this.#works.get(taskId) ?? (await this.#begin(taskId));
    const wanted = Math.min(count, work?.room ?? 0);
    if (work === undefined || wanted < 1) return 0;
    const claimed = await this.#queue.fetch(taskId, wanted, work.maxConcurrency);
    if (claimed === undefined || claimed.length === 0) {
      if (work.inFlight === 0 || claimed === undefined) await this.#examine(candidate, work);
      return 0;
    }
    work.start(claimed);
    return claimed.length;
  }

  #begin(taskId: string): Promise<TaskWork | undefined> {
    const beginning = this.#beginning.get(taskId) ?? this.#newWork(taskId);
    this.#beginning.set(taskId, beginning);
    const forget = (): void => void this.#beginning.delete(taskId);
    beginning.then(forget, forget);
    return beginning;
  }

  async #newWork(taskId: string): Promise<TaskWork | undefined> {
    const { tasks } = this;
    let task = await tasks.store.get(taskId);
    if (task === undefined || !isToRun(task) || this.#closed) return undefined;
    const job = this.#jobs.named(task.job);
    if (task.status === 'pending') {
      // Another process may start it at the same moment.
      await tasks.startTask(taskId).catch((error: unknown) => {
        if (!hasCode(error, 'ILLEGAL_TRANSITION')) throw error;
      });
      task = (await tasks.store.get(taskId)) ?? task;
      if (!isToRun(task)) return undefined;
    }
    const { maxConcurrencyPerTask = Number.POSITIVE_INFINITY } = this.#options;
    const { maxConsecutiveFailures = Number.POSITIVE_INFINITY } = this.#options;
    const work = new TaskWork(task, job, {
      tasks,
      queue: this.#queue,
      errorHandler: this.#errorHandler,
      clock: this.#clock,
      owner: this.#owner,
      maxConcurrencyPerTask,
      maxConsecutiveFailures,
      onRoom: () => this.#hasRoom(taskId),
    });
    this.#works.set(taskId, work);
    this.#faults.delete(taskId);
    const ended = (): void => {
      this.#works.delete(taskId);
      this.#failing.delete(taskId);
      this.#see(taskId);
      this.#wakeUps.of(taskId);
    };
    work.done.then(ended, (error: unknown) => {
      this.#works.delete(taskId);
      this.#fault(taskId, error);
    });
    await work.lease();
    await work.obey(task);
    if (task.completedCount === task.totalCount) await work.conclude();
    return work;
  }

  /** An item has ended: there is room for another of its task, or of any other. */
  #hasRoom(taskId: string): void {
    const candidate = this.#candidates.get(taskId);
    if (candidate !== undefined) candidate.idleUntil = 0;
    this.#wakeUps.of(LOOP);
  }

  /** A task with nothing to claim and nothing in flight here: others work on the rest, or there is none. */
  async #examine(candidate: Candidate, work: TaskWork): Promise<void> {
    const { taskId } = candidate;
    const now = this.#clock.monotonic();
    if (now - candidate.examinedAt < EXAMINE_MS) return;
    candidate.examinedAt = now;
    if ((await this.#queue.size(taskId)) > 0) return;
    const task = await this.tasks.store.get(taskId);
    if (task === undefined || !isToRun(task)) return;
    if (task.completedCount < task.totalCount) await this.#queue.refill(taskId);
    if ((await this.#queue.size(taskId)) === 0) await work.conclude();
    else candidate.idleUntil = 0;
  }

  /** Puts items into the queue that are not in it: of a task that was created without one, or whose queue was removed. */
  async #refill({ taskId, totalCount, completedCount }: Task): Promise<void> {
    if ((await this.#queue.size(taskId)) < totalCount - completedCount) await this.#queue.refill(taskId);
  }

  #tidyNowAndThen(): void {
    const now = this.#clock.monotonic();
    this.#tidiedAt ??= now;
    if (now - this.#tidiedAt < TIDY_MS) return;
    this.#tidiedAt = now;
    this.#inBackground(this.#tidy());
  }

  async #tidy(): Promise<void> {
    const taskIds = await this.#queue.taskIds();
    for (let start = 0; start < taskIds.length; start += MOST_TASKS) {
      const some = taskIds.slice(start, start + MOST_TASKS);
      const { entries } = await this.tasks.store.summaries({ taskIds: some, limit: MOST_TASKS });
      const active = new Set(entries.filter(({ status }) => isActive(status)).map(({ taskId }) => taskId));
      // A queue without a task may be of one that is being created: it has been there for a while, or stays until then.
      const known = new Set(entries.map(({ taskId }) => taskId));
      for (const taskId of some)
        if (known.has(taskId) && !active.has(taskId)) await this.#queue.remove(taskId);
    }
  }

  /** What fails is done by the next that tidies up. */
  #inBackground(action: Promise<unknown>): void {
    const settled = action.catch(() => {}).finally(() => this.#background.delete(settled));
    this.#background.add(settled);
  }

  async #existing(taskId: string): Promise<Task> {
    const task = await this.tasks.getTask(taskId);
    if (task !== undefined) return task;
    throw new ToolkitError('TASK_NOT_FOUND', `There is no task ${quote(taskId)}.`);
  }

  #refuseIfClosed(): void {
    if (!this.#closed) return;
    throw new ToolkitError(
      'RUNNER_CLOSED',
      'This runner was shut down and starts nothing more. Make another.',
    );
  }
}

/** Who waits under this key is the loop: no task has an empty id. */
const LOOP = '';

/** Resolves when the work has ended, in any way. */
async function settled(work: TaskWork | undefined): Promise<void> {
  await work?.done.catch(() => {});
}
