import { quote, type TaskRecord } from '@panelist/toolkit';
import { followGroup } from '../application/focus-groups/follow-group.ts';
import type { Workspace } from '../application/open-workspace.ts';
import { readFailures } from '../application/tasks/failures.ts';
import { groupTaskKey } from '../focus-group/group-turn.ts';
import { GroupStopped } from '../focus-group/hold-turn.ts';
import { PanelistError } from '../panelist-error.ts';
import { foreignLine } from '../text/foreign-line.ts';
import { drainOnSignal } from './drain-on-signal.ts';
import { ExitCode } from './exit-codes.ts';
import { databaseFlag } from './render/database-flag.ts';
import { showGroupRun } from './run-display.ts';
import type { Terminal } from './terminal.ts';

export interface GroupRunFlags {
  readonly database: string;
  readonly json?: boolean | undefined;
}

export interface GroupRunEnd<T> {
  /** `undefined` where it was stopped. */
  readonly value: T | undefined;
  readonly exitCode: ExitCode;
}

/**
 * Does something with a group while showing what is said in it; tells how to go on where it is stopped. With `--json`
 * nothing is shown on the way.
 */
export async function runInGroup<T>(
  workspace: Workspace,
  focusGroupId: string,
  flags: GroupRunFlags,
  terminal: Terminal,
  run: (onTurn: (task: TaskRecord) => void) => Promise<T>,
): Promise<GroupRunEnd<T>> {
  const shown = flags.json ? { ...terminal, out: () => {} } : terminal;
  const { tasks, runner } = workspace;
  const { value: end } = await drainOnSignal(runner, terminal, async (isInterrupted) => {
    const work = Promise.withResolvers<T>();
    // It is awaited when all has been shown.
    work.promise.catch(() => {});
    const events = followGroup(workspace, (onTurn) => {
      run(onTurn).then(work.resolve, work.reject);
      return work.promise;
    });
    // What cannot be shown is no reason to end the run: the run itself reports what is wrong.
    await showGroupRun(events, tasks, shown).catch(() => {});
    try {
      return { value: await work.promise, exitCode: ExitCode.OK };
    } catch (error) {
      const isClosed =
        isInterrupted() && error instanceof Error && 'code' in error && error.code === 'RUNNER_CLOSED';
      if (!(error instanceof GroupStopped) && !isClosed) throw error;
      const stopped = error instanceof GroupStopped ? error : undefined;
      const exitCode = isInterrupted() ? ExitCode.INTERRUPTED : await exitCodeOf(workspace, stopped);
      const { exhausted } = workspace.spending(groupTaskKey(focusGroupId));
      terminal.err(stoppedText(exhausted, stopped, isInterrupted(), flags.database));
      return { value: undefined, exitCode };
    }
  });
  return end;
}

async function exitCodeOf({ tasks }: Workspace, stopped: GroupStopped | undefined): Promise<ExitCode> {
  if (stopped?.task.status !== 'failed') return ExitCode.STOPPED;
  return (await readFailures(tasks, stopped.task.taskId)).allOfTheModel
    ? ExitCode.MODEL
    : ExitCode.SOME_FAILED;
}

function stoppedText(
  exhausted: 'cost' | 'tokens' | undefined,
  stopped: GroupStopped | undefined,
  interrupted: boolean,
  database: string,
): string {
  const why = stopped === undefined ? '' : foreignLine(stopped.message);
  if (interrupted) return 'Stopped; what was said is kept. Go on: the same command again.\n';
  if (stopped?.task.status === 'cancelled') return `Task ${stopped.task.taskId} was cancelled.\n`;
  if (exhausted !== undefined)
    return `${why}\nWhat was said is kept. Go on: the same command with a higher ${exhausted === 'cost' ? '--max-cost' : '--max-tokens'}.\n`;
  return `${why}\nNothing more was asked. Go on when that is mended: the same command again. \`panelist tasks show ${stopped?.task.taskId}${databaseFlag(database)}\` shows the turn.\n`;
}

/** A group's name out of a guide's path: `guides/hybrid-work.guide.yaml` is `hybrid-work`. */
export function groupNameOf(path: string): string {
  const name = path.replace(/^.*[\\/]/, '').replace(/(\.(guide|focus-group))?\.(ya?ml|json)$/i, '');
  if (name !== '') return name;
  throw new PanelistError(
    'USAGE',
    `No name for the group can be made of ${quote(path)}: give one with --group.`,
  );
}
