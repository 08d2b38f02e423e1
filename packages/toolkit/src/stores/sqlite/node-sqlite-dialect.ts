import {
  CompiledQuery,
  type DatabaseConnection,
  type DialectAdapter,
  type Driver,
  type QueryResult,
  SqliteAdapter,
  SqliteDialect,
  SqliteDriver,
} from 'kysely';
import type { Clock } from '../../clock/clock.ts';
import { retryWhileBusy } from './retry-while-busy.ts';
import type { SqliteConnection } from './sqlite-connection.ts';

export interface NodeSqliteDialectConfig {
  readonly connection: SqliteConnection;
  readonly clock: Clock;
  readonly busyTimeoutMs: number;
}

/** Kysely's SQLite dialect, with transactions that several processes can share a file with. */
export class NodeSqliteDialect extends SqliteDialect {
  readonly #config: NodeSqliteDialectConfig;

  constructor(config: NodeSqliteDialectConfig) {
    super({ database: config.connection });
    this.#config = config;
  }

  override createDriver(): Driver {
    return new NodeSqliteDriver(this.#config);
  }

  override createAdapter(): DialectAdapter {
    return new NodeSqliteAdapter();
  }
}

class NodeSqliteDriver extends SqliteDriver {
  readonly #config: NodeSqliteDialectConfig;

  constructor(config: NodeSqliteDialectConfig) {
    super({ database: config.connection });
    this.#config = config;
  }

  override async acquireConnection(): Promise<DatabaseConnection> {
    return new PatientConnection(await super.acquireConnection(), this.#config);
  }

  /**
   * Takes the write lock at once: a transaction that reads first and locks later fails, without waiting, when another
   * process has written in between.
   */
  override async beginTransaction(connection: DatabaseConnection): Promise<void> {
    await connection.executeQuery(CompiledQuery.raw('begin immediate'));
  }

  /** SQLite has rolled back by itself after some errors, such as a full disk. */
  override async rollbackTransaction(connection: DatabaseConnection): Promise<void> {
    if (this.#config.connection.inTransaction) await super.rollbackTransaction(connection);
  }
}

/** Reads that are not of a transaction wait, too, where another program has locked the whole file. */
class PatientConnection implements DatabaseConnection {
  readonly #connection: DatabaseConnection;
  readonly #config: NodeSqliteDialectConfig;

  constructor(connection: DatabaseConnection, config: NodeSqliteDialectConfig) {
    this.#connection = connection;
    this.#config = config;
  }

  executeQuery<Row>(query: CompiledQuery): Promise<QueryResult<Row>> {
    const execute = (): Promise<QueryResult<Row>> => this.#connection.executeQuery<Row>(query);
    return this.#config.connection.inTransaction ? execute() : retryWhileBusy(execute, this.#config);
  }

  streamQuery<Row>(query: CompiledQuery, chunkSize: number): AsyncIterableIterator<QueryResult<Row>> {
    return this.#connection.streamQuery(query, chunkSize);
  }
}

class NodeSqliteAdapter extends SqliteAdapter {
  /** SQLite can create and change tables in a transaction; Kysely's adapter says no, for the sake of one pragma. */
  override get supportsTransactionalDdl(): boolean {
    return true;
  }
}
