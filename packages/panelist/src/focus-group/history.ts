import { quote, type TaskManager, type TaskRecord } from '@panelist/toolkit';
import { PanelistError } from '../panelist-error.ts';
import { checkTaskId } from '../stored/stored-row.ts';
import { type FocusGroup, groupTaskKey, OPENING_JOB, type TurnPosition } from './group.ts';
import { OPENING, positionOf } from './turns/stored-turns.ts';

/** At most so many turns of one group are read: far more than a group can have. */
const maxTurns = 10_000;

/** One task of a group. */
export interface Turn extends TurnPosition {
  readonly task: TaskRecord;
}

/** All that has happened in a group, in order. */
export interface GroupHistory {
  readonly group: FocusGroup;
  readonly turns: readonly Turn[];
}

/** @throws PanelistError `GROUP_NOT_FOUND`; `ROW_INVALID` for a row that is not what Panelist writes */
export async function readGroup(tasks: TaskManager, focusGroupId: string): Promise<GroupHistory> {
  return existingGroup(await findGroup(tasks, focusGroupId), focusGroupId);
}

/** @throws PanelistError `GROUP_NOT_FOUND` */
export function existingGroup(history: GroupHistory | undefined, focusGroupId: string): GroupHistory {
  if (history !== undefined) return history;
  throw new PanelistError(
    'GROUP_NOT_FOUND',
    `There is no focus group ${quote(focusGroupId)} in this database.`,
    { data: { reason: 'group-not-found' } },
  );
}

/** Of two turns with one number, begun by two processes at once, the earlier counts; the other process cancels its own. */
export async function findGroup(tasks: TaskManager, focusGroupId: string): Promise<GroupHistory | undefined> {
  const records = await tasks.store.list({ taskKey: groupTaskKey(focusGroupId), limit: maxTurns });
  const turns: Turn[] = [];
  // Newest first, as they are listed.
  for (const task of [...records].reverse()) {
    // Other programs may have tasks under the same key, as in the toolkit's guide.
    if (task.status === 'cancelled' || !isTurn(task)) continue;
    checkTaskId(task.taskId);
    const { turn, step } = positionOf(task);
    if (turns.every((other) => other.turn !== turn)) turns.push({ focusGroupId, turn, step, task });
  }
  turns.sort((a, b) => a.turn - b.turn);
  const opening = turns.find(({ task }) => task.job === OPENING_JOB);
  if (opening === undefined) return undefined;
  return { group: OPENING.params(opening.task).group, turns };
}

function isTurn({ taskParams }: TaskRecord): boolean {
  return (
    typeof taskParams === 'object' &&
    taskParams !== null &&
    'turn' in taskParams &&
    taskParams.turn !== undefined
  );
}

/** Every group in the database, the newest first. */
export async function listGroups(tasks: TaskManager): Promise<readonly FocusGroup[]> {
  const openings = await tasks.store.list({ job: OPENING_JOB, limit: maxTurns });
  const groups = new Map<string, FocusGroup>();
  for (const task of openings) {
    if (task.status === 'cancelled') continue;
    const { group } = OPENING.params(task);
    groups.set(group.focusGroupId, group);
  }
  return [...groups.values()];
}
