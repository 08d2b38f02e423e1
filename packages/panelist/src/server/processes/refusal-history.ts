import type { RunFigures } from '../../application/runs/run-figures.ts';

/** How many requests of a run the provider had refused by then. */
export interface RefusalSample {
  /** Epoch milliseconds. */
  readonly at: number;
  readonly refused: number;
}

const MAX_TASKS = 200;
const MAX_SAMPLES = 600;

/**
 * When providers refused requests of the runs of this server. Results are in the database, and refusals are not: a page that
 * is opened later would know nothing of them.
 */
export class RefusalHistory {
  readonly #samples = new Map<string, RefusalSample[]>();
  /** By task, as its process has counted last. */
  readonly #counted = new Map<string, number>();

  /** Only changes are kept. A process that is started again counts on from what was counted before. */
  add({ taskId, accounts }: RunFigures, at: number): void {
    const counted = accounts.reduce((sum, account) => sum + account.refused, 0);
    const samples = this.#samples.get(taskId) ?? this.#begin(taskId);
    const before = this.#counted.get(taskId) ?? 0;
    this.#counted.set(taskId, counted);
    const added = counted >= before ? counted - before : counted;
    const last = samples.at(-1);
    if (last !== undefined && added === 0) return;
    samples.push({ at, refused: (last?.refused ?? 0) + (last === undefined ? 0 : added) });
    // Half of the moments still show when it was.
    if (samples.length > MAX_SAMPLES) {
      const thinned = samples.filter((_, index) => index % 2 === 0 || index === samples.length - 1);
      samples.splice(0, samples.length, ...thinned);
    }
  }

  of(taskId: string): readonly RefusalSample[] {
    return this.#samples.get(taskId) ?? [];
  }

  #begin(taskId: string): RefusalSample[] {
    const samples: RefusalSample[] = [];
    this.#samples.set(taskId, samples);
    for (const oldest of this.#samples.keys()) {
      if (this.#samples.size <= MAX_TASKS) break;
      this.#samples.delete(oldest);
      this.#counted.delete(oldest);
    }
    return samples;
  }
}
