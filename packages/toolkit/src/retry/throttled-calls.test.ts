import { getEventListeners } from 'node:events';
import { APIError as OpenAIError } from 'openai';
import { describe, expect, it, vi } from 'vitest';
import { aiError, headers, openAiBody } from '../classify/testing/provider-errors.ts';
import { ConcurrencyManager } from '../concurrency/concurrency-manager.ts';
import { VirtualClock } from '../testing/virtual-clock.ts';
import { Throttle } from '../throttle/throttle.ts';
import type { ThrottleOptions } from '../throttle/throttle-options.ts';
import { attemptsOf } from './attempts.ts';
import type { CallPermit, ThrottleRequest } from './call-throttle.ts';
import { ErrorHandler, type ErrorHandlerOptions } from './error-handler.ts';
import type { AttemptContext, RetryEvent } from './retry-options.ts';

const told = (seconds: number) =>
  aiError(429, openAiBody('rate_limit_exceeded'), { 'retry-after': String(seconds) });
const untold = () => OpenAIError.generate(429, openAiBody('rate_limit_exceeded'), undefined, headers());
const spent = () => OpenAIError.generate(429, openAiBody('insufficient_quota'), undefined, headers());

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
  const sleep = (ms: number): Promise<void> => new Promise((resolve) => clock.setTimer(resolve, ms));
  return { clock, throttle, handler, calledAt, failing, sleep };
}

describe('a call that succeeds', () => {
  it('needs no timer and no listener of its own', async () => {
    const { clock, throttle, handler, failing } = setUp();
    throttle.tryAcquire()!.succeeded({
      headers: { 'x-ratelimit-limit-requests': '60000', 'x-ratelimit-remaining-requests': '60000' },
    });
    await clock.advance(1_000);
    const setTimer = vi.spyOn(clock, 'setTimer');
    const { signal } = new AbortController();
    for (let i = 0; i < 20; i++) await handler.withRetry(failing(), i % 2 === 0 ? {} : { signal });
    expect(setTimer).not.toHaveBeenCalled();
    expect(getEventListeners(signal, 'abort')).toHaveLength(0);
    expect(throttle.stats).toMatchObject({
      requests: 21,
      succeeded: 21,
      retries: 0,
      inFlight: 0,
      waitedMs: 0,
    });
  });

  it.each<[string, (context: AttemptContext) => unknown]>([
    ['report', ({ report }) => report({ headers: headers({ 'x-ratelimit-limit-requests': '300' }) })],
    ['a result with headers', () => ({ headers: headers({ 'x-ratelimit-limit-requests': '300' }) })],
    ['a Response', () => new Response('', { headers: { 'x-ratelimit-limit-requests': '300' } })],
    ['a result of the AI SDK', () => ({ response: { headers: { 'x-ratelimit-limit-requests': '300' } } })],
  ])('tells its limits: %s', async (_, fn) => {
    const { throttle, handler } = setUp();
    await handler.withRetry(fn);
    expect(throttle.stats.limits.requestsPerMinute).toBe(300);
  });

  it('adds up what it reports, piece by piece', async () => {
    const { throttle, handler } = setUp();
    await handler.withRetry(({ report }) => {
      report({ tokens: 5 });
      report({ headers: { 'x-ratelimit-limit-requests': '300' } });
      report({ tokens: 9, headers: undefined });
      return { headers: { 'x-ratelimit-limit-requests': '7' } };
    });
    expect(throttle.stats).toMatchObject({ tokens: 9, limits: { requestsPerMinute: 300 } });
  });

  it('is not harmed by what it reports, nor is the throttle', async () => {
    const { clock, throttle, handler } = setUp();
    const trap = {
      get headers() {
        throw new Error('trap');
      },
      get tokens() {
        throw new Error('trap');
      },
    };
    const rubbish = [
      null,
      undefined,
      42,
      'text',
      [],
      () => {},
      trap,
      { headers: trap },
      { tokens: Number.NaN },
    ];
    let late: AttemptContext['report'] | undefined;
    const call = handler.withRetry(({ report }) => {
      late = report;
      for (let i = 0; i < 1_000; i++) report(rubbish[i % rubbish.length] as never);
      return trap;
    });
    await expect(clock.runUntilSettled(call)).resolves.toBe(trap);
    late!({ tokens: 1_000 });
    expect(throttle.stats).toMatchObject({ succeeded: 1, tokens: 0, inFlight: 0 });
  });

  it('passes its estimate, its priority and its group on', async () => {
    const { clock, handler, throttle } = setUp({}, { maxConcurrency: 1 });
    const order: string[] = [];
    const call = (name: string, options: object) =>
      handler.withRetry(async () => {
        order.push(name);
      }, options);
    const permit = throttle.tryAcquire()!;
    const all = [
      ...['a1', 'a2'].map((name) => call(name, { group: 'a' })),
      call('b1', { group: 'b' }),
      call('urgent', { priority: 1 }),
    ];
    permit.succeeded();
    await clock.runUntilSettled(Promise.all(all));
    expect(order).toEqual(['urgent', 'a1', 'b1', 'a2']);
    const other = setUp({}, { tokensPerMinute: 60_000 });
    await other.handler.withRetry(other.failing(), { tokens: 5_000 });
    await other.clock.runUntilSettled(other.handler.withRetry(other.failing(), { tokens: 5_000 }));
    expect(other.calledAt[1]).toBeGreaterThan(4_900);
  });
});

