import type { JsonValue } from '@panelist/toolkit';
import { type RunSpending, runSpending } from '../../../application/runs/stored-spending.ts';
import type { ThreadDatabase } from '../thread-job.ts';

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
  ): Promise<readonly (RunSpending & { readonly taskId: string })[]> {
    const workspace = await open();
    return Promise.all(
      tasks.map(async (task) => ({ taskId: task.taskId, ...(await runSpending(workspace, [task])) })),
    );
  },
};
