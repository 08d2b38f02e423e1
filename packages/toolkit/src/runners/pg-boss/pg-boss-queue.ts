import { sql, type Transaction } from 'kysely';
import type { PoolConfig } from 'pg';
import { type ConstructorOptions, type DatabaseOptions, type Db, fromKysely, PgBoss } from 'pg-boss';
import { type Clock, systemClock } from '../../clock/clock.ts';
import { checkCount } from '../../options/check.ts';
import type { PostgresDatabase } from '../../stores/postgres/postgres-database.ts';
import type { ItemQueue, QueuedItem } from '../../stores/sql/item-queue.ts';
import type { ItemClaim } from '../../tasks/task-store.ts';
import { FailedHeartbeats } from './failed-heartbeats.ts';
import { FinishedQueues } from './finished-queues.ts';
import { mayMigrate } from './pg-boss-schema.ts';
import { jobIdOf, PREFIX, queueOf, taskOf } from './queue-names.ts';
import { Supervision } from './supervision.ts';

export interface PgBossQueueOptions {
  /** The schema of pg-boss's own tables. @default 'pgboss' */
  readonly schema?: string | undefined;
  /**
   * How long after the last sign of life of its process an item is handed to another, seconds, 10 or more.
   * @default 10
   */
  readonly heartbeatSeconds?: number | undefined;
  /**
   * Whether pg-boss's tables are brought up to date that an earlier version of it has made. Missing ones are created.
   * @default false, they are refused with `STORE_OUTDATED`
   */
  readonly updatesSchema?: boolean | undefined;
  /** @default systemClock */
  readonly clock?: Clock | undefined;
}

/** An item that this process is to work on. */
export interface ClaimedItem {
  readonly key: string;
  readonly claim: ItemClaim;
}

/** `ready`: items can be claimed. `waiting`: all are claimed or deferred. `empty`: there are no items, or there is no queue. */
export type QueueState = 'ready' | 'waiting' | 'empty';

interface QueueSettings {
  readonly schema: string;
  readonly heartbeatSeconds: number;
  readonly clock: Clock;
  readonly failedHeartbeats: FailedHeartbeats;
  readonly connection: PoolConfig;
  /** Of pg-boss, without its connections. */
  readonly config: ConstructorOptions;
}

/** Jobs that one statement inserts: their JSON is one parameter. */
const JOBS_PER_INSERT = 5_000;
const MONITOR_SECONDS = 2;
/** A statement that is not answered by then: the connection was cut without a word, and another is made. */
const QUERY_TIMEOUT_MS = 15_000;
/** `close` waits no longer for a database that does not answer. */
const CLOSE_MS = 3_000;
/** pg-boss's maximum: then an item is handed out again, even if its process lives. */
const LONGEST_RUN_SECONDS = 86_400;
const TEN_YEARS_SECONDS = 315_360_000;
/** How often an item is handed out is not limited: a process that dies isn't the item's fault. */
const NO_LIMIT = 2_000_000_000;
const MOST_PREPARED = 1_000;
const TASKS_PER_STATEMENT = 1_000;
/** See `analyze`. */
const MANY_ITEMS = 1_000;

interface JobData {
  readonly key: string;
}

/**
 * Hands out the items of tasks by pg-boss: one queue for each task, with one job for each item that has no result. The jobs
 * are written and removed in the transactions of the task store.
 */
export class PgBossQueue implements ItemQueue {
  readonly heartbeatMs: number;
  readonly #database: PostgresDatabase;
  readonly #boss: PgBoss;
  readonly #schema: string;
  readonly #clock: Clock;
  readonly #failedHeartbeats: FailedHeartbeats;
  readonly #supervision: Supervision;
  readonly #finished: FinishedQueues;
  /** Queues that pg-boss knows of. */
  readonly #prepared = new Set<string>();
  #closing: Promise<void> | undefined;

