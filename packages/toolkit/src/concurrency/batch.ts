import { type Clock, systemClock } from '../clock/clock.ts';
import type { BatchOptions } from './batch-options.ts';
import { type ItemCheck, type ItemReader, NOTHING, readItems } from './item-reader.ts';
import { Outcomes, Results, type Sink } from './sinks.ts';
import { Slots, type SlotUser } from './slots.ts';
import type { ItemSource, TaskContext } from './task.ts';
import { TimedCalls } from './timed-calls.ts';

/** What a batch does: calls `call` with each item of `source`. */
export interface Work<Item, T> {
  readonly source: ItemSource<Item>;
  readonly check: ItemCheck | undefined;
  readonly call: (item: Item, context: TaskContext) => T | PromiseLike<T>;
}

export interface BatchSettings extends BatchOptions {
  /** All of so many items have settled before the next one is taken. @default Infinity */
  readonly batchSize?: number | undefined;
}

/**
 * One batch: takes items while it has slots, calls them, and ends when everything that it started has settled.
 *
 * Each slot is used by one `work` loop: take an item, await the call, and repeat while the batch may use the slot.
 * That is nearly as cheap as a loop written by hand. The loop ends when there is nothing to take. Whatever changes that
 * (an item's arrival, a consumer that makes room, the next chunk) requests a slot again.
 */
export class Batch<Item, T> implements SlotUser {
  /**
   * V8 throws the optimised code of a class away when a full garbage collection finds no object of it. Batches come and
   * go, so an empty one of each common kind stays: without them every batch after such a collection starts cold.
   */
  static readonly kept: readonly unknown[] = [new Results(), new Outcomes()].map(
    (sink) =>
      new Batch({ source: [], check: undefined, call: () => {} }, sink, new Slots(1), systemClock, {}),
  );

  queued = false;
  /** Why the batch did not do all of its work. Final when `run` has resolved. */
  failure: { readonly error: unknown } | undefined;

  readonly #reader: ItemReader<Item>;
  readonly #call: (item: Item, context: TaskContext) => T | PromiseLike<T>;
  readonly #sink: Sink<T>;
  readonly #slots: Slots;
  readonly #settings: BatchSettings;
  readonly #limit: () => number;
  readonly #timed: TimedCalls | undefined;
  readonly #controller = new AbortController();
  readonly #signal = this.#controller.signal;
  readonly #settled = Promise.withResolvers<void>();
  readonly #chunkSize: number;
  #chunkEnd: number;
  #started = 0;
  #running = 0;
  #succeeded = 0;
  #failed = 0;
  /** Promises that `onProgress` returned and that have not settled. */
  #reports = 0;
  #stopped = false;
  #ended = false;

