import { isWorthWaiting } from '../../classify/store-fault.ts';
import type { Clock } from '../../clock/clock.ts';
import type { ErrorHandler } from '../../retry/error-handler.ts';
import { failureResult } from '../../tasks/failure-result.ts';
import type { TaskManager } from '../../tasks/task-manager.ts';
import type { TaskSummary } from '../../tasks/task-record.ts';
import { isToRun, type JobRegistry } from '../job-registry.ts';
import { leaseOwner } from '../local/lease.ts';
import { hasCode } from '../record-item.ts';
import type { PgBossQueue } from './pg-boss-queue.ts';
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

/**
 * Items whose results wait to be recorded need no place, as long as all together are so many times as many as there are places.
 * A process that is killed loses them all.
 */
const MAX_WAITING = 2;
/** How often a task is examined that seems to have nothing left to do and does not end. */
const EXAMINE_MS = 5_000;
const MOST_TASKS = 1_000;
/** A task whose work has failed here so often in a row is paused. */
const MAX_FAULTS = 3;
/** Queues of finished tasks are removed by the process that finishes them; of others, such as cancelled ones, now and then. */
const TIDY_MS = 60_000;

interface Candidate {
  readonly taskId: string;
  readonly job: string | null;
  /** It had nothing for this process; until then it isn't asked again, unless something has changed. */
  idleUntil: number;
  examinedAt: number;
}

/**
 * Finds the tasks that this process is to work on, and fills its places with their items. Its loop ends when there is no such
 * task.
 */
export class Dispatch {
  readonly #options: DispatchOptions;
  readonly #tasks: TaskManager;
  readonly #queue: PgBossQueue;
  readonly #jobs: JobRegistry;
  readonly #clock: Clock;
  readonly #owner = leaseOwner();
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
  #served: ReadonlySet<string> = new Set();
  #loop: Promise<void> | undefined;
  #isStale = true;
  #lookedAt = Number.NEGATIVE_INFINITY;
  #turn = 0;
  #tidiedAt: number | undefined;
  #closed = false;

  constructor(options: DispatchOptions) {
    this.#options = options;
    this.#tasks = options.tasks;
    this.#queue = options.queue;
    this.#jobs = options.jobs;
    this.#clock = options.clock;
    this.#wakeUps = new WakeUps(options.clock);
    this.#tasks.on('status', ({ task }) => this.changed(task.taskId, task));
    this.#tasks.on('settings', ({ task }) => this.changed(task.taskId, task));
  }

  /** Works on the tasks of these jobs, whichever process submitted them. */
  serve(jobs: readonly string[]): void {
    this.#served = new Set(jobs);
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
    this.#failing.delete(taskId);
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
    this.#own.add(taskId);
    const candidate = this.#candidates.get(taskId);
    if (candidate !== undefined) candidate.idleUntil = 0;
    this.#isStale = true;
    this.#wake();
  }

  /** The task was changed by this process, or by another that notified. */
  changed(taskId: string | undefined, task?: FollowedTask): void {
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
    return Math.min(
      this.#options.maxConcurrency - beingDone,
      MAX_WAITING * this.#options.maxConcurrency - this.inFlight(),
    );
  }

  get #hasTasks(): boolean {
    return this.#served.size > 0 || this.#own.size > 0 || this.#works.size > 0;
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
    this.#failing.set(taskId, { times, restsUntil: this.#clock.monotonic() + this.#options.faultRestMs });
    this.#options.onFault(taskId, error);
    if (times >= MAX_FAULTS) {
      this.#failing.delete(taskId);
      const { message } = failureResult(error).error;
      this.inBackground(
        this.#tasks.pauseTask(taskId, { reason: `Its work has failed ${times} times here. ${message}` }),
      );
    }
    this.#own.delete(taskId);
    this.#candidates.delete(taskId);
    this.#wakeUps.of(taskId);
  }

  /** Finds out which tasks there are to work on, and follows those that are worked on. */
  async #look(): Promise<void> {
    const { store } = this.#tasks;
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
      if (taken === 0) candidate.idleUntil = this.#clock.monotonic() + this.#options.pollMs;
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
      errorHandler,
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
    const task = await this.#tasks.store.get(taskId);
    if (task === undefined || !isToRun(task)) return;
    if (task.completedCount < task.totalCount) await this.#queue.refill(taskId);
    if ((await this.#queue.size(taskId)) === 0) await work.conclude();
    else candidate.idleUntil = 0;
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

/** Who waits under this key is the loop: no task has an empty id. */
const LOOP = '';
