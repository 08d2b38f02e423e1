import type { TaskRecord } from '@panelist/toolkit';
import { askedModelOf } from '../../application/runs/run-view.ts';
import type { Failures } from '../../application/tasks/failures.ts';
import { foreignLine } from '../../text/foreign-line.ts';
import { databaseFlag } from './database-flag.ts';
import { shellWord } from './shell-word.ts';
import { taskMessages } from './task-messages.ts';

const REASONS_SHOWN = 3;

export interface RunEnding {
  readonly task: TaskRecord;
  readonly failures: Failures;
  readonly interrupted: boolean;
  /** Which limit of the budget the run was paused for. */
  readonly exhausted: 'cost' | 'tokens' | undefined;
  /** Answers that did not fit their question. */
  readonly invalid: number;
  /** The path of the database, which the commands must name if it is not the default. */
  readonly database: string;
}

/** What went wrong, where something did, and the command that goes on. Empty when all is well. */
export function advice(ending: RunEnding): string {
  return adviceLines(ending)
    .map((line) => `${line}\n`)
    .join('');
}

function adviceLines({
  task,
  failures,
  interrupted,
  exhausted,
  invalid,
  database,
}: RunEnding): readonly string[] {
  const { taskId, status, failedCount, totalCount, completedCount } = task;
  const { advice: said } = taskMessages(task);
  const why = task.errorMessage === null ? said.isPaused : foreignLine(task.errorMessage);
  // An address that the database names is to be named again (`Addresses`).
  const address = askedModelOf(task)?.baseUrl ?? null;
  const served = address === null ? '' : ` --base-url ${shellWord(address)}`;
  const command = (verb: string): string =>
    `\`panelist tasks ${verb} ${taskId}${databaseFlag(database)}${served}\``;
  const resume = command('resume');
  if (status === 'cancelled') return [said.cancelled(taskId)];
  if (status === 'paused' && exhausted !== undefined) {
    const limit = exhausted === 'cost' ? '--max-cost' : '--max-tokens';
    return [why, said.exhausted(completedCount, totalCount, resume, limit)];
  }
  if (status === 'paused') return [why, said.paused(completedCount, totalCount, resume)];
  if (interrupted && completedCount < totalCount) return [said.stopped(completedCount, totalCount, resume)];
  const unfit = invalid === 0 ? [] : [said.invalid(invalid)];
  if (failedCount === 0) return unfit;
  const shown = failures.reasons.slice(0, REASONS_SHOWN);
  const others = failures.reasons.length - shown.length;
  return [
    ...unfit,
    said.failed(failedCount),
    ...shown.map(({ message, count }) => `  ${count} × ${foreignLine(message)}`),
    ...(others > 0 ? [said.otherReasons(others)] : []),
    said.askAgain(command('retry-failed')),
  ];
}