  private constructor(database: PostgresDatabase, boss: PgBoss, options: QueueSettings) {
    this.#database = database;
    this.#boss = boss;
    this.#schema = options.schema;
    this.#clock = options.clock;
    this.#finished = new FinishedQueues(database, options.schema);
    this.#failedHeartbeats = options.failedHeartbeats;
    this.heartbeatMs = options.heartbeatSeconds * 1_000;
    // What fails here is repeated, or thrown where it was asked for.
    boss.on('error', () => {});
    this.#supervision = new Supervision({
      connection: options.connection,
      boss: options.config,
      probe: () => this.#probe(),
      unreachableAt: () => database.unreachableAt,
      clock: options.clock,
    });
  }

  /** See `pg-boss.ts`. */
  static async open(
    database: PostgresDatabase,
    {
      schema = 'pgboss',
      heartbeatSeconds = 10,
      updatesSchema = false,
      clock = systemClock,
    }: PgBossQueueOptions = {},
  ): Promise<PgBossQueue> {
    checkCount('heartbeatSeconds', heartbeatSeconds, { from: 10 });
    const config: ConstructorOptions = {
      schema,
      migrate: await mayMigrate(database, schema, updatesSchema),
      schedule: false,
      supervise: false,
      monitorIntervalSeconds: MONITOR_SECONDS,
      monitorVacuum: false,
      openTelemetry: { enabled: false },
    };
    const { types, ...settings } = database.connection;
    const connection = {
      ...settings,
      application_name: 'panelist queue',
      query_timeout: QUERY_TIMEOUT_MS,
    };
    const boss = new PgBoss({
      ...(connection as DatabaseOptions),
      // Changing large tables takes its time.
      ...(updatesSchema && { query_timeout: settings.query_timeout }),
      // Supervision has another.
      max: 2,
      ...config,
    });
    await database.whileUnreachable(() => boss.start());
    const failedHeartbeats = await FailedHeartbeats.open(database, schema);
    return new PgBossQueue(database, boss, {
      ...{ schema, heartbeatSeconds, clock, failedHeartbeats, connection, config },
    });
  }

  async prepare(taskId: string): Promise<void> {
    const name = queueOf(taskId);
    // Committed by itself: a queue without a task is removed in time, see `tidy`.
    await this.#database.whileUnreachable(() => this.#boss.createQueue(name, this.#queueOptions));
    if (this.#prepared.size >= MOST_PREPARED) this.#prepared.clear();
    this.#prepared.add(name);
  }

  async add(transaction: Transaction<unknown>, taskId: string, items: readonly QueuedItem[]): Promise<void> {
    const name = queueOf(taskId);
    if (!this.#prepared.has(name)) await this.prepare(taskId);
    // It may have been removed meanwhile. Here no other connection is asked for: all may wait for this transaction's.
    const options = JSON.stringify({ ...this.#queueOptions, policy: 'standard' });
    await sql`select ${sql.id(this.#schema, 'create_queue')}(${name}, ${options}::jsonb)`.execute(
      transaction,
    );
    const db = asDb(transaction);
    for (let start = 0; start < items.length; start += JOBS_PER_INSERT) {
      const jobs = items.slice(start, start + JOBS_PER_INSERT).map(({ key, position }) => ({
        id: jobIdOf(taskId, key),
        data: { key } satisfies JobData,
        // Handed out in the order of the task, also after a process has died.
        priority: -position,
      }));
      await this.#boss.insert(name, jobs, { db });
    }
  }

  async settle(
    transaction: Transaction<unknown>,
    taskId: string,
    claims: readonly ItemClaim[],
  ): Promise<ReadonlySet<ItemClaim>> {
    // Deleted, and not completed: so a queue has a job for each item without a result, and for no other.
    return valid(
      claims,
      await this.#boss.deleteJob(queueOf(taskId), attemptsOf(claims), { db: asDb(transaction) }),
    );
  }

  /**
   * Claims items, in the order of the task. `undefined` where the task has no queue.
   *
   * @param count how many at most
   * @param maxActive how many all processes together may work on
   */
  async fetch(taskId: string, count: number, maxActive: number): Promise<readonly ClaimedItem[] | undefined> {
    const name = queueOf(taskId);
    try {
      const jobs = Number.isFinite(maxActive)
        ? await this.#fetchWithin(name, count, maxActive)
        : await this.#database.whileUnreachable(() => this.#boss.fetch<JobData>(name, { batchSize: count }));
      return jobs.map(({ id, retryCount, data }) => ({ key: data.key, claim: { id, attempt: retryCount } }));
    } catch (error) {
      if (isMissingQueue(error)) return undefined;
      throw error;
    }
  }

  /** Of all processes, one at a time counts and claims. */
  #fetchWithin(name: string, count: number, maxActive: number) {
    return this.#database
      .kysely<unknown>()
      .transaction()
      .execute(async (transaction) => {
        await sql`select pg_advisory_xact_lock(hashtextextended(${name}, 0))`.execute(transaction);
        const { rows } = await sql<{ active: number }>`
          select count(*) as active from ${this.#table} where name = ${name} and state = 'active'
        `.execute(transaction);
        const batchSize = Math.min(count, maxActive - Number(rows[0]?.active ?? 0));
        if (batchSize < 1) return [];
        return this.#boss.fetch<JobData>(name, { batchSize, db: asDb(transaction) });
      });
  }

  /** Says that this process still works on these items; returns the claims that are valid. */
  async touch(taskId: string, claims: readonly ItemClaim[]): Promise<ReadonlySet<ItemClaim>> {
    if (claims.length === 0) return new Set();
    try {
      return valid(
        claims,
        await this.#database.whileUnreachable(() => this.#boss.touch(queueOf(taskId), attemptsOf(claims))),
      );
    } catch (error) {
      if (isMissingQueue(error)) return new Set();
      // No process is taken for dead meanwhile, by any other.
      await this.#failedHeartbeats.add().catch(() => {});
      throw error;
    }
  }

  /** Hands items back that this process does not finish: to anybody, at once or after `afterMs` milliseconds. */
  async release(taskId: string, claims: readonly ItemClaim[], afterMs = 0): Promise<void> {
    if (claims.length === 0) return;
    const name = queueOf(taskId);
    try {
      await this.#database.write(async (transaction: Transaction<unknown>) => {
        const db = asDb(transaction);
        const released = valid(claims, await this.#boss.fail(name, attemptsOf(claims), null, { db }));
        if (afterMs <= 0) return;
        for (const { id } of released)
          await this.#boss.update(name, undefined, { id, startAfter: Math.ceil(afterMs / 1_000), db });
      });
    } catch (error) {
      if (!isMissingQueue(error)) throw error;
    }
  }

  /** Removes items from the queue that this process has claimed and that have a result already. */
  async discard(taskId: string, claims: readonly ItemClaim[]): Promise<void> {
    await this.#database.whileUnreachable(() => this.#boss.deleteJob(queueOf(taskId), attemptsOf(claims)));
  }

  /** Calls `listener` when a task was created or changed by any process; `undefined`: perhaps. Returns what ends it. */
  listen(listener: (taskId: string | undefined) => void): () => void {
    return this.#database.notifier.listen('task', listener);
  }

  /** Whether there are items to claim in the queues of these tasks. */
  async states(taskIds: readonly string[]): Promise<ReadonlyMap<string, QueueState>> {
    const states = new Map<string, QueueState>();
    for (let start = 0; start < taskIds.length; start += TASKS_PER_STATEMENT) {
      const some = taskIds.slice(start, start + TASKS_PER_STATEMENT);
      // `limit` makes PostgreSQL look into each queue by itself, by an index.
      const { rows } = await sql<{ task_id: string; is_ready: boolean; has_items: boolean }>`
        select task_id, coalesce(is_ready, false) as is_ready, coalesce(has_items, false) as has_items
        from unnest(${some}::text[], ${some.map(queueOf)}::text[]) as task (task_id, queue)
        left join lateral (
          select true as is_ready from ${this.#table}
          where name = queue and state < 'active' and not blocked and start_after <= now()
          limit 1
        ) as ready on true
        left join lateral (
          select true as has_items from ${this.#table} where name = queue limit 1
        ) as items on true
      `.execute(this.#database.kysely<unknown>());
      for (const { task_id, is_ready, has_items } of rows)
        states.set(task_id, is_ready ? 'ready' : has_items ? 'waiting' : 'empty');
    }
    return states;
  }

  /** How many items are in the queue, claimed ones included. */
  async size(taskId: string): Promise<number> {
    const { rows } = await sql<{ size: number }>`
      select count(*) as size from ${this.#table} where name = ${queueOf(taskId)}
    `.execute(this.#database.kysely<unknown>());
    return Number(rows[0]?.size ?? 0);
  }

  /** Puts all items of the task into the queue that have no result and are not in it. */
  async refill(taskId: string): Promise<void> {
    await this.prepare(taskId);
    const count = await this.#database.write(
      async (transaction: Transaction<PendingItems>) => {
        const items = await transaction
          .selectFrom('task_items')
          .leftJoin('task_results', (join) =>
            join
              .onRef('task_results.task_id', '=', 'task_items.task_id')
              .onRef('task_results.item_key', '=', 'task_items.item_key'),
          )
          .select(['task_items.item_key as key', 'task_items.position'])
          .where('task_items.task_id', '=', taskId)
          .where('task_results.success', 'is', null)
          .execute();
        await this.add(transaction as unknown as Transaction<unknown>, taskId, items);
        return items.length;
      },
      { isLarge: true },
    );
    await this.analyze(count);
  }

  /** See `FinishedQueues.remove`. */
  remove(taskId: string): Promise<boolean> {
    return this.#finished.remove(taskId);
  }

  /** See `FinishedQueues.removeAll`. */
  tidy(): Promise<number> {
    return this.#finished.removeAll();
  }

  /** The tasks that have a queue. */
  async taskIds(): Promise<readonly string[]> {
    const queues = await this.#database.whileUnreachable(() => this.#boss.getQueues());
    return queues.flatMap(({ name }) => (name.startsWith(PREFIX) ? [taskOf(name)] : []));
  }

  /** Tells the planner of so many new items, where they are many: it would choose slow plans until autovacuum does. */
  async analyze(count: number): Promise<void> {
    if (count < MANY_ITEMS) return;
    const db = this.#database.kysely<unknown>();
    // Without it the first minute is slower, and nothing else is wrong.
    for (const table of [this.#table, sql.table('task_items')])
      await sql`analyze ${table}`.execute(db).catch(() => {});
  }

  /** See `PostgresDatabase.hurry`. */
  hurry(ms: number): void {
    this.#database.hurry(ms);
  }

  /** Ends the supervision, and closes pg-boss's own connections. A database that does not answer is waited for briefly. */
  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  async #close(): Promise<void> {
    const closed = Promise.all([this.#supervision.close(), this.#boss.stop({ graceful: false })]);
    const { promise: waited, resolve } = Promise.withResolvers<void>();
    const cancel = this.#clock.setTimer(resolve, CLOSE_MS);
    await Promise.race([closed.catch(() => {}), waited]);
    cancel();
  }

  get #queueOptions() {
    return {
      retryLimit: NO_LIMIT,
      retryDelay: 0,
      expireInSeconds: LONGEST_RUN_SECONDS,
      retentionSeconds: TEN_YEARS_SECONDS,
      heartbeatSeconds: this.heartbeatMs / 1_000,
      warningQueueSize: NO_LIMIT,
    };
  }

  get #table() {
    return sql.table(`${this.#schema}.job_common`);
  }

  /** Takes the lock and the commit that a sign of life takes, and changes nothing; how many of those have failed. */
  async #probe(): Promise<number> {
    const db = this.#boss.getDb();
    await db.executeSql(
      `update ${this.#schema}.job_common set heartbeat_on = heartbeat_on where false;
       select pg_logical_emit_message(true, 'panelist', '')`,
    );
    return Number((await db.executeSql(this.#failedHeartbeats.count)).rows[0]?.failed);
  }
}

interface PendingItems {
  task_items: { task_id: string; position: number; item_key: string };
  task_results: { task_id: string; item_key: string | null; success: number };
}

function attemptsOf(claims: readonly ItemClaim[]) {
  return claims.map(({ id, attempt }) => ({ id, retryCount: attempt }));
}

/** @param response of a call that was limited to these claims; its type leaves out what it was good for */
function valid(claims: readonly ItemClaim[], response: object): ReadonlySet<ItemClaim> {
  const { settled } = response as { readonly settled?: readonly string[] };
  if (settled === undefined) throw new Error('This version of pg-boss does not say which jobs it changed.');
  const ids = new Set(settled);
  return new Set(claims.filter(({ id }) => ids.has(id)));
}

function asDb(transaction: Transaction<unknown>): Db {
  return fromKysely(transaction as never);
}

function isMissingQueue(error: unknown): boolean {
  const { code, cause } = error as { readonly code?: unknown; readonly cause?: unknown };
  return code === 'PGBOSS_QUEUE_NOT_FOUND' || (cause instanceof Error && isMissingQueue(cause));
}
