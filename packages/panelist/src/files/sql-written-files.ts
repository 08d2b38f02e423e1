import { hostname } from 'node:os';
import { dirname, relative, resolve, sep } from 'node:path';
import type { SqlDatabase } from '@panelist/toolkit/sqlite';
import type { Kysely } from 'kysely';
import type { Migration } from 'kysely/migration';
import type { WrittenFiles } from './output-files.ts';

interface FileTables {
  written_files: { path: string; sha256: string };
}

const migrations: Readonly<Record<string, Migration>> = {
  '2026-12-01-written-files': {
    up: async (db: Kysely<unknown>) => {
      await db.schema
        .createTable('written_files')
        .addColumn('path', 'text', (column) => column.notNull())
        .addColumn('sha256', 'text', (column) => column.notNull())
        .addPrimaryKeyConstraint('written_files_key', ['path', 'sha256'])
        .execute();
    },
  },
};

/**
 * Records written files in the database of the tasks. Paths are relative to the database's folder, so that a project that
 * is moved together with its database still recognises its files; on a database server they are absolute, with the machine's
 * name.
 */
export class SqlWrittenFiles implements WrittenFiles {
  readonly #database: SqlDatabase;
  /** `undefined`: the database is not in a file, and several machines share it. */
  readonly #folder: string | undefined;

  private constructor(database: SqlDatabase, folder: string | undefined) {
    this.#database = database;
    this.#folder = folder;
  }

  /** @param path the database file, where it is one */
  static async open(database: SqlDatabase, path: string): Promise<SqlWrittenFiles> {
    await database.migrate('written_files', migrations);
    return new SqlWrittenFiles(database, database.dialect === 'sqlite' ? resolve(dirname(path)) : undefined);
  }

  async includes(path: string, sha256: string): Promise<boolean> {
    const row = await this.#database
      .kysely<FileTables>()
      .selectFrom('written_files')
      .select('path')
      .where('path', '=', this.#key(path))
      .where('sha256', '=', sha256)
      .executeTakeFirst();
    return row !== undefined;
  }

  async add(path: string, sha256: string): Promise<void> {
    await this.#database.write<FileTables, void>(async (transaction) => {
      await transaction
        .insertInto('written_files')
        .values({ path: this.#key(path), sha256 })
        .onConflict((conflict) => conflict.columns(['path', 'sha256']).doNothing())
        .execute();
    });
  }

  #key(path: string): string {
    if (this.#folder === undefined) return `${hostname()}:${resolve(path)}`;
    return relative(this.#folder, path).split(sep).join('/');
  }
}
