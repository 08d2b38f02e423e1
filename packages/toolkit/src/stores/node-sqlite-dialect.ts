import {
  CompiledQuery,
  type DatabaseConnection,
  type DialectAdapter,
  type Driver,
  SqliteAdapter,
  SqliteDialect,
  SqliteDriver,
} from 'kysely';
import type { Clock } from '../clock/clock.ts';
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

  /**
   * Takes the write lock at once: a transaction that reads first and locks later fails, without waiting, when another
   * process has written in between.
   */
  override async beginTransaction(connection: DatabaseConnection): Promise<void> {
    await retryWhileBusy(() => connection.executeQuery(CompiledQuery.raw('begin immediate')), this.#config);
  }

  /** SQLite has rolled back by itself after some errors, such as a full disk. */
  override async rollbackTransaction(connection: DatabaseConnection): Promise<void> {
    if (this.#config.connection.inTransaction) await super.rollbackTransaction(connection);
  }
}

class NodeSqliteAdapter extends SqliteAdapter {
  /** SQLite can create and change tables in a transaction; Kysely's adapter says no, for the sake of one pragma. */
  override get supportsTransactionalDdl(): boolean {
    return true;
  }
}
