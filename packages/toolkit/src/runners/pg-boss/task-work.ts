import { classify } from '../../classify/classify.ts';
import { isWorthWaiting } from '../../classify/store-fault.ts';
import type { Clock } from '../../clock/clock.ts';
import type { ErrorHandler } from '../../retry/error-handler.ts';
import type { Job } from '../../tasks/job.ts';
import type { TaskManager } from '../../tasks/task-manager.ts';
import type { TaskItemRecord, TaskRecord, TaskStatus, TaskSummary } from '../../tasks/task-record.ts';
import { concludeRun } from '../conclude-run.ts';
import { DRAIN_MS, JobWork, STOPPED } from '../job-work.ts';
import { hasCode, recordItem, storeHandler } from '../record-item.ts';
import { ClaimedItems, type ItemInFlight } from './claimed-items.ts';
import type { ClaimedItem, PgBossQueue } from './pg-boss-queue.ts';
import type { Slots } from './slots.ts';

export interface TaskWorkOptions {
  readonly tasks: TaskManager;
  readonly queue: PgBossQueue;
  readonly slots: Slots;
  readonly errorHandler: ErrorHandler;
  readonly clock: Clock;
  readonly owner: string;
  readonly maxConsecutiveFailures: number;
  readonly maxConcurrencyPerTask: number;
  /** Called when an item has ended, or the work itself: there may be room for others. */
  readonly onRoom: () => void;
}

/** A wait that a server asks for is spent in the queue if it is at least this long, milliseconds. */
const MIN_DEFERRED_MS = 1_000;
const LEASE_MS = 15_000;
/** When a sign of life that could not be written is due again: for some seconds after it nobody is taken for dead. */
const MISSED_BEAT_MS = 1_000;

/** Why an item ended without a result. */
class Deferred {
  readonly waitMs: number;

  constructor(waitMs: number) {
    this.waitMs = waitMs;
  }
}

/** What of a task is followed. */
export type FollowedTask = Pick<TaskRecord, 'status' | 'settings' | 'errorMessage'>;

/**
 * What this process does of a task that others may work on too: the items that it has claimed. It ends when the task does,
 * is paused, or this process is to work on it no more.
 */
export class TaskWork {
  /** Settles when nothing of the task is in flight here any more; rejects with a fault of the work itself. */
  readonly done: Promise<void>;
  readonly #done = Promise.withResolvers<void>();
  readonly #options: TaskWorkOptions;
  readonly #work: JobWork;
  readonly #whenBusy: ErrorHandler;
  readonly #items: ClaimedItems;
  #fault: { readonly error: unknown } | undefined;
  #concluding: Promise<void> | undefined;
  #isStoppedElsewhere = false;
  #isEnding = false;
  #isDone = false;
  #cancelHeartbeat = (): void => {};
  #cancelDrainLimit = (): void => {};
  #changes = 0;
  #leasedAt = Number.NEGATIVE_INFINITY;

