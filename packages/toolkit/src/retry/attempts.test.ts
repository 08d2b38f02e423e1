import { describe, expect, it } from 'vitest';
import { RateLimitError } from '../errors/rate-limit-error.ts';
import { VirtualClock } from '../testing/virtual-clock.ts';
import { attemptsOf } from './attempts.ts';
import { ErrorHandler, type ErrorHandlerOptions } from './error-handler.ts';

const boom = new Error('boom');

/** A handler on a virtual clock, and a call that fails with these in turn, and with the last for ever. */
function setUp(options: ErrorHandlerOptions = {}) {
  const clock = new VirtualClock();
  const handler = new ErrorHandler({ clock, ...options });
  const failing = (...errors: unknown[]) => {
    let calls = 0;
    return async () => {
      throw errors[Math.min(calls++, errors.length - 1)];
    };
  };
  return { clock, handler, failing };
}

describe('attempts', () => {
  it('are attached to the last error, which keeps its class', async () => {
    const { clock, handler, failing } = setUp({ maxRetries: 2 });
    const last = Object.assign(new RangeError('x'), { status: 500 });
    const first = new RateLimitError('slow', { retryAfterMs: 50 });
    const error = await clock
      .runUntilSettled(handler.withRetry(failing(first, boom, boom, last)))
      .catch((thrown: unknown) => thrown);
    expect(error).toBe(last);
    const wanted = [
      { attempt: 0, error: first, verdict: 'retry', delayMs: 50, serverRequested: true },
      { attempt: 1, error: boom, verdict: 'retry', delayMs: 1_000, serverRequested: false },
      { attempt: 2, error: boom, verdict: 'retry', delayMs: 2_000, serverRequested: false },
      { attempt: 3, error: last, verdict: 'retry', delayMs: undefined, serverRequested: false },
    ];
    expect(attemptsOf(error)).toEqual(wanted);
    expect((error as { attempts?: unknown }).attempts).toEqual(wanted);
    expect(Object.keys(last)).toEqual(['status']);
    expect(attemptsOf(first)).toEqual([]);
  });

  it('are those of the latest call that rejected with the same object', async () => {
    const { clock, handler, failing } = setUp();
    const error = new Error('shared');
    const [longer, shorter] = [2, 1].map((maxRetries) =>
      handler.withRetry(failing(error), { maxRetries, exponentialBackoff: false }),
    );
    await expect(clock.runUntilSettled(shorter!)).rejects.toBe(error);
    const earlier = attemptsOf(error);
    expect(earlier.map(({ attempt }) => attempt)).toEqual([0, 1]);
    await expect(clock.runUntilSettled(longer!)).rejects.toBe(error);
    expect(attemptsOf(error).map(({ attempt }) => attempt)).toEqual([0, 1, 2]);
    expect(earlier).toHaveLength(2);
  });

  it('settle with errors that take no property, and leave one of that name alone', async () => {
    const { handler, failing } = setUp({ maxRetries: 0 });
    const refusing = new Proxy(new Error('x'), {
      defineProperty: () => {
        throw new Error('no');
      },
    });
    for (const error of [Object.freeze(new Error('frozen')), refusing]) {
      await expect(handler.withRetry(failing(error))).rejects.toBe(error);
      expect(attemptsOf(error)).toHaveLength(1);
    }
    const own = Object.assign(new Error('x'), { attempts: 7 });
    await expect(handler.withRetry(failing(own))).rejects.toBe(own);
    expect(own.attempts).toBe(7);
    expect(attemptsOf(own)).toHaveLength(1);
    await expect(handler.withRetry(failing('text'))).rejects.toBe('text');
    expect(attemptsOf('text')).toEqual([]);
  });

  it('are the last hundred of a call without end', async () => {
    const { clock, handler, failing } = setUp({ maxRetries: 250, exponentialBackoff: false });
    const errors = Array.from({ length: 251 }, (_, i) => new Error(`${i}`));
    await expect(clock.runUntilSettled(handler.withRetry(failing(...errors)))).rejects.toBe(errors[250]);
    expect(attemptsOf(errors[250]).map(({ attempt }) => attempt)).toEqual(
      Array.from({ length: 100 }, (_, i) => 151 + i),
    );
  });
});
