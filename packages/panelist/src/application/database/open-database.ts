import { existsSync } from 'node:fs';
import { quote } from '@panelist/toolkit';
import { openPostgresDatabase } from '@panelist/toolkit/postgres';
import { openSqliteDatabase, type SqlDatabase } from '@panelist/toolkit/sqlite';
import { PanelistError } from '../../panelist-error.ts';
import { checkDatabasePath, makeDatabaseFolder } from '../database-path.ts';

/** Whether a database is on a PostgreSQL server, and not a SQLite file. */
export function isPostgresAddress(database: string): boolean {
  return /^postgres(?:ql)?:\/\//i.test(database);
}

export interface OpenDatabaseOptions {
  /** Whether a file that isn't there is an error: a mistyped path. @default false, it is created */
  readonly mustExist?: boolean | undefined;
  /** As for `openPostgresDatabase`; a SQLite file is always brought up to date. @default false */
  readonly updatesSchema?: boolean | 'compatible' | undefined;
}

/**
 * Opens the database at an address: `postgres://…`, or the path of a SQLite file.
 *
 * @throws PanelistError `FILE_NOT_FOUND`, `USAGE`; ToolkitError `STORE_…`
 */
export async function openDatabase(
  database: string,
  { mustExist = false, updatesSchema = false }: OpenDatabaseOptions = {},
): Promise<SqlDatabase> {
  if (isPostgresAddress(database)) return openPostgresDatabase(database, { updatesSchema });
  checkDatabasePath(database);
  if (mustExist && !existsSync(database))
    throw new PanelistError('FILE_NOT_FOUND', `There is no database ${quote(database)}.`);
  await makeDatabaseFolder(database);
  return openSqliteDatabase(database);
}
