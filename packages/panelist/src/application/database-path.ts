import { quote } from '@panelist/toolkit';
import { PanelistError } from '../panelist-error.ts';
import { withoutLogin } from '../text/without-login.ts';

/** The address of a server, or the settings of a connection to one. */
const serverAddress = /^[a-z][a-z\d+.-]+:(?:\/\/|.*@)|\bpassword\s*=/i;

/** @throws PanelistError `USAGE` for the address of a database server, whose password it does not repeat */
export function checkDatabasePath(path: string): void {
  if (!serverAddress.test(path)) return;
  throw new PanelistError(
    'USAGE',
    `A database is the path of a SQLite file in this version, got ${quote(withoutLogin(path))}.`,
  );
}
