import { openPgBossQueue, type PgBossQueue } from '@panelist/toolkit/pg-boss';
import { openPostgresDatabase } from '@panelist/toolkit/postgres';
import { openSqliteDatabase, type SqlDatabase } from '@panelist/toolkit/sqlite';
import { checkDatabasePath, isPostgres, makeDatabaseFolder } from './database-path.ts';

/** A database that is open, and what hands out items to several machines where there are several. */
export interface OpenDatabase {
  readonly database: SqlDatabase;
  /** On PostgreSQL. */
  readonly queue: PgBossQueue | undefined;
  close(): Promise<void>;
}

/**
 * Opens a SQLite file or a PostgreSQL database.
 *
 * @param path of the file, or `postgres://user@host:port/name`
 * @throws PanelistError `USAGE`; ToolkitError `STORE_…`
 */
export async function openDatabase(path: string): Promise<OpenDatabase> {
  checkDatabasePath(path);
  if (!isPostgres(path)) {
    await makeDatabaseFolder(path);
    const database = await openSqliteDatabase(path);
    return { database, queue: undefined, close: () => database.close() };
  }
  const database = await openPostgresDatabase(path);
  try {
    const queue = await openPgBossQueue(database);
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
