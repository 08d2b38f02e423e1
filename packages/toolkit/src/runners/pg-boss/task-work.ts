import { classify } from '../../classify/classify.ts';
import { isWorthWaiting } from '../../classify/store-fault.ts';
import type { Clock } from '../../clock/clock.ts';
import type { ErrorHandler } from '../../retry/error-handler.ts';
import type { Job } from '../../tasks/job.ts';
import type { TaskManager } from '../../tasks/task-manager.ts';
import type { TaskItemRecord, TaskRecord, TaskStatus } from '../../tasks/task-record.ts';
import type { ItemClaim } from '../../tasks/task-store.ts';
import { concludeRun } from '../conclude-run.ts';
import { DRAIN_MS, JobWork, STOPPED } from '../job-work.ts';
import { hasCode, recordItem, storeHandler } from '../record-item.ts';
import type { ClaimedItem, PgBossQueue } from './pg-boss-queue.ts';

export interface TaskWorkOptions {
  readonly tasks: TaskManager;
  readonly queue: PgBossQueue;
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

/** Why an item ended without a result. */
class Deferred {
  readonly waitMs: number;

  constructor(waitMs: number) {
    this.waitMs = waitMs;
  }
}

/** What of a task is followed. */
export type FollowedTask = Pick<TaskRecord, 'status' | 'settings' | 'errorMessage'>;

interface ReadItem {
  readonly item: TaskItemRecord;
  readonly claim: ItemClaim;
}

interface InFlight {
  /** False while its result is recorded. */
  isBeingDone: boolean;
  readonly item: ClaimedItem;
  readonly controller: AbortController;
}

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
  readonly #inFlight = new Map<string, InFlight>();
  #beingDone = 0;
  #fault: { readonly error: unknown } | undefined;
  #concluding: Promise<void> | undefined;
  #isStoppedElsewhere = false;
  #isEnding = false;
  #isDone = false;
  #cancelHeartbeat = (): void => {};
  #cancelDrainLimit = (): void => {};
  #leasedAt = Number.NEGATIVE_INFINITY;

