import { quote } from '@panelist/toolkit';
import type { GroupAction, GroupActionEnd } from '../application/focus-groups/group-actions.ts';
import { openedGroup } from '../application/focus-groups/read-groups.ts';
import type { Workspace } from '../application/open-workspace.ts';
import { changeGroupLimits } from '../application/runs/change-limits.ts';
import type { FocusGroup } from '../focus-group/group.ts';
import { PanelistError } from '../panelist-error.ts';
import { foreignLine } from '../text/foreign-line.ts';
import { type LimitFlags, limitsIn } from './commands/shared-options.ts';
import { drainOnSignal } from './drain-on-signal.ts';
import { ExitCode } from './exit-codes.ts';
import { databaseFlag } from './render/database-flag.ts';
import { showGroupRun } from './run-display.ts';
import type { Terminal } from './terminal.ts';
import type { CheckStoredModel } from './use-workspace.ts';

export interface GroupRunFlags {
  readonly database: string;
  readonly json?: boolean | undefined;
}

/** How an action in a group has ended, and the exit code where it did not finish. */
export type GroupRunEnd<T> = GroupActionEnd<T> & { readonly exitCode: ExitCode };

/**
 * Does something in a group and shows what is said meanwhile; says how to go on where it is stopped. With `--json`
 * nothing is shown on the way.
 *
 * @param isExpected whether the caller reports that end itself
 */
export async function runInGroup<T>(
  workspace: Workspace,
  flags: GroupRunFlags,
  terminal: Terminal,
  begin: () => GroupAction<T>,
  isExpected: (end: Stopped) => boolean = () => false,
): Promise<GroupRunEnd<T>> {
  const shown = flags.json ? { ...terminal, out: () => {} } : terminal;
  const { runner } = workspace;
  const { value } = await drainOnSignal(runner, terminal, async (isInterrupted): Promise<GroupRunEnd<T>> => {
    const { events, ended } = begin();
    // An error of the display must not end the run: the run itself reports what is wrong.
    await showGroupRun(events, shown).catch(() => {});
    const end = await ended;
    if (end.end !== 'stopped') return { ...end, exitCode: ExitCode.OK };
    if (!isExpected(end)) terminal.err(stoppedText(end, isInterrupted(), flags.database));
    return { ...end, exitCode: isInterrupted() ? ExitCode.INTERRUPTED : exitCodeOf(end) };
  });
  return value;
}

export type Stopped = Extract<GroupActionEnd<unknown>, { readonly end: 'stopped' }>;

function exitCodeOf({ task, allOfTheModel }: Stopped): ExitCode {
  if (task?.status !== 'failed') return ExitCode.STOPPED;
  return allOfTheModel ? ExitCode.MODEL : ExitCode.SOME_FAILED;
}

function stoppedText({ task, reason, exhausted }: Stopped, interrupted: boolean, database: string): string {
  const why = foreignLine(reason);
  if (interrupted || task === null)
    return 'Stopped. Everything said so far is stored. To go on, run the same command again.\n';
  if (task.status === 'cancelled') return `Task ${task.taskId} was cancelled.\n`;
  if (exhausted !== undefined)
    return `${why}\nEverything said so far is stored. To go on, run the same command with a higher ${exhausted === 'cost' ? '--max-cost' : '--max-tokens'}.\n`;
  return `${why}\nNothing more was asked. Once that is fixed, run the same command again. \`panelist tasks show ${task.taskId}${databaseFlag(database)}\` shows the turn.\n`;
}

/**
 * A group that something is about to be asked of: its model is checked, and the limits of the flags are recorded.
 *
 * @throws PanelistError `GROUP_NOT_FOUND`, and as `checkModel`
 */
export async function groupToAsk(
  workspace: Workspace,
  focusGroupId: string,
  flags: LimitFlags,
  checkModel: CheckStoredModel,
): Promise<FocusGroup> {
  const group = await openedGroup(workspace.tasks, focusGroupId);
  const limits = limitsIn(flags);
  await checkModel(group, limits);
  await changeGroupLimits(workspace, focusGroupId, limits);
  return group;
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
