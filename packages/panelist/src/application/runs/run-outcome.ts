import type { TaskManager, TaskRecord } from '@panelist/toolkit';
import { type Failures, readFailures } from '../tasks/failures.ts';

/** How a run has ended. */
export interface RunOutcome {
  readonly task: TaskRecord;
  /**
   * `finished`: nothing is left to do. `paused`: it can be resumed; `task.errorMessage` says why. `interrupted`: nobody
   * runs it; it can be resumed.
   */
  readonly end: 'finished' | 'paused' | 'cancelled' | 'interrupted';
  readonly failures: Failures;
  /** Which limit it was paused for in this process. */
  readonly exhausted: 'cost' | 'tokens' | undefined;
}

export async function runOutcome(
  tasks: TaskManager,
  task: TaskRecord,
  exhausted: RunOutcome['exhausted'],
): Promise<RunOutcome> {
  return { task, end: endOf(task), failures: await readFailures(tasks, task.taskId), exhausted };
}

function endOf({ status, finishedAt }: TaskRecord): RunOutcome['end'] {
  if (status === 'cancelled' || status === 'paused') return status;
  return finishedAt === null ? 'interrupted' : 'finished';
}
