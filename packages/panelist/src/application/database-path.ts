import { mkdir } from 'node:fs/promises';
import { dirname } from 'node:path';
import { quote } from '@panelist/toolkit';
import { PanelistError } from '../panelist-error.ts';
import { withoutLogin } from '../text/without-login.ts';
import { DEFAULT_DATABASE } from './defaults.ts';

/** The address of a server, or the settings of a connection to one. */
const serverAddress = /^[a-z][a-z\d+.-]+:(?:\/\/|.*@)|\bpassword\s*=/i;

/** Whether a database is in PostgreSQL, and not in a file. */
export function isPostgres(database: string): boolean {
  return /^postgres(?:ql)?:\/\//.test(database);
}

/** @throws PanelistError `USAGE` for the address of any other database server, whose password it does not repeat */
export function checkDatabasePath(database: string): void {
  if (!serverAddress.test(database) || (isPostgres(database) && URL.canParse(database))) return;
  throw new PanelistError(
    'USAGE',
    `A database is the path of a SQLite file, or postgres://user@host:port/name, got ${quote(withoutLogin(database))}.`,
  );
}

/**
 * Creates the folder of the default database. Elsewhere, a missing folder means a mistyped path.
 *
 * @throws PanelistError `FILE_NOT_WRITABLE`
 */
export async function makeDatabaseFolder(path: string): Promise<void> {
  if (path !== DEFAULT_DATABASE) return;
  const folder = dirname(path);
  await mkdir(folder).catch((cause: NodeJS.ErrnoException) => {
    if (cause.code === 'EEXIST') return;
    throw new PanelistError(
      'FILE_NOT_WRITABLE',
      `The folder ${JSON.stringify(folder)}, where tasks and answers are stored, could not be created (${cause.message}). Check that the current folder may be written, or name another database.`,
      { cause, data: { reason: 'database-folder' } },
    );
  });
}
