import { quote, ToolkitError } from '../errors/toolkit-error.ts';
import { checkOption } from '../options/check.ts';
import type { ItemSource } from './task.ts';

/** What `take` returns when it has no item: there are no more, the next is still on its way, or there is a `failure`. */
export const NOTHING: unique symbol = Symbol('nothing');

/** Hands out the items of an array, an iterable or an async iterable, one at a time and not before it is asked. */
export interface ItemReader<Item> {
  /** How many items there are in all, where that is known. */
  readonly total: number | undefined;
  /** Whether `take` may be called: there may be an item, and none is on its way. */
  readonly ready: boolean;
  /** Whether there will be no more items. */
  readonly exhausted: boolean;
  /** What the source threw, or what is wrong with what it yielded: nothing more comes then. */
  readonly failure: { readonly error: unknown } | undefined;
  /** The next item. Never throws. */
  take(): Item | typeof NOTHING;
  /** Ends the source early. Never rejects: there is an earlier reason for stopping, and it is that one that counts. */
  close(): Promise<void>;
}

/** Throws if `item` isn't what the source must yield. */
export type ItemCheck = (item: unknown, index: number) => void;

/** @throws ToolkitError `INVALID_TASK` unless `item` is a function. */
export function checkTask(item: unknown, index: number): void {
  if (typeof item === 'function') return;
  throw new ToolkitError(
    'INVALID_TASK',
    `A task must be a function that starts the work when it is called, as in () => fetch(url); ` +
      `the one at index ${index} is ${quote(item)}.`,
  );
}

/**
 * Opens a source. An array's items are all checked now, those of the others when they are met.
 * @param onArrival called when an item that was on its way can be taken, or when the source has turned out to end.
 * @throws ToolkitError `INVALID_OPTION` if `source` is none of the three; and what `check` throws.
 */
export function readItems<Item>(
  source: ItemSource<Item>,
  check: ItemCheck | undefined,
  onArrival: () => void,
): ItemReader<Item> {
  if (Array.isArray(source)) {
    // By index, since `forEach` skips the holes of a sparse array.
    for (let index = 0; check !== undefined && index < source.length; index++) check(source[index], index);
    return new ArrayReader<Item>(source);
  }
  if (isAsyncIterable(source)) return new AsyncReader(source, check, onArrival);
  checkOption(isIterable(source), 'The source must be an array, an iterable or an async iterable', source);
  return new IterableReader(source, check);
}

class ArrayReader<Item> implements ItemReader<Item> {
  readonly total: number;
  readonly failure = undefined;
  readonly #items: readonly Item[];
  #next = 0;

  constructor(items: readonly Item[]) {
    this.#items = items;
    this.total = items.length;
  }

  get ready(): boolean {
    return this.#next < this.total;
  }

  get exhausted(): boolean {
    return this.#next >= this.total;
  }

  take(): Item {
    return this.#items[this.#next++] as Item;
  }

  async close(): Promise<void> {}
}

class IterableReader<Item> implements ItemReader<Item> {
  readonly total = undefined;
  ready = true;
  exhausted = false;
  failure: { readonly error: unknown } | undefined;
  readonly #iterable: Iterable<Item>;
  readonly #check: ItemCheck | undefined;
  #iterator: Iterator<Item> | undefined;
  #index = 0;

  constructor(iterable: Iterable<Item>, check: ItemCheck | undefined) {
    this.#iterable = iterable;
    this.#check = check;
  }

  take(): Item | typeof NOTHING {
    // Not ready meanwhile: the source's own code may start other batches, but a generator cannot be re-entered.
    this.ready = false;
    try {
      const step = this.#step();
      if (step.done) return NOTHING;
      this.#check?.(step.value, this.#index++);
      this.ready = true;
      return step.value;
    } catch (error) {
      this.failure = { error };
      return NOTHING;
    }
  }

  async close(): Promise<void> {
    this.ready = false;
    try {
      this.#iterator?.return?.();
    } catch {}
  }

  /** A source that has thrown or ended is not closed any more. */
  #step(): IteratorResult<Item> {
    this.exhausted = true;
    this.#iterator ??= this.#iterable[Symbol.iterator]();
    const step = this.#iterator.next();
    this.exhausted = step.done ?? false;
    return step;
  }
}

class AsyncReader<Item> implements ItemReader<Item> {
  readonly total = undefined;
  ready = true;
  exhausted = false;
  failure: { readonly error: unknown } | undefined;
  readonly #iterable: AsyncIterable<Item>;
  readonly #check: ItemCheck | undefined;
  readonly #onArrival: () => void;
  #iterator: AsyncIterator<Item> | undefined;
  #index = 0;
  /** The one item that has arrived and was not taken yet. */
  #arrived: Item | typeof NOTHING = NOTHING;

  constructor(iterable: AsyncIterable<Item>, check: ItemCheck | undefined, onArrival: () => void) {
    this.#iterable = iterable;
    this.#check = check;
    this.#onArrival = onArrival;
  }

  /** Takes what has arrived; otherwise sends for the next item, so that no slot is in use while it is on its way. */
  take(): Item | typeof NOTHING {
    const item = this.#arrived;
    this.#arrived = NOTHING;
    if (item === NOTHING) {
      this.ready = false;
      void this.#fetch();
    }
    return item;
  }

  /**
   * An item that is on its way gets one turn of the event loop, so that a source that has it at hand is closed when
   * this resolves. One that waits for the outside world might never bring it, and must not hold up the error for
   * which the batch stops: it closes itself when it wakes.
   */
  async close(): Promise<void> {
    const onItsWay = !this.ready;
    this.ready = false;
    const closing = this.#return();
    await (onItsWay ? Promise.race([closing, new Promise((resolve) => setImmediate(resolve))]) : closing);
  }

  async #fetch(): Promise<void> {
    let stepped = false;
    try {
      this.#iterator ??= this.#iterable[Symbol.asyncIterator]();
      const step = await this.#iterator.next();
      stepped = true;
      if (step.done) {
        this.exhausted = true;
      } else {
        this.#check?.(step.value, this.#index++);
        this.#arrived = step.value;
        this.ready = true;
      }
    } catch (error) {
      this.failure = { error };
      // A source that has thrown by itself is not closed any more.
      this.exhausted = !stepped;
    }
    this.#onArrival();
  }

  async #return(): Promise<void> {
    try {
      await this.#iterator?.return?.();
    } catch {}
  }
}

function isAsyncIterable<T>(source: ItemSource<T>): source is AsyncIterable<T> {
  return typeof (source as Partial<AsyncIterable<T>> | null)?.[Symbol.asyncIterator] === 'function';
}

function isIterable<T>(source: ItemSource<T>): source is Iterable<T> {
  return typeof (source as Partial<Iterable<T>> | null)?.[Symbol.iterator] === 'function';
}
