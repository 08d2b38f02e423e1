import {
  AbortedTransactionError,
  CompiledQuery,
  type DatabaseConnection,
  type Dialect,
  type Driver,
  PostgresAdapter,
  PostgresIntrospector,
  PostgresQueryCompiler,
  type QueryResult,
} from 'kysely';
import type { Pool, PoolClient } from 'pg';
import { storeClosed } from '../../tasks/task-rules.ts';
import type { Patience } from './patience.ts';
import { failureKind, postgresError } from './postgres-errors.ts';

export interface PostgresDialectConfig {
  readonly pool: Pool;
  /** The database as host, port and name, for errors. */
  readonly name: string;
  /** Waits where the server cannot be reached. */
  readonly patience: Patience;
}

/**
 * Kysely's PostgreSQL dialect, with translated errors. While the server cannot be reached, a connection is waited for, and a
 * read that is not of a transaction is repeated on a new one.
 */
export function postgresDialect(config: PostgresDialectConfig): Dialect {
  return {
    createAdapter: () => new PostgresAdapter(),
    createDriver: () => new PostgresDriver(config),
    createIntrospector: (db) => new PostgresIntrospector(db),
    createQueryCompiler: () => new PostgresQueryCompiler(),
  };
}

class PostgresDriver implements Driver {
  readonly #config: PostgresDialectConfig;

  constructor(config: PostgresDialectConfig) {
    this.#config = config;
  }

  async init(): Promise<void> {}

  async acquireConnection(): Promise<DatabaseConnection> {
    return new PostgresConnection(await connect(this.#config), this.#config);
  }

  async beginTransaction(connection: PostgresConnection): Promise<void> {
    await connection.begin();
  }

  async commitTransaction(connection: PostgresConnection): Promise<void> {
    await connection.commit();
  }

  async rollbackTransaction(connection: PostgresConnection): Promise<void> {
    await connection.rollback();
  }

  async releaseConnection(connection: PostgresConnection): Promise<void> {
    connection.release();
  }

  /** The pool belongs to the database. */
  async destroy(): Promise<void> {}
}

async function connect({ pool, name, patience }: PostgresDialectConfig): Promise<PoolClient> {
  return patience.whileUnreachable(async () => {
    if (pool.ending) throw storeClosed();
    try {
      return await pool.connect();
    } catch (error) {
      throw postgresError(error, name);
    }
  });
}

class PostgresConnection implements DatabaseConnection {
  readonly #config: PostgresDialectConfig;
  /** The server may end a connection while it runs no statement. */
  readonly #onError = (): void => {
    this.#isBroken = true;
  };
  #client: PoolClient;
  #isBroken = false;
  #inTransaction = false;

  constructor(client: PoolClient, config: PostgresDialectConfig) {
    this.#client = client;
    this.#config = config;
    client.on('error', this.#onError);
  }

  async executeQuery<Row>({ sql, parameters }: CompiledQuery): Promise<QueryResult<Row>> {
    try {
      return await this.#execute(sql, parameters);
    } catch (error) {
      if (this.#inTransaction || !this.#isBroken || !/^\s*select\b/i.test(sql)) throw this.#translated(error);
    }
    // First the new one: if there is none, the old one is still to be released.
    const client = await connect(this.#config);
    this.release();
    this.#client = client;
    this.#client.on('error', this.#onError);
    this.#isBroken = false;
    return this.#execute<Row>(sql, parameters).catch((error: unknown) => {
      throw this.#translated(error);
    });
  }

  // biome-ignore lint/correctness/useYield: stores read in pages.
  async *streamQuery(): AsyncIterableIterator<never> {
    throw new Error('A PostgreSQL connection of the toolkit does not stream');
  }

  async begin(): Promise<void> {
    await this.executeQuery(CompiledQuery.raw('begin'));
    this.#inTransaction = true;
  }

  async commit(): Promise<void> {
    try {
      const { command } = await this.#client.query('commit');
      // PostgreSQL ends a transaction that has failed with ROLLBACK.
      if (command === 'ROLLBACK') throw new AbortedTransactionError();
    } catch (error) {
      this.#note(error);
      throw this.#translated(error);
    }
    this.#inTransaction = false;
  }

  async rollback(): Promise<void> {
    if (!this.#isBroken) {
      await this.#client.query('rollback').catch(() => {
        this.#isBroken = true;
      });
    }
    this.#inTransaction = false;
  }

  release(): void {
    this.#client.off('error', this.#onError);
    this.#client.release(this.#isBroken || this.#inTransaction);
  }

  async #execute<Row>(sql: string, parameters: readonly unknown[]): Promise<QueryResult<Row>> {
    try {
      const { command, rowCount, rows } = await this.#client.query(sql, parameters.map(withoutNul));
      const isWrite = command === 'INSERT' || command === 'UPDATE' || command === 'DELETE';
      return {
        rows: rows as Row[],
        ...(isWrite && { numAffectedRows: BigInt(rowCount ?? 0) }),
      };
    } catch (error) {
      this.#note(error);
      throw error;
    }
  }

  #note(error: unknown): void {
    if (failureKind(error) === 'unreachable') this.#isBroken = true;
  }

  #translated(error: unknown): Error {
    return postgresError(error, this.#config.name);
  }
}

/** PostgreSQL's text holds every character but this; a provider's error message may have it. */
function withoutNul(parameter: unknown): unknown {
  return typeof parameter === 'string' && parameter.includes('\0')
    ? parameter.replaceAll('\0', '\u{fffd}')
    : parameter;
}
