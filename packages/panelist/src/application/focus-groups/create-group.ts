import type { JsonValue, TaskManager, TaskSettings } from '@panelist/toolkit';
import type { InputFile } from '../../files/input-file.ts';
import { type FocusGroup, groupTaskKey, OPENING_JOB } from '../../focus-group/group.ts';
import type { FocusGroupGuide } from '../../focus-group/guide/guide.ts';
import { findGroup } from '../../focus-group/history.ts';
import { checkUnchanged } from '../../focus-group/turns/open-group.ts';
import { checkLimits, type RunLimits } from '../runs/run-limits.ts';
import { type HostRequest, stateSettings } from './group-state.ts';
import { readGuide } from './read-guide.ts';

export interface NewGroupFiles {
  readonly focusGroupId: string;
  readonly guide: InputFile;
  readonly audience: InputFile;
  /** In place of the guide's model. @default the guide's */
  readonly model?: { readonly model: string; readonly baseUrl: string | null } | undefined;
  readonly seed?: number | undefined;
  readonly temperature?: number | undefined;
}

export interface OpenGroupOptions {
  /** Recorded with the group where this opens it. @default {} */
  readonly limits?: RunLimits | undefined;
  /** Further settings of all its turns. @default {} */
  readonly marks?: TaskSettings | undefined;
  /** Whether the guide is run at once, by the process that goes on with the group. @default false: it is led live */
  readonly run?: boolean | undefined;
}

/** A group that a guide and an audience make. @throws PanelistError as `readGuide` */
export async function readNewGroup({
  focusGroupId,
  guide,
  audience,
  ...changes
}: NewGroupFiles): Promise<Awaited<ReturnType<typeof readGuide>>> {
  return readGuide(guide, { focusGroupId, audience, change: (read) => changed(read, changes) });
}

function changed(
  guide: FocusGroupGuide,
  { model, seed, temperature }: Pick<NewGroupFiles, 'model' | 'seed' | 'temperature'>,
): FocusGroupGuide {
  return {
    ...guide,
    ...(model && { model: model.model, baseUrl: model.baseUrl ?? undefined }),
    ...(seed !== undefined && { seed }),
    ...(temperature !== undefined && { temperature }),
  };
}

/**
 * Opens a group, or finds that the same one is open. It asks nobody: the process that hosts the group does
 * (`GroupHost.goOn`), and goes on with it whenever it is started again.
 *
 * @throws PanelistError `GROUP_CHANGED` where the group was opened with another guide; `USAGE` for an invalid limit
 */
export async function createGroup(
  tasks: TaskManager,
  group: FocusGroup,
  { limits = {}, marks = {}, run = false }: OpenGroupOptions = {},
): Promise<{ readonly isNew: boolean }> {
  const { focusGroupId } = group;
  const requests: HostRequest[] = run ? [{ kind: 'guide', id: 'guide', pollLocale: null }] : [];
  const settings = { ...checkLimits(limits), ...marks, ...stateSettings({ requests, stop: null }) };
  const isNew = (await findGroup(tasks, focusGroupId)) === undefined && (await open(tasks, group, settings));
  const opened = await findGroup(tasks, focusGroupId);
  if (opened !== undefined) checkUnchanged(opened.group, group);
  return { isNew };
}

/** Whether this call opened it: another process may have been first. */
async function open(tasks: TaskManager, group: FocusGroup, settings: TaskSettings): Promise<boolean> {
  const { focusGroupId } = group;
  const { task, isNew } = await tasks.getOrCreateTask({
    job: OPENING_JOB,
    taskKey: groupTaskKey(focusGroupId),
    taskParams: { group, focusGroupId, turn: 0, step: 'opening' } as unknown as JsonValue,
    items: [],
    // As `TurnRunner` has it, so that no two turns can have one number.
    identity: { focusGroupId, turn: 0 },
    settings,
  });
  if (!isNew) return false;
  const first = (await findGroup(tasks, focusGroupId))?.turns[0];
  if (first !== undefined && first.task.taskId !== task.taskId) {
    await tasks.cancelTask(task.taskId, { reason: `Task ${first.task.taskId} is the same turn.` });
    return false;
  }
  await tasks.startTask(task.taskId);
  await tasks.completeTask(task.taskId);
  return true;
}
