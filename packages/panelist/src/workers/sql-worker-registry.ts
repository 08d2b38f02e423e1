import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import { type Clock, systemClock } from '@panelist/toolkit';
import type { SqlDatabase } from '@panelist/toolkit/sqlite';
import { type Kysely, sql } from 'kysely';
import type { Migration } from 'kysely/migration';
import { PanelistError } from '../panelist-error.ts';
import { list, nullable, number, object, type Shape, text } from '../stored/shapes.ts';
import { cutAt } from '../text/shortened.ts';
import { VERSION } from '../version.ts';
import type { Worker, WorkerFigures, WorkerIdentity } from './worker.ts';

/** How often a process says that it is alive. */
const BEAT_MS = 5_000;
/** One that has not been seen for so long is gone: three beats, and the time that a commit may take. */
const GONE_AFTER_MS = 20_000;
/** One that is gone is shown for so long. */
const FORGOTTEN_AFTER_MS = 3_600_000;
const MAX_TASK_IDS = 100;
const MAX_WORKERS = 2_000;
/** How long the end of a process may be delayed by a database that does not answer. */
const END_WITHIN_MS = 3_000;

/** Append only: a published migration has been run on users' databases. */
const MIGRATIONS: Readonly<Record<string, Migration>> = {
  '2026-12-01-workers': { up: createWorkers },
};

interface WorkersTable {
  worker_id: string;
  host: string;
  pid: number;
  role: string;
  version: string;
  schema_version: number;
  jobs: string | null;
  max_concurrency: number | null;
  state: string;
  in_flight: number;
  task_ids: string;
  started_at: number;
  seen_at: number;
}

interface Tables {
  workers: WorkersTable;
}

const workerRow: Shape<WorkersTable> = object<WorkersTable>({
  worker_id: text,
  host: text,
  pid: number,
  role: text,
  version: text,
  schema_version: number,
  jobs: nullable(text),
  max_concurrency: nullable(number),
  state: text,
  in_flight: number,
  task_ids: text,
  started_at: number,
  seen_at: number,
});
const texts = list(text);

export interface RegisterOptions {
  /** @default systemClock */
  readonly clock?: Clock | undefined;
  /** Called after each heartbeat, whether it could be written or not. */
  readonly onBeat?: (() => Promise<void>) | undefined;
}

/** Which processes work on the tasks of a database. They say so in its rows every five seconds, by its clock. */
export class WorkerRegistry {
  readonly #database: SqlDatabase;

  private constructor(database: SqlDatabase) {
    this.#database = database;
  }

  /** @throws ToolkitError `STORE_…` */
  static async open(database: SqlDatabase): Promise<WorkerRegistry> {
    await database.migrate('workers', MIGRATIONS);
    return new WorkerRegistry(database);
  }

