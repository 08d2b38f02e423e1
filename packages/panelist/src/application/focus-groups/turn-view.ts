import type { TaskManager, TaskRecord, TaskResult } from '@panelist/toolkit';
import { MODERATION_JOB, OPENING_JOB, ROUND_JOB, SUMMARY_JOB, THEMES_JOB } from '../../focus-group/group.ts';
import { readGroup } from '../../focus-group/history.ts';
import { askedNames, type TranscriptRound } from '../../focus-group/transcript.ts';
import { positionOf, ROUND } from '../../focus-group/turns/stored-turns.ts';
import { storedFailure } from '../../stored/stored-row.ts';

export type TurnKind = 'opening' | 'poll' | 'round' | 'summary' | 'moderation' | 'themes';

/** What the host says in a round, and to whom. */
export interface RoundView {
  /** From 1. */
  readonly round: number;
  readonly message: string;
  readonly stimulus: string | null;
  readonly host: TranscriptRound['host'];
  /** The names of those who are asked; `null` for everyone. */
  readonly to: readonly string[] | null;
  readonly language: string;
  /** By participant id. */
  readonly names: ReadonlyMap<string, string>;
}

/** A turn of a focus group. */
export interface TurnView {
  readonly focusGroupId: string;
  readonly step: string;
  readonly kind: TurnKind;
  readonly task: TaskRecord;
  /** `null` for a turn that isn't a round. */
  readonly round: RoundView | null;
}

/** What a participant has replied. */
export interface ReplyView {
  readonly name: string;
  /** `null` where the reply failed. */
  readonly text: string | null;
  /** Why it failed; empty where it didn't. */
  readonly problem: string;
}

const kinds: Readonly<Record<string, TurnKind>> = {
  [OPENING_JOB]: 'opening',
  [ROUND_JOB]: 'round',
  [SUMMARY_JOB]: 'summary',
  [MODERATION_JOB]: 'moderation',
  [THEMES_JOB]: 'themes',
};

/** @throws PanelistError `ROW_INVALID`, `GROUP_NOT_FOUND` */
export async function turnView(tasks: TaskManager, task: TaskRecord): Promise<TurnView> {
  const { focusGroupId, step } = positionOf(task);
  const kind = kinds[task.job ?? ''] ?? 'poll';
  const round = kind === 'round' ? await roundView(tasks, focusGroupId, task) : null;
  return { focusGroupId, step, kind, task, round };
}

async function roundView(tasks: TaskManager, focusGroupId: string, task: TaskRecord): Promise<RoundView> {
  const params = ROUND.params(task);
  const { group } = await readGroup(tasks, focusGroupId);
  const names = new Map(group.participants.map(({ id, name }) => [id, name]));
  const { round, hostMessage: message, host, stimulus, language } = params;
  return { round, message, host, stimulus, to: askedNames(params, names), language, names };
}

/** A result of a round. @throws PanelistError `ROW_INVALID` */
export function replyView(
  { task: { taskId } }: TurnView,
  { names }: RoundView,
  record: TaskResult,
): ReplyView {
  const { itemKey } = record;
  const name = names.get(itemKey) ?? itemKey;
  const { success, result } = ROUND.result(taskId, record);
  if (success) return { name, text: result.text, problem: '' };
  return { name, text: null, problem: storedFailure(record.result, { taskId, itemKey }).message };
}
