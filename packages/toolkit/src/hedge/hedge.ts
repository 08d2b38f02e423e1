import { type Clock, systemClock } from '../clock/clock.ts';
import {
  checkCount,
  checkFunction,
  checkMs,
  checkObject,
  checkOption,
  checkSignal,
} from '../options/check.ts';

/** What `fn` gets with each call. */
export interface HedgeContext {
  /** Aborts when another call was faster, and with the caller's signal. Pass it on to whatever takes one. */
  readonly signal: AbortSignal;
  /** 0 for the first call, 1 for its first hedge. */
  readonly hedge: number;
}

export interface HedgeOptions {
  /**
   * How long a call may take before another is begun beside it, milliseconds, and again for each further one.
   * A function is asked once, before the first call. `undefined`: do not hedge.
   */
  readonly afterMs: number | (() => number | undefined) | undefined;
  /** How many calls may be begun beside the first. @default 1 */
  readonly maxHedges?: number | undefined;
  /**
   * Asked before each hedge, so that a hedge neither waits for capacity nor takes it from others; `false` skips that
   * hedge. What it throws ends the call.
   */
  readonly mayHedge?: (() => boolean) | undefined;
  /** Calls it off: rejects with the signal's reason at once. An already aborted signal never calls `fn`. */
  readonly signal?: AbortSignal | undefined;
  /** @default systemClock */
  readonly clock?: Clock | undefined;
}

/**
 * Calls `fn`, and once more while it takes unusually long; the first success wins. The others' signals abort, and
 * nothing waits for them. A failure waits for the calls beside it, if there are any: when all have failed, it rejects
 * with the first error. It begins no call because one has failed: that is the business of `ErrorHandler`.
 *
 * Each hedge is paid for: use it where a repeated call does no harm. The winner's signal does not follow the
 * caller's any longer, so read the reply to its end in `fn`.
 *
 * Rejects with the ToolkitError `INVALID_OPTION` before anything is begun.
 *
 * @example
 * const latencies = new LatencyQuantile();
 * const reply = await hedge(({ signal }) => fetchReply({ signal }), { afterMs: () => latencies.value(0.95) });
 */
export async function hedge<T>(
  fn: (context: HedgeContext) => T | PromiseLike<T>,
  options: HedgeOptions,
): Promise<T> {
  checkOption(typeof fn === 'function', 'hedge needs a function', fn);
  checkObject('options', options, 'hedge needs afterMs.');
  const { maxHedges = 1, mayHedge, signal, clock = systemClock } = options;
  checkCount('maxHedges', maxHedges, { from: 0 });
  checkFunction('mayHedge', mayHedge);
  checkSignal('signal', signal);
  signal?.throwIfAborted();
  const afterMs = typeof options.afterMs === 'function' ? options.afterMs() : options.afterMs;
  checkMs('afterMs', afterMs, { from: 0, advice: 'Or give a function that returns one or undefined.' });
  return new HedgedCall(fn, { afterMs, maxHedges, mayHedge, signal, clock }).run();
}

interface Hedging {
  readonly afterMs: number | undefined;
  readonly maxHedges: number;
  readonly mayHedge: (() => boolean) | undefined;
  readonly signal: AbortSignal | undefined;
  readonly clock: Clock;
}

class HedgedCall<T> {
  readonly #fn: (context: HedgeContext) => T | PromiseLike<T>;
  readonly #hedging: Hedging;
  readonly #result: PromiseWithResolvers<T> = Promise.withResolvers<T>();
  readonly #running = new Set<AbortController>();
  #begun = 0;
  /** Hedges that were begun or left out. */
  #due = 0;
  #ended = false;
  #firstError: { readonly error: unknown } | undefined;
  #cancelTimer: (() => void) | undefined;

  constructor(fn: (context: HedgeContext) => T | PromiseLike<T>, hedging: Hedging) {
    this.#fn = fn;
    this.#hedging = hedging;
  }

  run(): Promise<T> {
    // Before `fn` is called, which may abort the signal itself.
    this.#hedging.signal?.addEventListener('abort', this.#onAbort, { once: true });
    this.#setTimer();
    void this.#begin();
    return this.#result.promise;
  }

  #setTimer(): void {
    const { afterMs, maxHedges, clock } = this.#hedging;
    this.#cancelTimer =
      afterMs === undefined || this.#due >= maxHedges ? undefined : clock.setTimer(this.#onTimer, afterMs);
  }

  readonly #onTimer = (): void => {
    const { mayHedge } = this.#hedging;
    this.#due += 1;
    this.#setTimer();
    try {
      if (mayHedge !== undefined && !mayHedge()) return;
    } catch (error) {
      this.#reject(error);
      return;
    }
    // What is asked may have aborted the signal.
    if (!this.#ended) void this.#begin();
  };

  readonly #onAbort = (): void => {
    const reason = this.#hedging.signal?.reason;
    this.#reject(reason, reason);
  };

  /** Never rejects: a call that loses may fail as late as it likes. */
  async #begin(): Promise<void> {
    const controller = new AbortController();
    this.#running.add(controller);
    try {
      const value = await this.#fn({ signal: controller.signal, hedge: this.#begun++ });
      this.#running.delete(controller);
      this.#result.resolve(value);
      this.#end();
    } catch (error) {
      this.#running.delete(controller);
      this.#firstError ??= { error };
      if (this.#running.size === 0) this.#reject(this.#firstError.error);
    }
  }

  #reject(error: unknown, abortReason?: unknown): void {
    this.#result.reject(error);
    this.#end(abortReason);
  }

  /** The result stands before the calls hear of it, so that how they react does not count; nor does a second end. */
  #end(abortReason?: unknown): void {
    this.#ended = true;
    this.#cancelTimer?.();
    const { signal } = this.#hedging;
    // An abort has taken the listener off; looking for it among those of 10,000 calls would take each of them long.
    if (!signal?.aborted) signal?.removeEventListener('abort', this.#onAbort);
    for (const controller of this.#running) {
      controller.abort(abortReason ?? new DOMException('The hedged call has already ended.', 'AbortError'));
    }
  }
}
