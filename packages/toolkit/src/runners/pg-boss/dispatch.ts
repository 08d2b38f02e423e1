import { isWorthWaiting } from '../../classify/store-fault.ts';
import type { Clock } from '../../clock/clock.ts';
import type { ErrorHandler } from '../../retry/error-handler.ts';
import { failureResult } from '../../tasks/failure-result.ts';
import type { TaskManager } from '../../tasks/task-manager.ts';
import { isToRun, type JobRegistry } from '../job-registry.ts';
import { leaseOwner } from '../local/lease.ts';
import { hasCode } from '../record-item.ts';
import { Candidates } from './candidates.ts';
import type { PgBossQueue } from './pg-boss-queue.ts';
import { Slots } from './slots.ts';
import { type FollowedTask, TaskWork } from './task-work.ts';
import { WakeUps } from './wake-ups.ts';

export interface DispatchOptions {
  readonly tasks: TaskManager;
  readonly queue: PgBossQueue;
  readonly jobs: JobRegistry;
  readonly errorHandler: ErrorHandler;
  readonly clock: Clock;
  readonly maxConcurrency: number;
  readonly maxConcurrencyPerTask: number;
  readonly maxConsecutiveFailures: number;
  readonly pollMs: number;
  readonly faultRestMs: number;
  readonly onFault: (taskId: string, error: unknown) => void;
}

/** A task whose work has failed here so often in a row is paused. */
const MAX_FAULTS = 3;
/** Queues of finished tasks are removed by the process that finishes them; of others, such as cancelled ones, now and then. */
const TIDY_MS = 60_000;

/** Finds the tasks that this process is to work on, and fills its slots with their items. The loop ends when no task is left. */
export class Dispatch {
  readonly #options: DispatchOptions;
  readonly #tasks: TaskManager;
  readonly #queue: PgBossQueue;
  readonly #jobs: JobRegistry;
  readonly #clock: Clock;
  readonly #owner = leaseOwner();
  readonly #works = new Map<string, TaskWork>();
  readonly #beginning = new Map<string, Promise<TaskWork | undefined>>();
  readonly #candidates: Candidates;
  /** What ended the work on a task here, until a caller waits for it or resumes it. */
  readonly #faults = new Map<string, { readonly error: unknown }>();
  /** How often in a row the work on a task has failed here. */
  readonly #failures = new Map<string, number>();
  readonly #wakeUps: WakeUps;
  readonly #slots: Slots;
  readonly #background = new Set<Promise<unknown>>();
  #loop: Promise<void> | undefined;
  #isStale = true;
  #lookedAt = Number.NEGATIVE_INFINITY;
  #tidiedAt: number | undefined;
  #closed = false;

  constructor(options: DispatchOptions) {
    this.#options = options;
    this.#tasks = options.tasks;
    this.#queue = options.queue;
    this.#jobs = options.jobs;
    this.#clock = options.clock;
    this.#wakeUps = new WakeUps(options.clock);
    this.#candidates = new Candidates(options.tasks, options.queue, options.clock);
    this.#slots = new Slots(options.maxConcurrency, options.clock);
    this.#tasks.on('status', ({ task }) => this.changed(task.taskId, task));
    this.#tasks.on('settings', ({ task }) => this.changed(task.taskId, task));
  }

  /** Works on the tasks of these jobs, whichever process submitted them. */
  serve(jobs: readonly string[]): void {
    this.#candidates.serve(jobs);
    this.#isStale = true;
    this.#wake();
  }

  /** What this process does of a task, while it does something of it. */
  work(taskId: string): TaskWork | undefined {
    return this.#works.get(taskId);
  }

