import { open } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import type { DatabaseSync, DatabaseSyncOptions } from 'node:sqlite';
import { Kysely, type Transaction } from 'kysely';
import { type Migration, Migrator } from 'kysely/migration';
import { type Clock, systemClock } from '../clock/clock.ts';
import { checkOption } from '../errors/check-option.ts';
import { quote, ToolkitError } from '../errors/toolkit-error.ts';
import { storeClosed } from '../tasks/task-rules.ts';
import { GroupedWrites } from './grouped-writes.ts';
import { NodeSqliteDialect } from './node-sqlite-dialect.ts';
import { retryWhileBusy } from './retry-while-busy.ts';
import type { SqlDatabase } from './sql-database.ts';
import { SqliteConnection } from './sqlite-connection.ts';
import { sqliteError } from './sqlite-errors.ts';

export interface SqliteDatabaseOptions {
  /** How long a write waits for another process's lock, milliseconds, 0 or more. @default 5_000 */
  readonly busyTimeoutMs?: number | undefined;
  /** The file grows no larger: writes beyond fail with `STORE_FULL`. Bytes, 65_536 or more. @default no limit */
  readonly maxSizeBytes?: number | undefined;
  /** @default systemClock */
  readonly clock?: Clock | undefined;
}

/** Two or three results of 2 KB fit a page; at SQLite's 4,096 it would be one, and twice the bytes to write. */
const PAGE_BYTES = 8_192;
/** A write-ahead log that grew in a burst is cut back to this. */
const LARGEST_IDLE_LOG_BYTES = 67_108_864;

/** See `sqlite.ts`. */
export async function openSqliteDatabase(
  path: string,
  { busyTimeoutMs = 5_000, maxSizeBytes, clock = systemClock }: SqliteDatabaseOptions = {},
): Promise<SqlDatabase> {
  checkOption(typeof path === 'string' && path !== '', 'path must name a file', path);
  checkOption(
    Number.isFinite(busyTimeoutMs) && busyTimeoutMs >= 0,
    'busyTimeoutMs must be 0 or more',
    busyTimeoutMs,
  );
  const isSize = maxSizeBytes === undefined || (Number.isFinite(maxSizeBytes) && maxSizeBytes >= 65_536);
  checkOption(isSize, 'maxSizeBytes must be 65536 or more', maxSizeBytes);
  const Sqlite = await loadSqlite();
  const location = path === ':memory:' ? path : resolve(path);
  if (location !== ':memory:') await createFile(location);
  const connections: SqliteConnection[] = [];
  const connect = (options: DatabaseSyncOptions): SqliteConnection => {
    try {
      connections.push(new SqliteConnection(new Sqlite(location, options), location));
      return connections.at(-1)!;
    } catch (error) {
      throw sqliteError(error, location);
    }
  };
  const waiting = { clock, busyTimeoutMs };
  try {
    const writer = connect({});
    await retryWhileBusy(() => writer.exec(pragmas(maxSizeBytes)), waiting);
    const write = new Kysely<unknown>({ dialect: new NodeSqliteDialect({ connection: writer, ...waiting }) });
    if (location === ':memory:') return new OpenSqliteDatabase(connections, write, write);
    const reader = connect({ readOnly: true, timeout: busyTimeoutMs });
    const read = new Kysely<unknown>({ dialect: new NodeSqliteDialect({ connection: reader, ...waiting }) });
    return new OpenSqliteDatabase(connections, read, write);
  } catch (error) {
    for (const connection of connections) connection.close();
    throw error;
  }
}

class OpenSqliteDatabase implements SqlDatabase {
  readonly dialect = 'sqlite';
  readonly #connections: readonly SqliteConnection[];
  readonly #reads: Kysely<unknown>;
  readonly #writes: GroupedWrites;
  #closing: Promise<void> | undefined;

  constructor(connections: readonly SqliteConnection[], reads: Kysely<unknown>, writes: Kysely<unknown>) {
    this.#connections = connections;
    this.#reads = reads;
    this.#writes = new GroupedWrites(writes);
  }

  kysely<Schema>(): Kysely<Schema> {
    return this.#reads as Kysely<Schema>;
  }

  async write<Schema, T>(operation: (transaction: Transaction<Schema>) => Promise<T>): Promise<T> {
    if (this.#closing !== undefined) throw storeClosed();
    return this.#writes.write((transaction) => operation(transaction as Transaction<Schema>));
  }

  async migrate(name: string, migrations: Readonly<Record<string, Migration>>): Promise<void> {
    checkOption(
      /^[a-z][a-z0-9_]*$/.test(name),
      'A component is named in lower case letters, digits and _',
      name,
    );
    // All in one transaction: whoever opens the file at the same time waits, and then finds the tables there.
    await this.write(async (transaction: Transaction<unknown>) => {
      const migrator = new Migrator({
        db: transaction,
        provider: { getMigrations: async () => ({ ...migrations }) },
        migrationTableName: `${name}_migrations`,
        migrationLockTableName: `${name}_migrations_lock`,
      });
      const { error } = await migrator.migrateToLatest();
      if (error !== undefined) throw unmigrated(name, error);
    });
  }

  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  async #close(): Promise<void> {
    await this.#writes.drained();
    for (const connection of this.#connections.toReversed()) connection.close();
  }
}

/** `STORE_…`, so that what the migration has already done is rolled back. */
function unmigrated(name: string, error: unknown): ToolkitError {
  if (error instanceof ToolkitError) return error;
  return new ToolkitError(
    'STORE_UNAVAILABLE',
    `The tables of ${quote(name)} could not be brought up to date. If a newer version made this database, use that one (${error instanceof Error ? error.message : String(error)}).`,
    { cause: error },
  );
}

function pragmas(maxSizeBytes: number | undefined): string {
  return [
    // Only has an effect on a file without tables, and before the log is switched on.
    `pragma page_size = ${PAGE_BYTES}`,
    'pragma journal_mode = wal',
    'pragma synchronous = full',
    'pragma foreign_keys = on',
    `pragma journal_size_limit = ${LARGEST_IDLE_LOG_BYTES}`,
    ...(maxSizeBytes === undefined
      ? []
      : [`pragma max_page_count = ${Math.floor(maxSizeBytes / PAGE_BYTES)}`]),
  ].join(';');
}

async function loadSqlite(): Promise<typeof DatabaseSync> {
  try {
    return (await import('node:sqlite')).DatabaseSync;
  } catch (error) {
    throw new ToolkitError(
      'STORE_UNAVAILABLE',
      `This Node has no node:sqlite: it is ${process.version}. Use Node 22.18 or newer, without --no-experimental-sqlite.`,
      { cause: error },
    );
  }
}

/** SQLite would make the file readable by all; its log and index files take the mode of this one. */
async function createFile(path: string): Promise<void> {
  try {
    await (await open(path, 'a', 0o600)).close();
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    // The folder is not created: a mistyped path would leave folders behind, and hide that its database is elsewhere.
    const advice =
      code === 'ENOENT'
        ? `There is no folder ${JSON.stringify(dirname(path))}: correct the path, or create the folder`
        : 'Check that its folder may be written, and that no folder has that name';
    throw new ToolkitError(
      'STORE_UNAVAILABLE',
      `The database ${JSON.stringify(path)} could not be opened. ${advice} (${message}).`,
      { cause: error },
    );
  }
}
