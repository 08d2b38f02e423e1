import type { TaskManager } from '@panelist/toolkit';
import { groupTaskKey } from '../../focus-group/group.ts';
import type { ReplyStore } from '../../models/replies/reply-store.ts';

/** The tasks of a group's turns that ask one model. */
export async function turnsOf(
  { store }: TaskManager,
  focusGroupId: string,
  model: string,
): Promise<readonly string[]> {
  const ids: string[] = [];
  let after: string | undefined;
  do {
    const page = await store.summaries({ taskKey: groupTaskKey(focusGroupId), params: ['model'], after });
    for (const { taskId, params } of page.entries) if (params.model === model) ids.push(taskId);
    after = page.next ?? undefined;
  } while (after !== undefined);
  return ids;
}

/** How many replies are stored of a task's items that have no result yet. */
export async function repliesOfUnfinished(
  tasks: TaskManager,
  replies: ReplyStore,
  taskId: string,
): Promise<number> {
  const counts = await replies.countByItem(taskId);
  if (counts.size === 0) return 0;
  let sum = 0;
  for await (const { key } of tasks.items(taskId, { status: 'pending' })) sum += counts.get(key) ?? 0;
  return sum;
}
