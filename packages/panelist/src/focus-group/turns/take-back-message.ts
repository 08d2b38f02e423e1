import type { JobRunner, TaskRecord } from '@panelist/toolkit';
import { PanelistError } from '../../panelist-error.ts';
import { ROUND_JOB } from '../group.ts';
import { readGroup } from '../history.ts';
import { ROUND } from './stored-turns.ts';

/**
 * Takes back the last live message of a group while nobody has answered it: its round is cancelled, and is in no
 * transcript. A reply that arrives at that moment is taken back with it.
 *
 * @param step of the message that is meant. @default whichever is the last
 * @throws PanelistError `GROUP_NOT_FOUND`; `USAGE` where somebody has answered, or there is no such message
 */
export async function takeBackMessage(
  runner: JobRunner,
  focusGroupId: string,
  step?: string,
): Promise<{ readonly message: string }> {
  const last = (await readGroup(runner.tasks, focusGroupId)).turns.at(-1);
  if (step !== undefined && step !== last?.step)
    throw new PanelistError('USAGE', 'Too late to take it back: its round is over, or it was not said.');
  const task = last?.task;
  const params = task?.job === ROUND_JOB ? ROUND.params(task) : undefined;
  if (task === undefined || params?.host !== 'live')
    throw new PanelistError('USAGE', 'There is no message to take back: the last turn was not said live.');
  const problem = tooLate(task);
  if (problem !== null) throw new PanelistError('USAGE', `Too late to take it back: ${problem}.`);
  await runner.cancel(task.taskId, { reason: 'The host took the message back.' });
  return { message: params.hostMessage };
}

function tooLate({ successCount, finishedAt }: TaskRecord): string | null {
  if (successCount > 0)
    return successCount === 1 ? 'one has answered already' : `${successCount} have answered already`;
  return finishedAt === null ? null : 'its round is over';
}
