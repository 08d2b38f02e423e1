import { ToolkitError, type ToolkitErrorCode } from '../errors/toolkit-error.ts';
import type { ErrorHandler } from '../retry/error-handler.ts';
import { failureResult } from '../tasks/failure-result.ts';
import type { Task } from '../tasks/task.ts';
import type { TaskManager } from '../tasks/task-manager.ts';
import type { ItemClaim } from '../tasks/task-store.ts';
import type { ItemResult } from './job-work.ts';

export { isWorthWaiting } from '../classify/store-fault.ts';

/**
 * Records what became of an item, and waits for a database that is busy or away: what the item has cost must not be lost to
 * that. A result that isn't JSON is recorded as a failure of the item.
 *
 * @throws ToolkitError `ILLEGAL_TRANSITION` where the task was ended elsewhere; what the store throws
 */
export async function recordItem(
  tasks: TaskManager,
  whenBusy: ErrorHandler,
  { taskId, itemKey, claim }: RecordedItem,
  { success, result }: ItemResult,
): Promise<{ readonly recorded: boolean; readonly task: Task }> {
  const record = (each: ItemResult) =>
    whenBusy.withRetry(() => tasks.updateProgress(taskId, { itemKey, claim, ...each }));
  try {
    return await record({ success, result });
  } catch (error) {
    if (!hasCode(error, 'INVALID_OPTION')) throw error;
    return record({ success: false, result: failureResult(error) });
  }
}

export interface RecordedItem {
  readonly taskId: string;
  readonly itemKey: string;
  readonly claim?: ItemClaim | undefined;
}

export function hasCode(error: unknown, code: ToolkitErrorCode): boolean {
  return error instanceof ToolkitError && error.code === code;
}