  /** The ids of the tasks that this process works on now. */
  get running(): readonly string[] {
    return [...this.#works.keys()];
  }

  inFlight(taskId?: string): number {
    const works = taskId === undefined ? [...this.#works.values()] : [this.#works.get(taskId)];
    return works.reduce((sum, work) => sum + (work?.inFlight ?? 0), 0);
  }

  /** Resolves when the task may have changed, or after a poll's time; rejects with the signal's reason. */
  nextChange(taskId: string, signal?: AbortSignal | undefined): Promise<void> {
    return this.#wakeUps.next(taskId, this.#options.pollMs, signal);
  }

  /** What ended the work on the task here since this was asked last. */
  takeFault(taskId: string): { readonly error: unknown } | undefined {
    const fault = this.#faults.get(taskId);
    this.#faults.delete(taskId);
    return fault;
  }

  /** The task is tried again as if its work had never failed here. */
  forgive(taskId: string): void {
    this.#faults.delete(taskId);
    this.#failures.delete(taskId);
    this.#candidates.wake(taskId);
  }

  /** Begins nothing more, and gives what is in flight `drainMs` to finish. */
  async close(drainMs: number): Promise<void> {
    this.#closed = true;
    this.#wakeUps.of(LOOP);
    await this.#loop;
    await Promise.allSettled(this.#beginning.values());
    const works = [...this.#works.values()];
    for (const work of works) work.drain(drainMs);
    await Promise.all(works.map((work) => work.done.catch(() => {})));
    await Promise.all(this.#background);
    this.#wakeUps.all();
  }

  /** This process works on the task until it has ended. */
  see(taskId: string): void {
    this.#candidates.see(taskId);
    this.#isStale = true;
    this.#wake();
  }

  /** The task was changed by this process, or by another that notified. */
  changed(taskId: string | undefined, task?: FollowedTask): void {
    this.#isStale = true;
    this.#candidates.mayHaveItems(taskId);
    if (taskId !== undefined && task !== undefined) void this.#works.get(taskId)?.obey(task);
    if (taskId === undefined) this.#wakeUps.all();
    else this.#wakeUps.of(taskId);
    this.#wakeUps.of(LOOP);
  }

  #wake(): void {
    if (!this.#closed && this.#hasTasks) this.#loop ??= this.#run();
    this.#wakeUps.of(LOOP);
  }

  get #hasTasks(): boolean {
    return this.#candidates.servesOthers || this.#candidates.own.length > 0 || this.#works.size > 0;
  }

  async #run(): Promise<void> {
    const stopListening = this.#queue.listen((taskId) => this.changed(taskId));
    while (!this.#closed && this.#hasTasks) {
      const woken = this.#wakeUps.next(LOOP, this.#options.pollMs);
      try {
        if (this.#isStale || this.#clock.monotonic() - this.#lookedAt >= this.#options.pollMs)
          await this.#look();
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
    this.#wake();
  }

  #failAll(error: unknown): void {
    for (const taskId of new Set([...this.#candidates.own, ...this.#works.keys()]))
      this.#failTask(taskId, error);
  }

  /** What is in flight ends first. */
  #failTask(taskId: string, error: unknown): void {
    const work = this.#works.get(taskId);
    if (work === undefined) this.#fault(taskId, error);
    else work.fail(error);
  }

  #fault(taskId: string, error: unknown): void {
    this.#faults.set(taskId, { error });
    const times = (this.#failures.get(taskId) ?? 0) + 1;
    this.#failures.set(taskId, times);
    this.#candidates.drop(taskId, this.#options.faultRestMs);
    this.#options.onFault(taskId, error);
    if (times >= MAX_FAULTS) {
      this.#failures.delete(taskId);
      const { message } = failureResult(error).error;
      this.inBackground(
        this.#tasks.pauseTask(taskId, { reason: `Its work has failed ${times} times here. ${message}` }),
      );
    }
    this.#wakeUps.of(taskId);
  }

  /** Finds out which tasks there are to work on, and follows those that are worked on. */
  async #look(): Promise<void> {
    this.#isStale = false;
    this.#lookedAt = this.#clock.monotonic();
    const before = new Map([...this.#works].map(([taskId, { changes }]) => [taskId, changes]));
    const found = await this.#candidates.look(this.#works.keys());
    if (this.#candidates.servesOthers) this.#tidyNowAndThen();
    for (const [taskId, work] of this.#works) {
      const task = found.get(taskId);
      if (task !== undefined && work.changes === before.get(taskId)) {
        await work.follow(task).catch((error: unknown) => {
          if (isWorthWaiting(error)) throw error;
          work.fail(error);
        });
      }
      work.handBackLate();
    }
  }

  /** Shares the free slots among the tasks, so that ten items are not behind a hundred thousand. */
  async #fill(): Promise<void> {
    // Without a free slot the order of the tasks stays as it is.
    if (this.#slots.claimable < 1) return;
    const taskIds = this.#candidates.inTurn();
    for (const [index, taskId] of taskIds.entries()) {
      if (this.#closed || this.#slots.claimable < 1) return;
      await this.#take(taskId, taskIds.length - index).catch((error: unknown) => {
        if (isWorthWaiting(error)) throw error;
        this.#failTask(taskId, error);
      });
    }
  }

  /** Claims items for the task's share of the slots, and works on them. @param tasks how many share the slots */
  async #take(taskId: string, tasks: number): Promise<void> {
    const work = this.#works.get(taskId) ?? (await this.#begin(taskId));
    if (work === undefined || work.room < 1) return this.#candidates.hasNoItems(taskId);
    const wanted = work.share(tasks);
    // It stays a candidate for the next free slot.
    if (wanted < 1) return;
    // Until a notification says otherwise, which may come while they are claimed.
    this.#candidates.hasNoItems(taskId);
    const claimed = await this.#queue.fetch(taskId, wanted, work.maxConcurrency);
    if (claimed !== undefined && claimed.length > 0) work.start(claimed);
    else if ((claimed !== undefined && work.hasItems) || !(await this.#examine(taskId, work))) return;
    // There may be more, and slots for it.
    this.#candidates.mayHaveItems(taskId);
    this.#wakeUps.of(LOOP);
  }

  #begin(taskId: string): Promise<TaskWork | undefined> {
    const beginning = this.#beginning.get(taskId) ?? this.#newWork(taskId);
    this.#beginning.set(taskId, beginning);
    const forget = (): void => void this.#beginning.delete(taskId);
    beginning.then(forget, forget);
    return beginning;
  }

  async #newWork(taskId: string): Promise<TaskWork | undefined> {
    const tasks = this.#tasks;
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
    const { errorHandler, maxConcurrencyPerTask, maxConsecutiveFailures } = this.#options;
    const work = new TaskWork(task, job, {
      tasks,
      queue: this.#queue,
      slots: this.#slots,
      errorHandler,
      clock: this.#clock,
      owner: this.#owner,
      maxConcurrencyPerTask,
      maxConsecutiveFailures,
      onRoom: () => this.#hasRoom(work),
    });
    this.#works.set(taskId, work);
    this.#faults.delete(taskId);
    const ended = (): void => {
      this.#works.delete(taskId);
      this.#failures.delete(taskId);
      this.see(taskId);
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

  /** An item has ended: there is room for another of its task where that is limited, or of any other. */
  #hasRoom({ taskId, maxConcurrency }: TaskWork): void {
    if (Number.isFinite(maxConcurrency)) this.#candidates.mayHaveItems(taskId);
    this.#wakeUps.of(LOOP);
  }

  /** A task with nothing to claim and nothing in flight here: others work on the rest, or there is none. Returns whether there is now. */
  async #examine(taskId: string, work: TaskWork): Promise<boolean> {
    if (!this.#candidates.isToExamine(taskId) || (await this.#queue.size(taskId)) > 0) return false;
    const task = await this.#tasks.store.get(taskId);
    if (task === undefined || !isToRun(task)) return false;
    if (task.completedCount < task.totalCount) await this.#queue.refill(taskId);
    if ((await this.#queue.size(taskId)) > 0) return true;
    await work.conclude();
    return false;
  }

  #tidyNowAndThen(): void {
    const now = this.#clock.monotonic();
    this.#tidiedAt ??= now;
    if (now - this.#tidiedAt < TIDY_MS) return;
    this.#tidiedAt = now;
    this.inBackground(this.#queue.tidy());
  }

  /** What fails is done by the next that tidies up. */
  inBackground(action: Promise<unknown>): void {
    const settled = action.catch(() => {}).finally(() => this.#background.delete(settled));
    this.#background.add(settled);
  }
}

/** The key under which the loop waits: no task has an empty id. */
const LOOP = '';
