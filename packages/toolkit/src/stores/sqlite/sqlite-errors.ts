import { ToolkitError, type ToolkitErrorCode } from '../../errors/toolkit-error.ts';

/** Primary result codes: https://www.sqlite.org/rescode.html */
const SQLITE_BUSY = 5;
const SQLITE_LOCKED = 6;
const SQLITE_READONLY = 8;
const SQLITE_CORRUPT = 11;
const SQLITE_FULL = 13;
const SQLITE_CANTOPEN = 14;
const SQLITE_NOTADB = 26;

const MEANINGS: Readonly<Record<number, readonly [ToolkitErrorCode, string]>> = {
  [SQLITE_BUSY]: ['STORE_BUSY', 'is locked by another process. Try again, or find who holds it'],
  [SQLITE_LOCKED]: ['STORE_BUSY', 'is locked. Try again'],
  [SQLITE_FULL]: [
    'STORE_FULL',
    'is full: the disk has no room left, or its size limit is reached. Make room and go on; what was acknowledged is kept',
  ],
  [SQLITE_CANTOPEN]: [
    'STORE_UNAVAILABLE',
    'could not be opened. Check that the folder exists, that it may be written, and that no folder has that name',
  ],
  [SQLITE_READONLY]: [
    'STORE_UNAVAILABLE',
    'may only be read. Check the permissions of the file and its folder',
  ],
  [SQLITE_NOTADB]: ['STORE_UNAVAILABLE', 'is not a database file. Name another file, or move it away'],
  [SQLITE_CORRUPT]: [
    'STORE_UNAVAILABLE',
    'is damaged. Restore it from a backup, or save what can be read with sqlite3 .recover',
  ],
};

/** What SQLite, or anything on the way to it, threw, as a `ToolkitError`. */
export function sqliteError(error: unknown, path: string): ToolkitError {
  if (error instanceof ToolkitError) return error;
  const message = error instanceof Error ? error.message : String(error);
  const [code, meaning] = MEANINGS[primaryCode(error)] ?? ['STORE_FAILED', 'failed'];
  return new ToolkitError(code, `The database ${JSON.stringify(path)} ${meaning} (${message}).`, {
    cause: error,
  });
}

/** The low byte of `errcode`, which `node:sqlite` sets to the extended result code; 0 for other errors. */
function primaryCode(error: unknown): number {
  if (!(error instanceof Error) || !('errcode' in error) || typeof error.errcode !== 'number') return 0;
  return error.errcode & 0xff;
}