  constructor(task: TaskRecord, job: Job, options: TaskWorkOptions) {
    this.#options = options;
    this.#work = new JobWork(task, job, { ...options, onLeft: () => this.#endIfIdle() });
    this.#whenBusy = storeHandler(options.clock, this.#work.aborted, isWorthWaiting);
    this.#work.aborted.addEventListener('abort', () => {
      for (const { controller } of this.#inFlight.values()) controller.abort(this.#work.aborted.reason);
    });
    this.done = this.#done.promise;
    this.#beat();
  }

  get inFlight(): number {
    return this.#inFlight.size;
  }

  /** Those of them that the job is doing. The others are being recorded, which needs no place. */
  get beingDone(): number {
    return this.#beingDone;
  }

  /** How many items all processes together may work on. */
  get maxConcurrency(): number {
    return this.#work.maxConcurrency;
  }

  /** How many more items may be begun here. */
  get room(): number {
    return this.#work.draining.aborted ? 0 : this.#work.maxConcurrency - this.#inFlight.size;
  }

  /** Follows the task as it was changed, perhaps by another process. */
  async obey({ status, settings, errorMessage }: FollowedTask): Promise<void> {
    this.#follow(status, errorMessage);
    await this.#work.configure(settings);
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
    for (const item of claimed) {
      const controller = new AbortController();
      if (this.#work.aborted.aborted) controller.abort(this.#work.aborted.reason);
      this.#inFlight.set(item.claim.id, { item, controller, isBeingDone: true });
    }
    this.#beingDone += claimed.length;
    // Read while others are claimed.
    this.#read(claimed).then(
      (records) => {
        for (const record of records) {
          const entry = this.#inFlight.get(record.claim.id);
          if (entry !== undefined) this.#settle(entry, this.#do(entry, record.item));
        }
      },
      (error: unknown) => {
        for (const { claim } of claimed) {
          const entry = this.#inFlight.get(claim.id);
          if (entry !== undefined) this.#settle(entry, Promise.reject(error));
        }
      },
    );
  }

  /** The items, with what is to be done. One that has a result already is in the queue no more. */
  async #read(claimed: readonly ClaimedItem[]): Promise<readonly ReadItem[]> {
    const { tasks, queue } = this.#options;
    const { taskId } = this.#work.task;
    const byKey = new Map(claimed.map((item) => [item.key, item]));
    const { entries } = await this.#whenBusy.withRetry(() =>
      tasks.store.items(taskId, { itemKeys: [...byKey.keys()], limit: claimed.length }),
    );
    const pending: ReadItem[] = [];
    for (const item of entries) {
      const found = byKey.get(item.key);
      if (found === undefined || item.status !== 'pending') continue;
      byKey.delete(item.key);
      pending.push({ item, claim: found.claim });
    }
    const recorded = [...byKey.values()].map(({ claim }) => claim);
    if (recorded.length > 0) {
      for (const { id } of recorded) this.#forget(id);
      // Where that fails, they are handed out and found again.
      await queue.discard(taskId, recorded).catch(() => {});
      this.#options.onRoom();
      this.#endIfIdle();
    }
    return pending;
  }

  /** The job has done what it does with an item. */
  #hasDone(entry: InFlight): void {
    if (!entry.isBeingDone) return;
    entry.isBeingDone = false;
    this.#beingDone -= 1;
    this.#options.onRoom();
  }

  #forget(claimId: string): void {
    const entry = this.#inFlight.get(claimId);
    if (entry === undefined) return;
    this.#inFlight.delete(claimId);
    this.#hasDone(entry);
  }

  #settle({ item }: InFlight, work: Promise<void>): void {
    work
      .catch((error: unknown) => {
        // The task was ended elsewhere: it takes no more results, which isn't a fault of this process.
        if (hasCode(error, 'ILLEGAL_TRANSITION')) this.abort(error);
        else this.fail(error);
      })
      .finally(() => {
        this.#forget(item.claim.id);
        this.#options.onRoom();
        this.#endIfIdle();
      });
  }

  async #do(entry: InFlight, record: TaskItemRecord): Promise<void> {
    const { key, claim } = entry.item;
    const { controller } = entry;
    const { tasks, queue } = this.#options;
    const { taskId } = this.#work.task;
    const result = await this.#work.attempt(
      record,
      controller.signal,
      (error) => this.#deferIfAsked(error, controller),
      claim.attempt,
    );
    // Its place is free while it is recorded.
    this.#hasDone(entry);
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
    const { taskId } = this.#work.task;
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
    return (await this.#options.tasks.store.get(this.#work.task.taskId))?.status === 'running';
  }

  #follow(status: TaskStatus, errorMessage: string | null): void {
    if (status === 'paused') {
      if (this.#work.draining.aborted) return;
      // Another process has stopped it: what failed here in a row failed for the same reason.
      this.#isStoppedElsewhere = errorMessage?.startsWith(STOPPED) === true;
      this.drain(DRAIN_MS);
    } else if (status !== 'running' && status !== 'pending') {
      this.abort(new DOMException(`Task ${this.#work.task.taskId} is ${status} now.`, 'AbortError'));
    }
  }

  #endIfIdle(): void {
    if (this.#isEnding || !this.#work.draining.aborted || this.#inFlight.size > 0) return;
    this.#isEnding = true;
    void this.#end();
  }

  async #end(): Promise<void> {
    const { tasks, owner } = this.#options;
    const { taskId } = this.#work.task;
    const { stopMessage, pauseMessage, failedInARow } = this.#work.left;
    try {
      if (this.#isStoppedElsewhere && failedInARow.length > 0)
        await this.#whenBusy.withRetry(() => tasks.resetFailed(taskId, { itemKeys: failedInARow }));
      if (this.#fault === undefined && (stopMessage ?? pauseMessage) !== undefined) await this.conclude();
    } catch (error) {
      this.#fault ??= { error };
    }
    this.#isDone = true;
    this.#cancelHeartbeat();
    this.#cancelDrainLimit();
    try {
      await this.#work.end();
      await this.#whenBusy.withRetry(() => tasks.store.releaseLease(taskId, owner));
    } catch (error) {
      this.#fault ??= { error };
    }
    if (this.#fault === undefined) this.#done.resolve();
    else this.#done.reject(this.#fault.error);
    this.#options.onRoom();
  }

  /** Keeps the claims, and the task's lease where no other process has it: it says that somebody works on the task. */
  #beat(): void {
    const { clock, queue } = this.#options;
    if (this.#isDone) return;
    this.#cancelHeartbeat = clock.setTimer(() => {
      this.#touch()
        .catch((error: unknown) => {
          if (!isWorthWaiting(error)) this.fail(error);
        })
        .finally(() => this.#beat());
    }, queue.heartbeatMs / 3);
  }

  async #touch(): Promise<void> {
    const { tasks, queue, clock, owner } = this.#options;
    const { taskId } = this.#work.task;
    const inFlight = [...this.#inFlight.values()];
    const valid = await queue.touch(
      taskId,
      inFlight.map(({ item }) => item.claim),
    );
    for (const { item, controller } of inFlight) {
      // One that has ended meanwhile has no claim either.
      if (valid.has(item.claim) || this.#inFlight.get(item.claim.id)?.item !== item) continue;
      controller.abort(new DOMException(`Another process works on item ${item.key} now.`, 'AbortError'));
    }
    if (clock.monotonic() - this.#leasedAt < LEASE_MS / 3) return;
    this.#leasedAt = clock.monotonic();
    await tasks.store.acquireLease(taskId, { owner, ttlMs: LEASE_MS, now: clock.now() });
  }

  /** Takes the task's lease where it is free. */
  async lease(): Promise<void> {
    const { tasks, clock, owner } = this.#options;
    this.#leasedAt = clock.monotonic();
    await tasks.store.acquireLease(this.#work.task.taskId, { owner, ttlMs: LEASE_MS, now: clock.now() });
  }
}
