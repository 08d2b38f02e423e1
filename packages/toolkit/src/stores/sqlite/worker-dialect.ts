import { Worker } from 'node:worker_threads';
import {
  CompiledQuery,
  type DatabaseConnection,
  type Dialect,
  type Driver,
  type QueryResult,
  SqliteAdapter,
  SqliteIntrospector,
  SqliteQueryCompiler,
} from 'kysely';
import { retryWhileBusy } from './retry-while-busy.ts';
import { sqliteError } from './sqlite-connection.ts';
import { pragmas, type SqliteSessionOptions } from './sqlite-session.ts';

/** What a worker thread runs: a text, since a bundler would not find a file. */
const PROGRAM = `
const { parentPort, workerData } = require('node:worker_threads');
// Node 22 warns of node:sqlite, which this process has already loaded.
process.emitWarning = () => {};
const { DatabaseSync } = require('node:sqlite');
let database;
const statements = new Map();
function prepared(sql) {
  let statement = statements.get(sql);
  if (statement === undefined) statements.set(sql, (statement = database.prepare(sql)));
  return statement;
}
parentPort.on('message', ({ sql, parameters }) => {
  try {
    database ??= new DatabaseSync(workerData);
    if (parameters === null) {
      database.exec(sql);
      parentPort.postMessage({ rows: [] });
    } else {
      const statement = prepared(sql);
      if (statement.columns().length > 0) parentPort.postMessage({ rows: statement.all(...parameters) });
      else {
        statement.run(...parameters);
        parentPort.postMessage({ rows: [] });
      }
    }
  } catch ({ message, errcode }) {
    parentPort.postMessage({ error: { message, errcode } });
  }
});
`;

type Reply =
  | { readonly rows: readonly unknown[] }
  | { readonly error: { readonly message: string; readonly errcode?: number } };

/**
 * A connection to the same file in a worker thread, for a transaction that writes many megabytes: its commit, and the
 * checkpoint after it, would block the event loop for some tenths of a second. Destroy it after the transaction.
 */
export function workerDialect(path: string, options: SqliteSessionOptions): Dialect {
  return {
    createAdapter: () => new SqliteAdapter(),
    createDriver: () => new WorkerDriver(path, options),
    createIntrospector: (db) => new SqliteIntrospector(db),
    createQueryCompiler: () => new SqliteQueryCompiler(),
  };
}

class WorkerDriver implements Driver {
  readonly #options: SqliteSessionOptions;
  readonly #connection: WorkerConnection;

  constructor(path: string, options: SqliteSessionOptions) {
    this.#options = options;
    this.#connection = new WorkerConnection(path);
  }

  async init(): Promise<void> {
    const { maxSizeBytes } = this.#options;
    await retryWhileBusy(() => this.#connection.exec(pragmas(maxSizeBytes)), this.#options);
  }

  async acquireConnection(): Promise<DatabaseConnection> {
    return this.#connection;
  }

  async beginTransaction(connection: DatabaseConnection): Promise<void> {
    const begin = CompiledQuery.raw('begin immediate');
    await retryWhileBusy(() => connection.executeQuery(begin), this.#options);
  }

  async commitTransaction(connection: DatabaseConnection): Promise<void> {
    await connection.executeQuery(CompiledQuery.raw('commit'));
  }

  async rollbackTransaction(connection: DatabaseConnection): Promise<void> {
    // SQLite has rolled back by itself after some errors, such as a full disk; then this fails, and changes nothing.
    await connection.executeQuery(CompiledQuery.raw('rollback')).catch(() => {});
  }

  async releaseConnection(): Promise<void> {}

  async destroy(): Promise<void> {
    await this.#connection.close();
  }
}

class WorkerConnection implements DatabaseConnection {
  readonly #path: string;
  readonly #worker: Worker;
  #waiting: PromiseWithResolvers<readonly unknown[]> | undefined;
  #ended: Error | undefined;

  constructor(path: string) {
    this.#path = path;
    this.#worker = new Worker(PROGRAM, { eval: true, workerData: path, execArgv: [] });
    this.#worker
      .on('message', (reply: Reply) => this.#settle(reply))
      .on('error', (error) => this.#end(error))
      .on('exit', () => this.#end(new Error('The thread that writes to it has ended')));
  }

  async executeQuery<Row>({ sql, parameters }: CompiledQuery): Promise<QueryResult<Row>> {
    return { rows: (await this.#request(sql, parameters)) as Row[] };
  }

  // biome-ignore lint/correctness/useYield: a large write streams nothing.
  async *streamQuery(): AsyncIterableIterator<never> {
    throw new Error('A connection in a worker thread does not stream');
  }

  async exec(sql: string): Promise<void> {
    await this.#request(sql, null);
  }

  async close(): Promise<void> {
    await this.#worker.terminate();
  }

  /** One at a time, as Kysely asks. */
  #request(sql: string, parameters: readonly unknown[] | null): Promise<readonly unknown[]> {
    if (this.#ended !== undefined) return Promise.reject(sqliteError(this.#ended, this.#path));
    this.#waiting = Promise.withResolvers();
    this.#worker.postMessage({ sql, parameters });
    return this.#waiting.promise;
  }

  #settle(reply: Reply): void {
    const waiting = this.#waiting;
    this.#waiting = undefined;
    if ('rows' in reply) waiting?.resolve(reply.rows);
    else waiting?.reject(sqliteError(Object.assign(new Error(reply.error.message), reply.error), this.#path));
  }

  #end(error: Error): void {
    this.#ended ??= error;
    this.#waiting?.reject(sqliteError(this.#ended, this.#path));
  }
}
