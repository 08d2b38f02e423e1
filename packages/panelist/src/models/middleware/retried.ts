import { type Clock, classify, type ErrorHandler, type ErrorKind, systemClock } from '@panelist/toolkit';
import type { CallTime, ModelUsage } from '../model-usage.ts';
import { estimateRequestTokens } from '../tokens.ts';
import type { ModelMiddleware } from './middleware.ts';

export interface RetriedOptions {
  readonly errorHandler: ErrorHandler;
  /** Counts requests, retries and tokens. */
  readonly usage: ModelUsage;
  /** @default it is not counted */
  readonly time?: CallTime | undefined;
  readonly clock?: Clock | undefined;
}

const REFUSALS: ReadonlySet<ErrorKind> = new Set(['rate-limit', 'overloaded', 'quota']);

/** Puts every call through one `ErrorHandler`, and counts what it took. */
export function retried({
  errorHandler,
  usage,
  time = { waitedMs: 0, inFlightMs: 0 },
  clock = systemClock,
}: RetriedOptions): ModelMiddleware {
  return (next) => ({
    ...next,
    async reply(request, { signal, draining, caller, priority }) {
      draining?.throwIfAborted();
      const call = new CallSignal(signal, draining);
      let attempts = 0;
      const startedAt = clock.monotonic();
      let inFlightMs = 0;
      try {
        const reply = await errorHandler.withRetry(
          (attempt) =>
            call.attempt(async () => {
              draining?.throwIfAborted();
              attempts += 1;
              usage.requests += 1;
              if (attempt.attempt > 0) usage.retries += 1;
              const sentAt = clock.monotonic();
              try {
                return await next.reply(request, attempt);
              } catch (error) {
                if (REFUSALS.has(classify(error).kind)) usage.refusals += 1;
                throw error;
              } finally {
                inFlightMs += clock.monotonic() - sentAt;
              }
            }),
          { signal: call.signal, tokens: estimateRequestTokens(request), group: caller?.taskId, priority },
        );
        usage.inputTokens += reply.inputTokens;
        usage.outputTokens += reply.outputTokens;
        return { ...reply, attempts };
      } finally {
        call.end();
        time.inFlightMs += inFlightMs;
        // An attempt that timed out may still be under way.
        time.waitedMs += Math.max(0, clock.monotonic() - startedAt - inFlightMs);
      }
    },
  });
}

/**
 * The signal of one call. It follows the caller's. When draining begins it ends the wait between two attempts, which may
 * take minutes, but never an attempt, which is paid for.
 */
class CallSignal {
  readonly #caller: AbortSignal;
  readonly #draining: AbortSignal | undefined;
  readonly #controller = new AbortController();
  #attempting = false;

  constructor(caller: AbortSignal, draining: AbortSignal | undefined) {
    this.#caller = caller;
    this.#draining = draining;
    caller.addEventListener('abort', this.#follow);
    draining?.addEventListener('abort', this.#endWait);
    if (caller.aborted) this.#follow();
  }

  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  async attempt<T>(send: () => Promise<T>): Promise<T> {
    this.#attempting = true;
    try {
      return await send();
    } catch (error) {
      this.#attempting = false;
      if (this.#draining?.aborted) this.#endWait();
      throw error;
    }
  }

  end(): void {
    this.#caller.removeEventListener('abort', this.#follow);
    this.#draining?.removeEventListener('abort', this.#endWait);
  }

  readonly #follow = (): void => this.#controller.abort(this.#caller.reason);

  readonly #endWait = (): void => {
    if (!this.#attempting) this.#controller.abort(this.#draining?.reason);
  };
}
