import type { Kysely, Migration, Transaction } from 'kysely';

/**
 * A database that several stores may share: one connection's worth of writes, grouped. `Schema` is each store's own
 * view of its tables.
 */
export interface SqlDatabase {
  readonly dialect: 'sqlite' | 'postgres';
  /** For reads. */
  kysely<Schema>(): Kysely<Schema>;
  /**
   * Runs `operation` in a transaction that it shares with the other writes under way, and resolves after the commit.
   * An operation that throws a `ToolkitError` must have written nothing; it alone is rejected. Any other error rolls
   * the whole group back and rejects every operation in it.
   */
  write<Schema, T>(operation: (transaction: Transaction<Schema>) => Promise<T>): Promise<T>;
  /** Brings the tables of the component `name` up to date; several processes may do so at once. */
  migrate(name: string, migrations: Readonly<Record<string, Migration>>): Promise<void>;
  close(): Promise<void>;
}
