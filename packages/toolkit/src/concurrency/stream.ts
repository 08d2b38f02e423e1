import type { Batch } from './batch.ts';
import type { Sink } from './sinks.ts';
import type { TaskOutcome } from './task.ts';

/** Outcomes on their way from a batch to the one who reads its stream. */
export class OutcomeQueue<T> implements Sink<T> {
  held = 0;
  readonly #ordered: boolean;
  /** By place in the input if ordered, by order of arrival if not: either way the reader takes 0, 1, 2 … */
  readonly #outcomes = new Map<number, TaskOutcome<T>>();
  #arrived = 0;
  #next = 0;
  #wake: (() => void) | undefined;

  constructor(ordered: boolean) {
    this.#ordered = ordered;
  }

  expect(): void {}

  succeeded(index: number, data: T): void {
    this.#add({ success: true, data, index });
  }

  failed(index: number, error: unknown): boolean {
    this.#add({ success: false, error, index });
    return true;
  }

  take(): TaskOutcome<T> | undefined {
    const outcome = this.#outcomes.get(this.#next);
    if (outcome !== undefined) this.#outcomes.delete(this.#next++);
    return outcome;
  }

  /** Resolves at the next `wake`. */
  change(): Promise<void> {
    return new Promise((resolve) => {
      this.#wake = resolve;
    });
  }

  wake(): void {
    this.#wake?.();
    this.#wake = undefined;
  }

  #add(outcome: TaskOutcome<T>): void {
    this.#outcomes.set(this.#ordered ? outcome.index : this.#arrived++, outcome);
    this.held += 1;
    this.wake();
  }
}

/**
 * Runs a batch while its stream is read. The entry that the reader has counts as in flight until it asks for the next
 * outcome, so that no more than the batch's concurrency is ever taken from the source and not yet dealt with.
 */
export async function* streamOutcomes<Item, T>(
  batch: Batch<Item, T>,
  queue: OutcomeQueue<T>,
): AsyncGenerator<TaskOutcome<T>, void, undefined> {
  let over = false;
  const settled = batch.run().then(() => {
    over = true;
    queue.wake();
  });
  try {
    for (;;) {
      const outcome = queue.take();
      if (outcome !== undefined) {
        yield outcome;
        queue.held -= 1;
        batch.goOn();
      } else if (over) {
        break;
      } else {
        await queue.change();
      }
    }
  } finally {
    batch.stop(new DOMException('The reader of the stream has left it.', 'AbortError'));
    await settled;
  }
  if (batch.failure !== undefined) throw batch.failure.error;
}
