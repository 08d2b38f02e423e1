import type { Clock } from '../clock/clock.ts';
import { ToolkitError, type ToolkitErrorCode } from '../errors/toolkit-error.ts';
import { ErrorHandler } from '../retry/error-handler.ts';
import { failureResult } from '../tasks/failure-result.ts';
import type { Task } from '../tasks/task.ts';
import type { TaskManager } from '../tasks/task-manager.ts';
import type { ItemClaim } from '../tasks/task-store.ts';
import type { ItemResult } from './job-work.ts';

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

/** How often work that was aborted tries to write to a database that does not take it. */
const TRIES_AFTER_ABORT = 3;

/**
 * Repeats writes while `mayWait` says of their errors that the database may take them later. Only work that was aborted does
 * not wait for ever.
 */
export function storeHandler(
  clock: Clock,
  aborted: AbortSignal,
  mayWait: (error: unknown) => boolean,
): ErrorHandler {
  return new ErrorHandler({
    clock,
    maxRetries: Number.POSITIVE_INFINITY,
    retryDelayMs: 100,
    maxDelayMs: 2_000,
    retryOn: (error, { attempt }) => mayWait(error) && (!aborted.aborted || attempt < TRIES_AFTER_ABORT),
  });
}

export function hasCode(error: unknown, code: ToolkitErrorCode): boolean {
  return error instanceof ToolkitError && error.code === code;
}
