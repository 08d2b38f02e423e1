import type { DatabaseSync, SQLInputValue, StatementSync } from 'node:sqlite';
import type { SqliteDatabase, SqliteStatement } from 'kysely';
import { ToolkitError, type ToolkitErrorCode } from '../../errors/toolkit-error.ts';
import { storeClosed } from '../../tasks/task-rules.ts';

/** Compiled statements that are cached; each takes some tens of kilobytes at most. */
const MOST_STATEMENTS = 200;

/** A `node:sqlite` connection as Kysely wants it, with cached statements and translated errors. */
export class SqliteConnection implements SqliteDatabase {
  readonly #database: DatabaseSync;
  readonly #path: string;
  readonly #statements = new Map<string, SqliteStatement>();

  constructor(database: DatabaseSync, path: string) {
    this.#database = database;
    this.#path = path;
  }

  get inTransaction(): boolean {
    return this.#database.isOpen && this.#database.isTransaction;
  }

  prepare(sql: string): SqliteStatement {
    const known = this.#statements.get(sql);
    if (known !== undefined) return known;
    if (!this.#database.isOpen) throw storeClosed();
    const statement = this.#translated(() => this.#wrap(this.#database.prepare(sql)));
    if (this.#statements.size >= MOST_STATEMENTS) {
      for (const oldest of this.#statements.keys()) {
        this.#statements.delete(oldest);
        break;
      }
    }
    this.#statements.set(sql, statement);
    return statement;
  }

  exec(sql: string): void {
    this.#translated(() => this.#database.exec(sql));
  }

  /** A pragma whose value is a number. */
  pragma(name: 'data_version' | 'page_count' | 'page_size'): number {
    const [row] = this.prepare(`pragma ${name}`).all([]) as Record<string, number>[];
    return Object.values(row ?? {})[0] ?? 0;
  }

  close(): void {
    this.#statements.clear();
    if (this.#database.isOpen) this.#translated(() => this.#database.close());
  }

  #wrap(statement: StatementSync): SqliteStatement {
    return {
      reader: statement.columns().length > 0,
      all: (parameters) => this.#translated(() => statement.all(...(parameters as SQLInputValue[]))),
      run: (parameters) => this.#translated(() => statement.run(...(parameters as SQLInputValue[]))),
      iterate: (parameters) => this.#translated(() => statement.iterate(...(parameters as SQLInputValue[]))),
    };
  }

  #translated<T>(action: () => T): T {
    try {
      return action();
    } catch (error) {
      throw sqliteError(error, this.#path);
    }
  }
}

/** Primary result codes: https://www.sqlite.org/rescode.html */
const SQLITE_BUSY = 5;
const SQLITE_LOCKED = 6;
const SQLITE_READONLY = 8;
const SQLITE_CORRUPT = 11;
const SQLITE_FULL = 13;
const SQLITE_CANTOPEN = 14;
const SQLITE_NOTADB = 26;

const MEANINGS: Readonly<Record<number, readonly [ToolkitErrorCode, string]>> = {
  [SQLITE_BUSY]: ['STORE_BUSY', 'is locked by another process. Try again, or find the process that locks it'],
  [SQLITE_LOCKED]: ['STORE_BUSY', 'is locked. Try again'],
  [SQLITE_FULL]: [
    'STORE_FULL',
    'is full: the disk has no room left, or its size limit is reached. Make room and go on; everything acknowledged is stored',
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
