import type { TaskRecord } from '@panelist/toolkit';
import { databaseFlag } from './defaults.ts';
import type { Failures } from './failures.ts';

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
export function advice({ task, failures, interrupted, exhausted, invalid, database }: RunEnding): string {
  const { taskId, status, errorMessage, failedCount, totalCount, completedCount } = task;
  const command = (verb: string): string => `\`panelist tasks ${verb} ${taskId}${databaseFlag(database)}\``;
  if (status === 'cancelled') return `Task ${taskId} was cancelled; what was recorded is kept.\n`;
  if (status === 'paused' && exhausted !== undefined) {
    const higher = exhausted === 'cost' ? '--max-cost' : '--max-tokens';
    return `${errorMessage}\n${completedCount} of ${totalCount} are done and kept, as are the replies of interviews under way. Or: ${command('resume')} with a higher ${higher}.\n`;
  }
  if (status === 'paused') {
    return `${errorMessage ?? 'The task is paused.'}\n${completedCount} of ${totalCount} are done and kept. Go on when that is mended: ${command('resume')}.\n`;
  }
  if (interrupted && completedCount < totalCount) {
    return `Stopped with ${completedCount} of ${totalCount} done, all kept. Go on: the same command again, or ${command('resume')}.\n`;
  }
  const misfits =
    invalid === 0
      ? ''
      : `${invalid} answers are invalid: the model's replies did not fit the questions, asked twice. answers.jsonl has them as they came; --fresh asks anew.\n`;
  if (failedCount === 0) return misfits;
  const reasons = failures.reasons
    .slice(0, REASONS_SHOWN)
    .map(({ message, count }) => `  ${count} × ${message}\n`);
  const others = failures.reasons.length - reasons.length;
  return `${misfits}${failedCount} failed:\n${reasons.join('')}${others > 0 ? `  and ${others} other reasons\n` : ''}Ask them again: ${command('retry-failed')}.\n`;
}