  constructor(task: TaskRecord, job: Job, options: TaskWorkOptions) {
    this.#options = options;
    this.#work = new JobWork(task, job, { ...options, onLeft: () => this.#endIfIdle() });
    this.#whenBusy = storeHandler(options.clock, this.#work.aborted, isWorthWaiting);
    this.#items = new ClaimedItems({
      ...options,
      taskId: task.taskId,
      whenBusy: this.#whenBusy,
      begin: (record, entry, onDone) => this.#settle(entry, this.#do(record, entry, onDone)),
      onLeft: () => {
        options.onRoom();
        this.#endIfIdle();
      },
      onFault: (error) => this.fail(error),
    });
    this.#work.draining.addEventListener('abort', () => this.#items.handBackAll());
    this.#work.aborted.addEventListener('abort', () => this.#items.abort(this.#work.aborted.reason));
    this.done = this.#done.promise;
    this.#beat();
  }

  get taskId(): string {
    return this.#work.task.taskId;
  }

  /** How many items are being done or recorded here. */
  get inFlight(): number {
    return this.#items.begun;
  }

  /** Whether this process has claimed items of the task. */
  get hasItems(): boolean {
    return this.#items.size > 0;
  }

  /** How many items all processes together may work on. */
  get maxConcurrency(): number {
    return this.#work.maxConcurrency;
  }

  /** How many more items the task's limit leaves to this process. */
  get room(): number {
    return this.#work.draining.aborted ? 0 : this.#work.maxConcurrency - this.#items.size;
  }

  /**
   * How many items may be claimed here now. An item that waits for a slot is not available to other processes, so of a task
   * with a limit only one waits; without that one, the task would never get a slot in a busy process.
   *
   * @param tasks how many tasks share the slots
   */
  share(tasks: number): number {
    const { claimable, free } = this.#options.slots;
    if (this.room === Number.POSITIVE_INFINITY) return Math.ceil(claimable / tasks);
    const slots = Math.max(free, this.#items.hasUnbegun ? 0 : 1);
    return Math.min(this.room, Math.ceil(slots / tasks));
  }

  /** How many times the task was obeyed: what was read before the latest is outdated. */
  get changes(): number {
    return this.#changes;
  }

  /** Follows the task as it was changed, perhaps by another process. */
  async obey({ status, settings, errorMessage }: FollowedTask): Promise<void> {
    this.#changes += 1;
    this.#follow(status, errorMessage);
    try {
      await this.#work.configure(settings);
    } catch (error) {
      this.fail(error);
    }
  }

  /** As `obey`, and takes the task's lease where the process that had it has left. */
  async follow(task: TaskSummary): Promise<void> {
    await this.obey(task);
    const { lease, status } = task;
    const isFree = lease === null || lease.expiresAt < this.#options.clock.now();
    if (status === 'running' && isFree && !this.#work.draining.aborted) await this.lease();
  }

  /** Starts nothing more, gives what is in flight `drainMs` to finish, then aborts it. */
  drain(drainMs: number): void {
    this.#work.startNothingMore();
    if (this.#isDone) return;
    this.#cancelDrainLimit();
    this.#cancelDrainLimit = this.#options.clock.setTimer(
      () =>
        this.abort(new DOMException(`Not finished ${drainMs} ms after the run was to stop.`, 'AbortError')),
      drainMs,
    );
    this.#endIfIdle();
  }

  /** Starts nothing more and aborts what is in flight; its items are handed back. */
  abort(reason: unknown): void {
    this.#work.abort(reason);
    this.#endIfIdle();
  }

  fail(error: unknown): void {
    this.#fault ??= { error };
    this.abort(error);
  }

  /** Works on items that were claimed, in the order of the task. */
  start(claimed: readonly ClaimedItem[]): void {
    this.#items.add(claimed);
    if (this.#work.draining.aborted) this.#items.handBackAll();
  }

  /** Hands back what was claimed ahead of its turn, which has not come. */
  handBackLate(): void {
    this.#items.handBackLate();
  }

  #settle(entry: ItemInFlight, work: Promise<void>): void {
    work
      .catch((error: unknown) => {
        // The task was ended elsewhere: it takes no more results, which isn't a fault of this process.
        if (hasCode(error, 'ILLEGAL_TRANSITION')) this.abort(error);
        else this.fail(error);
      })
      .finally(() => this.#items.forget(entry));
  }

  async #do(record: TaskItemRecord, entry: ItemInFlight, onDone: () => void): Promise<void> {
    const { key, claim } = entry.item;
    const { controller } = entry;
    const { tasks, queue } = this.#options;
    const { taskId } = this;
    const result = await this.#work.attempt(
      record,
      controller.signal,
      (error) => this.#deferIfAsked(error, controller),
      claim.attempt,
    );
    onDone();
    this.#options.onRoom();
    if (result === undefined) {
      const { reason } = controller.signal;
      const waitMs = reason instanceof Deferred ? reason.waitMs : 0;
      await this.#whenBusy.withRetry(() => queue.release(taskId, [claim], waitMs));
      return;
    }
    const { task } = await recordItem(tasks, this.#whenBusy, { taskId, itemKey: key, claim }, result);
    if (task.completedCount === task.totalCount) await this.conclude();
  }

  /** The item waits in the queue for as long as the server asks: meanwhile this process works on others. */
  #deferIfAsked(error: unknown, controller: AbortController): void {
    // In a task that is done in order, the next item would overtake it.
    if (this.#work.retriesItself || this.#work.maxConcurrency <= 1) return;
    const { verdict, waitMs = 0 } = classify(error);
    if (verdict !== 'retry' || waitMs < MIN_DEFERRED_MS) return;
    // Once the throttle and the handler have seen the error: they wait then, and are called off.
    setImmediate(() => controller.abort(new Deferred(waitMs)));
  }

  /** Records that the task is finished, if it is and no other process has done so. */
  conclude(): Promise<void> {
    // The last items of a task are recorded together.
    this.#concluding ??= this.#conclude().finally(() => {
      this.#concluding = undefined;
    });
    return this.#concluding;
  }

  async #conclude(): Promise<void> {
    const { tasks, queue } = this.#options;
    const { taskId } = this;
    const isDraining = this.#work.draining.aborted;
    try {
      await this.#whenBusy.withRetry(() => concludeRun(tasks, taskId, { ...this.#work.left, isDraining }));
    } catch (error) {
      // Another process did so at the same moment.
      if (!hasCode(error, 'ILLEGAL_TRANSITION') || (await this.#isRunning())) throw error;
    }
    // Only if it has ended.
    await queue.remove(taskId);
  }

  async #isRunning(): Promise<boolean> {
    return (await this.#options.tasks.store.get(this.taskId))?.status === 'running';
  }

  #follow(status: TaskStatus, errorMessage: string | null): void {
    if (status === 'paused') {
      if (this.#work.draining.aborted) return;
      // Another process has stopped it: what failed here in a row failed for the same reason.
      this.#isStoppedElsewhere = errorMessage?.startsWith(STOPPED) === true;
      this.drain(DRAIN_MS);
    } else if (status !== 'running' && status !== 'pending') {
      this.abort(new DOMException(`Task ${this.taskId} is ${status} now.`, 'AbortError'));
    }
  }

  #endIfIdle(): void {
    if (this.#isEnding || !this.#work.draining.aborted || this.hasItems) return;
    this.#isEnding = true;
    this.#cancelHeartbeat();
    void this.#end();
  }

  async #end(): Promise<void> {
    const { tasks, owner } = this.#options;
    const { taskId } = this;
    const { stopMessage, pauseMessage, failedInARow } = this.#work.left;
    try {
      if (this.#isStoppedElsewhere && failedInARow.length > 0)
        await this.#whenBusy.withRetry(() => tasks.resetFailed(taskId, { itemKeys: failedInARow }));
      if (this.#fault === undefined && (stopMessage ?? pauseMessage) !== undefined) await this.conclude();
    } catch (error) {
      this.#fault ??= { error };
    }
    try {
      await this.#work.end();
      await this.#whenBusy.withRetry(() => tasks.store.releaseLease(taskId, owner));
    } catch (error) {
      this.#fault ??= { error };
    }
    this.#isDone = true;
    this.#cancelDrainLimit();
    if (this.#fault === undefined) this.#done.resolve();
    else this.#done.reject(this.#fault.error);
    this.#options.onRoom();
  }

  /** Keeps the claims, and the task's lease where no other process has it: it says that somebody works on the task. */
  #beat(afterMs = this.#options.queue.heartbeatMs / 3): void {
    if (this.#isEnding) return;
    this.#cancelHeartbeat = this.#options.clock.setTimer(() => {
      this.#touch().then(
        () => this.#beat(),
        (error: unknown) => {
          if (!isWorthWaiting(error)) this.fail(error);
          this.#beat(MISSED_BEAT_MS);
        },
      );
    }, afterMs);
  }

  async #touch(): Promise<void> {
    await this.#items.touch();
    if (this.#options.clock.monotonic() - this.#leasedAt >= LEASE_MS / 3) await this.lease();
  }

  /** Takes the task's lease where it is free. */
  async lease(): Promise<void> {
    const { tasks, clock, owner } = this.#options;
    this.#leasedAt = clock.monotonic();
    await tasks.store.acquireLease(this.taskId, { owner, ttlMs: LEASE_MS, now: clock.now() });
  }
}
