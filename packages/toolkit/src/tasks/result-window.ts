import type { JsonValue } from './task-record.ts';

export interface SequencedResult {
  readonly sequence: number;
  readonly result: JsonValue;
}

/** The most recent results of a task, in the order of recording, and how many there have been in all. */
export class ResultWindow {
  readonly #limit: number;
  #results: JsonValue[] = [];
  #sequences: number[] = [];
  #lastSequence = 0;
  #seen = 0;

  constructor(limit: number) {
    this.#limit = limit;
  }

  get results(): readonly JsonValue[] {
    return this.#results;
  }

  /** How many results it has been told of, kept or not. */
  get seen(): number {
    return this.#seen;
  }

  push({ sequence, result }: SequencedResult): void {
    if (sequence <= this.#lastSequence) return;
    this.#lastSequence = sequence;
    this.#seen += 1;
    if (this.#limit === 0) return;
    if (this.#results.length === this.#limit) {
      this.#results.shift();
      this.#sequences.shift();
    }
    this.#results.push(result);
    this.#sequences.push(sequence);
  }

  /** Starts again from `newest`, the last of the `total` results up to the sequence `upTo`; later ones stay. */
  reload(newest: readonly SequencedResult[], total: number, upTo: number): void {
    const later = this.#sequences.flatMap((sequence, index) =>
      sequence > upTo ? [{ sequence, result: this.#results[index]! }] : [],
    );
    this.#results = newest.map(({ result }) => result);
    this.#sequences = newest.map(({ sequence }) => sequence);
    this.#lastSequence = upTo;
    this.#seen = total;
    for (const entry of later) this.push(entry);
  }
}
