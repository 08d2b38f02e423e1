import { type QueryExecutorProvider, sql } from 'kysely';
import type { Lease } from '../../tasks/task-record.ts';
import type { SqlDatabase } from './sql-database.ts';

/** The clocks of two machines drift apart by less than a second in this time. */
const MEASURED_FOR_MS = 60_000;
/** What is less than this is the time that the question took. */
const PRECISION_MS = 1_000;

/**
 * Leases are stored by the database's clock, and compared by readers with their own. Several machines have several clocks;
 * processes on one file are on one machine.
 */
export class DatabaseClock {
  readonly #database: SqlDatabase;
  #aheadMs: Promise<number> | undefined;
  #measuredAt = Number.NEGATIVE_INFINITY;

  constructor(database: SqlDatabase) {
    this.#database = database;
  }

  /** By the database's clock. @param own by this process's */
  async now(db: QueryExecutorProvider, own: number): Promise<number> {
    return this.#database.dialect === 'sqlite' ? own : this.#read(db);
  }

  /** The same tasks with their leases by this process's clock. */
  async toOwn<Task extends { readonly lease: Lease | null }>(
    tasks: readonly Task[],
  ): Promise<readonly Task[]> {
    if (this.#database.dialect === 'sqlite' || tasks.every(({ lease }) => lease === null)) return tasks;
    const aheadMs = await this.#ahead();
    if (aheadMs === 0) return tasks;
    return tasks.map((task) => {
      const { lease } = task;
      return lease === null ? task : { ...task, lease: { ...lease, expiresAt: lease.expiresAt - aheadMs } };
    });
  }

  /** How far the database's clock is ahead of this process's, milliseconds. */
  #ahead(): Promise<number> {
    const now = performance.now();
    if (this.#aheadMs !== undefined && now < this.#measuredAt + MEASURED_FOR_MS) return this.#aheadMs;
    this.#measuredAt = now;
    const measured = this.#measure();
    this.#aheadMs = measured;
    measured.catch(() => {
      this.#aheadMs = undefined;
    });
    return measured;
  }

  async #measure(): Promise<number> {
    const before = Date.now();
    const theirs = await this.#read(this.#database.kysely());
    const ours = (before + Date.now()) / 2;
    return Math.round((theirs - ours) / PRECISION_MS) * PRECISION_MS;
  }

  async #read(db: QueryExecutorProvider): Promise<number> {
    const { rows } = await sql<{ now: number }>`select ${this.#database.clock} as now`.execute(db);
    return rows[0]!.now;
  }
}
