import { existsSync } from 'node:fs';
import { quote, type TaskRecord } from '@panelist/toolkit';
import { checkDatabasePath } from '../application/database-path.ts';
import type { Workspace } from '../application/open-workspace.ts';
import { askedModelOf } from '../application/runs/run-view.ts';
import { type OpenTasks, openTasks } from '../application/tasks/open-tasks.ts';
import { PanelistError } from '../panelist-error.ts';
import { withoutLogin } from '../text/without-login.ts';
import type { CallFlags, DatabaseFlags } from './commands/shared-options.ts';

type WorkspaceFlags = DatabaseFlags &
  Partial<Pick<CallFlags, 'maxConcurrency' | 'rpm' | 'tpm' | 'maxCost' | 'maxTokens' | 'prices'>>;

/** Opens the concrete parts only when a command runs: `--help` need not wait for the model SDKs to load. */
export async function withWorkspace<T>(
  flags: WorkspaceFlags,
  use: (workspace: Workspace) => Promise<T>,
): Promise<T> {
  const { openWorkspace } = await import('../application/open-workspace.ts');
  const { database, maxConcurrency, rpm, tpm, maxCost, maxTokens, prices } = flags;
  const workspace = await openWorkspace({
    database,
    maxConcurrency,
    requestsPerMinute: rpm,
    tokensPerMinute: tpm,
    maxCost,
    maxTokens,
    prices,
  });
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
): Promise<T> {
  checkDatabase(flags);
  return withWorkspace(flags, use);
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
  if (existsSync(database)) return;
  throw new PanelistError(
    'FILE_NOT_FOUND',
    `There is no database ${quote(withoutLogin(database))}: nothing has been run with it. --database names another.`,
  );
}

/** Finds out whether the model that a task asks can be opened and paid for. */
export async function checkTaskModel(workspace: Workspace, task: TaskRecord): Promise<void> {
  const asked = askedModelOf(task);
  if (asked !== null) await workspace.checkModel(asked);
}
