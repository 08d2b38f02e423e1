import { getEventListeners } from 'node:events';
import { APIError as OpenAIError } from 'openai';
import { describe, expect, it, vi } from 'vitest';
import { aiError, headers, openAiBody } from '../classify/testing/provider-errors.ts';
import { VirtualClock } from '../testing/virtual-clock.ts';
import { Throttle } from '../throttle/throttle.ts';
import type { ThrottleOptions } from '../throttle/throttle-options.ts';
import { attemptsOf } from './attempts.ts';
import { ErrorHandler, type ErrorHandlerOptions } from './error-handler.ts';

const told = (seconds: number) =>
  aiError(429, openAiBody('rate_limit_exceeded'), { 'retry-after': String(seconds) });
const untold = () => OpenAIError.generate(429, openAiBody('rate_limit_exceeded'), undefined, headers());
const never = (): Promise<never> => new Promise(() => {});

function setUp(options: ErrorHandlerOptions = {}, throttleOptions: ThrottleOptions = {}) {
  const clock = new VirtualClock();
  const throttle = new Throttle({ clock, random: () => 0, ...throttleOptions });
  const handler = new ErrorHandler({ clock, random: () => 0.5, throttle, ...options });
  const calledAt: number[] = [];
  /** Fails with each error in turn, then succeeds. */
  const failing = (...errors: readonly unknown[]) => {
    let at = 0;
    return async (): Promise<string> => {
      calledAt.push(clock.now());
      if (at < errors.length) throw errors[at++];
      return 'done';
    };
  };
  return { clock, throttle, handler, calledAt, failing };
}

describe('a deadline', () => {
  it.each(['own', 'somebody else’s'])(
    'fails the call at once when a Retry-After, %s, is longer',
    async (whose) => {
      const { clock, handler, failing, throttle, calledAt } = setUp();
      if (whose !== 'own') throttle.tryAcquire()!.failed(told(120));
      const call = handler.withRetry(failing(told(120)), { deadlineMs: 30_000 });
      const error = await clock.runUntilSettled(call).catch((thrown: unknown) => thrown);
      expect(error).toMatchObject({ code: 'DEADLINE_EXCEEDED', message: expect.stringContaining('30000') });
      expect(clock.now()).toBe(0);
      expect(calledAt).toHaveLength(whose === 'own' ? 1 : 0);
      expect(clock.pendingTimers).toBe(0);
    },
  );

  it('fails a waiting call as soon as a Retry-After is longer than the time left', async () => {
    const { clock, handler, failing, throttle, calledAt } = setUp({}, { maxConcurrency: 1 });
    const permit = throttle.tryAcquire()!;
    const call = handler.withRetry(failing(), { deadlineMs: 30_000 });
    const patient = handler.withRetry(failing(), { deadlineMs: 60_000 });
    const failed = expect(call).rejects.toMatchObject({ code: 'DEADLINE_EXCEEDED' });
    await clock.advance(25_000);
    permit.failed(told(10));
    await failed;
    expect(clock.now()).toBe(25_000);
    await clock.runUntilSettled(patient);
    expect(calledAt).toEqual([35_000]);
  });

  it('bounds the wait for whatever else', async () => {
    const { clock, handler, failing, throttle, calledAt } = setUp({}, { maxConcurrency: 1 });
    throttle.tryAcquire();
    const { signal } = new AbortController();
    const call = handler.withRetry(failing(), { deadlineMs: 5_000, signal });
    await expect(clock.runUntilSettled(call)).rejects.toMatchObject({ code: 'DEADLINE_EXCEEDED' });
    expect(clock.now()).toBe(5_000);
    expect(calledAt).toEqual([]);
    expect(throttle.stats).toMatchObject({ waiting: 0, inFlight: 1 });
    expect(clock.pendingTimers).toBe(0);
    expect(getEventListeners(signal, 'abort')).toHaveLength(0);
  });

  it('waits for a Retry-After that fits, however long', async () => {
    const { clock, handler, failing, calledAt } = setUp({ deadlineMs: 3_600_000 });
    await clock.runUntilSettled(handler.withRetry(failing(told(1_800))));
    expect(calledAt).toEqual([0, 1_800_000]);
  });
});

