import { isActive, quote, type TaskManager } from '@panelist/toolkit';
import { PanelistError } from '../../panelist-error.ts';
import { storedState } from './group-state.ts';
import { groupTasks, openingOf } from './turn-rows.ts';

/**
 * Deletes a group with all that was said in it. Stored replies stay, since other runs may reuse them.
 *
 * @returns the ids of its tasks
 * @throws PanelistError `GROUP_NOT_FOUND`; `USAGE` while something is under way in it
 */
export async function deleteGroup(tasks: TaskManager, focusGroupId: string): Promise<readonly string[]> {
  const rows = await groupTasks(tasks, focusGroupId);
  const opening = openingOf(rows, focusGroupId);
  if (rows.some(({ status }) => isActive(status)) || storedState(opening.settings).requests.length > 0)
    throw new PanelistError(
      'USAGE',
      `Something is under way in the focus group ${quote(focusGroupId)}: cancel it first.`,
    );
  // The opening is last: without it, what is left could not be found.
  const others = rows.filter(({ taskId }) => taskId !== opening.taskId);
  const ids = [...others.reverse(), opening].map(({ taskId }) => taskId);
  for (const taskId of ids) await tasks.deleteTask(taskId);
  return ids;
}
