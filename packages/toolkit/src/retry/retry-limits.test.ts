import { getEventListeners } from 'node:events';
import { APICallError } from 'ai';
import { describe, expect, it } from 'vitest';
import { TimeoutError } from '../errors/timeout-error.ts';
import { VirtualClock } from '../testing/virtual-clock.ts';
import { attemptsOf } from './attempts.ts';
import { ErrorHandler, type ErrorHandlerOptions } from './error-handler.ts';
import type { RetryEvent } from './retry-options.ts';

const boom = new Error('boom');
const never = (): Promise<never> => new Promise(() => {});

const refusal = (headers: Record<string, string>): APICallError =>
  new APICallError({
    message: 'Too many requests',
    url: 'http://127.0.0.1/v1',
    requestBodyValues: {},
    statusCode: 429,
    responseHeaders: headers,
  });
const told = (seconds: number): APICallError => refusal({ 'retry-after': String(seconds) });

function setUp(options: ErrorHandlerOptions = {}) {
  const clock = new VirtualClock();
  const handler = new ErrorHandler({ clock, ...options });
  const calledAt: number[] = [];
  const failing =
    (times: number, error: unknown = boom) =>
    async () => {
      calledAt.push(clock.now());
      if (calledAt.length <= times) throw error;
      return 'done';
    };
  return { clock, handler, calledAt, failing };
}

describe('waits that the server asks for', () => {
  it('are kept in full, and use up no retry', async () => {
    const { clock, handler, calledAt, failing } = setUp({ maxRetries: 1, maxDelayMs: 100 });
    const events: RetryEvent[] = [];
    const result = handler.withRetry(failing(6, told(60)), { onRetry: (event) => events.push(event) });
    await expect(clock.runUntilSettled(result)).resolves.toBe('done');
    expect(calledAt).toEqual([0, 1, 2, 3, 4, 5, 6].map((minute) => minute * 60_000));
    expect(events[0]).toMatchObject({
      delayMs: 60_000,
      serverRequested: true,
      classification: { waitMs: 60_000 },
    });
  });

  it('are kept where reset headers suggest them', async () => {
    const { clock, handler, calledAt, failing } = setUp();
    const error = refusal({ 'x-ratelimit-remaining-requests': '0', 'x-ratelimit-reset-requests': '1m2s' });
    await expect(clock.runUntilSettled(handler.withRetry(failing(1, error)))).resolves.toBe('done');
    expect(calledAt).toEqual([0, 62_000]);
  });

  it('leave the back-off where it was', async () => {
    const { clock, handler } = setUp();
    const errors = [boom, told(30), boom, told(30), boom, boom];
    const calledAt: number[] = [];
    const result = handler.withRetry(async () => {
      calledAt.push(clock.now());
      throw errors[calledAt.length - 1];
    });
    await expect(clock.runUntilSettled(result)).rejects.toBe(boom);
    expect(calledAt).toEqual([0, 1_000, 31_000, 33_000, 63_000, 67_000]);
  });

  it('are never shortened by jitter, only spread', async () => {
    for (const [random, at] of [
      [0, 40_000],
      [0.5, 45_000],
    ] as const) {
      const { clock, handler, calledAt, failing } = setUp({ jitter: true, random: () => random });
      await expect(clock.runUntilSettled(handler.withRetry(failing(1, told(40))))).resolves.toBe('done');
      expect(calledAt).toEqual([0, at]);
    }
  });

  it('end after ten minutes in all, with an error that says so', async () => {
    const { clock, handler, calledAt, failing } = setUp();
    const last = told(60);
    const error = await clock
      .runUntilSettled(handler.withRetry(failing(100, last)))
      .catch((thrown: unknown) => thrown);
    expect(calledAt).toHaveLength(11);
    expect(clock.now()).toBe(600_000);
    expect(error).toMatchObject({ code: 'SERVER_WAIT_EXCEEDED', cause: last });
    expect((error as Error).message).toContain('The server asks to wait 60000 ms, after 600000 ms');
    expect(attemptsOf(error)).toHaveLength(11);
    expect(clock.pendingTimers).toBe(0);
  });

  it('end at maxServerWaitMs: one longer than that fails at once', async () => {
    const { clock, handler, calledAt, failing } = setUp({ maxServerWaitMs: 5_000 });
    const call = handler.withRetry(failing(100, told(6)));
    await expect(clock.runUntilSettled(call)).rejects.toMatchObject({ code: 'SERVER_WAIT_EXCEEDED' });
    expect(calledAt).toEqual([0]);
    expect(clock.now()).toBe(0);
  });

  it('are bounded by the deadline instead, where there is one', async () => {
    const { clock, handler, failing } = setUp({ deadlineMs: 3_600_000 });
    await expect(clock.runUntilSettled(handler.withRetry(failing(20, told(60))))).resolves.toBe('done');
    expect(clock.now()).toBe(1_200_000);
  });

  it('of 0 are taken at once, each as an ordinary retry', async () => {
    const { clock, handler, calledAt, failing } = setUp({ maxRetries: 3 });
    const error = told(0);
    await expect(clock.runUntilSettled(handler.withRetry(failing(100, error)))).rejects.toBe(error);
    expect(calledAt).toEqual([0, 0, 0, 0]);
  });

  it('of a millisecond, again and again, do not hammer the server', async () => {
    const { clock, handler, calledAt, failing } = setUp();
    const call = handler.withRetry(failing(1e9, refusal({ 'retry-after-ms': '1' })));
    await expect(clock.runUntilSettled(call)).rejects.toMatchObject({ code: 'SERVER_WAIT_EXCEEDED' });
    expect(calledAt.slice(0, 12)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 1_010]);
    expect(calledAt.length).toBeLessThan(620);
  });

  it('are kept although a timer fires early', async () => {
    const clock = new VirtualClock();
    const handler = new ErrorHandler({
      clock: {
        now: () => clock.now(),
        monotonic: () => clock.monotonic(),
        setTimer: (callback, delayMs) => clock.setTimer(callback, delayMs > 1 ? delayMs - 1 : delayMs),
      },
    });
    const calledAt: number[] = [];
    const call = handler.withRetry(async () => {
      calledAt.push(clock.now());
      if (calledAt.length === 1) throw told(5);
    });
    await clock.runUntilSettled(call);
    expect(calledAt).toEqual([0, 5_000]);
  });
});

