import type { Transaction } from 'kysely';
import type { ItemClaim } from '../../tasks/task-store.ts';

export interface QueuedItem {
  readonly key: string;
  /** Its place in the task: items are handed out in this order. */
  readonly position: number;
}

/**
 * Hands out items to the processes that work on a task. A queue has an entry for each item without a result: the store
 * writes it in the same transaction as the item, and removes it with the result.
 */
export interface ItemQueue {
  /** Called before a transaction that may `add` items of the task: what needs another connection is done here. */
  prepare(taskId: string): Promise<void>;
  /** These items have no result. One that is in the queue already stays as it is. */
  add(transaction: Transaction<unknown>, taskId: string, items: readonly QueuedItem[]): Promise<void>;
  /** So many items were added, and are committed. */
  analyze(count: number): Promise<void>;
  /**
   * Removes the entries that these claims are for, and returns the claims that were valid. A claim that was lost changes
   * nothing: the item is another process's now.
   */
  settle(
    transaction: Transaction<unknown>,
    taskId: string,
    claims: readonly ItemClaim[],
  ): Promise<ReadonlySet<ItemClaim>>;
}
