import type { TaskManager, TaskRecord, TaskSummary } from '@panelist/toolkit';
import type { PollParams } from '../../focus-group/group.ts';
import { type Reply, readRound, type TranscriptRound } from '../../focus-group/transcript.ts';
import type { ModeratorAction } from '../../focus-group/turns/moderation-job.ts';
import { MODERATION, pollOf, positionOf, SUMMARY, THEMES } from '../../focus-group/turns/stored-turns.ts';
import type { Theme } from '../../focus-group/turns/theme.ts';
import type { StoredJob } from '../../stored/stored-job.ts';
import { storedFailure } from '../../stored/stored-row.ts';
import { isRun } from '../runs/run-view.ts';
import { turnKind } from './turn-rows.ts';

/** What a participant has said in a round, as a page shows it. */
export interface GroupReply {
  readonly participantId: string;
  readonly status: Reply['status'];
  /** `null` where there is none, or not yet. */
  readonly text: string | null;
  readonly words: number | null;
  readonly error: { readonly code: string; readonly message: string } | null;
}

/** What a turn holds, by what it is. */
export type TurnContent =
  | { readonly kind: 'opening' }
  | { readonly kind: 'poll'; readonly poll: PollParams['poll']; readonly title: string }
  | ({
      readonly kind: 'round';
      /** Ids of those who were asked, in the order in which they speak. */
      readonly asked: readonly string[];
      readonly replies: readonly GroupReply[];
    } & Pick<TranscriptRound, 'round' | 'host' | 'message' | 'stimulus' | 'mode' | 'to'>)
  | { readonly kind: 'summary'; readonly rounds: number; readonly text: string | null }
  | ({ readonly kind: 'moderation' } & { readonly decision: ModeratorAction | null })
  | {
      readonly kind: 'themes';
      readonly model: string;
      readonly themes: readonly Theme[] | null;
      /** Quotations that nobody said, and were left out. */
      readonly unsupported: number;
    };

/** A turn of a group, with its whole content: plain data. */
export interface GroupTurn {
  readonly taskId: string;
  /** From 0. */
  readonly turn: number;
  readonly step: string;
  /** As stored, but `interrupted` for one that no process runs. */
  readonly status: string;
  /** Grows with every change. Of two of the same turn, the one with the higher revision is newer. */
  readonly revision: number;
  readonly total: number;
  readonly succeeded: number;
  readonly failed: number;
  /** Why it is paused, failed or was cancelled; for a turn that is one call, why that failed. */
  readonly problem: string | null;
  readonly createdAt: string;
  readonly finishedAt: string | null;
  readonly content: TurnContent;
}

/** @throws PanelistError `ROW_INVALID` */
export async function groupTurn(tasks: TaskManager, task: TaskRecord, now: number): Promise<GroupTurn> {
  const { turn, step } = positionOf(task);
  const { content, problem = null } = await contentOf(tasks, task);
  const { taskId, revision, totalCount: total, successCount: succeeded, failedCount: failed } = task;
  return {
    taskId,
    turn,
    step,
    status: turnStatus(task, now),
    revision,
    total,
    succeeded,
    failed,
    problem: task.errorMessage ?? problem,
    createdAt: new Date(task.createdAt).toISOString(),
    finishedAt: task.finishedAt === null ? null : new Date(task.finishedAt).toISOString(),
    content,
  };
}

export function turnStatus(task: Pick<TaskSummary, 'status' | 'lease'>, now: number): string {
  return task.status === 'running' && !isRun(task, now) ? 'interrupted' : task.status;
}

async function contentOf(
  tasks: TaskManager,
  task: TaskRecord,
): Promise<{ readonly content: TurnContent; readonly problem?: string | null }> {
  const kind = turnKind(task);
  switch (kind) {
    case 'opening':
      return { content: { kind } };
    case 'poll':
      return { content: { kind, poll: pollOf(task), title: pollTitle(task) } };
    case 'round': {
      const { round, host, message, stimulus, mode, to, replies } = await readRound(tasks, task);
      const asked = replies.map(({ participantId }) => participantId);
      return {
        content: {
          ...{ kind, round, host, message, stimulus, mode, to, asked },
          replies: replies.map(groupReply),
        },
      };
    }
    case 'summary': {
      const { value, problem } = await outcomeOf(tasks, SUMMARY, task);
      return { content: { kind, rounds: SUMMARY.params(task).rounds, text: value }, problem };
    }
    case 'moderation': {
      const { value, problem } = await outcomeOf(tasks, MODERATION, task);
      return { content: { kind, decision: value }, problem };
    }
    case 'themes': {
      const { value, problem } = await outcomeOf(tasks, THEMES, task);
      const { themes = null, unsupported = 0 } = value ?? {};
      return { content: { kind, model: THEMES.params(task).model, themes, unsupported }, problem };
    }
  }
}

/** What a turn that is one call gave, or why it failed. */
async function outcomeOf<Params, T>(
  tasks: TaskManager,
  job: StoredJob<string, Params, { readonly value: T }>,
  { taskId }: TaskRecord,
): Promise<{ readonly value: T | null; readonly problem: string | null }> {
  for await (const record of tasks.items(taskId)) {
    const { status, result } = job.item(taskId, record);
    if (status === 'succeeded') return { value: result.value, problem: null };
    if (status === 'failed')
      return {
        value: null,
        problem: storedFailure(record.result, { taskId, itemKey: record.key }).message,
      };
  }
  return { value: null, problem: null };
}

function groupReply(reply: Reply): GroupReply {
  const { participantId, status } = reply;
  const none = { text: null, words: null, error: null };
  if (reply.status === 'replied')
    return { participantId, status, text: reply.text, words: reply.words, error: null };
  if (reply.status === 'failed') return { participantId, status, ...none, error: reply.error };
  return { participantId, status, ...none };
}

function pollTitle({ taskParams }: TaskRecord): string {
  const title = (taskParams as { readonly questionnaire?: { readonly title?: unknown } }).questionnaire
    ?.title;
  return typeof title === 'string' ? title : '';
}
