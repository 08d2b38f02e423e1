import type { Workspace } from '../application/open-workspace.ts';
import { readGroup } from '../focus-group/group-history.ts';
import { holdThemes } from '../focus-group/hold-themes.ts';
import type { FoundThemes } from '../focus-group/themes-job.ts';
import type { ThemeFlags } from './commands/focus-group/theme-options.ts';
import { ExitCode } from './exit-codes.ts';
import { runInGroup } from './group-run.ts';
import type { Terminal } from './terminal.ts';
import type { CheckStoredModel } from './use-workspace.ts';

/** The themes that a model finds, where it is asked for; what it quotes that nobody said is told and left out. */
export async function themesFound(
  workspace: Workspace,
  focusGroupId: string,
  flags: ThemeFlags,
  terminal: Terminal,
  checkModel: CheckStoredModel,
): Promise<{
  readonly found: (FoundThemes & { readonly model: string }) | null;
  readonly exitCode: ExitCode;
}> {
  if (flags.themes === 'keywords') return { found: null, exitCode: ExitCode.OK };
  const { group } = await readGroup(workspace.tasks, focusGroupId);
  // A model that is named on the command line is not served where the group's is.
  const asked = flags.model === undefined ? group : { model: flags.model, baseUrl: flags.baseUrl ?? null };
  const { model, baseUrl } = asked;
  await checkModel(asked);
  const { value, exitCode } = await runInGroup(workspace, focusGroupId, flags, terminal, (onTurn) =>
    holdThemes(workspace.runner, focusGroupId, { model, baseUrl, onTurn }),
  );
  if (value === undefined) return { found: null, exitCode };
  if (value.unsupported > 0)
    terminal.err(`${value.unsupported} quotations stand nowhere in the transcript; they are left out.\n`);
  return { found: value, exitCode };
}
