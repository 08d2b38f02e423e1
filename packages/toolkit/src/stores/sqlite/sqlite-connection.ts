import type { DatabaseSync, SQLInputValue, StatementSync } from 'node:sqlite';
import type { SqliteDatabase, SqliteStatement } from 'kysely';
import { storeClosed } from '../../tasks/task-rules.ts';
import { sqliteError } from './sqlite-errors.ts';

/** Compiled statements kept for the next time; each takes some tens of kilobytes at most. */
const MOST_STATEMENTS = 200;

/** A `node:sqlite` connection as Kysely wants it, with its statements kept and its errors translated. */
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
