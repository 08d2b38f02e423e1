import { Effect, Layer, Schedule } from 'effect';
import { FetchHttpClient, HttpClient, HttpClientError, HttpClientRequest } from 'effect/http';
import { RateLimiter } from 'effect/persistence';
import { LIMIT } from '../scenarios.ts';
import { CONCURRENCY } from '../workload.ts';
import { type Contender, RETRIES } from './contender.ts';

/**
 * Its HTTP client with its adaptive rate limiter, configured with the limit; 503 is retried with back-off. The names of
 * OpenAI's headers are not configured: it reads `120ms` as 120 s and `1m0s` as 1 s, and performs worse with them.
 */
const effect: Contender = (client) => {
  const program = Effect.gen(function* () {
    const limiter = yield* RateLimiter.RateLimiter;
    const http = (yield* HttpClient.HttpClient).pipe(
      HttpClient.withRateLimiter({
        limiter,
        key: 'bench',
        limit: LIMIT,
        window: '1 minute',
        algorithm: 'token-bucket',
        times: RETRIES,
      }),
      HttpClient.filterStatusOk,
    );
    const send = (call: number): Effect.Effect<boolean> =>
      http
        .execute(HttpClientRequest.post('http://bench/v1').pipe(HttpClientRequest.bodyText(`call ${call}`)))
        .pipe(
          Effect.flatMap((response) => response.json),
          Effect.retry({
            schedule: Schedule.jittered(Schedule.exponential('1 second')),
            times: RETRIES,
            while: isServerError,
          }),
          Effect.match({ onSuccess: () => true, onFailure: () => false }),
        );
    const results = yield* Effect.forEach(client.calls, send, { concurrency: CONCURRENCY });
    return results.filter((succeeded) => succeeded).length;
  });
  return Effect.runPromise(
    program.pipe(
      Effect.provide(
        Layer.merge(
          FetchHttpClient.layer,
          RateLimiter.layer.pipe(Layer.provide(RateLimiter.layerStoreMemory)),
        ),
      ),
      Effect.provideService(FetchHttpClient.Fetch, client.fetch),
    ),
  );
};

function isServerError(error: unknown): boolean {
  return (
    HttpClientError.isHttpClientError(error) &&
    error.reason._tag === 'StatusCodeError' &&
    error.reason.response.status >= 500
  );
}

export default effect;