  /** Starts nothing yet. Throws if the source is not valid. */
  constructor(work: Work<Item, T>, sink: Sink<T>, slots: Slots, clock: Clock, settings: BatchSettings) {
    this.#reader = readItems(work.source, work.check, () => this.#onArrival());
    this.#call = work.call;
    this.#sink = sink;
    if (this.#reader.total !== undefined) sink.expect(this.#reader.total);
    this.#slots = slots;
    this.#settings = settings;
    const { maxConcurrency = Number.POSITIVE_INFINITY } = settings;
    this.#limit = typeof maxConcurrency === 'function' ? maxConcurrency : () => maxConcurrency;
    this.#timed = settings.timeoutMs === undefined ? undefined : new TimedCalls(settings.timeoutMs, clock);
    this.#chunkSize = settings.batchSize ?? Number.POSITIVE_INFINITY;
    this.#chunkEnd = this.#chunkSize;
  }

  /** Starts the batch. Resolves, never rejects, when all that was started has settled; see `failure` then. */
  run(): Promise<void> {
    const { signal } = this.#settings;
    if (signal?.aborted) this.#onAbort();
    else signal?.addEventListener('abort', this.#onAbort);
    this.#slots.request(this);
    this.#endIfSettled();
    return this.#settled.promise;
  }

  /** Starts nothing more and aborts what is in flight. */
  stop(abortReason: unknown): void {
    if (this.#stopped || this.#ended) return;
    this.#stopped = true;
    this.#controller.abort(abortReason);
    this.#timed?.abort(abortReason);
    this.#endIfSettled();
  }

  /** The reader of the outcomes has made room. */
  goOn(): void {
    this.#slots.request(this);
  }

  get wantsSlot(): boolean {
    const { held } = this.#sink;
    const load = this.#running + held;
    return (
      this.#reader.ready &&
      !this.#stopped &&
      load < this.#limit() &&
      (held === 0 || load < this.#slots.ceiling) &&
      this.#started < this.#chunkEnd
    );
  }

  async work(): Promise<void> {
    do {
      this.#running += 1;
      // Counts as running already: the source's code may stop the batch, and must not be closed meanwhile.
      const item = this.#reader.take();
      if (item === NOTHING || this.#stopped) {
        this.#running -= 1;
        break;
      }
      const index = this.#started++;
      this.#slots.started += 1;
      let value: T;
      try {
        const pending =
          this.#timed === undefined
            ? this.#call(item, { signal: this.#signal, index })
            : this.#callTimed(this.#timed, item, index);
        // Only now, so that tasks start in order.
        if (!this.queued) this.#slots.request(this);
        value = await pending;
      } catch (error) {
        this.#onFailure(index, error);
        continue;
      }
      this.#onSuccess(index, value);
    } while (this.wantsSlot && this.#slots.mayKeep(this));
    this.#failIfSourceDid();
    this.#endIfSettled();
    this.#slots.release(this);
  }

  /** Not in `work`: what a closure captures is allocated in each turn of the loop, needed or not. */
  #callTimed(timed: TimedCalls, item: Item, index: number): Promise<T> {
    return timed.run((context) => this.#call(item, context), index);
  }

  #onSuccess(index: number, value: T): void {
    this.#succeeded += 1;
    this.#slots.succeeded += 1;
    this.#sink.succeeded(index, value);
    if (this.#settings.onProgress !== undefined) this.#report(this.#settings.onProgress);
    this.#running -= 1;
  }

  #onFailure(index: number, error: unknown): void {
    this.#failed += 1;
    this.#slots.failed += 1;
    const goOn = this.#sink.failed(index, error);
    if (!goOn) this.#fail(error);
    if (this.#settings.onProgress !== undefined) this.#report(this.#settings.onProgress);
    this.#running -= 1;
  }

  #report(onProgress: NonNullable<BatchOptions['onProgress']>): void {
    const succeeded = this.#succeeded;
    const failed = this.#failed;
    const { total } = this.#reader;
    const progress = { completed: succeeded + failed, succeeded, failed };
    try {
      const returned: unknown = onProgress(total === undefined ? progress : { ...progress, total });
      // An async function fits the type, and its rejection must not go unhandled.
      if (typeof returned === 'object' && returned !== null) void this.#awaitReport(returned);
    } catch (error) {
      this.#fail(error);
    }
  }

  async #awaitReport(report: object): Promise<void> {
    this.#reports += 1;
    try {
      await report;
    } catch (error) {
      this.#fail(error);
    }
    this.#reports -= 1;
    this.#endIfSettled();
  }

  /** The batch's first failure ends it; later ones come from its being stopped. */
  #fail(error: unknown): void {
    if (this.#stopped) return;
    this.failure = { error };
    // Node's options would be unknown to the types of a browser, which a page checks this file with.
    this.stop(
      Object.assign(new DOMException('The batch has failed: see cause.', 'AbortError'), { cause: error }),
    );
  }

  #failIfSourceDid(): void {
    if (this.#reader.failure !== undefined) this.#fail(this.#reader.failure.error);
  }

  readonly #onAbort = (): void => {
    if (this.#stopped) return;
    const reason: unknown = this.#settings.signal?.reason;
    this.failure = { error: reason };
    this.stop(reason);
  };

  #onArrival(): void {
    this.#failIfSourceDid();
    this.#endIfSettled();
    this.#slots.request(this);
  }

  #endIfSettled(): void {
    if (this.#running > 0 || this.#reports > 0 || this.#ended) return;
    if (this.#stopped || this.#reader.exhausted) {
      this.#ended = true;
      this.#slots.leave(this);
      this.#settings.signal?.removeEventListener('abort', this.#onAbort);
      void this.#close();
    } else if (this.#started === this.#chunkEnd) {
      this.#chunkEnd += this.#chunkSize;
    }
  }

  async #close(): Promise<void> {
    if (!this.#reader.exhausted) await this.#reader.close();
    this.#settled.resolve();
  }
}
