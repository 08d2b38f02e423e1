import type { TaskManager } from '@panelist/toolkit';

const TASKS_PER_PAGE = 500;
/** Tasks that are looked at: metrics are asked for every few seconds. */
const MAX_TASKS = 5_000;

/** Items without a result of all tasks that are to be run, by job. */
export async function queueDepth({ store }: TaskManager): Promise<ReadonlyMap<string, number>> {
  const items = new Map<string, number>();
  let after: string | undefined;
  let seen = 0;
  do {
    const page = await store.summaries({ statuses: ['pending', 'running'], limit: TASKS_PER_PAGE, after });
    for (const { job, totalCount, completedCount } of page.entries)
      if (job !== null) items.set(job, (items.get(job) ?? 0) + totalCount - completedCount);
    seen += page.entries.length;
    after = page.next ?? undefined;
  } while (after !== undefined && seen < MAX_TASKS);
  return items;
}
