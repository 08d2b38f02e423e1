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
  /** Brings the tables of the component `name` up to date; several processes may do so at once. */
  migrate(name: string, migrations: Readonly<Record<string, Migration>>): Promise<void>;
  /** Finishes the writes under way, and closes. May be called again. */
  close(): Promise<void>;
}
