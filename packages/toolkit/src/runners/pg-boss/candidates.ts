import type { Clock } from '../../clock/clock.ts';
import type { TaskManager } from '../../tasks/task-manager.ts';
import type { TaskSummary } from '../../tasks/task-record.ts';
import type { SummariesRequest } from '../../tasks/task-store.ts';
import { isToRun } from '../job-registry.ts';
import type { PgBossQueue } from './pg-boss-queue.ts';

/** A task with nothing in its queue is examined so often: it has ended, or was created without a queue. */
const EXAMINE_MS = 5_000;
const MOST_TASKS = 1_000;

interface Candidate {
  readonly taskId: string;
  /** It may have items for this process. */
  isReady: boolean;
  /** By the monotonic clock. */
  restsUntil: number;
  examinedAt: number;
}

/** The tasks that a process is to work on: those that it was asked to see through, and those of the jobs that it serves. */
export class Candidates {
  readonly #tasks: TaskManager;
  readonly #queue: PgBossQueue;
  readonly #clock: Clock;
  readonly #candidates = new Map<string, Candidate>();
  /** Each with the time, in calls of `see`, when that was asked for last. */
  readonly #own = new Map<string, number>();
  #calls = 0;
  #served: ReadonlySet<string> = new Set();
  #turn = 0;

  constructor(tasks: TaskManager, queue: PgBossQueue, clock: Clock) {
    this.#tasks = tasks;
    this.#queue = queue;
    this.#clock = clock;
  }

  get servesOthers(): boolean {
    return this.#served.size > 0;
  }

  /** Tasks that this process was asked to see through. */
  get own(): readonly string[] {
    return [...this.#own.keys()];
  }

  serve(jobs: readonly string[]): void {
    this.#served = new Set(jobs);
  }

  see(taskId: string): void {
    this.#own.set(taskId, ++this.#calls);
    this.mayHaveItems(taskId);
  }

  /** @param taskId `undefined`: any of them */
  mayHaveItems(taskId: string | undefined): void {
    const changed = taskId === undefined ? this.#candidates.values() : [this.#candidates.get(taskId)];
    for (const candidate of changed) if (candidate !== undefined) candidate.isReady = true;
  }

  hasNoItems(taskId: string): void {
    const candidate = this.#candidates.get(taskId);
    if (candidate !== undefined) candidate.isReady = false;
  }

  /** Whether a task with nothing to claim is worth a closer look now. */
  isToExamine(taskId: string): boolean {
    const candidate = this.#candidates.get(taskId);
    const now = this.#clock.monotonic();
    if (candidate === undefined || now - candidate.examinedAt < EXAMINE_MS) return false;
    candidate.examinedAt = now;
    return true;
  }

  /** Leaves the task alone. One of a job that is served is tried again after `restMs`. */
  drop(taskId: string, restMs: number): void {
    this.#own.delete(taskId);
    const restsUntil = this.#clock.monotonic() + restMs;
    this.#candidates.set(taskId, { ...newCandidate(taskId), restsUntil });
  }

  /** It rests no longer. */
  wake(taskId: string): void {
    const candidate = this.#candidates.get(taskId);
    if (candidate !== undefined) candidate.restsUntil = Number.NEGATIVE_INFINITY;
  }

  /** The tasks that may have items now. Each time another is first. */
  inTurn(): readonly string[] {
    const now = this.#clock.monotonic();
    const ready = [...this.#candidates.values()].filter(
      ({ isReady, restsUntil }) => isReady && restsUntil <= now,
    );
    const first = ready.length === 0 ? 0 : this.#turn++ % ready.length;
    return [...ready.slice(first), ...ready.slice(0, first)].map(({ taskId }) => taskId);
  }

  /**
   * Finds out which tasks there are, and which of them have items to claim: with two statements, however many tasks there are.
   *
   * @param working the tasks that this process works on
   * @returns these and its own, as they are now
   */
  async look(working: Iterable<string>): Promise<ReadonlyMap<string, TaskSummary>> {
    const known = new Set([...this.#own.keys(), ...working]);
    const calls = this.#calls;
    // What is added meanwhile is looked at the next time.
    const candidates = [...this.#candidates.values()];
    const found = new Map<string, TaskSummary>();
    if (this.servesOthers) {
      for await (const task of this.#summaries({ statuses: ['pending', 'running'] }))
        found.set(task.taskId, task);
    }
    // Those that have ended, or are paused.
    const others = [...known].filter((taskId) => !found.has(taskId));
    for (let start = 0; start < others.length; start += MOST_TASKS) {
      const taskIds = others.slice(start, start + MOST_TASKS);
      for await (const task of this.#summaries({ taskIds })) found.set(task.taskId, task);
    }
    // A task that was asked for meanwhile may have been read before it was resumed.
    for (const [taskId, call] of this.#own)
      if (call <= calls && !isTaskToRun(found.get(taskId))) this.#own.delete(taskId);
    for (const { taskId } of candidates) if (!isTaskToRun(found.get(taskId))) this.#candidates.delete(taskId);
    for (const task of found.values()) {
      const isServed = task.job !== null && this.#served.has(task.job);
      const isNew = isTaskToRun(task) && !this.#candidates.has(task.taskId);
      if (isNew && (isServed || known.has(task.taskId)))
        this.#candidates.set(task.taskId, newCandidate(task.taskId));
    }
    await this.#findItems(candidates.filter(({ isReady }) => !isReady));
    return found;
  }

  async *#summaries(filter: SummariesRequest): AsyncIterableIterator<TaskSummary> {
    let after: string | undefined;
    do {
      const page = await this.#tasks.store.summaries({ ...filter, limit: MOST_TASKS, after });
      yield* page.entries;
      after = page.next ?? undefined;
    } while (after !== undefined);
  }

  /** Others may have handed items back, a wait may be over, or the queue may be gone. */
  async #findItems(waiting: readonly Candidate[]): Promise<void> {
    const now = this.#clock.monotonic();
    const states = await this.#queue.states(waiting.map(({ taskId }) => taskId));
    for (const candidate of waiting) {
      const state = states.get(candidate.taskId);
      if (state === 'ready' || (state === 'empty' && now - candidate.examinedAt >= EXAMINE_MS))
        candidate.isReady = true;
    }
  }
}

function newCandidate(taskId: string): Candidate {
  return {
    taskId,
    isReady: true,
    restsUntil: Number.NEGATIVE_INFINITY,
    examinedAt: Number.NEGATIVE_INFINITY,
  };
}

function isTaskToRun(task: TaskSummary | undefined): boolean {
  return task !== undefined && isToRun(task);
}
