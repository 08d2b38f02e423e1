import OpenAI from 'openai';
import { describe, expect, it, vi } from 'vitest';
import { RateLimitError } from '../errors/rate-limit-error.ts';
import { TimeoutError } from '../errors/timeout-error.ts';
import { VirtualClock } from '../testing/virtual-clock.ts';
import { ErrorHandler, type ErrorHandlerOptions } from './error-handler.ts';

const boom = new Error('boom');

/** A handler on a virtual clock, and a call that always fails, with how often it was made. */
function setUp() {
  const clock = new VirtualClock();
  const handler = new ErrorHandler({ clock });
  let calls = 0;
  const always = (error: unknown) => async () => {
    calls += 1;
    throw error;
  };
  return { clock, handler, always, calls: () => calls };
}

describe('retryOn', () => {
  class Flaky extends Error {}
  const openAiThrottle = OpenAI.APIError.generate(429, {}, undefined, new Headers());
  const openAiQuota = OpenAI.APIError.generate(
    429,
    { error: { code: 'insufficient_quota' } },
    undefined,
    new Headers(),
  );
  const attempts = async (retryOn: ErrorHandlerOptions['retryOn'], error: unknown): Promise<number> => {
    const { clock, handler, calls, always } = setUp();
    await expect(clock.runUntilSettled(handler.withRetry(always(error), { retryOn }))).rejects.toBe(error);
    return calls();
  };

  it('retries the named classes, and nothing else', async () => {
    expect(await attempts([Flaky, TimeoutError], new Flaky())).toBe(4);
    expect(await attempts(Flaky, new Flaky())).toBe(4);
    expect(await attempts(Flaky, boom)).toBe(1);
    expect(await attempts([], boom)).toBe(1);
    expect(await attempts(Error, boom)).toBe(4);
  });

  it('takes the guide’s two classes for every error of their kind', async () => {
    expect(await attempts([RateLimitError, TimeoutError], openAiThrottle)).toBe(4);
    expect(await attempts([RateLimitError, TimeoutError], new OpenAI.APIConnectionTimeoutError())).toBe(4);
    expect(await attempts([TimeoutError], openAiThrottle)).toBe(1);
    expect(await attempts([RateLimitError], new TimeoutError())).toBe(1);
  });

  it('overrides the verdict', async () => {
    expect(await attempts([TypeError], new TypeError('x'))).toBe(4);
    expect(await attempts((error) => error instanceof TypeError, new TypeError('x'))).toBe(4);
    expect(await attempts(() => false, boom)).toBe(1);
  });

  it('repeats an exhausted quota or an abort only if a predicate says so', async () => {
    const abort = new DOMException('stop', 'AbortError');
    expect(await attempts([OpenAI.RateLimitError, Error], openAiQuota)).toBe(1);
    expect(await attempts([Error], abort)).toBe(1);
    expect(await attempts(() => true, openAiQuota)).toBe(4);
    expect(await attempts(() => true, abort)).toBe(4);
  });

  it('gives a predicate the error and the attempt, and ends with what it throws', async () => {
    const retryOn = vi.fn((_error: unknown, { attempt }: { readonly attempt: number }) => attempt < 1);
    expect(await attempts(retryOn, boom)).toBe(2);
    expect(retryOn.mock.calls).toEqual([
      [boom, { attempt: 0 }],
      [boom, { attempt: 1 }],
    ]);
    const { handler, always } = setUp();
    const refuse = (): never => {
      throw new Error('mine');
    };
    await expect(handler.withRetry(always(boom), { retryOn: refuse })).rejects.toThrow('mine');
  });
});
