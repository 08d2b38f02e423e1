import { isDeepStrictEqual } from 'node:util';
import { type JobRunner, quote, type TaskSettings } from '@panelist/toolkit';
import { PanelistError } from '../../panelist-error.ts';
import { type FocusGroup, groupName, OPENING_JOB } from '../group.ts';
import { findGroup } from '../history.ts';
import { TurnRunner } from './run-turn.ts';
import { OPENING } from './stored-turns.ts';

/**
 * Opens a group, or finds that the same one is open.
 *
 * @param settings how its turns are to be run, where this opens it
 * @throws PanelistError `USAGE` for an invalid id, `GROUP_CHANGED` where the group was opened with another guide
 */
export async function openGroup(
  runner: JobRunner,
  group: FocusGroup,
  settings: TaskSettings = {},
): Promise<void> {
  const { focusGroupId } = group;
  checkGroupName(focusGroupId);
  // Before an interrupted turn is resumed, so that a changed guide is refused first.
  const begun =
    (await findGroup(runner.tasks, focusGroupId))?.group ?? (await begin(runner, group, settings));
  checkUnchanged(begun, group);
}

/** @throws PanelistError `GROUP_CHANGED` where a group was opened with another guide */
export function checkUnchanged(begun: FocusGroup, group: FocusGroup): void {
  const changed = (Object.keys(group) as (keyof FocusGroup)[]).filter(
    (key) => !isDeepStrictEqual(begun[key], JSON.parse(JSON.stringify(group[key]))),
  );
  if (changed.length === 0) return;
  throw new PanelistError(
    'GROUP_CHANGED',
    `The focus group ${quote(group.focusGroupId)} was begun with another ${changed.join(', another ')}. ` +
      'Give the changed one a name of its own, or run it as it was.',
    { data: { reason: 'group-changed' } },
  );
}

async function begin(runner: JobRunner, group: FocusGroup, settings: TaskSettings): Promise<FocusGroup> {
  const { turn } = await new TurnRunner(runner, group.focusGroupId).run('opening', () => ({
    step: 'opening',
    job: OPENING_JOB,
    params: { group },
    items: [],
    settings,
  }));
  return OPENING.params(turn.task).group;
}

/** It names files and task keys. @throws PanelistError `USAGE` */
export function checkGroupName(focusGroupId: string): void {
  if (!groupName.test(focusGroupId)) {
    throw new PanelistError(
      'USAGE',
      `A focus group's name is 1 to 100 letters, digits, dots, dashes and underscores, got ${quote(focusGroupId)}.`,
    );
  }
}
