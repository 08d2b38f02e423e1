import { DEFAULT_DATABASE } from '../../application/defaults.ts';
import { withoutLogin } from '../../text/without-login.ts';
import { shellWord } from './shell-word.ts';

/** What a command that is advised must name besides, unless the database is the default. */
export function databaseFlag(database: string): string {
  return database === DEFAULT_DATABASE ? '' : ` --database ${shellWord(withoutLogin(database))}`;
}
