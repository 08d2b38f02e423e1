import type { JobRunner } from '@panelist/toolkit';
import { SURVEY_JOB } from '../../survey/survey-task.ts';
import { ROUND_JOB } from '../group.ts';
import { readGroup } from '../history.ts';
import { GroupStopped, TurnRunner, type TurnWatch } from './run-turn.ts';

/**
 * Asks again for all replies of a group that failed, those of its polls included, turn by turn. Each is asked
 * what it was asked then, with what was known then. What a moderator or a summary missed stays as it is: the talk has
 * gone on without it.
 *
 * @returns how many were asked again
 * @throws PanelistError `GROUP_NOT_FOUND`; GroupStopped
 */
export async function retryFailedReplies(
  runner: JobRunner,
  focusGroupId: string,
  watch: TurnWatch = {},
): Promise<number> {
  const { turns } = await readGroup(runner.tasks, focusGroupId);
  const runs = new TurnRunner(runner, focusGroupId, watch);
  let count = 0;
  for (const { task } of turns) {
    if (task.failedCount === 0 || (task.job !== ROUND_JOB && task.job !== SURVEY_JOB)) continue;
    count += task.failedCount;
    const again = await runs.retry(task);
    if (again.status === 'cancelled') throw new GroupStopped(again);
  }
  return count;
}
