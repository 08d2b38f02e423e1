import { quote, type TaskJson, type TaskRunner } from '@panelist/toolkit';
import { PanelistError } from '../panelist-error.ts';
import { maxMessage } from './guide/guide-schema.ts';
import type { TranscriptRound } from './transcript.ts';
import { readRound } from './transcript.ts';
import { type NextRound, runRound } from './turns/run-round.ts';
import { TurnRunner, type TurnWatch } from './turns/run-turn.ts';

export interface LiveMessageOptions extends TurnWatch, Pick<NextRound, 'stimulus' | 'mode' | 'replyWords'> {
  /** Must know the jobs of focus groups, as that of `openWorkspace` does. */
  readonly runner: TaskRunner;
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
  { runner, onTurn, signal, ...asked }: LiveMessageOptions,
): Promise<LiveRound> {
  const message = hostMessage.trim();
  if (message === '' || message.length > maxMessage) {
    throw new PanelistError(
      'USAGE',
      `A message has 1 to ${maxMessage} characters, got ${message === '' ? quote(hostMessage) : message.length}.`,
    );
  }
  const speakers = participantIds === 'all' ? participantIds : { ids: participantIds.map(String) };
  const next = { ...asked, message, host: 'live', speakers } as const;
  const { task } = (await runRound(new TurnRunner(runner, focusGroupId, { onTurn, signal }), null, next))
    .turn;
  const ended = await runner.wait(task.taskId);
  return { ...ended.toJSON(), round: await readRound(runner.tasks, task) };
}
