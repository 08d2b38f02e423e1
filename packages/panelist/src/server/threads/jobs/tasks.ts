import type { JsonValue } from '@panelist/toolkit';
import type { ThreadDatabase } from '../thread-job.ts';

/** What is spent by tasks, by their ids. */
export interface TaskSpending {
  readonly taskId: string;
  readonly inputTokens: number;
  readonly outputTokens: number;
  /** US dollars; `null` where the price isn't known. */
  readonly costUsd: number | null;
}

/** A page of results, as the API gives them. */
export interface ResultPage {
  readonly results: {
    readonly sequence: number;
    readonly itemKey: string;
    readonly success: boolean;
    readonly recordedAt: string;
    readonly result: JsonValue;
  }[];
  readonly next: number | null;
}

export const taskJobs = {
  async readResults(
    open: ThreadDatabase,
    { taskId, after, limit }: { taskId: string; after?: number | undefined; limit: number },
  ): Promise<ResultPage> {
    const { tasks } = await open();
    const { entries, next } = await tasks.store.results(taskId, { after, limit });
    const results = entries.map(({ recordedAt, ...result }) => ({
      ...result,
      recordedAt: new Date(recordedAt).toISOString(),
    }));
    return { results, next };
  },

  async spending(
    open: ThreadDatabase,
    { tasks }: { tasks: readonly { readonly taskId: string; readonly model: string | null }[] },
  ): Promise<readonly TaskSpending[]> {
    const workspace = await open();
    const found: TaskSpending[] = [];
    for (const { taskId, model } of tasks) {
      const { inputTokens, outputTokens } = await workspace.spentBy([taskId]);
      const price = model === null ? null : workspace.priceOf(model);
      const costUsd =
        price === null ? null : (inputTokens * price.input + outputTokens * price.output) / 1_000_000;
      found.push({ taskId, inputTokens, outputTokens, costUsd });
    }
    return found;
  },
};
