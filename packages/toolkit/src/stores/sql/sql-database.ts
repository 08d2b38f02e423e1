import type { Kysely, RawBuilder, Transaction } from 'kysely';
import type { Migration } from 'kysely/migration';
import type { Notifier } from './notifier.ts';

export interface WriteOptions {
  /**
   * Whether it may write many megabytes: it gets a transaction of its own, whose commit does not block the event loop.
   * @default false
   */
  readonly isLarge?: boolean | undefined;
  /**
   * How long it may wait for others that share its commit, milliseconds. It waits only while writes follow each other so
   * closely that others are likely to come. @default 0
   */
  readonly maxDelayMs?: number | undefined;
}

/** A step that changes tables. Append only: a published one has been run on users' databases. */
export interface StoreMigration extends Migration {
  /**
   * Whether programs that do not know it may go on working on the tables: new tables, new columns with a default, new
   * indexes. @default false
   */
  readonly isCompatible?: boolean | undefined;
}

/** The tables of a component in a database. */
export interface ComponentVersion {
  readonly component: string;
  /** How many migrations this program knows. */
  readonly known: number;
  /** How many have been run. */
  readonly version: number;
}

/** A query that can lock the rows that it selects. */
export interface LockableQuery<Query> {
  forUpdate(): Query;
}

/**
 * A database that several stores may share: one connection's worth of writes, grouped. `Schema` is each store's own
 * view of its tables. Every failure of the database is a `ToolkitError` whose code begins with `STORE_`, with the
 * driver's error as its `cause`.
 */
export interface SqlDatabase {
  readonly dialect: 'sqlite' | 'postgres';
  /**
   * The database's own clock as an SQL expression, epoch milliseconds: what several machines compare is measured by it, and
   * not by theirs.
   */
  readonly clock: RawBuilder<number>;
  readonly notifier: Notifier;
  /**
   * Aborts, with a `ToolkitError` `STORE_LOST` that says where the data are, when the database's file was deleted or
   * replaced. What is under way may still be read and written, in the copy; nothing more should be started.
   */
  readonly lost?: AbortSignal | undefined;
  /**
   * In a transaction: the query locks the rows that it selects until the commit. For every row that is read in order to be
   * changed: other processes write at the same time.
   */
  locking<Query extends LockableQuery<Query>>(query: Query): Query;
  /** For reads: they see what is committed. Inside `write`, read through its transaction. */
  kysely<Schema>(): Kysely<Schema>;
  /**
   * Runs `operation` in a transaction that it shares with the other writes under way, and resolves after the commit.
   * An operation may refuse, by throwing a `ToolkitError` of any code but `STORE_…`, before it has written anything;
   * it alone is rejected. Any other error rolls the group back, and each operation is run again in a transaction of
   * its own, so that only the one at fault is rejected: an operation may be run twice, the first time without effect.
   */
  write<Schema, T>(
    operation: (transaction: Transaction<Schema>) => Promise<T>,
    options?: WriteOptions,
  ): Promise<T>;
  /**
   * Makes sure that this program may work on the tables of the component `name`, and creates them where there are none;
   * several processes may do so at once. SQLite's are brought up to date. PostgreSQL's are only where the database was
   * opened to be updated, since programs of other versions may be at work.
   *
   * @throws ToolkitError `STORE_OUTDATED` for tables that are older, `STORE_NEWER` for those that this program would harm
   */
  migrate(name: string, migrations: Readonly<Record<string, StoreMigration>>): Promise<void>;
  /**
   * Looks again whether this program may work on the tables that it has opened. SQLite's cannot change meanwhile without
   * this program noticing at its next statement.
   *
   * @throws ToolkitError as `migrate`
   */
  checkSchema(): Promise<void>;
  /** The components whose tables this process has opened. */
  schemaVersions(): Promise<readonly ComponentVersion[]>;
  /** Finishes the writes under way, and closes. May be called again. */
  close(): Promise<void>;
}
