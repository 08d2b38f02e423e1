import { ToolkitError } from '@panelist/toolkit';
import type { ComponentVersion, SqlDatabase } from '@panelist/toolkit/sqlite';
import { PanelistError } from '../../panelist-error.ts';
import { WorkerRegistry } from '../../workers/sql-worker-registry.ts';
import type { Worker } from '../../workers/worker.ts';
import { type OpenDatabase, openDatabase } from '../open-database.ts';
import { COMPONENTS } from './components.ts';

export interface MigrateDatabaseOptions {
  readonly database: string;
  /** Whether changes are made with which processes that are at work cannot go on. @default false, they must end first */
  readonly force?: boolean | undefined;
}

/**
 * Creates all tables, or brings them up to date. With processes at work only changes are made with which they can go on.
 *
 * @throws PanelistError `WORKERS_ALIVE`; ToolkitError `STORE_…`
 */
export async function migrateDatabase({
  database: address,
  force = false,
}: MigrateDatabaseOptions): Promise<readonly ComponentVersion[]> {
  const alive = await aliveAt(address);
  let opened: OpenDatabase | undefined;
  try {
    opened = await openDatabase(address, {
      updatesSchema: force || alive.length === 0 ? true : 'compatible',
    });
    for (const open of COMPONENTS) await open(opened.database);
    return await opened.database.schemaVersions();
  } catch (error) {
    if (alive.length === 0 || !(error instanceof ToolkitError) || error.code !== 'STORE_OUTDATED')
      throw error;
    throw new PanelistError(
      'WORKERS_ALIVE',
      `${alive.length === 1 ? 'A process is' : `${alive.length} processes are`} at work that could not go on after this update: ${alive
        .slice(0, 3)
        .map(({ pid, host, version }) => `process ${pid} on ${host} (version ${version})`)
        .join(', ')}. Stop them first: what is in flight is finished and recorded.`,
      { cause: error, data: { reason: 'workers-alive' } },
    );
  } finally {
    await opened?.close();
  }
}

/** The processes that work on the database; none where its table of workers is not there yet, or too old to be read. */
async function aliveAt(address: string): Promise<readonly Worker[]> {
  const { database, close } = await openDatabase(address, { withoutQueue: true });
  try {
    return await aliveIn(database);
  } catch (error) {
    if (error instanceof ToolkitError && error.code === 'STORE_OUTDATED') return [];
    throw error;
  } finally {
    await close();
  }
}

async function aliveIn(database: SqlDatabase): Promise<readonly Worker[]> {
  const registry = await WorkerRegistry.open(database);
  return (await registry.list()).filter(({ state }) => state !== 'gone');
}