  /** All that work, and those that have gone within the last hour without a word; the longest at work first. */
  async list(): Promise<readonly Worker[]> {
    const rows = await this.#database
      .kysely<Tables>()
      .selectFrom('workers')
      .selectAll()
      .select(this.#database.clock.as('now'))
      .orderBy('started_at')
      .orderBy('worker_id')
      .limit(MAX_WORKERS)
      .execute();
    return rows.map(({ now, ...row }) => workerOf(row, Number(now)));
  }

  /** Says from now on what this process does, until the registration is ended. */
  async register(
    identity: WorkerIdentity,
    figures: () => WorkerFigures,
    { clock = systemClock, onBeat }: RegisterOptions = {},
  ): Promise<WorkerRegistration> {
    const registration = new WorkerRegistration(this.#database, identity, figures, clock, onBeat);
    await registration.beat();
    return registration;
  }
}

/** A process's own row, while it is at work. */
export class WorkerRegistration {
  readonly workerId: string = randomUUID();
  readonly #database: SqlDatabase;
  readonly #identity: WorkerIdentity;
  readonly #figures: () => WorkerFigures;
  readonly #clock: Clock;
  readonly #onBeat: (() => Promise<void>) | undefined;
  #cancel = (): void => {};
  #beating: Promise<void> | undefined;
  #hasEnded = false;

  constructor(
    database: SqlDatabase,
    identity: WorkerIdentity,
    figures: () => WorkerFigures,
    clock: Clock,
    onBeat: (() => Promise<void>) | undefined,
  ) {
    this.#database = database;
    this.#identity = identity;
    this.#figures = figures;
    this.#clock = clock;
    this.#onBeat = onBeat;
  }

  /** Says at once what the process does, such as that it drains, and not only at the next heartbeat. */
  beat(): Promise<void> {
    this.#beating ??= this.#beat().finally(() => {
      this.#beating = undefined;
      if (!this.#hasEnded) this.#cancel = this.#clock.setTimer(() => void this.beat(), BEAT_MS);
    });
    return this.#beating;
  }

  /** The process works no more: nobody need wait to see that it is gone. Waits three seconds for the database, at most. */
  async end(): Promise<void> {
    if (this.#hasEnded) return;
    this.#hasEnded = true;
    this.#cancel();
    const late = Promise.withResolvers<void>();
    const cancel = this.#clock.setTimer(() => late.resolve(), END_WITHIN_MS);
    await Promise.race([this.#remove(), late.promise]);
    cancel();
  }

  async #beat(): Promise<void> {
    this.#cancel();
    // A database that is busy may answer the next time; that it is gone then shows by itself.
    await this.#write().catch(() => {});
    await this.#onBeat?.();
  }

  async #write(): Promise<void> {
    const { role, jobs, maxConcurrency, schemaVersion } = this.#identity;
    const { clock } = this.#database;
    await this.#database.write<Tables, void>(async (transaction) => {
      const { state, inFlight, taskIds } = this.#figures();
      const changing = {
        state,
        in_flight: inFlight,
        task_ids: JSON.stringify(taskIds.slice(0, MAX_TASK_IDS)),
        seen_at: clock,
      };
      await transaction
        .insertInto('workers')
        .values({
          worker_id: this.workerId,
          host: cutAt(hostname(), 200),
          pid: process.pid,
          role,
          version: VERSION,
          schema_version: schemaVersion,
          jobs: jobs === null ? null : JSON.stringify(jobs),
          max_concurrency: maxConcurrency,
          started_at: clock,
          ...changing,
        })
        .onConflict((conflict) => conflict.column('worker_id').doUpdateSet(changing))
        .execute();
      await transaction
        .deleteFrom('workers')
        .where('seen_at', '<', sql<number>`${clock} - ${FORGOTTEN_AFTER_MS}`)
        .execute();
    });
  }

  async #remove(): Promise<void> {
    await this.#beating;
    await this.#database
      .write<Tables, void>(async (transaction) => {
        await transaction.deleteFrom('workers').where('worker_id', '=', this.workerId).execute();
      })
      .catch(() => {});
  }
}

function workerOf(row: WorkersTable, now: number): Worker {
  const jobs = row.jobs === null ? null : listIn(row.jobs);
  const taskIds = listIn(row.task_ids);
  if (workerRow(row) !== null || taskIds === undefined || jobs === undefined)
    throw new PanelistError(
      'ROW_INVALID',
      'A row of the table of workers is not what Panelist writes: something else has changed the database. Delete the row: a process that is alive writes it again.',
      { data: { reason: 'database-changed' } },
    );
  return {
    workerId: row.worker_id,
    host: row.host,
    pid: row.pid,
    role: row.role,
    version: row.version,
    schemaVersion: row.schema_version,
    jobs,
    maxConcurrency: row.max_concurrency,
    state: row.seen_at < now - GONE_AFTER_MS ? 'gone' : row.state === 'draining' ? 'draining' : 'working',
    inFlight: row.in_flight,
    taskIds,
    startedAt: row.started_at,
    seenAt: row.seen_at,
  };
}

function listIn(json: string): readonly string[] | undefined {
  try {
    const value: unknown = JSON.parse(json);
    return texts(value) === null ? (value as readonly string[]) : undefined;
  } catch {
    return undefined;
  }
}

async function createWorkers(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('workers')
    .addColumn('worker_id', 'text', (column) => column.primaryKey())
    .addColumn('host', 'text', (column) => column.notNull())
    .addColumn('pid', 'bigint', (column) => column.notNull())
    .addColumn('role', 'text', (column) => column.notNull())
    .addColumn('version', 'text', (column) => column.notNull())
    .addColumn('schema_version', 'bigint', (column) => column.notNull())
    // A JSON list; null: every job.
    .addColumn('jobs', 'text')
    .addColumn('max_concurrency', 'bigint')
    .addColumn('state', 'text', (column) => column.notNull())
    .addColumn('in_flight', 'bigint', (column) => column.notNull())
    // A JSON list.
    .addColumn('task_ids', 'text', (column) => column.notNull())
    .addColumn('started_at', 'bigint', (column) => column.notNull())
    .addColumn('seen_at', 'bigint', (column) => column.notNull())
    .execute();
}
