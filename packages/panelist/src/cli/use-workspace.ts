import { existsSync } from 'node:fs';
import { quote } from '@panelist/toolkit';
import { checkDatabasePath, isPostgres } from '../application/database-path.ts';
import type { Workspace } from '../application/open-workspace.ts';
import type { RunLimits } from '../application/runs/run-limits.ts';
import { type OpenTasks, openTasks } from '../application/tasks/open-tasks.ts';
import type { AskedModel } from '../models/asked-model.ts';
import { PanelistError } from '../panelist-error.ts';
import { terminalSafe } from '../text/terminal-safe.ts';
import { withoutLogin } from '../text/without-login.ts';
import type { AddressFlags } from './addresses.ts';
import { Addresses } from './addresses.ts';
import { type CallFlags, type DatabaseFlags, limitsIn } from './commands/shared-options.ts';
import type { Terminal } from './terminal.ts';

type WorkspaceFlags = DatabaseFlags & Partial<Pick<CallFlags, 'configLimits' | 'prices'>> & AddressFlags;

/**
 * Opens the concrete parts only when a command runs: `--help` need not wait for the model SDKs to load.
 *
 * @param addresses those that may get a key. @default what the flags name
 */
export async function withWorkspace<T>(
  flags: WorkspaceFlags,
  use: (workspace: Workspace) => Promise<T>,
  { mayGetKey }: Pick<Addresses, 'mayGetKey'> = new Addresses(flags, {}),
): Promise<T> {
  const { openWorkspace } = await import('../application/open-workspace.ts');
  const { database, configLimits, prices } = flags;
  const workspace = await openWorkspace({ database, limits: limitsIn(configLimits), prices, mayGetKey });
  try {
    return await use(workspace);
  } finally {
    await workspace.close();
  }
}

/** `withWorkspace` where there must be a database: a mistyped path is to be an error, and not an empty database. */
export async function withExistingWorkspace<T>(
  flags: WorkspaceFlags,
  use: (workspace: Workspace) => Promise<T>,
  addresses?: Addresses,
): Promise<T> {
  checkDatabase(flags);
  return withWorkspace(flags, use, addresses);
}

/** The same for commands that read tasks only: they start in a fraction of the time. */
export async function withExistingTasks<T>(
  flags: DatabaseFlags,
  use: (opened: OpenTasks) => Promise<T>,
): Promise<T> {
  checkDatabase(flags);
  const opened = await openTasks(flags.database);
  try {
    return await use(opened);
  } finally {
    await opened.close();
  }
}

function checkDatabase({ database }: DatabaseFlags): void {
  checkDatabasePath(database);
  if (isPostgres(database) || existsSync(database)) return;
  throw new PanelistError(
    'FILE_NOT_FOUND',
    `There is no database ${quote(withoutLogin(database))}: nothing has been run with it. --database names another.`,
  );
}

/** A command on what a database holds, and asks models with what stands there. */
export async function withStoredModels<T>(
  flags: WorkspaceFlags,
  terminal: Terminal,
  use: (workspace: Workspace, checkModel: CheckStoredModel) => Promise<T>,
): Promise<T> {
  const addresses = new Addresses(flags, terminal);
  const open = async (workspace: Workspace): Promise<T> =>
    use(workspace, async (asked, limits) => {
      if (asked === null) return;
      await addresses.confirm(asked, 'database');
      await workspace.checkModel(asked, limits);
      const address = workspace.addressOf(asked);
      if (address !== null)
        terminal.note(`${terminalSafe(asked.model)} is served at ${terminalSafe(address)}.\n`);
    });
  return withExistingWorkspace(flags, open, addresses);
}

/**
 * Finds out whether the model that a task or a group names can be opened and paid for, and may be reached where it is said
 * to be; says where that is. `null` for a task that asks none.
 */
export type CheckStoredModel = (
  asked: Pick<AskedModel, 'model' | 'baseUrl'> | null,
  limits?: RunLimits,
) => Promise<void>;
