import { existsSync } from 'node:fs';
import { quote } from '@panelist/toolkit';
import { openPgBossQueue, type PgBossQueue } from '@panelist/toolkit/pg-boss';
import { openPostgresDatabase } from '@panelist/toolkit/postgres';
import { openSqliteDatabase, type SqlDatabase } from '@panelist/toolkit/sqlite';
import { sql } from 'kysely';
import { PanelistError } from '../panelist-error.ts';
import { checkDatabasePath, isPostgres, makeDatabaseFolder } from './database-path.ts';

/** A database that is open, and what hands out items to several machines where there are several. */
export interface OpenDatabase {
  readonly database: SqlDatabase;
  /** On PostgreSQL. */
  readonly queue: PgBossQueue | undefined;
  close(): Promise<void>;
}

export interface OpenDatabaseOptions {
  /** Whether a file that isn't there is an error: a mistyped path. @default false, it is created */
  readonly mustExist?: boolean | undefined;
  /** As for `openPostgresDatabase`, and for pg-boss's tables too; a SQLite file is always brought up to date. @default false */
  readonly updatesSchema?: boolean | 'compatible' | undefined;
  /** For what works on no items. @default false */
  readonly withoutQueue?: boolean | undefined;
}

/**
 * Opens a SQLite file or a PostgreSQL database.
 *
 * @param path of the file, or `postgres://user@host:port/name`
 * @throws PanelistError `USAGE`, `FILE_NOT_FOUND`; ToolkitError `STORE_…`
 */
export async function openDatabase(
  path: string,
  { mustExist = false, updatesSchema = false, withoutQueue = false }: OpenDatabaseOptions = {},
): Promise<OpenDatabase> {
  checkDatabasePath(path);
  if (!isPostgres(path)) {
    if (mustExist && !existsSync(path))
      throw new PanelistError('FILE_NOT_FOUND', `There is no database ${quote(path)}.`);
    await makeDatabaseFolder(path);
    const database = await openSqliteDatabase(path);
    return { database, queue: undefined, close: () => database.close() };
  }
  const database = await openPostgresDatabase(path, { updatesSchema });
  if (withoutQueue) return { database, queue: undefined, close: () => database.close() };
  try {
    const queue = await openPgBossQueue(database, { updatesSchema: updatesSchema === true });
    const close = async (): Promise<void> => {
      await queue.close();
      await database.close();
    };
    return { database, queue, close };
  } catch (error) {
    await database.close();
    throw error;
  }
}

/** Seconds that one question takes, there and back. */
export async function latencyOf(database: SqlDatabase): Promise<number> {
  const before = performance.now();
  await sql`select 1`.execute(database.kysely());
  return (performance.now() - before) / 1_000;
}