describe('waiting for the throttle', () => {
  it('uses up no retry, nor does a refusal, with a hint or without', async () => {
    const { clock, handler, calledAt, failing, throttle } = setUp({ maxRetries: 0, retryDelayMs: 100 });
    const events: RetryEvent[] = [];
    const call = handler.withRetry(failing(told(30), untold(), told(60), untold()), {
      onRetry: (event) => events.push(event),
    });
    await expect(clock.runUntilSettled(call)).resolves.toBe('done');
    expect(calledAt[1]).toBe(30_000);
    expect(calledAt[3]! - calledAt[2]!).toBe(60_000);
    expect(events.map(({ serverRequested }) => serverRequested)).toEqual([true, false, true, false]);
    expect(events[0]).toMatchObject({ delayMs: 30_000, classification: { kind: 'rate-limit' } });
    expect(throttle.stats).toMatchObject({ requests: 5, retries: 4, refused: 4, succeeded: 1 });
  });

  it('is for a wait that comes with any status, in full', async () => {
    for (const status of [429, 500, 502, 503, 529, 408, 409]) {
      const { clock, handler, calledAt, failing } = setUp();
      const call = handler.withRetry(failing(aiError(status, {}, { 'retry-after': '30' })));
      await expect(clock.runUntilSettled(call)).resolves.toBe('done');
      expect(calledAt).toEqual([0, 30_000]);
    }
  });

  it('need not be earned, as the repetition of a failure must be', async () => {
    const { clock, failing } = setUp();
    const requests: ThrottleRequest[] = [];
    const permit: CallPermit = { isProbe: false, succeeded() {}, failed() {}, abandoned() {} };
    const tryAcquire = (request: ThrottleRequest = {}): CallPermit => {
      requests.push(request);
      return permit;
    };
    const handler = new ErrorHandler({ clock, throttle: { tryAcquire, acquire: async () => permit } });
    const errors = [
      untold(),
      new Error('odd'),
      told(1),
      aiError(500),
      aiError(503, {}, { 'retry-after': '1' }),
    ];
    await clock.runUntilSettled(handler.withRetry(failing(...errors)));
    expect(requests.map(({ returning = false }) => returning)).toEqual([false, true, true, true, true, true]);
    expect(requests.map(({ retry = false }) => retry)).toEqual([false, false, true, false, true, false]);
  });

  it('applies to all calls: one gets the Retry-After, and all wait', async () => {
    const { clock, handler, calledAt, failing, throttle } = setUp();
    const first = handler.withRetry(failing(told(30)));
    await clock.advance(0);
    const others = Array.from({ length: 1_000 }, () => handler.withRetry(failing()));
    const all = Promise.all([first, ...others]);
    await clock.advance(29_999);
    expect(calledAt).toEqual([0]);
    await expect(clock.runUntilSettled(all)).resolves.toHaveLength(1_001);
    expect(throttle.stats).toMatchObject({ requests: 1_002, refused: 1, retries: 1 });
    expect(clock.pendingTimers).toBe(0);
  });

  it('is for nobody else after a refusal without a hint', async () => {
    const { clock, handler, calledAt, failing, throttle } = setUp({ retryDelayMs: 60_000 });
    // Known to be fast: what is refused is refused for its own sake.
    for (let i = 0; i < 100; i++) await clock.runUntilSettled(handler.withRetry(failing()));
    const refused = handler.withRetry(failing(untold()));
    await clock.advance(0);
    const at = clock.now();
    const others = Array.from({ length: 50 }, () => handler.withRetry(failing()));
    await clock.runUntilSettled(Promise.all(others));
    expect(clock.now() - at).toBeLessThan(2_000);
    expect(throttle.stats).toMatchObject({ waiting: 0, inFlight: 0, refused: 1 });
    await clock.runUntilSettled(refused);
    expect(calledAt.at(-1)! - at).toBeGreaterThanOrEqual(60_000);
  });

  it('is in the attempts of the error that ends the call', async () => {
    const { clock, handler, failing } = setUp({ maxRetries: 0 });
    const odd = new Error('odd');
    const last = clock.runUntilSettled(handler.withRetry(failing(told(30), odd))).catch((error) => error);
    expect(attemptsOf(await last)).toMatchObject([
      { attempt: 0, verdict: 'retry', delayMs: 30_000, serverRequested: true },
      { attempt: 1, error: odd, delayMs: undefined },
    ]);
  });
});

