import {
  HandleEmptyInListsPlugin,
  Kysely,
  type RawBuilder,
  replaceWithNoncontingentExpression,
  sql,
  type Transaction,
} from 'kysely';
import pg from 'pg';
import { type Clock, systemClock } from '../../clock/clock.ts';
import { quote, ToolkitError } from '../../errors/toolkit-error.ts';
import { checkCount, checkMs, checkOption } from '../../options/check.ts';
import { storeClosed } from '../../tasks/task-rules.ts';
import { GroupedWrites } from '../sql/grouped-writes.ts';
import { checkComponentName } from '../sql/migrate.ts';
import type {
  ComponentVersion,
  LockableQuery,
  SqlDatabase,
  StoreMigration,
  WriteOptions,
} from '../sql/sql-database.ts';
import { Patience } from './patience.ts';
import { postgresDialect } from './postgres-driver.ts';
import { postgresError } from './postgres-errors.ts';
import { PostgresNotifier } from './postgres-notifier.ts';
import { SchemaGuard, type UpdatesSchema } from './schema-guard.ts';

export interface PostgresDatabaseOptions {
  /** Connections at most, one more to listen on. @default 10 */
  readonly maxConnections?: number | undefined;
  /**
   * How long reads and writes wait for a server that cannot be reached before they fail with `STORE_BUSY`, milliseconds.
   * Opening does not wait. @default 300_000
   */
  readonly maxUnreachableMs?: number | undefined;
  /**
   * Whether tables that an earlier version has made are brought up to date when a store opens them. Programs of that
   * version may be at work: `'compatible'` makes only changes with which they can go on (`StoreMigration.isCompatible`).
   * @default false, older tables are refused with `STORE_OUTDATED`
   */
  readonly updatesSchema?: boolean | 'compatible' | undefined;
  /** What the server's list of connections shows. @default 'panelist' */
  readonly applicationName?: string | undefined;
  /** @default systemClock */
  readonly clock?: Clock | undefined;
}

/** A PostgreSQL database that is open. */
export interface PostgresDatabase extends SqlDatabase {
  readonly dialect: 'postgres';
  /** As host, port and name, without user and password. */
  readonly name: string;
  /** Where more connections to the same database can be made. It holds the password. */
  readonly connection: pg.PoolConfig;
  /** When the server could not be reached for the last time, by the monotonic clock; `undefined`: never so far. */
  readonly unreachableAt: number | undefined;
  /**
   * Waits for a server that cannot be reached for `ms` milliseconds more at most: a process that is to end must not hang.
   */
  hurry(ms: number): void;
  /** Runs what uses other connections again while the server cannot be reached, and translates its errors. */
  whileUnreachable<T>(action: () => Promise<T>): Promise<T>;
}

/** A connection that is being made. */
const CONNECT_TIMEOUT_MS = 10_000;
/** A statement that is not answered by then: the connection was cut without a word. */
const QUERY_TIMEOUT_MS = 120_000;
/** A process that stands still in a transaction keeps its locks, for which others wait; then the server ends it. */
const IDLE_IN_TRANSACTION_MS = 10_000;
const LOCK_TIMEOUT_MS = 60_000;

/**
 * Settings of each connection. Statements find few rows of many by their keys: by default PostgreSQL takes that to be as slow as
 * on a disk that has to seek, and reads whole tables instead. Results and replies are compressed by LZ4 where the server was built
 * with it, as Debian's is: its own way takes as long as everything else that is done to record a result.
 */
const onConnect = (client: pg.ClientBase): Promise<unknown> =>
  client.query(`
    select set_config('random_page_cost', '1.1', false);
    select set_config(name, 'lz4', false) from pg_settings
      where name = 'default_toast_compression' and 'lz4' = any(enumvals)`);

const INT8 = 20;
const NUMERIC = 1_700;

/** Counters, times and sums are numbers; all of ours are below 2^53. */
const types = {
  getTypeParser: ((oid: number, format?: 'text' | 'binary') =>
    oid === INT8 || oid === NUMERIC
      ? Number
      : pg.types.getTypeParser(oid, format as 'text')) as typeof pg.types.getTypeParser,
};

/** See `postgres.ts`. */
export async function openPostgresDatabase(
  url: string,
  {
    maxConnections = 10,
    maxUnreachableMs = 300_000,
    updatesSchema = false,
    applicationName = 'panelist',
    clock = systemClock,
  }: PostgresDatabaseOptions = {},
): Promise<PostgresDatabase> {
  const name = nameOf(url);
  checkCount('maxConnections', maxConnections, { from: 2 });
  checkMs('maxUnreachableMs', maxUnreachableMs, { from: 0 });
  const config: pg.PoolConfig = {
    connectionString: url,
    application_name: applicationName,
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
    query_timeout: QUERY_TIMEOUT_MS,
    idle_in_transaction_session_timeout: IDLE_IN_TRANSACTION_MS,
    lock_timeout: LOCK_TIMEOUT_MS,
    keepAlive: true,
    keepAliveInitialDelayMillis: 10_000,
    types,
    onConnect,
  };
  const pool = new pg.Pool({
    ...config,
    max: maxConnections,
    idleTimeoutMillis: 30_000,
    allowExitOnIdle: true,
  });
  // A connection that breaks while nobody uses it: the next one that is needed is made anew.
  pool.on('error', () => {});
  try {
    await pool.query('select 1');
  } catch (error) {
    await pool.end();
    const { code, message, cause } = postgresError(error, name);
    throw new ToolkitError(code === 'STORE_BUSY' ? 'STORE_UNAVAILABLE' : code, message, { cause });
  }
  return new OpenPostgresDatabase(name, pool, config, { clock, maxUnreachableMs, updatesSchema });
}

