import type { Transaction } from 'kysely';
import type { NewTask } from '../../tasks/task-store.ts';
import type { TaskTables } from './task-tables.ts';

/** Rows of `task_items` per statement: four parameters each, of which SQLite takes 32,766. */
const ITEMS_PER_STATEMENT = 2_000;
/** Rows deleted per statement: a statement holds the event loop. */
const DELETED_PER_STATEMENT = 1_000;

type Tables = Transaction<TaskTables>;

/** Writes a new task's parameters and items. */
export async function insertDetails(
  transaction: Tables,
  { taskId, taskParams, items = [] }: NewTask,
): Promise<void> {
  await transaction
    .insertInto('task_params')
    .values({ task_id: taskId, params: JSON.stringify(taskParams) })
    .execute();
  for (let start = 0; start < items.length; start += ITEMS_PER_STATEMENT) {
    const rows = items.slice(start, start + ITEMS_PER_STATEMENT).map(({ key, input }, index) => ({
      task_id: taskId,
      position: start + index,
      item_key: key,
      input: JSON.stringify(input),
    }));
    await transaction.insertInto('task_items').values(rows).execute();
  }
}

/** Deletes the failed results of the items with these keys, or of all; returns how many. */
export async function deleteFailed(
  transaction: Tables,
  taskId: string,
  keys: readonly string[] | undefined,
): Promise<number> {
  let query = transaction
    .deleteFrom('task_results')
    .where('task_id', '=', taskId)
    .where('success', '=', 0)
    .where('item_key', 'in', (items) =>
      items.selectFrom('task_items').select('item_key').where('task_id', '=', taskId),
    );
  if (keys !== undefined) query = query.where('item_key', 'in', keys);
  return Number((await query.executeTakeFirstOrThrow()).numDeletedRows);
}

/** Deletes all that belongs to a task, a part at a time, with a turn of the event loop between. */
export async function deleteDetails(transaction: Tables, taskId: string): Promise<void> {
  await deleteInParts(async (count) => {
    const last = await transaction
      .selectFrom('task_results')
      .select('sequence')
      .where('task_id', '=', taskId)
      .orderBy('sequence')
      .limit(count)
      .execute();
    const end = last.at(-1)?.sequence;
    if (end === undefined) return false;
    await transaction
      .deleteFrom('task_results')
      .where('task_id', '=', taskId)
      .where('sequence', '<=', end)
      .execute();
    return last.length === count;
  });
  await deleteInParts(async (count) => {
    const last = await transaction
      .selectFrom('task_items')
      .select('position')
      .where('task_id', '=', taskId)
      .orderBy('position')
      .limit(count)
      .execute();
    const end = last.at(-1)?.position;
    if (end === undefined) return false;
    await transaction
      .deleteFrom('task_items')
      .where('task_id', '=', taskId)
      .where('position', '<=', end)
      .execute();
    return last.length === count;
  });
  await transaction.deleteFrom('task_params').where('task_id', '=', taskId).execute();
}

/** @param part deletes so many rows at most; returns whether there may be more */
async function deleteInParts(part: (count: number) => Promise<boolean>): Promise<void> {
  while (await part(DELETED_PER_STATEMENT)) await new Promise((resolve) => setImmediate(resolve));
}