describe('a call that waits out its back-off', () => {
  it('holds no place meanwhile, and returns to the front', async () => {
    const { clock, handler, throttle, sleep } = setUp({}, { maxConcurrency: 1 });
    const order: string[] = [];
    const call = (name: string): Promise<void> => {
      let isFirst = name === 'flaky';
      return handler.withRetry(async () => {
        order.push(name);
        await sleep(400);
        if (!isFirst) return;
        isFirst = false;
        throw new Error('odd');
      });
    };
    const all = Promise.all(['flaky', 'a', 'b', 'c', 'd', 'e'].map(call));
    await clock.advance(1_000);
    // Its back-off of a second lasts from 400 to 1,400.
    expect(throttle.stats).toMatchObject({ inFlight: 1, waiting: 3 });
    await clock.runUntilSettled(all);
    expect(order).toEqual(['flaky', 'a', 'b', 'c', 'flaky', 'd', 'e']);
    expect(clock.now()).toBeLessThan(7 * 400 + 50);
  });
});

describe('an exhausted quota at call 200 of 1,000', () => {
  it('sends no more than were in flight, and ends every call with that error', async () => {
    const { clock, throttle, handler, sleep } = setUp({ jitter: true });
    const manager = new ConcurrencyManager({ maxConcurrency: 50 });
    const errors = new Set<unknown>();
    let sent = 0;
    let isSpent = false;
    let sentAfter = 0;
    const tasks = Array.from(
      { length: 1_000 },
      () =>
        ({ signal }: { readonly signal: AbortSignal }) =>
          handler.withRetry(
            async () => {
              sent += 1;
              if (isSpent) sentAfter += 1;
              const number = sent;
              await sleep(1_000);
              if (number < 200) return 'done';
              isSpent = true;
              const error = spent();
              errors.add(error);
              throw error;
            },
            { signal },
          ),
    );
    const outcomes = await clock.runUntilSettled(manager.executeBatchWithIsolation(tasks));
    expect(outcomes.filter(({ success }) => success)).toHaveLength(199);
    expect(sentAfter).toBe(0);
    expect(sent).toBeLessThanOrEqual(200 + 50);
    const [first] = errors;
    const theirs = outcomes.filter((outcome) => !outcome.success && outcome.error === first);
    expect(theirs.length).toBeGreaterThanOrEqual(1_000 - 250);
    expect(clock.pendingTimers).toBe(0);
    throttle.reset();
    await expect(clock.runUntilSettled(handler.withRetry(async () => 'done'))).resolves.toBe('done');
  });
});

it('leaves nothing behind when callbacks throw', async () => {
  const bad = new Error('a bad callback');
  const throwing = (): never => {
    throw bad;
  };
  const { clock, handler, failing, throttle } = setUp();
  await expect(handler.withRetry(failing(), { shouldRetryResult: throwing })).rejects.toBe(bad);
  await clock.advance(100);
  await expect(handler.withRetry(failing(told(9)), { onRetry: throwing })).rejects.toBe(bad);
  expect(throttle.stats).toMatchObject({ requests: 2, inFlight: 0, waiting: 0 });
  expect(clock.pendingTimers).toBe(0);
});

it.each([{}, 'throttle', null])('refuses a throttle that is none: %j', (throttle) => {
  expect(() => new ErrorHandler({ throttle: throttle as never })).toThrow(
    expect.objectContaining({ code: 'INVALID_OPTION' }),
  );
});