describe('attemptTimeoutMs', () => {
  it('aborts the attempt, and retries it as a TimeoutError even if fn ignores its signal', async () => {
    const { clock, handler } = setUp({ attemptTimeoutMs: 500, maxRetries: 1 });
    const signals: AbortSignal[] = [];
    const startedAt: number[] = [];
    const call = handler.withRetry(({ signal }) => {
      signals.push(signal);
      startedAt.push(clock.now());
      return never();
    });
    const error = await clock.runUntilSettled(call).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(TimeoutError);
    expect(error).toMatchObject({ timeoutMs: 500, message: 'Attempt 2 took longer than 500 ms.' });
    expect(startedAt).toEqual([0, 1_500]);
    expect(signals.map(({ aborted }) => aborted)).toEqual([true, true]);
    expect(new Set(signals).size).toBe(2);
    expect(signals[1]!.reason).toBe(error);
    expect(clock.pendingTimers).toBe(0);
  });

  it('lets an attempt in time be, and leaves nothing behind', async () => {
    const { clock, handler, failing } = setUp({ attemptTimeoutMs: 500 });
    const { signal } = new AbortController();
    await expect(clock.runUntilSettled(handler.withRetry(failing(2), { signal }))).resolves.toBe('done');
    expect(clock.pendingTimers).toBe(0);
    expect(getEventListeners(signal, 'abort')).toHaveLength(0);
  });

  it('is a TimeoutError to retryOn', async () => {
    const { clock, handler } = setUp({ attemptTimeoutMs: 500 });
    let calls = 0;
    const fn = (): Promise<string> => (++calls === 1 ? never() : Promise.resolve('done'));
    await expect(clock.runUntilSettled(handler.withRetry(fn, { retryOn: [TimeoutError] }))).resolves.toBe(
      'done',
    );
    calls = 0;
    const call = handler.withRetry(fn, { retryOn: [RangeError] });
    await expect(clock.runUntilSettled(call)).rejects.toBeInstanceOf(TimeoutError);
  });

  it('ignores what the attempt does after its time', async () => {
    const { clock, handler } = setUp({ attemptTimeoutMs: 500, maxRetries: 0 });
    const call = handler.withRetry(
      ({ signal }) =>
        new Promise((_, reject) => {
          signal.addEventListener('abort', () => reject(new Error('its own way of stopping')));
        }),
    );
    await expect(clock.runUntilSettled(call)).rejects.toBeInstanceOf(TimeoutError);
  });
});

