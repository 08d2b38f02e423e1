import { expectTypeOf } from 'vitest';
import { RateLimitError } from '../errors/rate-limit-error.ts';
import { TimeoutError } from '../errors/timeout-error.ts';
import type { Attempt } from './attempts.ts';
import { attemptsOf } from './attempts.ts';
import { ErrorHandler } from './error-handler.ts';

const handler = new ErrorHandler({ maxRetries: 3, retryDelayMs: 1_000, exponentialBackoff: true });

// The result's type is fn's, sync or async.
expectTypeOf(handler.withRetry(async () => 1)).toEqualTypeOf<Promise<number>>();
expectTypeOf(handler.withRetry(() => 'a')).toEqualTypeOf<Promise<string>>();
expectTypeOf(
  handler.withRetry(async ({ attempt, signal }) => {
    expectTypeOf(attempt).toEqualTypeOf<number>();
    expectTypeOf(signal).toEqualTypeOf<AbortSignal>();
    return [attempt];
  }),
).toEqualTypeOf<Promise<number[]>>();
handler.withRetry(async () => 1, { shouldRetryResult: (value) => value > 2 });

// retryOn takes a class, classes, or a predicate; maxRetries may be undefined.
handler.withRetry(async () => 1, { retryOn: RateLimitError, maxRetries: undefined });
handler.withRetry(async () => 1, { retryOn: [RateLimitError, TimeoutError, DOMException] as const });
handler.withRetry(async () => 1, { retryOn: (error, { attempt }) => error instanceof Error && attempt < 2 });
// @ts-expect-error: a name is no class
handler.withRetry(async () => 1, { retryOn: 'RateLimitError' });
// @ts-expect-error: a promise is no function
handler.withRetry(Promise.resolve(1));
// @ts-expect-error: the options are in milliseconds and say so
handler.withRetry(async () => 1, { retryDelay: 1 });

expectTypeOf(handler.safeExecute(async () => 1)).toEqualTypeOf<Promise<number | undefined>>();
expectTypeOf(handler.safeExecute(async () => 1, { logError: false })).toEqualTypeOf<
  Promise<number | undefined>
>();
expectTypeOf(handler.safeExecute(async () => 1, { defaultValue: null })).toEqualTypeOf<
  Promise<number | null>
>();
expectTypeOf(attemptsOf(new Error('x'))).toEqualTypeOf<readonly Attempt[]>();

// The wrapper keeps this, arguments and result; a sync function becomes async.
const wrapped = handler.retryDecorator()(function (this: { scale: number }, text: string, times?: number) {
  return text.length * (times ?? 1) * this.scale;
});
expectTypeOf(wrapped).toEqualTypeOf<
  (this: { scale: number }, text: string, times?: number) => Promise<number>
>();

// Standard decorators, as the compiler checks them.
class Client {
  @handler.retryDecorator({ retryOn: [RateLimitError], maxRetries: 5 })
  async ask(question: string): Promise<string> {
    return question;
  }

  @handler.retryDecorator()
  static async connect(host: string, port = 80): Promise<number> {
    return host.length + port;
  }

  // @ts-expect-error: what it decorates must be async, since it becomes so
  @handler.retryDecorator()
  now(): number {
    return 1;
  }

  // @ts-expect-error: a field is no method
  @handler.retryDecorator()
  name = 'client';
}
expectTypeOf(new Client().ask).toEqualTypeOf<(question: string) => Promise<string>>();

// Legacy decorators are called with the prototype, the key and the descriptor.
declare const descriptor: TypedPropertyDescriptor<(question: string) => Promise<string>>;
expectTypeOf(handler.retryDecorator()(Client.prototype, 'ask', descriptor)).toEqualTypeOf<
  TypedPropertyDescriptor<(question: string) => Promise<string>>
>();
