import type { Transaction } from 'kysely';
import { nextTurn } from '../../clock/turns.ts';
import type { NewTask } from '../../tasks/task-store.ts';
import type { QueuedItem } from './item-queue.ts';
import { arrayStatement, type RowStatement } from './row-statement.ts';
import { SizedStatement } from './sized-statement.ts';
import type { SqlDatabase } from './sql-database.ts';
import type { TaskTables } from './task-tables.ts';

/** Items written per turn of the event loop; each may be a few kilobytes. */
const ITEMS_PER_TURN = 512;
const MOST_ITEMS = 2_000;
/** Rows deleted per statement: a statement blocks the event loop. */
const DELETED_PER_STATEMENT = 1_000;

type Tables = Transaction<TaskTables>;

/** Writes a new task's parameters and items. */
export class DetailsInsert {
  readonly #items: RowStatement<TaskTables, TaskTables['task_items']>;
  readonly #perTurn: number;

  constructor(dialect: SqlDatabase['dialect']) {
    this.#items = dialect === 'postgres' ? ITEMS_IN_ARRAYS : sizedItems();
    // PostgreSQL runs a statement in a process of its own, SQLite in this one.
    this.#perTurn = dialect === 'postgres' ? MOST_ITEMS : ITEMS_PER_TURN;
  }

  /**
   * In one transaction, which spans several turns of the event loop: a killed process leaves nothing, and other
   * processes wait for the lock as long as they would for one large statement.
   */
  async execute(transaction: Tables, { taskId, taskParams, items = [] }: NewTask): Promise<void> {
    await transaction
      .insertInto('task_params')
      .values({ task_id: taskId, params: JSON.stringify(taskParams) })
      .execute();
    for (let start = 0; start < items.length; start += this.#perTurn) {
      if (start > 0) await nextTurn();
      const rows = items.slice(start, start + this.#perTurn).map(({ key, input }, index) => ({
        task_id: taskId,
        position: start + index,
        item_key: key,
        input: JSON.stringify(input),
      }));
      await this.#items.execute(transaction, rows);
    }
  }
}

function sizedItems(): RowStatement<TaskTables, TaskTables['task_items']> {
  return new SizedStatement<TaskTables, TaskTables['task_items']>(
    { task_id: '', position: 0, item_key: '', input: '' },
    (transaction, blankRows) => transaction.insertInto('task_items').values(blankRows).compile(),
    (rows) => rows.flatMap(({ task_id, position, item_key, input }) => [task_id, position, item_key, input]),
  );
}

const ITEMS_IN_ARRAYS = arrayStatement<TaskTables, TaskTables['task_items']>(
  `insert into task_items (task_id, position, item_key, input)
   select * from unnest($1::text[], $2::bigint[], $3::text[], $4::text[])`,
  (rows) => [
    rows.map(({ task_id }) => task_id),
    rows.map(({ position }) => position),
    rows.map(({ item_key }) => item_key),
    rows.map(({ input }) => input),
  ],
);

/** Deletes the failed results of the items with these keys, or of all; returns those items. */
export async function deleteFailed(
  transaction: Tables,
  taskId: string,
  keys: readonly string[] | undefined,
): Promise<readonly QueuedItem[]> {
  let query = transaction
    .deleteFrom('task_results')
    .where('task_id', '=', taskId)
    .where('success', '=', 0)
    .where('item_key', 'in', (items) =>
      items.selectFrom('task_items').select('item_key').where('task_id', '=', taskId),
    );
  if (keys !== undefined) query = query.where('item_key', 'in', keys);
  const deleted = await query.returning('item_key').execute();
  const items: QueuedItem[] = [];
  for (let start = 0; start < deleted.length; start += DELETED_PER_STATEMENT) {
    const rows = await transaction
      .selectFrom('task_items')
      .select(['item_key', 'position'])
      .where('task_id', '=', taskId)
      .where(
        'item_key',
        'in',
        deleted.slice(start, start + DELETED_PER_STATEMENT).map(({ item_key }) => item_key),
      )
      .execute();
    for (const { item_key, position } of rows) items.push({ key: item_key, position });
  }
  return items;
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
  while (await part(DELETED_PER_STATEMENT)) await nextTurn();
}
