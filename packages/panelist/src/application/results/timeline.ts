import type { ItemOutcome, TaskManager, TaskRecord } from '@panelist/toolkit';

/** Most intervals of a timeline. When there would be more, each becomes twice as long. */
const MOST_INTERVALS = 300;
const SHORTEST_MS = 1_000;
/** Outcomes are small: large pages save queries. */
const PAGE = 5_000;
/** Timelines that are kept to be continued; each is a few kilobytes. */
const MOST_KEPT = 50;

/** How many items ended in each interval of a run, whichever process ran it. */
export interface Timeline {
  /** Where the first interval begins, epoch milliseconds; `null` before the first result. */
  readonly from: number | null;
  /** The length of each interval, milliseconds: a second, or as many times twice that as keeps them at most 300. */
  readonly intervalMs: number;
  /** One for each interval. */
  readonly succeeded: readonly number[];
  readonly failed: readonly number[];
  /** The sequence of the last result that is counted. */
  readonly through: number | null;
}

/**
 * Reads timelines, and continues each with what was recorded since. A first reading takes 0.25 s for 100,000 results; what
 * was recorded since then, as much of that as it is of them.
 */
export class Timelines {
  readonly #tasks: TaskManager;
  /** The most recently used last. */
  readonly #kept = new Map<string, Promise<Intervals>>();

  constructor(tasks: TaskManager) {
    this.#tasks = tasks;
  }

  async of(task: Pick<TaskRecord, 'taskId'>): Promise<Timeline> {
    const { taskId } = task;
    const before = this.#kept.get(taskId) ?? Promise.resolve(new Intervals());
    const next = before.then((intervals) => this.#continued(taskId, intervals));
    this.#kept.delete(taskId);
    this.#kept.set(taskId, next);
    // What could not be read is read from the beginning the next time.
    next.catch(() => this.#kept.delete(taskId));
    for (const oldest of this.#kept.keys()) {
      if (this.#kept.size <= MOST_KEPT) break;
      this.#kept.delete(oldest);
    }
    return (await next).timeline;
  }

  async #continued(taskId: string, known: Intervals): Promise<Intervals> {
    await this.#follow(taskId, known);
    const { store } = this.#tasks;
    const completed = (await store.get(taskId))?.completedCount ?? 0;
    if (known.count <= completed) return known;
    // Failed results were taken back: what they had counted isn't known any more.
    const again = new Intervals();
    await this.#follow(taskId, again);
    return again;
  }

  async #follow(taskId: string, intervals: Intervals): Promise<void> {
    for (;;) {
      const after = intervals.timeline.through ?? undefined;
      const { entries, next } = await this.#tasks.store.outcomes(taskId, { after, limit: PAGE });
      for (const outcome of entries) intervals.add(outcome);
      if (next === null) return;
    }
  }
}

class Intervals {
  #from: number | null = null;
  #intervalMs = SHORTEST_MS;
  #succeeded: number[] = [];
  #failed: number[] = [];
  #through: number | null = null;
  count = 0;

  add({ sequence, success, recordedAt }: ItemOutcome): void {
    this.#through = sequence;
    this.count += 1;
    this.#from ??= Math.floor(recordedAt / SHORTEST_MS) * SHORTEST_MS;
    const at = this.#place(recordedAt - this.#from);
    const counts = success ? this.#succeeded : this.#failed;
    counts[at] = (counts[at] ?? 0) + 1;
  }

  get timeline(): Timeline {
    return {
      from: this.#from,
      intervalMs: this.#intervalMs,
      succeeded: [...this.#succeeded],
      failed: [...this.#failed],
      through: this.#through,
    };
  }

  /** @param ms since the beginning; less than 0 where clocks of two machines differ */
  #place(ms: number): number {
    while (Math.floor(ms / this.#intervalMs) >= MOST_INTERVALS) {
      this.#intervalMs *= 2;
      this.#succeeded = inPairs(this.#succeeded);
      this.#failed = inPairs(this.#failed);
    }
    const at = Math.max(0, Math.floor(ms / this.#intervalMs));
    while (this.#succeeded.length <= at) {
      this.#succeeded.push(0);
      this.#failed.push(0);
    }
    return at;
  }
}

function inPairs(counts: readonly number[]): number[] {
  return Array.from(
    { length: Math.ceil(counts.length / 2) },
    (_, index) => (counts[2 * index] ?? 0) + (counts[2 * index + 1] ?? 0),
  );
}
