import type { Kysely, Transaction } from 'kysely';
import { ToolkitError } from '../../errors/toolkit-error.ts';

/** Bounds a transaction, and with it the time until the first of its writes is acknowledged. */
const LARGEST_GROUP = 1_000;

interface QueuedWrite {
  readonly run: (transaction: Transaction<unknown>) => Promise<unknown>;
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: unknown) => void;
}

/**
 * A durable commit costs the same for one write as for hundreds. So while one transaction commits, writes queue;
 * the next transaction takes them all. See `SqlDatabase.write` for what becomes of failures.
 */
export class GroupedWrites {
  readonly #connect: () => Promise<Kysely<unknown>>;
  #queue: QueuedWrite[] = [];
  #flushing: Promise<void> | undefined;

  /** @param connect asked before each transaction; where it throws, the writes are rejected with that */
  constructor(connect: () => Promise<Kysely<unknown>>) {
    this.#connect = connect;
  }

  write<T>(run: (transaction: Transaction<unknown>) => Promise<T>): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      this.#queue.push({ run, resolve: resolve as (value: unknown) => void, reject });
      this.#flushing ??= this.#flush();
    });
  }

  /** Resolves when everything queued so far, and what that led to, is settled. */
  async drained(): Promise<void> {
    while (this.#flushing !== undefined) await this.#flushing;
  }

  async #flush(): Promise<void> {
    while (this.#queue.length > 0) {
      // A turn of the event loop, in which callers that were just answered ask for their next write.
      await new Promise((resolve) => setImmediate(resolve));
      await this.#commit(this.#queue.splice(0, LARGEST_GROUP));
    }
    this.#flushing = undefined;
  }

  async #commit(group: readonly QueuedWrite[]): Promise<void> {
    let begun = false;
    try {
      const kysely = await this.#connect();
      const settlements = await kysely.transaction().execute(async (transaction) => {
        begun = true;
        const settle: (() => void)[] = [];
        for (const write of group) settle.push(await attempt(write, transaction));
        return settle;
      });
      for (const settle of settlements) settle();
    } catch (error) {
      // Where no transaction could begin, or there is only one write, whose fault it is needs no finding out.
      if (!begun || group.length === 1) for (const write of group) write.reject(error);
      else for (const write of group) await this.#commit([write]);
    }
  }
}

/** Runs the write; returns what is to be told to its caller once the transaction is committed. */
async function attempt(write: QueuedWrite, transaction: Transaction<unknown>): Promise<() => void> {
  try {
    const value = await write.run(transaction);
    return () => write.resolve(value);
  } catch (error) {
    if (!(error instanceof ToolkitError) || error.code.startsWith('STORE_')) throw error;
    return () => write.reject(error);
  }
}
