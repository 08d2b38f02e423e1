import type { TaskManager, TaskResult, TaskSummary } from '@panelist/toolkit';
import { OPENING_JOB, ROUND_JOB } from '../../focus-group/group.ts';
import { ROUND } from '../../focus-group/turns/stored-turns.ts';
import { storedFailure } from '../../stored/stored-row.ts';
import { type GroupState, groupState } from './group-state.ts';
import { type GroupReply, type GroupTurn, groupTurn, turnStatus } from './group-turn.ts';
import { groupTasks, openingOf, turnsAmong } from './turn-rows.ts';

/** A reply that was recorded since, with the counts of its turn then. */
export interface NewReply {
  readonly taskId: string;
  /** The turn's revision when it was recorded: a turn with at least this revision holds the reply already. */
  readonly sequence: number;
  readonly reply: GroupReply;
}

/** What has happened in a group since a cursor. */
export interface GroupChanges {
  /** Pass it the next time: a short text. It is the same as before where nothing has changed. */
  readonly next: string;
  /** The cursor was of another database or of a group that was deleted meanwhile: everything is to be read again. */
  readonly isReset: boolean;
  /** `null` where nothing has changed. */
  readonly state: GroupState | null;
  /** New turns, and those that changed otherwise than by a reply, each with its whole content. */
  readonly turns: readonly GroupTurn[];
  readonly replies: readonly NewReply[];
}

/** Turns with failed replies are followed up to so many, the newest. */
const MAX_OPEN = 500;

/**
 * What has happened since, by whichever process. Where nothing has, it is one indexed read.
 *
 * @param cursor `next` of an earlier call, or `cursorOf`
 * @throws PanelistError `GROUP_NOT_FOUND`
 */
export async function groupChanges(
  tasks: TaskManager,
  focusGroupId: string,
  cursor: string,
  now: number,
): Promise<GroupChanges> {
  const rows = await groupTasks(tasks, focusGroupId);
  const opening = openingOf(rows, focusGroupId);
  const next = writeCursor(rows, now);
  if (next === cursor) return { next, isReset: false, state: null, turns: [], replies: [] };
  const state = groupState(opening, rows, now);
  const seen = readCursor(cursor, rows);
  if (seen === null) return { next, isReset: true, state, turns: [], replies: [] };
  const isTurn = await turnsOf(tasks, focusGroupId, rows, seen.count);
  const turns: GroupTurn[] = [];
  const replies: NewReply[] = [];
  for (const [index, row] of rows.entries()) {
    const before = seen.open.get(index);
    const isNew = index >= seen.count;
    if (isNew ? !isTurn(row) : before === undefined || before === markOf(row, now)) continue;
    const added = before === undefined ? null : await onlyReplies(tasks, row, before);
    if (added !== null) replies.push(...added);
    else {
      const task = await tasks.store.get(row.taskId);
      if (task !== undefined) turns.push(await groupTurn(tasks, task, now));
    }
  }
  return { next, isReset: false, state, turns, replies };
}

/** The cursor of a group as it is now. @throws PanelistError `GROUP_NOT_FOUND` */
export function cursorOf(rows: readonly TaskSummary[], now: number): string {
  return writeCursor(rows, now);
}

/**
 * How many tasks there are, the end of the newest's id, and those that may still change, by their index, each with its
 * mark. A turn that is complete never changes again.
 */
function writeCursor(rows: readonly TaskSummary[], now: number): string {
  const open = rows.flatMap((row, index) =>
    isFinal(row) ? [] : [`${index.toString(36)}.${markOf(row, now)}`],
  );
  return `${rows.length.toString(36)}-${endOf(rows.at(-1))}-${open.slice(-MAX_OPEN).join('_')}`;
}

function isFinal({ status, failedCount, job }: TaskSummary): boolean {
  return status === 'completed' && failedCount === 0 && job !== OPENING_JOB;
}

function markOf(row: TaskSummary, now: number): string {
  return `${row.revision.toString(36)}${turnStatus(row, now) === 'interrupted' ? '!' : ''}`;
}

function endOf(row: TaskSummary | undefined): string {
  return row?.taskId.slice(-6) ?? '';
}

interface Seen {
  readonly count: number;
  /** By index. */
  readonly open: ReadonlyMap<number, string>;
}

/** `null` for a cursor that isn't of these tasks. */
function readCursor(cursor: string, rows: readonly TaskSummary[]): Seen | null {
  const [, countText = '', end, openText = ''] =
    /^([\da-z]{1,5})-([\w]{0,6})-([\da-z.!_]*)$/.exec(cursor) ?? [];
  const count = Number.parseInt(countText, 36);
  if (!(count > 0) || count > rows.length || endOf(rows[count - 1]) !== end) return null;
  const open = openText.split('_').flatMap((entry) => {
    const [index = '', mark = ''] = entry.split('.');
    return mark === '' ? [] : [[Number.parseInt(index, 36), mark] as const];
  });
  return { count, open: new Map(open) };
}

/** Which of the new tasks are turns: only then are members of the parameters read. */
async function turnsOf(
  tasks: TaskManager,
  focusGroupId: string,
  rows: readonly TaskSummary[],
  from: number,
): Promise<(row: TaskSummary) => boolean> {
  if (rows.length <= from) return () => false;
  const turns = turnsAmong(await groupTasks(tasks, focusGroupId, ['turn', 'step']));
  const ids = new Set(turns.map(({ task }) => task.taskId));
  return ({ taskId }) => ids.has(taskId);
}

/** The replies since then, where nothing else has changed in a round; else `null`. */
async function onlyReplies(
  { store }: TaskManager,
  { taskId, job, revision }: TaskSummary,
  before: string,
): Promise<readonly NewReply[] | null> {
  const seen = Number.parseInt(before, 36);
  // Also where its process has died, or another goes on: that is no revision.
  if (job !== ROUND_JOB || before.endsWith('!') || revision === seen) return null;
  const added: NewReply[] = [];
  let after: number | null = seen;
  while (after !== null) {
    const page: Awaited<ReturnType<typeof store.results>> = await store.results(taskId, { after });
    // What was recorded since the row was read comes with the next look.
    for (const result of page.entries) if (result.sequence <= revision) added.push(newReply(taskId, result));
    after = page.next;
  }
  // Each result is one revision: a pause, a retry or a change of limits is one more.
  return added.length === revision - seen ? added : null;
}

function newReply(taskId: string, record: TaskResult): NewReply {
  const { itemKey, sequence } = record;
  const { success, result } = ROUND.result(taskId, record);
  if (success) {
    const reply = { status: 'replied', text: result.text, words: result.words, error: null } as const;
    return { taskId, sequence, reply: { participantId: itemKey, ...reply } };
  }
  const { code, name, message } = storedFailure(record.result, { taskId, itemKey });
  const error = { code: code ?? name, message };
  return {
    taskId,
    sequence,
    reply: { participantId: itemKey, status: 'failed', text: null, words: null, error },
  };
}
