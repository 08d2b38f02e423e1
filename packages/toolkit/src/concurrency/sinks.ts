import type { TaskOutcome } from './task.ts';

/** Where a batch puts the outcomes of its tasks. */
export interface Sink<T> {
  /** Outcomes that a reader has yet to deal with: they count towards the batch's concurrency, but take up no slot. */
  readonly held: number;
  /** There will be so many results. Called before the first, and only if it is known. */
  expect(total: number): void;
  succeeded(index: number, value: T): void;
  /** Returns whether the batch goes on. */
  failed(index: number, error: unknown): boolean;
}

/** Results in input order. The first failure ends the batch. */
export class Results<T> implements Sink<T> {
  readonly held = 0;
  list: T[] = [];

  expect(total: number): void {
    this.list = new Array(total);
  }

  succeeded(index: number, value: T): void {
    if (index > this.list.length) fill(this.list, index);
    this.list[index] = value;
  }

  failed(_index: number, _error: unknown): boolean {
    return false;
  }
}

/** Results in input order, with the error in place of a missing result. */
export class ResultsOrErrors extends Results<unknown> {
  override failed(index: number, error: unknown): boolean {
    if (index > this.list.length) fill(this.list, index);
    this.list[index] = error;
    return true;
  }
}

/** Outcomes in input order. */
export class Outcomes<T> implements Sink<T> {
  readonly held = 0;
  list: TaskOutcome<T>[] = [];

  expect(total: number): void {
    this.list = new Array(total);
  }

  succeeded(index: number, data: T): void {
    if (index > this.list.length) fill(this.list, index);
    this.list[index] = { success: true, data, index };
  }

  failed(index: number, error: unknown): boolean {
    if (index > this.list.length) fill(this.list, index);
    this.list[index] = { success: false, error, index };
    return true;
  }
}

/**
 * Makes room up to `index`. Without it, an array that is written to far behind its end becomes a hash table, many times
 * slower.
 */
function fill(list: unknown[], index: number): void {
  while (list.length < index) list.push(undefined);
}
