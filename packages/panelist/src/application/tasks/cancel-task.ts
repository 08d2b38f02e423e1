import { isActive, type TaskRecord } from '@panelist/toolkit';
import { PanelistError } from '../../panelist-error.ts';
import type { Workspace } from '../open-workspace.ts';

/** Ends a task for good; what it has recorded stays. @throws PanelistError `USAGE` for one that is finished */
export async function cancelTask(
  { tasks }: Pick<Workspace, 'tasks'>,
  { taskId, status }: TaskRecord,
): Promise<void> {
  if (!isActive(status))
    throw new PanelistError('USAGE', `Task ${taskId} is ${status} already: there is nothing to cancel.`);
  // The process that runs it, this one too, starts nothing more and aborts what is in flight.
  await tasks.cancelTask(taskId);
}
