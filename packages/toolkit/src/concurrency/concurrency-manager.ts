import { type Clock, systemClock } from '../clock/clock.ts';
import { checkOption } from '../options/check.ts';
import { Batch, type Work } from './batch.ts';
import {
  type BatchOptions,
  checkBatchOptions,
  checkIsObject,
  checkMaxConcurrency,
  type ExecuteOptions,
  type InBatchesOptions,
  type StreamOptions,
} from './batch-options.ts';
import { checkTask } from './item-reader.ts';
import { Outcomes, Results, ResultsOrErrors, type Sink } from './sinks.ts';
import { Slots } from './slots.ts';
import { OutcomeQueue, streamOutcomes } from './stream.ts';
import type { ItemSource, TaskContext, TaskFunction, TaskOutcome } from './task.ts';

const SURVEY_CONCURRENCY = 100;
const FOCUS_GROUP_CONCURRENCY = 50;
const DEFAULT_BATCH_SIZE = 50;

export interface ConcurrencyManagerOptions {
  /**
   * How many tasks run at once, over all batches together: a whole number of at least 1, or `Infinity`.
   * @default 100
   */
  readonly maxConcurrency?: number | undefined;
  /** What `timeoutMs` is measured with. @default the machine's clock */
  readonly clock?: Clock | undefined;
}

/** What a manager is doing, and what it has done since it was made. Counts are of tasks, except `waiting`. */
export interface ConcurrencyStats {
  readonly maxConcurrency: number;
  readonly paused: boolean;
  /** Started and not settled. */
  readonly running: number;
  /** Batches (not tasks: how many a lazy source has left is unknown) that could start a task if they had a slot. */
  readonly waiting: number;
  /** `running + succeeded + failed`. */
  readonly started: number;
  readonly succeeded: number;
  readonly failed: number;
}

/**
 * Runs many tasks, with a limit on how many run at once.
 *
 * A batch owns the tasks that it starts: when a call here has settled, they have too. When a batch stops early (a task
 * of `executeBatch` fails, the caller's `signal` aborts, the source or `onProgress` throws) it starts nothing more,
 * aborts the tasks' `signal`, waits for those in flight, closes the source's iterator, and only then rejects with
 * what came first. The one exception is a task that ignores its signal after its `timeoutMs`.
 *
 * Tasks come as an array or, if there are very many, as an iterable or async iterable, from which a task is taken when
 * a slot is free for it. `maxConcurrency` is a ceiling over all batches of the manager together; batches that wait
 * for a slot get one in turn.
 *
 * Do not start a batch on the same manager from inside one of its tasks and wait for it there: when all slots are
 * held by tasks that wait in this way, none becomes free for what they wait for. Give the inner batches a manager of
 * their own.
 *
 * All methods throw `ToolkitError` with code `INVALID_OPTION` or `INVALID_TASK`, before anything starts, when what they
 * are given is not valid; in a lazy source a task that isn't a function fails the batch when it is reached.
 *
 * @example
 * const manager = new ConcurrencyManager({ maxConcurrency: 50 });
 * const pages = await manager.executeBatch(urls.map((url) => ({ signal }) => fetch(url, { signal })));
 */
export class ConcurrencyManager {
  readonly #slots: Slots;
  readonly #clock: Clock;

  constructor(options: ConcurrencyManagerOptions = {}) {
    checkIsObject(options);
    const { maxConcurrency = SURVEY_CONCURRENCY, clock = systemClock } = options;
    checkMaxConcurrency(maxConcurrency);
    this.#slots = new Slots(maxConcurrency);
    this.#clock = clock;
  }

  /** 100 at once. */
  static forSurvey(): ConcurrencyManager {
    return new ConcurrencyManager({ maxConcurrency: SURVEY_CONCURRENCY });
  }

  /** 50 at once. */
  static forFocusGroup(): ConcurrencyManager {
    return new ConcurrencyManager({ maxConcurrency: FOCUS_GROUP_CONCURRENCY });
  }

  /** The ceiling. Raised, it lets more start at once; lowered, it takes effect as tasks finish. */
  get maxConcurrency(): number {
    return this.#slots.ceiling;
  }

  set maxConcurrency(maxConcurrency: number) {
    checkMaxConcurrency(maxConcurrency);
    this.#slots.ceiling = maxConcurrency;
  }

  /** Nothing new starts until `resume`; what is in flight goes on. */
  pause(): void {
    this.#slots.paused = true;
  }

  resume(): void {
    this.#slots.paused = false;
  }

  stats(): ConcurrencyStats {
    const { ceiling, paused, waiting, started, succeeded, failed } = this.#slots;
    const running = started - succeeded - failed;
    return { maxConcurrency: ceiling, paused, running, waiting, started, succeeded, failed };
  }

