import { quote, type TaskItemRecord, type TaskManager, type TaskRecord } from '@panelist/toolkit';
import { PanelistError } from '../panelist-error.ts';
import { checkTaskId, storedFailure } from '../stored/stored-row.ts';
import {
  type FocusGroup,
  groupTaskKey,
  OPENING_JOB,
  ROUND_JOB,
  type RoundParams,
  type TurnPlace,
} from './group-turn.ts';
import { itemsOf } from './round-job.ts';
import { OPENING, placeOf, ROUND } from './stored-turns.ts';
import type { Reply, Transcript, TranscriptRound } from './transcript.ts';

/** Turns of one group that are read at most: far above what a group can hold. */
const maxTurns = 10_000;

/** One task of a group. */
export interface Turn extends TurnPlace {
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

/** Of two turns that two processes began as the same, the earlier counts; whoever began the other cancels it. */
export async function findGroup(tasks: TaskManager, focusGroupId: string): Promise<GroupHistory | undefined> {
  const records = await tasks.store.list({ taskKey: groupTaskKey(focusGroupId), limit: maxTurns });
  const turns: Turn[] = [];
  // Newest first, as they are listed.
  for (const task of [...records].reverse()) {
    // Other programs may have tasks under the same key, as in the toolkit's guide.
    if (task.status === 'cancelled' || !isTurn(task)) continue;
    checkTaskId(task.taskId);
    const { turn, step } = placeOf(task);
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

/** What was said in the group, or in its first turns. */
export async function transcriptOf(tasks: TaskManager, { group, turns }: GroupHistory): Promise<Transcript> {
  const rounds: TranscriptRound[] = [];
  for (const { task } of turns) {
    if (task.job === ROUND_JOB) rounds.push(await readRound(tasks, task));
  }
  const { focusGroupId: groupId, title, language, model, seed, temperature, participants } = group;
  return { groupId, title, language, model, seed, temperature, participants, rounds };
}

export async function readRound(tasks: TaskManager, task: TaskRecord): Promise<TranscriptRound> {
  const params = ROUND.params(task);
  const replies: Reply[] = [];
  for await (const item of itemsOf(tasks, task.taskId)) replies.push(replyOf(task.taskId, item));
  const { round, step, host, hostMessage, stimulus, mode } = params;
  const to = asked(params, new Map(replies.map(({ participantId, name }) => [participantId, name])));
  return { round, step, taskId: task.taskId, to, host, message: hostMessage, stimulus, mode, replies };
}

/** The names of those whom a round asks; `null` where it is everybody, or nobody. */
export function asked(
  { participantIds, names }: Pick<RoundParams, 'participantIds' | 'names'>,
  nameOf: ReadonlyMap<string, string>,
): readonly string[] | null {
  const isSome = participantIds.length > 0 && participantIds.length < names.length;
  return isSome ? participantIds.map((id) => nameOf.get(id) ?? id) : null;
}

function replyOf(taskId: string, record: TaskItemRecord): Reply {
  const item = ROUND.item(taskId, record);
  const { id: participantId, name } = item.input.participant;
  if (item.status === 'pending') return { participantId, name, status: 'pending' };
  if (item.status === 'succeeded') return { ...item.result, participantId, name, status: 'replied' };
  const { code, name: kind, message } = storedFailure(record.result, { taskId, itemKey: record.key });
  return { participantId, name, status: 'failed', error: { code: code ?? kind, message } };
}
