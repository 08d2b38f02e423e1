import pg from 'pg';
import { type ConstructorOptions, PgBoss } from 'pg-boss';
import type { Clock } from '../../clock/clock.ts';
import { Liveness } from './liveness.ts';

export interface SupervisionOptions {
  /** Of pg-boss's connections. */
  readonly connection: pg.PoolConfig;
  /** Of pg-boss, without a connection. */
  readonly boss: ConstructorOptions;
  /**
   * Asks the database for what a process does that says it lives, and changes nothing; resolves to how often any process could
   * not say so.
   */
  readonly probe: () => Promise<number>;
  /** When the server could not be reached for the last time, by the monotonic clock. */
  readonly unreachableAt: () => number | undefined;
  readonly clock: Clock;
}

/** How often the items of dead processes are looked for; of all processes one does it. */
const SUPERVISE_MS = 1_000;
/** Who waits for a lock for as long waits for what also keeps others from saying that they live. */
const LOCK_TIMEOUT_MS = 2_000;

/**
 * Hands out the items of dead processes again, by pg-boss's own supervision. It has a connection of its own, and each of its
 * statements is asked for only while the database answers quickly: a pass that was held up would find that nobody has given
 * a sign of life.
 */
export class Supervision {
  readonly #clock: Clock;
  readonly #liveness: Liveness;
  readonly #pool: pg.Pool;
  readonly #boss: PgBoss;
  #cancel = (): void => {};
  #underWay: Promise<void> = Promise.resolve();
  #isClosed = false;

  constructor({ connection, boss, probe, unreachableAt, clock }: SupervisionOptions) {
    this.#clock = clock;
    this.#liveness = new Liveness({ probe, unreachableAt, clock });
    this.#pool = new pg.Pool({ ...connection, lock_timeout: LOCK_TIMEOUT_MS, max: 1 });
    this.#pool.on('error', () => {});
    this.#boss = new PgBoss({ ...boss, db: { executeSql: (text, values) => this.#execute(text, values) } });
    // What fails is looked for again.
    this.#boss.on('error', () => {});
    this.#next();
  }

  /** Begins nothing more. What is under way may go on for as long as its statement does. */
  async close(): Promise<void> {
    this.#isClosed = true;
    this.#cancel();
    this.#liveness.end();
    await this.#underWay;
    await this.#pool.end();
  }

  #next(): void {
    this.#cancel = this.#clock.setTimer(() => {
      this.#underWay = this.#lookForDead().finally(() => {
        if (!this.#isClosed) this.#next();
      });
    }, SUPERVISE_MS);
  }

  async #lookForDead(): Promise<void> {
    if (this.#liveness.isSteady) await this.#boss.supervise().catch(() => {});
  }

  async #execute(text: string, values: unknown[] | undefined) {
    if (this.#isClosed || !this.#liveness.isSteady) throw new Error('The database has been held up.');
    // The connection of a statement that fails is closed, and with it a transaction that was left open.
    return this.#pool.query(text, values);
  }
}
