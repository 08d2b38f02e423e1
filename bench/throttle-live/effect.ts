import { Effect, Layer } from 'effect';
import { FetchHttpClient, HttpClient, HttpClientRequest } from 'effect/http';
import { RateLimiter } from 'effect/persistence';
import { chatBody } from './chat-body.ts';
import { callsDone, MAX_IN_FLIGHT, type MakeCalls } from './contenders.ts';

/**
 * Effect's `HttpClient.withRateLimiter` with its defaults: it retries a 429 without end and learns from Retry-After.
 * It requires an initial limit; since the account's limit is unknown, that one is too high to matter.
 *
 * Its names of rate-limit headers are not OpenAI's. The names are configurable, but the parser is not: it reads
 * `x-ratelimit-reset-requests: 120ms` as 120 seconds. So the defaults stay.
 */
export const makeCalls: MakeCalls = (calls, url) => {
  const program = Effect.gen(function* () {
    const limiter = yield* RateLimiter.RateLimiter;
    const client = (yield* HttpClient.HttpClient).pipe(
      HttpClient.withRateLimiter({ limiter, key: 'account', limit: 1_000_000, window: '1 second' }),
      HttpClient.filterStatusOk,
    );
    const outcomes = yield* Effect.forEach(
      calls,
      (call) =>
        HttpClientRequest.post(`${url}/chat/completions`, {
          headers: { authorization: 'Bearer effect' },
        }).pipe(
          HttpClientRequest.bodyJsonUnsafe(chatBody(call)),
          client.execute,
          Effect.flatMap((response) => response.json),
          Effect.match({
            onSuccess: (reply) => ({
              tokens: (reply as { usage: { total_tokens: number } }).usage.total_tokens,
            }),
            onFailure: (error) => ({ error }),
          }),
        ),
      { concurrency: MAX_IN_FLIGHT },
    );
    return callsDone(outcomes);
  });
  const limiter = RateLimiter.layer.pipe(Layer.provide(RateLimiter.layerStoreMemory));
  return Effect.runPromise(Effect.provide(program, Layer.merge(FetchHttpClient.layer, limiter)));
};
