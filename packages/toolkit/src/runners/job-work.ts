import { classify } from '../classify/classify.ts';
import { isStoreFault } from '../classify/store-fault.ts';
import type { ErrorHandler } from '../retry/error-handler.ts';
import { failureResult } from '../tasks/failure-result.ts';
import type { Job } from '../tasks/job.ts';
import type { TaskItemRecord, TaskRecord, TaskSettings } from '../tasks/task-record.ts';

/** How long what is in flight may take when a task is paused, milliseconds. */
export const DRAIN_MS = 30_000;

/** What a task's message begins with that was paused since further items would fail for the same reason. */
export const STOPPED = 'Stopped';

export interface JobWorkOptions {
  readonly errorHandler: ErrorHandler;
  readonly maxConsecutiveFailures: number;
  readonly maxConcurrencyPerTask: number;
  /** Called once when the rest of the task is left for later; what is in flight has been told. */
  readonly onLeft: () => void;
}

export interface ItemResult {
  readonly success: boolean;
  readonly result: unknown;
}

/** Why the items that are not done yet are left for later. */
export interface LeftForLater {
  /** What is in flight would fail for the same reason, and is aborted. */
  readonly stopMessage: string | undefined;
  /** What is in flight may finish. */
  readonly pauseMessage: string | undefined;
  /** The keys of the items that have failed in a row, the last ones of all. */
  readonly failedInARow: readonly string[];
}

/**
 * One process's work on the items of one task: each is run with its retries, and a failure is one of the item, or a reason
 * to leave all others for later.
 */
export class JobWork {
  readonly task: TaskRecord;
  readonly #job: Job;
  readonly #options: JobWorkOptions;
  readonly #abort = new AbortController();
  readonly #drain = new AbortController();
  #stopMessage: string | undefined;
  #pauseMessage: string | undefined;
  #streak: string[] = [];
  /** The settings that the job got last, as JSON. */
  #configured: string | undefined;
  /** The job gets one change after the other. */
  #configuring: Promise<void> = Promise.resolve();
  #maxConcurrency = Number.POSITIVE_INFINITY;

  constructor(task: TaskRecord, job: Job, options: JobWorkOptions) {
    this.task = task;
    this.#job = job;
    this.#options = options;
  }

  /** Aborts with the reason for which what is in flight is to end. */
  get aborted(): AbortSignal {
    return this.#abort.signal;
  }

  /** Aborts when nothing more is to be begun. */
  get draining(): AbortSignal {
    return this.#drain.signal;
  }

  /** Whether the job retries what it calls by itself. */
  get retriesItself(): boolean {
    return this.#job.retry === false;
  }

  get left(): LeftForLater {
    return { stopMessage: this.#stopMessage, pauseMessage: this.#pauseMessage, failedInARow: this.#streak };
  }

  /** How many of the task's items may be worked on at once. */
  get maxConcurrency(): number {
    return this.#maxConcurrency;
  }

  startNothingMore(): void {
    this.#drain.abort(new DOMException('The run starts nothing more.', 'AbortError'));
  }

  /** Starts nothing more and aborts what is in flight. */
  abort(reason: unknown): void {
    this.startNothingMore();
    this.#abort.abort(reason);
  }

  /** The rest is left for later; items in flight finish, and earlier failures stay. */
  pause(message: string): void {
    this.#pauseMessage ??= message;
    this.startNothingMore();
    this.#options.onLeft();
  }

  /** Follows the task's settings. Resolves when the job has, too. */
  configure(settings: TaskSettings): Promise<void> {
    const text = JSON.stringify(settings);
    if (text === this.#configured) return this.#configuring;
    this.#configured = text;
    const { taskId, taskParams } = this.task;
    this.#maxConcurrency = Math.min(
      this.#job.maxConcurrency?.(taskParams) ?? Number.POSITIVE_INFINITY,
      settings.maxConcurrency ?? this.#options.maxConcurrencyPerTask,
    );
    const tell = async (): Promise<void> => {
      try {
        await this.#job.configure?.(settings, { taskId, taskParams });
      } catch (error) {
        this.pause(failureResult(error).error.message);
      }
    };
    this.#configuring = this.#configuring.then(tell);
    return this.#configuring;
  }

  /** This process works on the task no more. */
  async end(): Promise<void> {
    const { taskId, taskParams } = this.task;
    await this.#configuring;
    this.#job.ended?.({ taskId, taskParams });
  }

  /**
   * What to record for the item; `undefined` leaves it pending.
   *
   * @param signal aborts when this item is to end. @default when all are
   * @param onError sees what each try of the job threw
   * @param attempt how often it was handed out before
   * @throws ToolkitError `STORE_…` where the job could not store something: that is a fault of the database, not of the item
   */
  async attempt(
    { key, input }: TaskItemRecord,
    signal: AbortSignal = this.aborted,
    onError: (error: unknown) => void = () => {},
    attempt?: number,
  ): Promise<ItemResult | undefined> {
    const { taskId, taskParams } = this.task;
    const draining = this.draining;
    const run = async ({ signal }: { readonly signal: AbortSignal }): Promise<unknown> => {
      try {
        return await this.#job.run(input, {
          ...{ taskId, taskParams, itemKey: key, signal, draining },
          ...(attempt !== undefined && { attempt }),
        });
      } catch (error) {
        onError(error);
        throw error;
      }
    };
    try {
      const result = await (this.#job.retry === false
        ? run({ signal })
        : this.#options.errorHandler.withRetry<unknown>(run, { ...this.#job.retry, signal }));
      this.#streak = [];
      return { success: true, result: result ?? null };
    } catch (error) {
      if (signal.aborted || (draining.aborted && error === draining.reason)) return undefined;
      if (isStoreFault(error)) throw error;
      return this.#failed(key, error);
    }
  }

  #failed(itemKey: string, error: unknown): ItemResult | undefined {
    const result = failureResult(error);
    const { maxConsecutiveFailures } = this.#options;
    if (this.#job.pauseOn?.(error)) this.pause(result.error.message);
    else if (classify(error).verdict === 'stop') {
      this.#stop(`${STOPPED}: every further call would fail too. ${result.error.message}`, error);
    } else if (this.#streak.length + 1 >= maxConsecutiveFailures) {
      this.#stop(
        `${STOPPED} after ${maxConsecutiveFailures} failures in a row. ${result.error.message}`,
        error,
      );
    } else {
      this.#streak.push(itemKey);
      return { success: false, result };
    }
    return undefined;
  }

  /** The rest is left for later: items in flight are aborted, since they would fail for the same reason. */
  #stop(message: string, error: unknown): void {
    this.#stopMessage ??= message;
    this.abort(error);
    this.#options.onLeft();
  }
}
