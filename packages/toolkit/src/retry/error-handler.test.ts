import { getEventListeners } from 'node:events';
import { describe, expect, it, vi } from 'vitest';
import { RateLimitError } from '../errors/rate-limit-error.ts';
import { ToolkitError } from '../errors/toolkit-error.ts';
import { VirtualClock } from '../testing/virtual-clock.ts';
import { ErrorHandler, type ErrorHandlerOptions } from './error-handler.ts';
import type { RetryEvent } from './retry-options.ts';

const boom = new Error('boom');

/** A handler on a virtual clock, and the moments at which it called. */
function setUp(options: ErrorHandlerOptions = {}) {
  const clock = new VirtualClock();
  const handler = new ErrorHandler({ clock, ...options });
  const calledAt: number[] = [];
  /** Fails with these in turn, then returns `done`. */
  const failing = (...errors: unknown[]) => {
    const left = [...errors];
    return async () => {
      calledAt.push(clock.now());
      if (left.length > 0) throw left.shift();
      return 'done';
    };
  };
  const always = (error: unknown) => async () => {
    calledAt.push(clock.now());
    throw error;
  };
  return { clock, handler, calledAt, failing, always };
}

describe('the guide’s table, to the millisecond', () => {
  it.each([
    [false, [0, 1_000, 2_000, 3_000]],
    [true, [0, 1_000, 3_000, 7_000]],
  ])('exponentialBackoff: %s', async (exponentialBackoff, moments) => {
    const { clock, handler, calledAt, always } = setUp({
      maxRetries: 3,
      retryDelayMs: 1_000,
      exponentialBackoff,
    });
    await expect(clock.runUntilSettled(handler.withRetry(always(boom)))).rejects.toBe(boom);
    expect(calledAt).toEqual(moments);
    expect(clock.pendingTimers).toBe(0);
  });

  it('is what holds by default: three retries after 1, 2 and 4 s', async () => {
    const { clock, handler, calledAt, always } = setUp();
    await expect(clock.runUntilSettled(handler.withRetry(always(boom)))).rejects.toBe(boom);
    expect(calledAt).toEqual([0, 1_000, 3_000, 7_000]);
  });
});

