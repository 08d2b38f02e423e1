import type { TaskItemRecord, TaskManager, TaskRecord } from '@panelist/toolkit';
import { storedFailure } from '../stored/stored-row.ts';
import { ROUND_JOB, type RoundParams } from './group.ts';
import type { GroupHistory } from './history.ts';
import { ROUND } from './turns/stored-turns.ts';

/** One participant's turn in a round. */
export type Reply = {
  readonly participantId: string;
  /** What the others call them. */
  readonly name: string;
} & (
  | {
      readonly status: 'replied';
      readonly text: string;
      /** In words; Chinese, Japanese and Thai are counted by a dictionary. */
      readonly words: number;
      /** How the model's text became `text`; empty where it is the model's own. */
      readonly repairs: readonly string[];
      /** SHA-256 (hex) of the request. */
      readonly promptHash: string;
      readonly returnedModel: string;
      readonly inputTokens: number;
      readonly outputTokens: number;
    }
  | { readonly status: 'failed'; readonly error: { readonly code: string; readonly message: string } }
  /** The round is not over. */
  | { readonly status: 'pending' }
);

/** A message of the host's and what was said to it. */
export interface TranscriptRound {
  /** From 1. */
  readonly round: number;
  /** Which step of the guide it was, or what else: `round-2`, `round-2/follow-up-1`, `round-2/probe-1`, `said-7`. */
  readonly step: string;
  readonly taskId: string;
  /** The names of those who were asked, where it was not everybody; else `null`. */
  readonly to: readonly string[] | null;
  /** Who spoke as the host. */
  readonly host: 'guide' | 'moderator' | 'live';
  readonly message: string;
  readonly stimulus: string | null;
  readonly mode: 'simultaneous' | 'in-turn';
  /** In the order in which they speak; empty where the host only said something. */
  readonly replies: readonly Reply[];
}

/** All that was said in a focus group, in order. Private polls are not in it: nobody heard them. */
export interface Transcript {
  readonly groupId: string;
  readonly title: string;
  readonly language: string;
  readonly model: string;
  readonly seed: number | null;
  /** `null` for the provider's own. */
  readonly temperature: number | null;
  readonly participants: readonly {
    readonly id: string;
    readonly name: string;
    readonly persona: Readonly<Record<string, string>>;
  }[];
  readonly rounds: readonly TranscriptRound[];
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
  for await (const item of tasks.items(task.taskId)) replies.push(replyOf(task.taskId, item));
  const { round, step, host, hostMessage, stimulus, mode } = params;
  const to = askedNames(params, new Map(replies.map(({ participantId, name }) => [participantId, name])));
  return { round, step, taskId: task.taskId, to, host, message: hostMessage, stimulus, mode, replies };
}

/** The names of those whom a round asks; `null` where it is everybody, or nobody. */
export function askedNames(
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

/** How many replies failed. */
export function failedReplies({ rounds }: Transcript): number {
  return rounds.flatMap(({ replies }) => replies).filter(({ status }) => status === 'failed').length;
}
