import { isActive, type TaskRecord } from '@panelist/toolkit';
import { focusGroupOf } from '../../focus-group/group.ts';
import { findGroup } from '../../focus-group/history.ts';
import type { Workspace } from '../open-workspace.ts';
import { checkLimits, type RunLimits } from './run-limits.ts';
import { askedModelOf } from './run-view.ts';

/**
 * Changes those limits of a run that are given, also to `null`; others stay. It may be running: the process that
 * runs it follows within a few seconds. A run that was paused for a limit continues when it is resumed.
 *
 * @param task a survey's, or any turn of a focus group: its limits are those of the whole group
 * @throws PanelistError `USAGE` for an invalid limit, `PRICE_UNKNOWN` for a cost limit of a model without a price
 */
export async function changeLimits(
  workspace: Pick<Workspace, 'tasks' | 'checkPrice'>,
  task: TaskRecord,
  limits: RunLimits,
): Promise<void> {
  const focusGroupId = focusGroupOf(task.taskParams);
  if (focusGroupId !== null) return changeGroupLimits(workspace, focusGroupId, limits);
  await configure(workspace, [task], limits);
}

/** The same for a focus group and all its later turns. Does nothing for a group that isn't opened yet. */
export async function changeGroupLimits(
  workspace: Pick<Workspace, 'tasks' | 'checkPrice'>,
  focusGroupId: string,
  limits: RunLimits,
): Promise<void> {
  const { turns = [] } = (await findGroup(workspace.tasks, focusGroupId)) ?? {};
  // Turns to come are run as the opening records it.
  const tasks = turns.map(({ task }) => task).filter(({ status }, index) => index === 0 || isActive(status));
  await configure(workspace, tasks, limits);
}

async function configure(
  { tasks, checkPrice }: Pick<Workspace, 'tasks' | 'checkPrice'>,
  records: readonly TaskRecord[],
  limits: RunLimits,
): Promise<void> {
  const checked = checkLimits(limits);
  for (const record of records) {
    const asked = askedModelOf(record);
    if (asked !== null) checkPrice(asked.model, checked);
  }
  for (const { taskId } of records) await tasks.configureTask(taskId, checked);
}
