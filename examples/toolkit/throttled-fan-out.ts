/**
 * Runs the same fan-out twice against a provider that allows 300 requests per minute: first each call retries alone, then
 * all share one throttle that is not given the limit. A virtual clock makes a minute take no time. Run it:
 * `node examples/toolkit/throttled-fan-out.ts`.
 */
import { ConcurrencyManager, ErrorHandler, RateLimitError, sleep, Throttle } from '@panelist/toolkit';
import { VirtualClock } from '@panelist/toolkit/testing';

const PER_MINUTE = 300;
const BURST = 30;
const LATENCY_MS = 1_500;

/** A token bucket that reports its limit and the remaining requests in headers, and `Retry-After` when it refuses. */
class Provider {
  requests = 0;
  refusals = 0;
  /** Requests that came before the last refusal's `Retry-After` had passed. */
  early = 0;
  readonly #clock: VirtualClock;
  #level = BURST;
  #updatedAt = 0;
  #askedUntil = 0;

  constructor(clock: VirtualClock) {
    this.#clock = clock;
  }

  async ask(id: number): Promise<{ text: string; headers: Record<string, string> }> {
    const now = this.#clock.now();
    const perMs = PER_MINUTE / 60_000;
    this.#level = Math.min(BURST, this.#level + (now - this.#updatedAt) * perMs);
    this.#updatedAt = now;
    this.requests += 1;
    if (now < this.#askedUntil) this.early += 1;
    if (this.#level < 1) {
      this.refusals += 1;
      const retryAfterMs = Math.ceil((1 - this.#level) / perMs);
      this.#askedUntil = now + retryAfterMs;
      throw new RateLimitError('Slow down.', { retryAfterMs });
    }
    this.#level -= 1;
    const headers = {
      'x-ratelimit-limit-requests': String(PER_MINUTE),
      'x-ratelimit-remaining-requests': String(Math.floor(this.#level)),
    };
    await sleep(LATENCY_MS, { clock: this.#clock });
    return { text: `answer ${id}`, headers };
  }
}

export interface FanOut {
  readonly answers: number;
  readonly requests: number;
  readonly refusals: number;
  readonly early: number;
  readonly seconds: number;
}

/** Makes `calls` calls, 100 at once. */
export async function fanOut(calls: number, throttled: boolean): Promise<FanOut> {
  const clock = new VirtualClock();
  const provider = new Provider(clock);
  // Leave out `clock` and `random` in real programs: here they make each run print the same.
  const throttle = throttled ? new Throttle({ clock, random: () => 0.5 }) : undefined;
  const handler = new ErrorHandler({ throttle, clock });
  const ids = Array.from({ length: calls }, (_, id) => id);
  const asked = ConcurrencyManager.forSurvey().map(ids, (id, { signal }) =>
    // The reply has `headers`, so the throttle reads them without `report`.
    handler.withRetry(() => provider.ask(id), { signal }),
  );
  const { length: answers } = await clock.runUntilSettled(asked);
  const { requests, refusals, early } = provider;
  return { answers, requests, refusals, early, seconds: clock.now() / 1_000 };
}

if (import.meta.main) {
  const calls = 200;
  console.log(`at best        ${((calls - BURST) / PER_MINUTE) * 60 + LATENCY_MS / 1_000} s`);
  for (const throttled of [false, true]) {
    const { answers, requests, refusals, early, seconds } = await fanOut(calls, throttled);
    console.log(
      `${throttled ? 'one throttle  ' : 'each by itself'} ${seconds.toFixed(1)} s, ${answers} answers, ` +
        `${requests} requests, ${refusals} refused, ${early} before Retry-After had passed`,
    );
  }
}
