import type { TaskManager, TaskSummary } from '@panelist/toolkit';
import { type FocusGroup, MODERATION_JOB, ROUND_JOB } from '../../focus-group/group.ts';
import { followUpsOf } from '../../focus-group/guide/group-of-guide.ts';
import type { FocusGroupGuide } from '../../focus-group/guide/guide.ts';
import { parseGuide } from '../../focus-group/guide/guide-schema.ts';
import { MODERATION, OPENING } from '../../focus-group/turns/stored-turns.ts';
import { PanelistError } from '../../panelist-error.ts';
import { limitsOf, type RunLimits } from '../runs/run-limits.ts';
import { cursorOf } from './group-changes.ts';
import { type GroupState, groupState } from './group-state.ts';
import { type GroupTurn, groupTurn } from './group-turn.ts';
import { groupTasks, openingOf, type TurnRow, turnRows, turnsAmong } from './turn-rows.ts';

/** One step of a guide. */
export interface PlannedStep {
  readonly step: string;
  readonly kind: 'poll' | 'round';
  /** What the host says; empty for a poll. */
  readonly message: string;
  readonly isDone: boolean;
}

/** A group as a page shows it, without what was said. */
export interface GroupDetail
  extends Pick<FocusGroup, 'focusGroupId' | 'title' | 'language' | 'model' | 'temperature' | 'seed'> {
  readonly participants: FocusGroup['participants'];
  readonly replyWords: number;
  /** The guide's polls, rounds and follow-ups; empty for a group that is led live. */
  readonly plan: readonly PlannedStep[];
  /** Whether the guide has steps that are neither done nor skipped by its moderator. */
  readonly hasNext: boolean;
  readonly hasModerator: boolean;
  readonly limits: RunLimits;
  readonly state: GroupState;
  readonly turns: number;
  readonly rounds: number;
  readonly replies: number;
  readonly failed: number;
  readonly createdAt: string;
  /** For `groupChanges`: what happens after this was read. */
  readonly cursor: string;
}

/** @throws PanelistError `GROUP_NOT_FOUND`, `ROW_INVALID` */
export async function showGroup(tasks: TaskManager, focusGroupId: string, now: number): Promise<GroupDetail> {
  const all = await groupTasks(tasks, focusGroupId, ['turn', 'step']);
  const opening = openingOf(all, focusGroupId);
  const record = await tasks.store.get(opening.taskId);
  const { group } = OPENING.params(record ?? { ...opening, taskParams: null });
  const rows = turnsAmong(all);
  const rounds = rows.map(({ task }) => task).filter(({ job }) => job === ROUND_JOB);
  const sum = (count: (task: TaskSummary) => number): number =>
    rounds.reduce((total, task) => total + count(task), 0);
  const guide = guideOf(group);
  const plan = guide === null ? [] : planOf(guide, rows);
  const { title, language, model, temperature, seed, participants, replyWords } = group;
  return {
    ...{ focusGroupId, title, language, model, temperature, seed, participants, replyWords },
    plan,
    hasNext: plan.some(({ isDone }) => !isDone) && !(await wasEnded(tasks, guide, rows)),
    hasModerator: guide?.moderator !== undefined,
    limits: limitsIfValid(opening),
    state: groupState(opening, all, now),
    turns: rows.length,
    rounds: rounds.length,
    replies: sum(({ successCount }) => successCount),
    failed: sum(({ failedCount }) => failedCount),
    createdAt: new Date(opening.createdAt).toISOString(),
    cursor: cursorOf(all, now),
  };
}

/** A part of a group's turns. */
export interface TurnsPage {
  /** In order. */
  readonly turns: readonly GroupTurn[];
  /** Pass it as `before` for those before; `null` where there are none. */
  readonly before: number | null;
}

/** The last turns of a group, or those before a turn. @param request.limit @default 40 */
export async function groupTurnsPage(
  tasks: TaskManager,
  focusGroupId: string,
  { before, limit = 40 }: { readonly before?: number | undefined; readonly limit?: number | undefined },
  now: number,
): Promise<TurnsPage> {
  const rows = await turnRows(tasks, focusGroupId);
  openingOf(
    rows.map(({ task }) => task),
    focusGroupId,
  );
  const wanted = rows.filter(({ turn }) => before === undefined || turn < before);
  const shown = wanted.slice(-limit);
  const turns: GroupTurn[] = [];
  for (const { task } of shown) {
    const record = await tasks.store.get(task.taskId);
    if (record !== undefined) turns.push(await groupTurn(tasks, record, now));
  }
  return { turns, before: shown.length < wanted.length ? (shown[0]?.turn ?? null) : null };
}

/** `null` for a group that is led live, and for a guide that this version cannot read. */
function guideOf({ guide }: FocusGroup): FocusGroupGuide | null {
  try {
    return guide && parseGuide(guide);
  } catch (error) {
    if (error instanceof PanelistError) return null;
    throw error;
  }
}

function planOf({ poll, rounds = [] }: FocusGroupGuide, rows: readonly TurnRow[]): PlannedStep[] {
  const done = new Set(rows.filter(({ task }) => task.finishedAt !== null).map(({ step }) => step));
  const steps: Omit<PlannedStep, 'isDone'>[] = rounds.flatMap((round, index) =>
    [round, ...followUpsOf(round)].map(({ message }, k) => {
      const step = `round-${index + 1}`;
      return { kind: 'round', step: k === 0 ? step : `${step}/follow-up-${k}`, message };
    }),
  );
  if (poll !== undefined && poll.before !== false)
    steps.unshift({ kind: 'poll', step: 'poll-before', message: '' });
  if (poll !== undefined && poll.after !== false)
    steps.push({ kind: 'poll', step: 'poll-after', message: '' });
  return steps.map((each) => ({ ...each, isDone: done.has(each.step) }));
}

/** Whether the moderator has ended the group, and what is left after that is done. */
async function wasEnded(
  tasks: TaskManager,
  guide: FocusGroupGuide | null,
  rows: readonly TurnRow[],
): Promise<boolean> {
  const last = rows.findLast(({ task }) => task.job === MODERATION_JOB)?.task.taskId;
  if (last === undefined) return false;
  const hasLastPoll = guide?.poll !== undefined && guide.poll.after !== false;
  if (hasLastPoll && !rows.some(({ step, task }) => step === 'poll-after' && task.finishedAt !== null))
    return false;
  for await (const record of tasks.items(last)) {
    const { status, result } = MODERATION.item(last, record);
    if (status === 'succeeded') return result.value.action === 'end';
  }
  return false;
}

/** One bad row must not hide the group. */
function limitsIfValid(opening: TaskSummary): RunLimits {
  try {
    return limitsOf(opening);
  } catch (error) {
    if (error instanceof PanelistError) return {};
    throw error;
  }
}