describe('maxServerWaitMs, where there is no deadline', () => {
  it('bounds a wait at ten minutes: own and somebody else’s', async () => {
    const { clock, handler, failing, throttle, calledAt } = setUp();
    const own = handler.withRetry(failing(told(601)));
    await expect(own).rejects.toMatchObject({ code: 'SERVER_WAIT_EXCEEDED' });
    expect(throttle.stats.waitingFor).toBeUndefined();
    await expect(handler.withRetry(failing())).rejects.toMatchObject({ code: 'SERVER_WAIT_EXCEEDED' });
    expect(calledAt).toEqual([0]);
    expect(clock.pendingTimers).toBe(0);
  });

  it.each([0, 0.999])(
    'is allowed in full: one wait of ten minutes, or ten of one (jitter %d)',
    async (random) => {
      for (const waits of [[600], Array.from({ length: 10 }, () => 60)]) {
        const { clock, handler, failing, calledAt } = setUp({}, { random: () => random });
        const call = handler.withRetry(failing(...waits.map(told)));
        await expect(clock.runUntilSettled(call)).resolves.toBe('done');
        expect(calledAt).toHaveLength(waits.length + 1);
        expect(calledAt.at(-1)).toBeGreaterThanOrEqual(600_000);
      }
    },
  );

  it.each([
    ['told', told(60)],
    ['untold', untold()],
  ])('bounds own waits together: %s', async (_, error) => {
    const { clock, handler, failing, calledAt } = setUp({ maxServerWaitMs: 300_000 });
    const call = handler.withRetry(failing(...Array.from({ length: 999 }, () => error)));
    const thrown = await clock.runUntilSettled(call).catch((reason: unknown) => reason);
    expect(thrown).toMatchObject({ code: 'SERVER_WAIT_EXCEEDED', cause: error });
    expect(attemptsOf(thrown)).toHaveLength(calledAt.length);
    expect(calledAt.length).toBeGreaterThan(5);
    expect(calledAt.length).toBeLessThan(20);
  });
});

describe('an abort', () => {
  it('ends 10,000 waiting calls on one signal at once, with one listener while they wait', async () => {
    const { clock, handler, failing, throttle, calledAt } = setUp();
    throttle.tryAcquire()!.failed(told(300));
    const controller = new AbortController();
    const listen = vi.spyOn(controller.signal, 'addEventListener');
    const calls = Array.from({ length: 10_000 }, () =>
      handler.withRetry(failing(), { signal: controller.signal }),
    );
    const settled = Promise.allSettled(calls);
    await clock.advance(1_000);
    expect(throttle.stats.waiting).toBe(10_000);
    expect(listen).toHaveBeenCalledTimes(1);
    controller.abort('enough');
    expect(throttle.stats.waiting).toBe(0);
    expect(clock.pendingTimers).toBe(0);
    expect(getEventListeners(controller.signal, 'abort')).toHaveLength(0);
    for (const outcome of await settled) expect(outcome).toMatchObject({ reason: 'enough' });
    expect(clock.now()).toBe(1_000);
    expect(calledAt).toEqual([]);
  });

  it('while the permit is on its way calls nothing, and gives the permit back', async () => {
    const { clock, handler, failing, throttle, calledAt } = setUp();
    const controller = new AbortController();
    const call = handler.withRetry(failing(), { signal: controller.signal });
    expect(throttle.stats.inFlight).toBe(1);
    controller.abort('enough');
    await expect(call).rejects.toBe('enough');
    expect(calledAt).toEqual([]);
    expect(throttle.stats).toMatchObject({ inFlight: 0, succeeded: 0, refused: 0, failed: 0 });
    expect(clock.pendingTimers).toBe(0);
  });

  it('during an attempt gives the place back, and blames nobody', async () => {
    const { clock, handler, throttle, failing } = setUp({}, { maxConcurrency: 1 });
    const controller = new AbortController();
    const call = handler.withRetry(never, { signal: controller.signal });
    const next = handler.withRetry(failing());
    await clock.advance(1_000);
    expect(throttle.stats).toMatchObject({ inFlight: 1, waiting: 1 });
    controller.abort('enough');
    await expect(call).rejects.toBe('enough');
    await expect(clock.runUntilSettled(next)).resolves.toBe('done');
    expect(throttle.stats).toMatchObject({ requests: 2, succeeded: 1, refused: 0, failed: 0, inFlight: 0 });
  });

  it('of an attempt that took too long is a failure of the provider', async () => {
    const { clock, handler, throttle } = setUp({ attemptTimeoutMs: 500, maxRetries: 0 });
    await expect(clock.runUntilSettled(handler.withRetry(never))).rejects.toMatchObject({ timeoutMs: 500 });
    expect(throttle.stats).toMatchObject({ failed: 1, inFlight: 0, inFlightMs: 500 });
  });
});