/** @throws ToolkitError `INVALID_OPTION` */
function nameOf(url: string): string {
  const parsed = /^postgres(?:ql)?:\/\//.test(String(url)) && URL.canParse(url) ? new URL(url) : undefined;
  checkOption(parsed !== undefined, 'url must be postgres://user@host:port/database', quote('postgres://…'));
  const host = parsed.hostname || parsed.searchParams.get('host') || 'localhost';
  return `${host}${parsed.port === '' ? '' : `:${parsed.port}`}${parsed.pathname}`;
}

class OpenPostgresDatabase implements PostgresDatabase {
  readonly dialect = 'postgres';
  readonly clock: RawBuilder<number> =
    sql<number>`floor(extract(epoch from clock_timestamp()) * 1000)::bigint`;
  readonly name: string;
  readonly connection: pg.PoolConfig;
  readonly notifier: PostgresNotifier;
  readonly #pool: pg.Pool;
  readonly #kysely: Kysely<unknown>;
  readonly #patience: Patience;
  readonly #guard: SchemaGuard;
  readonly #grouped: GroupedWrites;
  readonly #large = new Set<Promise<unknown>>();
  #closing: Promise<void> | undefined;

  constructor(
    name: string,
    pool: pg.Pool,
    connection: pg.PoolConfig,
    options: {
      readonly clock: Clock;
      readonly maxUnreachableMs: number;
      readonly updatesSchema: UpdatesSchema;
    },
  ) {
    this.name = name;
    this.connection = connection;
    this.#pool = pool;
    this.#patience = new Patience(options);
    this.notifier = new PostgresNotifier({
      pool,
      newClient: () => new pg.Client(connection),
      clock: options.clock,
    });
    this.#kysely = new Kysely({
      dialect: postgresDialect({ pool, name, patience: this.#patience }),
      plugins: [new HandleEmptyInListsPlugin({ strategy: replaceWithNoncontingentExpression })],
    });
    this.#guard = new SchemaGuard(this.#kysely, options.updatesSchema);
    this.#grouped = new GroupedWrites(
      options.clock,
      async () => this.#kysely,
      async () => undefined,
    );
  }

  kysely<Schema>(): Kysely<Schema> {
    return this.#kysely as Kysely<Schema>;
  }

  get unreachableAt(): number | undefined {
    return this.#patience.unreachableAt;
  }

  hurry(ms: number): void {
    this.#patience.hurry(ms);
  }

  whileUnreachable<T>(action: () => Promise<T>): Promise<T> {
    return this.#patience.whileUnreachable(async () => {
      if (this.#closing !== undefined) throw storeClosed();
      try {
        return await action();
      } catch (error) {
        throw postgresError(error, this.name);
      }
    });
  }

  locking<Query extends LockableQuery<Query>>(query: Query): Query {
    return query.forUpdate();
  }

  async write<Schema, T>(
    operation: (transaction: Transaction<Schema>) => Promise<T>,
    options: WriteOptions = {},
  ): Promise<T> {
    if (this.#closing !== undefined) throw storeClosed();
    return this.#write(operation, options);
  }

  /** A large write has a connection of its own, so that it delays no other. */
  #write<Schema, T>(
    operation: (transaction: Transaction<Schema>) => Promise<T>,
    options: WriteOptions,
  ): Promise<T> {
    const run = (transaction: Transaction<unknown>): Promise<T> =>
      operation(transaction as Transaction<Schema>);
    const written = this.#patience.throughConflicts(() =>
      options.isLarge ? this.#kysely.transaction().execute(run) : this.#grouped.write(run, options),
    );
    const settled = written.catch(() => {}).finally(() => this.#large.delete(settled));
    this.#large.add(settled);
    return written;
  }

  async migrate(name: string, migrations: Readonly<Record<string, StoreMigration>>): Promise<void> {
    checkComponentName(name);
    if (this.#closing !== undefined) throw storeClosed();
    await this.#patience.throughConflicts(() => this.#guard.open(name, migrations));
  }

  checkSchema(): Promise<void> {
    return this.#guard.check();
  }

  schemaVersions(): Promise<readonly ComponentVersion[]> {
    return this.#guard.versions();
  }

  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  async #close(): Promise<void> {
    this.#patience.end();
    await Promise.all(this.#large);
    await this.#grouped.drained();
    await this.notifier.close();
    await this.#pool.end();
  }
}