describe('withRetry', () => {
  it('returns the first success', async () => {
    const { clock, handler, calledAt, failing } = setUp();
    await expect(clock.runUntilSettled(handler.withRetry(failing(boom, boom)))).resolves.toBe('done');
    expect(calledAt).toEqual([0, 1_000, 3_000]);
  });

  it('counts a synchronous throw as a failure, and takes a synchronous result', async () => {
    const { clock, handler } = setUp();
    let calls = 0;
    const result = handler.withRetry(() => {
      calls += 1;
      if (calls === 1) throw boom;
      return calls;
    });
    await expect(clock.runUntilSettled(result)).resolves.toBe(2);
  });

  it('tells fn the attempt and gives it a signal that is not aborted', async () => {
    const { clock, handler } = setUp();
    const seen: [number, boolean][] = [];
    const result = handler.withRetry(async ({ attempt, signal }) => {
      seen.push([attempt, signal.aborted]);
      throw boom;
    });
    await expect(clock.runUntilSettled(result)).rejects.toBe(boom);
    expect(seen).toEqual([0, 1, 2, 3].map((attempt) => [attempt, false]));
  });

  it('overrides the handler’s options for one call, and no other', async () => {
    const { clock, handler, calledAt, always } = setUp({ maxRetries: 1, retryDelayMs: 10 });
    const options = Object.freeze({ maxRetries: 2, retryDelayMs: 100, exponentialBackoff: false });
    await expect(clock.runUntilSettled(handler.withRetry(always(boom), options))).rejects.toBe(boom);
    expect(calledAt).toEqual([0, 100, 200]);
    await expect(clock.runUntilSettled(handler.withRetry(always(boom), { jitter: undefined }))).rejects.toBe(
      boom,
    );
    expect(calledAt.slice(3)).toEqual([200, 210]);
  });

  it('caps its waits, then jitters them', async () => {
    const { clock, handler, calledAt, always } = setUp({ maxDelayMs: 1_500, random: () => 0.5 });
    await expect(clock.runUntilSettled(handler.withRetry(always(boom)))).rejects.toBe(boom);
    expect(calledAt).toEqual([0, 1_000, 2_500, 4_000]);
    const jittered = handler.withRetry(always(boom), { jitter: true });
    await expect(clock.runUntilSettled(jittered)).rejects.toBe(boom);
    expect(calledAt.slice(4)).toEqual([4_000, 4_500, 5_250, 6_000]);
  });

  it.each([
    ['a mistake in the code', new TypeError('x is not a function')],
    ['a refusal', Object.assign(new Error('no'), { status: 400 })],
    ['an exhausted quota', Object.assign(new Error('no'), { status: 429, code: 'insufficient_quota' })],
    ['an abort', new DOMException('stop', 'AbortError')],
  ])('does not retry %s', async (_, error) => {
    const { clock, handler, calledAt, always } = setUp();
    await expect(handler.withRetry(always(error))).rejects.toBe(error);
    expect(calledAt).toEqual([0]);
    expect(clock.pendingTimers).toBe(0);
  });

  it.each([undefined, null, 0, 'boom', Symbol('boom')])('settles when fn rejects with %s', async (error) => {
    const { clock, handler, calledAt, always } = setUp();
    await expect(clock.runUntilSettled(handler.withRetry(always(error)))).rejects.toBe(error);
    expect(calledAt).toHaveLength(4);
  });

  it('makes no further attempt of its own with maxRetries: 0', async () => {
    const { clock, handler, calledAt, always } = setUp({ maxRetries: 0 });
    await expect(handler.withRetry(always(boom))).rejects.toBe(boom);
    const atOnce = Object.assign(new Error('now'), { status: 429, headers: { 'retry-after': '0' } });
    await expect(handler.withRetry(always(atOnce))).rejects.toBe(atOnce);
    expect(calledAt).toEqual([0, 0]);
    expect(clock.pendingTimers).toBe(0);
  });

  it('keeps a wait that the server asks for with maxRetries: 0 too', async () => {
    const { clock, handler, calledAt, failing, always } = setUp({ maxRetries: 0 });
    const slow = new RateLimitError('slow', { retryAfterMs: 20_000 });
    await expect(clock.runUntilSettled(handler.withRetry(failing(slow, slow)))).resolves.toBe('done');
    expect(calledAt).toEqual([0, 20_000, 40_000]);
    const bounded = handler.withRetry(always(slow), { maxServerWaitMs: 30_000 });
    await expect(clock.runUntilSettled(bounded)).rejects.toMatchObject({ code: 'SERVER_WAIT_EXCEEDED' });
    const deadline = handler.withRetry(always(slow), { deadlineMs: 15_000 });
    await expect(deadline).rejects.toMatchObject({ code: 'DEADLINE_EXCEEDED' });
    expect(calledAt).toHaveLength(6);
  });

  it('goes on with maxRetries: Infinity', async () => {
    const { clock, handler, calledAt, failing } = setUp({
      maxRetries: Number.POSITIVE_INFINITY,
      exponentialBackoff: false,
    });
    const errors = Array.from({ length: 200 }, () => boom);
    await expect(clock.runUntilSettled(handler.withRetry(failing(...errors)))).resolves.toBe('done');
    expect(calledAt.at(-1)).toBe(200_000);
  });

  it('calls onRetry before each wait, and ends with what it throws', async () => {
    const { clock, handler, always } = setUp({ maxRetries: 2 });
    const events: RetryEvent[] = [];
    const result = handler.withRetry(always(boom), { onRetry: (event) => events.push(event) });
    await expect(clock.runUntilSettled(result)).rejects.toBe(boom);
    expect(events).toMatchObject([
      {
        error: boom,
        attempt: 0,
        delayMs: 1_000,
        serverRequested: false,
        classification: { kind: 'unknown' },
      },
      { error: boom, attempt: 1, delayMs: 2_000, serverRequested: false },
    ]);
    const onRetry = (): never => {
      throw new TypeError('mine');
    };
    await expect(handler.withRetry(always(boom), { onRetry })).rejects.toThrow('mine');
    expect(clock.pendingTimers).toBe(0);
  });
});