  /**
   * Runs all tasks and resolves to their results, in input order. The first failure stops the batch and is what the
   * call rejects with; with `returnExceptions: true` it takes the place of its result, and the others go on.
   */
  executeBatch<T>(
    tasks: ItemSource<TaskFunction<T>>,
    options?: ExecuteOptions & { readonly returnExceptions?: false | undefined },
  ): Promise<T[]>;
  /** With errors among the results their type is unknown; `executeBatchWithIsolation` distinguishes them. */
  executeBatch<T>(tasks: ItemSource<TaskFunction<T>>, options: ExecuteOptions): Promise<unknown[]>;
  async executeBatch<T>(
    tasks: ItemSource<TaskFunction<T>>,
    options: ExecuteOptions = {},
  ): Promise<unknown[]> {
    return this.#collect(tasksOf(tasks), options);
  }

  /** Runs all tasks, however many fail, and returns how each ended, in input order. */
  async executeBatchWithIsolation<T>(
    tasks: ItemSource<TaskFunction<T>>,
    options: BatchOptions = {},
  ): Promise<TaskOutcome<T>[]> {
    const outcomes = new Outcomes<T>();
    await finish(this.#batch(tasksOf(tasks), outcomes, options));
    return outcomes.list;
  }

  /**
   * `executeBatch`, with no task of a batch of `batchSize` taken from the source before all of the batch before have
   * settled. Results are in one list, in input order; `index` and `onProgress` count over all batches.
   */
  executeInBatches<T>(
    tasks: ItemSource<TaskFunction<T>>,
    options?: InBatchesOptions & { readonly returnExceptions?: false | undefined },
  ): Promise<T[]>;
  executeInBatches<T>(tasks: ItemSource<TaskFunction<T>>, options: InBatchesOptions): Promise<unknown[]>;
  async executeInBatches<T>(
    tasks: ItemSource<TaskFunction<T>>,
    options: InBatchesOptions = {},
  ): Promise<unknown[]> {
    checkIsObject(options);
    const { batchSize = DEFAULT_BATCH_SIZE } = options;
    return this.#collect(tasksOf(tasks), options, batchSize);
  }

  /** `executeBatch` of `fn(item, { signal, index })` for each item. */
  map<Item, T>(
    items: ItemSource<Item>,
    fn: (item: Item, context: TaskContext) => T | PromiseLike<T>,
    options?: ExecuteOptions & { readonly returnExceptions?: false | undefined },
  ): Promise<T[]>;
  map<Item, T>(
    items: ItemSource<Item>,
    fn: (item: Item, context: TaskContext) => T | PromiseLike<T>,
    options: ExecuteOptions,
  ): Promise<unknown[]>;
  async map<Item, T>(
    items: ItemSource<Item>,
    fn: (item: Item, context: TaskContext) => T | PromiseLike<T>,
    options: ExecuteOptions = {},
  ): Promise<unknown[]> {
    checkOption(typeof fn === 'function', 'The second argument of map must be a function', fn);
    return this.#collect({ source: items, check: undefined, call: fn }, options);
  }

  /**
   * Hands out how each task ended, as they finish or, with `ordered: true`, in input order. Nothing starts before the
   * first outcome is asked for. What has been taken from the source and not been dealt with (in flight, finished, or in
   * the reader's hands until it asks for the next) never exceeds the concurrency, so that a slow reader slows the tasks
   * down. Leaving the loop early aborts the others and waits for them. When `signal` aborts, or the source or
   * `onProgress` throws, what was in flight is still handed out, and then the stream throws.
   */
  stream<T>(
    tasks: ItemSource<TaskFunction<T>>,
    options: StreamOptions = {},
  ): AsyncGenerator<TaskOutcome<T>, void, undefined> {
    checkIsObject(options);
    const queue = new OutcomeQueue<T>(options.ordered ?? false);
    return streamOutcomes(this.#batch(tasksOf(tasks), queue, options), queue);
  }

  async #collect<Item, T>(
    work: Work<Item, T>,
    options: ExecuteOptions,
    batchSize?: number | undefined,
  ): Promise<unknown[]> {
    checkIsObject(options);
    const results = options.returnExceptions ? new ResultsOrErrors() : new Results<unknown>();
    await finish(this.#batch(work, results, { ...options, batchSize }));
    return results.list;
  }

  #batch<Item, T>(
    work: Work<Item, T>,
    sink: Sink<T>,
    options: BatchOptions & { readonly batchSize?: number | undefined },
  ): Batch<Item, T> {
    checkBatchOptions(options);
    return new Batch(work, sink, this.#slots, this.#clock, options);
  }
}

function tasksOf<T>(tasks: ItemSource<TaskFunction<T>>): Work<TaskFunction<T>, T> {
  return { source: tasks, check: checkTask, call: (task, context) => task(context) };
}

async function finish<Item, T>(batch: Batch<Item, T>): Promise<void> {
  await batch.run();
  if (batch.failure !== undefined) throw batch.failure.error;
}
