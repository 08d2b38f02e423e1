import type { TaskRecord } from '../../tasks/task-record.ts';
import type { NewResult } from '../../tasks/task-store.ts';
import type { ItemQueue } from './item-queue.ts';
import { type RecordOutcome, ResultRecorder, type ResultToRecord } from './result-recorder.ts';
import type { SqlDatabase } from './sql-database.ts';
import type { TaskRows } from './task-rows.ts';
import type { TaskTables } from './task-tables.ts';

/** Bounds one set of statements; what comes beyond goes into another, perhaps of the same transaction. */
const LARGEST_BATCH = 1_000;

interface Waiting extends ResultToRecord {
  readonly resolve: (outcome: { readonly recorded: boolean; readonly task: TaskRecord }) => void;
  readonly reject: (error: unknown) => void;
}

/** Gathers the results that arrive while the database is busy, and records each gathering as one write. */
export class RecordBatches {
  readonly #database: SqlDatabase;
  readonly #recorder: ResultRecorder;
  readonly #maxDelayMs: number;
  /** Where the next result goes: a batch that has been asked to be written, and is not being written yet. */
  #open: Waiting[] | undefined;
  readonly #underWay = new Set<Promise<void>>();

  constructor(database: SqlDatabase, tasks: TaskRows, queue: ItemQueue | undefined, maxDelayMs: number) {
    this.#maxDelayMs = maxDelayMs;
    this.#database = database;
    this.#recorder = new ResultRecorder(database.dialect, tasks, queue);
  }

  add(
    taskId: string,
    { itemKey, success, result, recordedAt, claim }: NewResult,
  ): Promise<{ readonly recorded: boolean; readonly task: TaskRecord }> {
    return new Promise((resolve, reject) => {
      const text = JSON.stringify(result);
      if (this.#open === undefined || this.#open.length >= LARGEST_BATCH) this.#open = this.#newBatch();
      this.#open.push({ taskId, itemKey, success, text, recordedAt, claim, resolve, reject });
    });
  }

  /** What is added from now on goes into a later write. */
  closeBatch(): void {
    this.#open = undefined;
  }

  /** Resolves when everything added so far has been answered. */
  async settled(): Promise<void> {
    await Promise.all(this.#underWay);
  }

  #newBatch(): Waiting[] {
    const batch: Waiting[] = [];
    const written = this.#write(batch);
    this.#underWay.add(written);
    void written.then(() => this.#underWay.delete(written));
    return batch;
  }

  async #write(batch: Waiting[]): Promise<void> {
    try {
      const outcomes = await this.#database.write<TaskTables, readonly RecordOutcome[]>(
        (transaction) => {
          if (this.#open === batch) this.#open = undefined;
          return this.#recorder.record(transaction, batch);
        },
        { maxDelayMs: this.#maxDelayMs },
      );
      for (const [index, waiting] of batch.entries()) {
        const outcome = outcomes[index]!;
        if ('error' in outcome) waiting.reject(outcome.error);
        else waiting.resolve(outcome);
      }
    } catch (error) {
      if (this.#open === batch) this.#open = undefined;
      for (const waiting of batch) waiting.reject(error);
    }
  }
}