describe('shouldRetryResult', () => {
  it('tries again after a result that it turns down', async () => {
    const { clock, handler } = setUp();
    let calls = 0;
    const events: RetryEvent[] = [];
    const result = handler.withRetry(() => ++calls, {
      shouldRetryResult: (value) => value < 3,
      onRetry: (event) => events.push(event),
    });
    await expect(clock.runUntilSettled(result)).resolves.toBe(3);
    expect(clock.now()).toBe(3_000);
    expect(events[0]).toMatchObject({ error: undefined, attempt: 0, delayMs: 1_000 });
  });

  it('leaves the last result when there are no retries left, and ends with what it throws', async () => {
    const { clock, handler } = setUp({ maxRetries: 1 });
    let calls = 0;
    const result = handler.withRetry(() => ++calls, { shouldRetryResult: () => true });
    await expect(clock.runUntilSettled(result)).resolves.toBe(2);
    const shouldRetryResult = (): never => {
      throw new Error('mine');
    };
    await expect(handler.withRetry(() => 1, { shouldRetryResult })).rejects.toThrow('mine');
  });
});

describe('bad options', () => {
  it.each<[ErrorHandlerOptions, string]>([
    [{ maxRetries: -1 }, 'maxRetries must be a whole number from 0, or Infinity, got -1.'],
    [{ maxRetries: 1.5 }, '1.5'],
    [{ maxRetries: Number.NaN }, 'NaN'],
    [{ maxRetries: '3' as never }, '"3"'],
    [{ maxRetries: null as never }, 'null'],
    [{ retryDelayMs: -1 }, 'retryDelayMs must be a finite number of milliseconds from 0, got -1.'],
    [{ retryDelayMs: Number.POSITIVE_INFINITY }, 'Infinity'],
    [{ maxDelayMs: Number.NaN }, 'maxDelayMs'],
    [{ attemptTimeoutMs: 0 }, 'attemptTimeoutMs'],
    [{ deadlineMs: -5 }, 'deadlineMs'],
    [{ maxServerWaitMs: -5 }, 'maxServerWaitMs'],
    [{ jitter: 'full' as never }, '"full"'],
    [{ exponentialBackoff: 2 as never }, 'exponentialBackoff'],
    [{ onRetry: {} as never }, 'onRetry'],
    [{ retryOn: 'RateLimitError' as never }, '"RateLimitError"'],
    [{ retryOn: [RateLimitError, undefined as never] }, 'undefined'],
  ])('%j are refused, by the constructor and by the call, before anything starts', async (options, says) => {
    const refusal = { code: 'INVALID_OPTION', message: expect.stringContaining(says) };
    expect(() => new ErrorHandler(options)).toThrow(expect.objectContaining(refusal));
    expect(() => new ErrorHandler().retryDecorator(options)).toThrow(expect.objectContaining(refusal));
    const fn = vi.fn();
    await expect(new ErrorHandler().withRetry(fn, options)).rejects.toMatchObject(refusal);
    expect(fn).not.toHaveBeenCalled();
  });

  it('of a call alone', async () => {
    const handler = new ErrorHandler();
    const fn = vi.fn();
    for (const options of [{ signal: {} }, { signal: null }, { shouldRetryResult: 1 }, null, 7]) {
      await expect(handler.withRetry(fn, options as never)).rejects.toMatchObject({ code: 'INVALID_OPTION' });
    }
    expect(fn).not.toHaveBeenCalled();
    await expect(handler.withRetry('fn' as never)).rejects.toThrow('withRetry needs a function, got "fn".');
    await expect(handler.withRetry('fn' as never)).rejects.toBeInstanceOf(ToolkitError);
  });
});

describe('the success path', () => {
  it('sets no timer, makes no controller and adds no listener', async () => {
    const { clock, handler } = setUp();
    const setTimer = vi.spyOn(clock, 'setTimer');
    const listen = vi.spyOn(EventTarget.prototype, 'addEventListener');
    const controllers = vi.spyOn(globalThis, 'AbortController');
    try {
      const signals = new Set<AbortSignal>();
      for (let i = 0; i < 3; i++) {
        await handler.withRetry(({ signal }) => {
          signals.add(signal);
        });
      }
      expect(signals.size).toBe(1);
      expect(setTimer).not.toHaveBeenCalled();
      expect(listen).not.toHaveBeenCalled();
      expect(controllers).not.toHaveBeenCalled();
    } finally {
      vi.restoreAllMocks();
    }
  });

  it('shares a signal on which listeners do not pile up', async () => {
    const { handler } = setUp();
    const signal = await handler.withRetry((context) => {
      context.signal.addEventListener('abort', () => {});
      return context.signal;
    });
    expect(getEventListeners(signal, 'abort')).toHaveLength(0);
    expect(AbortSignal.any([signal, AbortSignal.abort('mine')]).reason).toBe('mine');
  });
});
