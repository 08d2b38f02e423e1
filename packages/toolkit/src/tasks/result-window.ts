import type { JsonValue } from './task-record.ts';

export interface SequencedResult {
  readonly sequence: number;
  readonly result: JsonValue;
}

/** The most recent results of a task, in the order of recording; never more than the task is known to have. */
export class ResultWindow {
  readonly #limit: number;
  #results: JsonValue[] = [];
  #sequences: number[] = [];
  #lastSequence = -1;
  /** The revision up to which it has seen every change, and how many results the task had then. */
  #revision = -1;
  #count = 0;

  constructor(limit: number) {
    this.#limit = limit;
  }

  get results(): readonly JsonValue[] {
    return this.#results;
  }

  /** Whether it shows what the task had at that revision, or later. */
  isCurrent(revision: number): boolean {
    return revision <= this.#revision;
  }

  /** The task has `count` results at that revision. */
  saw(revision: number, count: number): void {
    if (count === 0 && revision > this.#revision) this.reload([], 0, revision);
    // One change, of something else.
    else if (count === this.#count && revision === this.#revision + 1) this.#revision = revision;
    // Somebody took results back, and which is not known.
    else if (count < this.#results.length) this.#forget();
  }

  /** A result was recorded; the task has `count`, with it. */
  push({ sequence, result }: SequencedResult, count: number): void {
    if (sequence <= this.#lastSequence) return;
    this.#lastSequence = sequence;
    if (sequence === this.#revision + 1) {
      this.#revision = sequence;
      this.#count += 1;
    }
    if (this.#limit === 0) return;
    if (this.#results.length >= count) this.#forget();
    if (this.#results.length === this.#limit) {
      this.#results.shift();
      this.#sequences.shift();
    }
    this.#results.push(result);
    this.#sequences.push(sequence);
  }

  /** Starts again from `newest`, the last of the `count` results at `revision`; later ones stay. */
  reload(newest: readonly SequencedResult[], count: number, revision: number): void {
    if (this.isCurrent(revision)) return;
    const later = this.#sequences.flatMap((sequence, index) =>
      sequence > revision ? [{ sequence, result: this.#results[index]! }] : [],
    );
    this.#results = newest.map(({ result }) => result);
    this.#sequences = newest.map(({ sequence }) => sequence);
    this.#lastSequence = revision;
    this.#revision = revision;
    this.#count = count;
    for (const [index, entry] of later.entries()) this.push(entry, count + index + 1);
  }

  #forget(): void {
    this.#results = [];
    this.#sequences = [];
  }
}
