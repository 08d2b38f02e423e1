import { open } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import type { DatabaseSync } from 'node:sqlite';
import { Kysely, type RawBuilder, sql, type Transaction } from 'kysely';
import { type Clock, systemClock } from '../../clock/clock.ts';
import { ToolkitError } from '../../errors/toolkit-error.ts';
import { checkMs, checkNumber, checkOption } from '../../options/check.ts';
import { storeClosed } from '../../tasks/task-rules.ts';
import { GroupedWrites } from '../sql/grouped-writes.ts';
import { checkComponentName, migrateIn } from '../sql/migrate.ts';
import type {
  ComponentVersion,
  LockableQuery,
  SqlDatabase,
  StoreMigration,
  WriteOptions,
} from '../sql/sql-database.ts';
import { DatabaseFile, lostMessage, unsavedMessage } from './database-file.ts';
import { retryWhileBusy } from './retry-while-busy.ts';
import { SqliteNotifier } from './sqlite-notifier.ts';
import { SqliteSession, type SqliteSessionOptions } from './sqlite-session.ts';
import { workerDialect } from './worker-dialect.ts';

export interface SqliteDatabaseOptions {
  /** How long a write waits for another process's lock, milliseconds, 0 or more. @default 5_000 */
  readonly busyTimeoutMs?: number | undefined;
  /** The file grows no larger: writes beyond fail with `STORE_FULL`. Bytes, 65_536 or more. @default no limit */
  readonly maxSizeBytes?: number | undefined;
  /** @default systemClock */
  readonly clock?: Clock | undefined;
}

/** See `sqlite.ts`. */
export async function openSqliteDatabase(
  path: string,
  { busyTimeoutMs = 5_000, maxSizeBytes, clock = systemClock }: SqliteDatabaseOptions = {},
): Promise<SqlDatabase> {
  checkOption(typeof path === 'string' && path !== '', 'path must name a file', path);
  checkMs('busyTimeoutMs', busyTimeoutMs, { from: 0 });
  checkNumber('maxSizeBytes', maxSizeBytes, { from: 65_536 }, ' of bytes');
  const options = { Sqlite: await loadSqlite(), clock, busyTimeoutMs, maxSizeBytes };
  const location = path === ':memory:' ? path : resolve(path);
  if (location !== ':memory:') await createFile(location);
  return new OpenSqliteDatabase(await openFile(location, options), options);
}

interface OpenFile {
  readonly session: SqliteSession;
  /** `undefined`: in memory. */
  readonly file: DatabaseFile | undefined;
}

async function openFile(location: string, options: SqliteSessionOptions): Promise<OpenFile> {
  const session = await SqliteSession.open(location, options);
  if (location === ':memory:') return { session, file: undefined };
  try {
    const file = await retryWhileBusy(() => new DatabaseFile(location, session.writer), options);
    return { session, file };
  } catch (error) {
    session.close();
    throw error;
  }
}

class OpenSqliteDatabase implements SqlDatabase {
  readonly dialect = 'sqlite';
  readonly clock: RawBuilder<number> = sql<number>`cast(unixepoch('subsec') * 1000 as integer)`;
  readonly notifier: SqliteNotifier;
  readonly #options: SqliteSessionOptions;
  readonly #lost = new AbortController();
  readonly #writes: GroupedWrites;
  /** By component, how many migrations this process knows and has run. */
  readonly #known = new Map<string, number>();
  #open: OpenFile;
  #hasWritten = false;
  #unsaved: ToolkitError | undefined;
  #closing: Promise<void> | undefined;

  constructor(open: OpenFile, options: SqliteSessionOptions) {
    this.#open = open;
    this.#options = options;
    this.notifier = new SqliteNotifier(() => this.#open.session.dataVersion, options.clock);
    this.#writes = new GroupedWrites(
      options.clock,
      () => this.#connect(),
      () => this.#connectLarge(),
    );
  }

  get lost(): AbortSignal {
    return this.#lost.signal;
  }

  kysely<Schema>(): Kysely<Schema> {
    return this.#open.session.read as Kysely<Schema>;
  }

  /** A transaction has the file's write lock from its beginning. */
  locking<Query extends LockableQuery<Query>>(query: Query): Query {
    return query;
  }

  async write<Schema, T>(
    operation: (transaction: Transaction<Schema>) => Promise<T>,
    options: WriteOptions = {},
  ): Promise<T> {
    if (this.#closing !== undefined) throw storeClosed();
    this.#hasWritten = true;
    return this.#write(operation, options);
  }

  #write<Schema, T>(
    operation: (transaction: Transaction<Schema>) => Promise<T>,
    options: WriteOptions = {},
  ): Promise<T> {
    return this.#writes.write((transaction) => operation(transaction as Transaction<Schema>), options);
  }

  async migrate(name: string, migrations: Readonly<Record<string, StoreMigration>>): Promise<void> {
    checkComponentName(name);
    // All in one transaction: another process that opens the file at the same time waits, and then finds the tables.
    await this.#write((transaction: Transaction<unknown>) => migrateIn(transaction, name, migrations));
    this.#known.set(name, Object.keys(migrations).length);
  }

  async checkSchema(): Promise<void> {}

  async schemaVersions(): Promise<readonly ComponentVersion[]> {
    return [...this.#known].map(([component, known]) => ({ component, known, version: known }));
  }

  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  async #close(): Promise<void> {
    this.notifier.close();
    await this.#writes.drained();
    const wasLost = this.#lost.signal.aborted;
    // After the last commit, too: or it would seem to be where it is not.
    if (this.#hasWritten && !wasLost) await this.#connect();
    this.#open.session.close();
    if (!wasLost) this.#lost.signal.throwIfAborted();
  }

  /** Where the next transaction goes: into the file that was opened, or where that is lost, into a copy of it. */
  async #connect(): Promise<Kysely<unknown>> {
    if (this.#unsaved !== undefined) throw this.#unsaved;
    const { session, file } = this.#open;
    if (file !== undefined) {
      const what = await retryWhileBusy(() => file.whatHappened(session.writer), this.#options);
      if (what !== undefined) await this.#save(session, file, what);
    }
    return this.#open.session.write;
  }

  /** In memory there is nothing to flush, and no second connection. */
  async #connectLarge(): Promise<Kysely<unknown> | undefined> {
    await this.#connect();
    const { file } = this.#open;
    return file && new Kysely({ dialect: workerDialect(file.path, this.#options) });
  }

  async #save(session: SqliteSession, file: DatabaseFile, what: string): Promise<void> {
    try {
      const saved = file.save(session.writer, new Date(this.#options.clock.now()));
      file.deleteLog();
      this.#open = await openFile(saved, this.#options);
      this.#lost.abort(new ToolkitError('STORE_LOST', lostMessage(file.path, what, saved)));
    } catch (cause) {
      this.#unsaved = new ToolkitError('STORE_LOST', unsavedMessage(file.path, what, cause), { cause });
      this.#lost.abort(this.#unsaved);
      throw this.#unsaved;
    }
    session.close();
  }
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
    await (await open(path, 'wx', 0o600)).close();
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    // Not opened again: to close it would drop the locks of a connection that this process already has to it.
    if (code === 'EEXIST') return;
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
