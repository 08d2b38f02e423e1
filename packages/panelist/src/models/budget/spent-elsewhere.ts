import { type Clock, systemClock } from '@panelist/toolkit';
import type { TokenCount } from './price-table.ts';

export interface SpentElsewhereOptions {
  /** What all stored replies of the run took of the model, in any process. */
  readonly readSpent: () => Promise<TokenCount>;
  /** The same when this process began. */
  readonly spentBefore: TokenCount;
  /** @default systemClock */
  readonly clock?: Clock | undefined;
}

/** While calls go out, what others have spent is read about so often, milliseconds. */
const REFRESH_MS = 1_000;

/**
 * What other processes that work on the same run have spent since this one began: what all stored replies took, less those
 * of this process, which count from before they are stored. So a read may find too little for a moment, and never too
 * much: no run is paused for what nobody has spent.
 */
export class SpentElsewhere {
  readonly #readSpent: () => Promise<TokenCount>;
  readonly #clock: Clock;
  #own: TokenCount;
  #spent: TokenCount = { inputTokens: 0, outputTokens: 0 };
  #grown: TokenCount = { inputTokens: 0, outputTokens: 0 };
  #readAt: number;
  #reading: Promise<void> | undefined;
  #next: Promise<void> | undefined;

  constructor({ readSpent, spentBefore, clock = systemClock }: SpentElsewhereOptions) {
    this.#readSpent = readSpent;
    this.#clock = clock;
    this.#own = spentBefore;
    this.#readAt = clock.monotonic();
  }

  /** As known at the last read. */
  get spent(): TokenCount {
    return this.#spent;
  }

  /** By how much that had grown since the read before. */
  get grown(): TokenCount {
    return this.#grown;
  }

  /** Whether it was read so long ago that nothing can be said of the present. */
  get isOutdated(): boolean {
    return this.#clock.monotonic() - this.#readAt > 2 * REFRESH_MS;
  }

  /** A reply of this process is about to be stored; or one turns out to be paid for by an earlier run. */
  storing(tokens: TokenCount): void {
    this.#own = sum(this.#own, tokens);
  }

  /** Reads it again if it is due. Does not reject: the next read may succeed. */
  refreshIfDue(): void {
    if (this.#reading !== undefined || this.#clock.monotonic() - this.#readAt < REFRESH_MS) return;
    this.refreshed().catch(() => {});
  }

  /** Resolves when it has been read, by a read that began no earlier than this call. Rejects as `readSpent` does. */
  refreshed(): Promise<void> {
    if (this.#reading === undefined) return this.#read();
    // A read that is under way may have missed what was stored just now.
    this.#next ??= this.#reading
      .catch(() => {})
      .then(() => {
        this.#next = undefined;
        return this.#read();
      });
    return this.#next;
  }

  #read(): Promise<void> {
    this.#reading = this.#readOnce().finally(() => {
      this.#reading = undefined;
    });
    return this.#reading;
  }

  async #readOnce(): Promise<void> {
    const all = await this.#readSpent();
    // What others have spent never falls: a lower figure comes of replies that are not stored yet.
    const spent = {
      inputTokens: Math.max(this.#spent.inputTokens, all.inputTokens - this.#own.inputTokens),
      outputTokens: Math.max(this.#spent.outputTokens, all.outputTokens - this.#own.outputTokens),
    };
    this.#grown = {
      inputTokens: spent.inputTokens - this.#spent.inputTokens,
      outputTokens: spent.outputTokens - this.#spent.outputTokens,
    };
    this.#spent = spent;
    this.#readAt = this.#clock.monotonic();
  }
}

function sum(a: TokenCount, b: TokenCount): TokenCount {
  return { inputTokens: a.inputTokens + b.inputTokens, outputTokens: a.outputTokens + b.outputTokens };
}
