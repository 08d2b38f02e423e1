import { quote, ToolkitError } from '../../errors/toolkit-error.ts';
import type { JsonValue } from '../../tasks/task-record.ts';

/**
 * The value of a JSON column. The file may have been changed by something else, or come from a stranger.
 *
 * @param where of which row, for the message: `task task_1, item "a"`
 * @throws ToolkitError `STORE_FAILED`
 */
export function storedJson(column: unknown, where: string): JsonValue {
  try {
    if (typeof column === 'string') return JSON.parse(column) as JsonValue;
  } catch {
    // What it says quotes the row.
  }
  throw changedRow(where, `expected is JSON, got ${quote(column)}`);
}

export function changedRow(where: string, problem: string): ToolkitError {
  return new ToolkitError(
    'STORE_FAILED',
    `A row of the database is not what the toolkit writes (${where}: ${problem}). Something else has changed it: restore the file from a backup.`,
  );
}
