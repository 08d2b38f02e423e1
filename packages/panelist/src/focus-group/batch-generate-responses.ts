import { type JobRunner, quote, type TaskJson } from '@panelist/toolkit';
import { PanelistError } from '../panelist-error.ts';
import { maxMessage } from './guide/guide-schema.ts';
import type { TranscriptRound } from './transcript.ts';
import { readRound } from './transcript.ts';
import { type NextRound, runRound } from './turns/run-round.ts';
import { TurnRunner, type TurnWatch } from './turns/run-turn.ts';

export interface LiveMessageOptions extends TurnWatch, Pick<NextRound, 'stimulus' | 'mode' | 'replyWords'> {
  /** Must know the jobs of focus groups, as that of `openWorkspace` does. */
  readonly runner: JobRunner;
  /**
   * A name of the message, 1 to 64 letters, digits, `-` and `_`: sent again under it, in whatever process and whenever,
   * it is the same round. @default none: the same message is joined while its round is under way
   */
  readonly messageId?: string | undefined;
}

/** The message without blanks around it. @throws PanelistError `USAGE` for an empty or a too long one */
export function checkMessage(hostMessage: string): string {
  const message = hostMessage.trim();
  if (message !== '' && message.length <= maxMessage) return message;
  throw new PanelistError(
    'USAGE',
    `A message has 1 to ${maxMessage} characters, got ${message === '' ? quote(hostMessage) : message.length}.`,
  );
}

const liveId = /^[\w-]{1,64}$/;

/** The step of what a host says or asks live under a name. @throws PanelistError `USAGE` */
export function liveStep(what: 'said' | 'poll', id: string): string {
  if (liveId.test(id)) return `${what}-${id}`;
  throw new PanelistError('USAGE', `A message's id is 1 to 64 letters, digits, - and _, got ${quote(id)}.`);
}

/** A live round's task, with what was said in it. */
export interface LiveRound extends TaskJson {
  readonly round: TranscriptRound;
}

/**
 * Says something to a group that was opened before, and has the participants' replies: one round, live. The same
 * message to the same participants while that round is under way joins it, in whatever process; afterwards it is said
 * again. Resolves when the round has ended; a reply that failed is in it with its error.
 *
 * @param participantIds who is to reply; `'all'` for everyone in the group
 * @param hostMessage 1 to 4,000 characters
 * @throws PanelistError `GROUP_NOT_FOUND`, `GUIDE_INVALID` for an id that is not in the group, `USAGE` for no message
 * @throws GroupStopped when it was stopped or paused
 */
export async function batchGenerateResponses(
  focusGroupId: string,
  participantIds: readonly (string | number)[] | 'all',
  hostMessage: string,
  { runner, messageId, onTurn, signal, beforeTurn, ...asked }: LiveMessageOptions,
): Promise<LiveRound> {
  const step = messageId === undefined ? null : liveStep('said', messageId);
  const message = checkMessage(hostMessage);
  const speakers = participantIds === 'all' ? participantIds : { ids: participantIds.map(String) };
  const next = { ...asked, message, host: 'live', speakers } as const;
  const turns = new TurnRunner(runner, focusGroupId, { onTurn, signal, beforeTurn });
  const { task } = (await runRound(turns, step, next)).turn;
  const ended = await runner.wait(task.taskId);
  return { ...ended.toJSON(), round: await readRound(runner.tasks, task) };
}
