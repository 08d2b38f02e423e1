import type { ThemesOfModel } from '../application/focus-groups/analyse.ts';
import { findThemesInGroup } from '../application/focus-groups/group-actions.ts';
import { openedGroup } from '../application/focus-groups/read-groups.ts';
import type { Workspace } from '../application/open-workspace.ts';
import { changeGroupLimits } from '../application/runs/change-limits.ts';
import type { ThemeFlags } from './commands/focus-group/theme-options.ts';
import { limitsIn } from './commands/shared-options.ts';
import { ExitCode } from './exit-codes.ts';
import { runInGroup } from './group-run.ts';
import type { Terminal } from './terminal.ts';
import type { CheckStoredModel } from './use-workspace.ts';

/** The themes that a model finds, where the flags ask for it. Quotations that nobody said are left out, with a note. */
export async function themesFound(
  workspace: Workspace,
  focusGroupId: string,
  flags: ThemeFlags,
  terminal: Terminal,
  checkModel: CheckStoredModel,
): Promise<{ readonly found: ThemesOfModel | null; readonly exitCode: ExitCode }> {
  if (flags.themes === 'keywords') return { found: null, exitCode: ExitCode.OK };
  const group = await openedGroup(workspace.tasks, focusGroupId);
  // A model that is named on the command line is not served where the group's is.
  const { model, baseUrl } =
    flags.model === undefined ? group : { model: flags.model, baseUrl: flags.baseUrl ?? null };
  const limits = limitsIn(flags);
  await checkModel({ model, baseUrl }, limits);
  await changeGroupLimits(workspace, focusGroupId, limits);
  const ended = await runInGroup(workspace, flags, terminal, () =>
    findThemesInGroup(workspace, focusGroupId, { model, baseUrl }),
  );
  if (ended.end !== 'finished') return { found: null, exitCode: ended.exitCode };
  const { value } = ended;
  if (value.unsupported > 0)
    terminal.err(`${value.unsupported} quotations are not in the transcript; they are left out.\n`);
  return { found: value, exitCode: ExitCode.OK };
}