describe('deadlineMs', () => {
  it('does not begin a wait of its own that would pass it', async () => {
    const { clock, handler, calledAt, failing } = setUp({ deadlineMs: 3_000 });
    const error = await clock
      .runUntilSettled(handler.withRetry(failing(100)))
      .catch((thrown: unknown) => thrown);
    expect(calledAt).toEqual([0, 1_000]);
    expect(clock.now()).toBe(1_000);
    expect(error).toMatchObject({ code: 'DEADLINE_EXCEEDED', cause: boom });
    expect((error as Error).message).toContain(
      'deadlineMs of 3000: the next wait is 2000 ms, and 2000 ms are left',
    );
    expect(attemptsOf(error)).toHaveLength(2);
    expect(clock.pendingTimers).toBe(0);
  });

  it('fails at once when the server asks for more than is left', async () => {
    const { clock, handler, calledAt, failing } = setUp({ deadlineMs: 30_000 });
    const last = told(120);
    const call = handler.withRetry(failing(100, last));
    await expect(clock.runUntilSettled(call)).rejects.toMatchObject({
      code: 'DEADLINE_EXCEEDED',
      cause: last,
      message: expect.stringContaining('the server asks to wait 120000 ms, and 30000 ms are left'),
    });
    expect(calledAt).toEqual([0]);
    expect(clock.now()).toBe(0);
  });

  it('honours a Retry-After that fits, with or without jitter', async () => {
    const { clock, handler, calledAt, failing } = setUp({
      deadlineMs: 41_000,
      jitter: true,
      random: () => 0.999,
    });
    await expect(clock.runUntilSettled(handler.withRetry(failing(1, told(40))))).resolves.toBe('done');
    expect(calledAt[1]).toBeGreaterThanOrEqual(40_000);
    expect(calledAt[1]).toBeLessThan(41_000);
  });

  it('ends an attempt that is running, and aborts its signal', async () => {
    const { clock, handler } = setUp({ deadlineMs: 2_500 });
    let calls = 0;
    let last: AbortSignal | undefined;
    const call = handler.withRetry(({ signal }) => {
      last = signal;
      if (++calls === 1) throw boom;
      return never();
    });
    const error = await clock.runUntilSettled(call).catch((thrown: unknown) => thrown);
    expect(clock.now()).toBe(2_500);
    expect(error).toMatchObject({ code: 'DEADLINE_EXCEEDED', cause: boom });
    expect((error as Error).message).toContain('attempt 2 was still waiting or running');
    expect(last?.reason).toBe(error);
    expect(attemptsOf(error)).toHaveLength(1);
  });

  it('leaves nothing behind when the call succeeds', async () => {
    const { clock, handler, failing } = setUp({ deadlineMs: 60_000 });
    const { signal } = new AbortController();
    await expect(clock.runUntilSettled(handler.withRetry(failing(2), { signal }))).resolves.toBe('done');
    expect(clock.pendingTimers).toBe(0);
    expect(getEventListeners(signal, 'abort')).toHaveLength(0);
  });
});

describe('signal', () => {
  const limits: ErrorHandlerOptions[] = [{}, { attemptTimeoutMs: 9_999 }, { deadlineMs: 99_999 }];

  it.each(limits)('ends a wait at once, with its reason (%j)', async (options) => {
    const { clock, handler, calledAt, failing } = setUp(options);
    const controller = new AbortController();
    const call = handler.withRetry(failing(100), { signal: controller.signal });
    const outcome = expect(call).rejects.toBe('enough');
    await clock.advance(1_500);
    expect(calledAt).toEqual([0, 1_000]);
    controller.abort('enough');
    // In the same tick: no timer is left to end the wait.
    if (options.deadlineMs === undefined) expect(clock.pendingTimers).toBe(0);
    await outcome;
    await clock.advance(60_000);
    expect(calledAt).toEqual([0, 1_000]);
    expect(clock.pendingTimers).toBe(0);
    expect(getEventListeners(controller.signal, 'abort')).toHaveLength(0);
  });

  it.each(limits)('ends an attempt that ignores it (%j)', async (options) => {
    const { clock, handler } = setUp(options);
    const controller = new AbortController();
    let seen: AbortSignal | undefined;
    const call = handler.withRetry(
      ({ signal }) => {
        seen = signal;
        return never();
      },
      { signal: controller.signal },
    );
    const reason = new Error('enough');
    controller.abort(reason);
    await expect(call).rejects.toBe(reason);
    expect(seen?.reason).toBe(reason);
    expect(clock.pendingTimers).toBe(0);
    expect(getEventListeners(controller.signal, 'abort')).toHaveLength(0);
    expect(attemptsOf(reason)).toEqual([]);
  });

  it.each(limits)('never calls fn when it is aborted already (%j)', async (options) => {
    const { clock, handler, calledAt, failing } = setUp(options);
    const signal = AbortSignal.abort();
    await expect(handler.withRetry(failing(0), { signal })).rejects.toBe(signal.reason);
    expect(calledAt).toEqual([]);
    expect(clock.pendingTimers).toBe(0);
  });

  it('is not overridden by retryOn, whatever its reason', async () => {
    const { clock, handler, calledAt, failing } = setUp({ retryOn: () => true });
    const controller = new AbortController();
    const call = handler.withRetry(failing(100), {
      signal: controller.signal,
      onRetry: () => controller.abort(boom),
    });
    await expect(call).rejects.toBe(boom);
    expect(calledAt).toEqual([0]);
    expect(clock.pendingTimers).toBe(0);
  });

  it('reaches fn itself where no other limit needs a signal of its own', async () => {
    const { handler } = setUp();
    const { signal } = new AbortController();
    await expect(handler.withRetry((context) => context.signal, { signal })).resolves.toBe(signal);
    expect(getEventListeners(signal, 'abort')).toHaveLength(0);
  });
});
