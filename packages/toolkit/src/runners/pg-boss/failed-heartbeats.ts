import { sql, type Transaction } from 'kysely';
import type { PostgresDatabase } from '../../stores/postgres/postgres-database.ts';

/**
 * Counts the heartbeats of all processes that could not be written. The counter is a sequence, since PostgreSQL changes a
 * sequence in place: a changed row would need room, and a full disk has none.
 */
export class FailedHeartbeats {
  readonly #database: PostgresDatabase;
  readonly #name: string;

  private constructor(database: PostgresDatabase, name: string) {
    this.#database = database;
    this.#name = name;
  }

  static async open(database: PostgresDatabase, schema: string): Promise<FailedHeartbeats> {
    const name = `${schema}.panelist_failed_heartbeats`;
    const { rows } = await sql<{ found: boolean }>`select to_regclass(${name}) is not null as found`.execute(
      database.kysely<unknown>(),
    );
    // Other processes may create it at the same moment: then one is refused, and finds it.
    if (rows[0]?.found !== true)
      await database.write((transaction: Transaction<unknown>) =>
        sql`create sequence if not exists ${sql.table(name)}`.execute(transaction),
      );
    return new FailedHeartbeats(database, name);
  }

  async add(): Promise<void> {
    await sql`select nextval(${this.#name})`.execute(this.#database.kysely<unknown>());
  }

  /** A statement with the count as its column `failed`. */
  get count(): string {
    return `select last_value + is_called::int as failed from ${this.#name}`;
  }
}
