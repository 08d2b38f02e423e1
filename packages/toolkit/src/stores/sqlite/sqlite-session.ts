import type { DatabaseSync } from 'node:sqlite';
import { Kysely } from 'kysely';
import type { Clock } from '../../clock/clock.ts';
import { NodeSqliteDialect } from './node-sqlite-dialect.ts';
import { retryWhileBusy } from './retry-while-busy.ts';
import { SqliteConnection, sqliteError } from './sqlite-connection.ts';

export interface SqliteSessionOptions {
  readonly Sqlite: typeof DatabaseSync;
  readonly clock: Clock;
  readonly busyTimeoutMs: number;
  readonly maxSizeBytes: number | undefined;
}

/** Two or three results of 2 KB fit a page; at SQLite's 4,096 it would be one, and twice the bytes to write. */
const PAGE_BYTES = 8_192;
/** A write-ahead log that grew in a burst is cut back to this. */
const LARGEST_IDLE_LOG_BYTES = 67_108_864;

/** The connections to one file: one that writes, and one that reads what is committed. */
export class SqliteSession {
  readonly writer: SqliteConnection;
  readonly write: Kysely<unknown>;
  readonly read: Kysely<unknown>;
  readonly #reader: SqliteConnection;
  readonly #connections: readonly SqliteConnection[];

  private constructor(writer: SqliteConnection, reader: SqliteConnection, options: SqliteSessionOptions) {
    const kysely = (connection: SqliteConnection): Kysely<unknown> =>
      new Kysely({ dialect: new NodeSqliteDialect({ connection, ...options }) });
    this.writer = writer;
    this.write = kysely(writer);
    this.read = reader === writer ? this.write : kysely(reader);
    this.#reader = reader;
    this.#connections = reader === writer ? [writer] : [writer, reader];
  }

  /** @param location a path, or `:memory:` */
  static async open(location: string, options: SqliteSessionOptions): Promise<SqliteSession> {
    const { Sqlite, maxSizeBytes } = options;
    const connect = (readOnly: boolean): SqliteConnection => {
      try {
        return new SqliteConnection(new Sqlite(location, { readOnly }), location);
      } catch (error) {
        throw sqliteError(error, location);
      }
    };
    const writer = connect(false);
    try {
      await retryWhileBusy(() => writer.exec(pragmas(maxSizeBytes)), options);
      return new SqliteSession(writer, location === ':memory:' ? writer : connect(true), options);
    } catch (error) {
      writer.close();
      throw error;
    }
  }

  /** Changes with each commit of another connection, in any process. */
  get dataVersion(): number {
    return this.#reader.pragma('data_version');
  }

  close(): void {
    for (const connection of this.#connections.toReversed()) connection.close();
  }
}

/** The settings of a connection. */
export function pragmas(maxSizeBytes: number | undefined): string {
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
