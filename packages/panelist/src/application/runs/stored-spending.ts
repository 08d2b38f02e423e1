import type { TaskManager } from '@panelist/toolkit';
import { groupTaskKey } from '../../focus-group/group.ts';
import { costOf } from '../../models/budget/price-table.ts';
import type { ReplyStore } from '../../models/replies/reply-store.ts';
import type { Workspace } from '../open-workspace.ts';

/** What a run has spent: a survey, or a focus group with all its turns; earlier processes included. */
export interface RunSpending {
  /** US dollars; `null` where the price of one of its models isn't known. */
  readonly costUsd: number | null;
  readonly inputTokens: number;
  readonly outputTokens: number;
}

/**
 * What the stored replies of a run's tasks took, each by the price of its own model.
 *
 * @param tasks with the models that they ask; `null` where that cannot be told
 */
export async function runSpending(
  { spentBy, priceOf }: Pick<Workspace, 'spentBy' | 'priceOf'>,
  tasks: readonly { readonly taskId: string; readonly model: string | null }[],
): Promise<RunSpending> {
  let sum: RunSpending = { costUsd: 0, inputTokens: 0, outputTokens: 0 };
  for (const [model, ofModel] of Map.groupBy(tasks, (task) => task.model)) {
    const { inputTokens, outputTokens } = await spentBy(ofModel.map(({ taskId }) => taskId));
    const price = model === null ? null : priceOf(model);
    sum = {
      costUsd:
        sum.costUsd === null || price === null
          ? null
          : sum.costUsd + costOf({ inputTokens, outputTokens }, price),
      inputTokens: sum.inputTokens + inputTokens,
      outputTokens: sum.outputTokens + outputTokens,
    };
  }
  return sum;
}

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
