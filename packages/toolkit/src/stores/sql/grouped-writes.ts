import type { Kysely, Transaction } from 'kysely';
import type { Clock } from '../../clock/clock.ts';
import { nextTurn } from '../../clock/turns.ts';
import { ToolkitError } from '../../errors/toolkit-error.ts';
import type { WriteOptions } from './sql-database.ts';

/** Bounds a transaction, and with it the time until the first of its writes is acknowledged. */
const LARGEST_GROUP = 1_000;
/** A write waits for others only where as many came in the same time before it. */
const MIN_COMPANIONS = 3;
/** It waits no longer once none has come for so many times the mean time between the latest. */
const MAX_MEAN_GAPS = 4;

interface QueuedWrite {
  readonly isLarge: boolean;
  readonly run: (transaction: Transaction<unknown>) => Promise<unknown>;
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: unknown) => void;
}

/**
 * A durable commit costs the same for one write as for hundreds. So while one transaction commits, writes queue;
 * the next transaction takes them all. See `SqlDatabase.write` for what becomes of failures.
 */
export class GroupedWrites {
  readonly #clock: Clock;
  readonly #connect: () => Promise<Kysely<unknown>>;
  readonly #connectLarge: () => Promise<Kysely<unknown> | undefined>;
  #queue: QueuedWrite[] = [];
  #flushing: Promise<void> | undefined;
  /** When the latest writes arrived. */
  readonly #latest: number[] = [];
  /** Whether a write in the queue may not wait, or has waited long enough. */
  #isDue = false;
  #cancelTimer: (() => void) | undefined;
  /** When the first write that waits has waited as long as it may. */
  #dueAt: number | undefined;

  /**
   * @param connect called before each transaction; if it throws, the writes are rejected with that error
   * @param connectLarge a connection for one large write, destroyed after it; `undefined` where it shares the others'
   */
  constructor(
    clock: Clock,
    connect: () => Promise<Kysely<unknown>>,
    connectLarge: () => Promise<Kysely<unknown> | undefined>,
  ) {
    this.#clock = clock;
    this.#connect = connect;
    this.#connectLarge = connectLarge;
  }

  write<T>(
    run: (transaction: Transaction<unknown>) => Promise<T>,
    { isLarge = false, maxDelayMs = 0 }: WriteOptions = {},
  ): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      this.#queue.push({ isLarge, run, resolve: resolve as (value: unknown) => void, reject });
      const waitMs = this.#waitFor(maxDelayMs);
      if (waitMs <= 0) this.#flushNow();
      else {
        this.#cancelTimer?.();
        this.#cancelTimer = this.#clock.setTimer(() => this.#flushNow(), waitMs);
      }
    });
  }

  /**
   * How long others are worth waiting for, milliseconds. Not at all where too few came lately: a wait is unlikely to bring
   * one. Otherwise until they stop coming, as when all callers wait for this commit.
   */
  #waitFor(maxDelayMs: number): number {
    const now = this.#clock.monotonic();
    this.#latest.push(now);
    if (this.#latest.length > MIN_COMPANIONS + 1) this.#latest.shift();
    if (maxDelayMs <= 0 || this.#latest.length <= MIN_COMPANIONS) return 0;
    const sinceMs = now - this.#latest[0]!;
    if (sinceMs > maxDelayMs) return 0;
    this.#dueAt ??= now + maxDelayMs;
    return Math.min(this.#dueAt - now, Math.max(1, (MAX_MEAN_GAPS * sinceMs) / MIN_COMPANIONS));
  }

  /** Resolves when everything queued so far, and what that led to, is settled. */
  async drained(): Promise<void> {
    while (this.#queue.length > 0 || this.#flushing !== undefined) {
      if (this.#queue.length > 0) this.#flushNow();
      await this.#flushing;
    }
  }

  #flushNow(): void {
    this.#isDue = true;
    this.#flushing ??= this.#flush();
  }

  async #flush(): Promise<void> {
    while (this.#isDue) {
      // A turn of the event loop, in which callers that were just answered ask for their next write.
      await nextTurn();
      const group = this.#nextGroup();
      this.#isDue = this.#queue.length > 0;
      this.#cancelTimer?.();
      this.#cancelTimer = undefined;
      this.#dueAt = undefined;
      await this.#commit(group);
    }
    this.#flushing = undefined;
  }

  /** Up to the next large write, which is a group of its own. */
  #nextGroup(): QueuedWrite[] {
    const large = this.#queue.findIndex(({ isLarge }) => isLarge);
    const length = large < 0 ? LARGEST_GROUP : Math.min(large || 1, LARGEST_GROUP);
    return this.#queue.splice(0, length);
  }

  async #commit(group: readonly QueuedWrite[]): Promise<void> {
    let begun = false;
    let large: Kysely<unknown> | undefined;
    try {
      if (group[0]?.isLarge) large = await this.#connectLarge();
      const kysely = large ?? (await this.#connect());
      const settlements = await kysely.transaction().execute(async (transaction) => {
        begun = true;
        const settle: (() => void)[] = [];
        for (const write of group) settle.push(await attempt(write, transaction));
        return settle;
      });
      for (const settle of settlements) settle();
    } catch (error) {
      // If no transaction could begin, or there is only one write, it is clear which one failed.
      if (!begun || group.length === 1) for (const write of group) write.reject(error);
      else for (const write of group) await this.#commit([write]);
    } finally {
      await large?.destroy();
    }
  }
}

/** Runs the write; returns what settles its caller's promise after the commit. */
async function attempt(write: QueuedWrite, transaction: Transaction<unknown>): Promise<() => void> {
  try {
    const value = await write.run(transaction);
    return () => write.resolve(value);
  } catch (error) {
    if (!(error instanceof ToolkitError) || error.code.startsWith('STORE_')) throw error;
    return () => write.reject(error);
  }
}
