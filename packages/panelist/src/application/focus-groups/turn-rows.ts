import type { TaskManager, TaskSummary } from '@panelist/toolkit';
import {
  groupName,
  groupTaskKey,
  MODERATION_JOB,
  OPENING_JOB,
  ROUND_JOB,
  SUMMARY_JOB,
  THEMES_JOB,
} from '../../focus-group/group.ts';
import { PanelistError } from '../../panelist-error.ts';

export { groupName };

export type TurnKind = 'opening' | 'poll' | 'round' | 'summary' | 'moderation' | 'themes';

const kinds: Readonly<Record<string, TurnKind>> = {
  [OPENING_JOB]: 'opening',
  [ROUND_JOB]: 'round',
  [SUMMARY_JOB]: 'summary',
  [MODERATION_JOB]: 'moderation',
  [THEMES_JOB]: 'themes',
};

export function turnKind({ job }: Pick<TaskSummary, 'job'>): TurnKind {
  return kinds[job ?? ''] ?? 'poll';
}

/** A turn's task without its parameters, which hold all that was said before it. */
export interface TurnRow {
  readonly turn: number;
  readonly step: string;
  readonly task: TaskSummary;
}

const PAGE = 1_000;
/** Far more than a group can have. */
const MAX_ROWS = 10_000;

/**
 * All tasks under a group's key, in the order of their creation, cancelled ones included, each with those members of
 * its parameters. Without members it is one indexed read.
 */
export async function groupTasks(
  { store }: TaskManager,
  focusGroupId: string,
  params: readonly string[] = [],
): Promise<readonly TaskSummary[]> {
  const tasks: TaskSummary[] = [];
  let after: string | undefined;
  do {
    const page = await store.summaries({ taskKey: groupTaskKey(focusGroupId), params, after, limit: PAGE });
    tasks.push(...page.entries);
    after = page.next ?? undefined;
  } while (after !== undefined && tasks.length < MAX_ROWS);
  return tasks.reverse();
}

/** The turns of a group in order, as `readGroup` has them, without what was said in them; empty for an unknown group. */
export async function turnRows(tasks: TaskManager, focusGroupId: string): Promise<readonly TurnRow[]> {
  return turnsAmong(await groupTasks(tasks, focusGroupId, ['turn', 'step']));
}

/** @param tasks in the order of creation, with `turn` and `step` of their parameters */
export function turnsAmong(tasks: readonly TaskSummary[]): readonly TurnRow[] {
  const rows = new Map<number, TurnRow>();
  for (const task of tasks) {
    const { turn, step } = task.params;
    // Other programs may have tasks under the same key.
    if (task.status === 'cancelled' || typeof turn !== 'number' || typeof step !== 'string') continue;
    // Of two with one number, the earlier counts.
    if (!rows.has(turn)) rows.set(turn, { turn, step, task });
  }
  return [...rows.values()].sort((a, b) => a.turn - b.turn);
}

/** The opening of a group. @throws PanelistError `GROUP_NOT_FOUND` */
export function openingOf<Task extends Pick<TaskSummary, 'job' | 'status'>>(
  tasks: readonly Task[],
  focusGroupId: string,
): Task {
  const opening = tasks.find(({ job, status }) => job === OPENING_JOB && status !== 'cancelled');
  if (opening !== undefined && groupName.test(focusGroupId)) return opening;
  throw new PanelistError(
    'GROUP_NOT_FOUND',
    `There is no focus group ${JSON.stringify(focusGroupId)} in this database.`,
    { data: { reason: 'group-not-found' } },
  );
}

/**
 * The opening of a group, with those members of its parameters.
 *
 * @throws PanelistError `GROUP_NOT_FOUND`
 */
export async function groupOpening(
  { store }: TaskManager,
  focusGroupId: string,
  params: readonly string[],
): Promise<TaskSummary> {
  const request = { taskKey: groupTaskKey(focusGroupId), job: OPENING_JOB, params, limit: 100 };
  const { entries } = await store.summaries(request);
  return openingOf(entries.toReversed(), focusGroupId);
}
