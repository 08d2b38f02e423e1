import { getEventListeners } from 'node:events';
import { APIError as AnthropicError } from '@anthropic-ai/sdk';
import { APIError as OpenAIError } from 'openai';
import { describe, expect, it, vi } from 'vitest';
import {
  aiError,
  anthropicBody,
  googleError,
  headers,
  openAiBody,
} from '../classify/testing/provider-errors.ts';
import { RateLimitError } from '../errors/rate-limit-error.ts';
import type { CallPermit, ThrottleRequest } from '../retry/call-throttle.ts';
import { VirtualClock } from '../testing/virtual-clock.ts';
import { Throttle } from './throttle.ts';
import type { ThrottleOptions } from './throttle-options.ts';

const told = (seconds: number) =>
  aiError(429, openAiBody('rate_limit_exceeded'), { 'retry-after': String(seconds) });
const untold = () => aiError(429, openAiBody('rate_limit_exceeded'));
const spent = () => aiError(429, openAiBody('insufficient_quota'));

function setUp(options: ThrottleOptions = {}) {
  const clock = new VirtualClock(Date.parse('2026-11-23T12:00:00Z'));
  const startMs = clock.now();
  const throttle = new Throttle({ clock, random: () => 0, ...options });
  const startedAt: number[] = [];
  /** Calls that wait; each succeeds at once when it may begin. */
  const begin = (count: number, request?: ThrottleRequest): Promise<void>[] =>
    Array.from({ length: count }, async () => {
      const permit = await throttle.acquire(request);
      startedAt.push(clock.now() - startMs);
      permit.succeeded();
    });
  /** Begins as many calls as may begin now, so that whoever comes next has to wait. */
  const fill = (): CallPermit[] => {
    const permits: CallPermit[] = [];
    for (;;) {
      const permit = throttle.tryAcquire();
      if (permit === undefined) return permits;
      permits.push(permit);
    }
  };
  return { clock, throttle, startedAt, begin, fill };
}

describe('a Retry-After', () => {
  it.each([0, 0.999])('holds 10,000 calls until it has passed (jitter %d)', async (random) => {
    const { clock, throttle, startedAt, begin, fill } = setUp({ random: () => random });
    const [permit] = fill();
    const all = begin(10_000);
    permit!.failed(told(30));
    expect(throttle.stats).toMatchObject({ waiting: 10_000, refused: 1 });
    await clock.advance(29_999);
    expect(startedAt).toEqual([]);
    await clock.runUntilSettled(Promise.all(all));
    expect(startedAt).toHaveLength(10_000);
    expect(startedAt[0]).toBe(Math.ceil(30_000 + 500 * random));
    expect(clock.pendingTimers).toBe(0);
  });

  it('is followed by small steps', async () => {
    const { clock, throttle, startedAt, begin } = setUp();
    throttle.tryAcquire()!.failed(told(30));
    await clock.runUntilSettled(Promise.all(begin(200)));
    const before = (ms: number): number => startedAt.filter((at) => at < 30_000 + ms).length;
    expect([0, 50, 100, 150, 200].map(before)).toEqual([0, 1, 3, 7, 15]);
    expect(before(250)).toBeLessThanOrEqual(31);
    // Then it is open.
    expect(before(5_000)).toBe(200);
  });

  const retryInfo = { '@type': 'type.googleapis.com/google.rpc.RetryInfo', retryDelay: '20s' };
  it.each<[string, unknown]>([
    ['AI SDK: seconds', told(20)],
    ['AI SDK: milliseconds', aiError(429, {}, { 'retry-after-ms': '20000' })],
    ['AI SDK: a date', aiError(429, {}, { 'retry-after': 'Mon, 23 Nov 2026 12:00:20 GMT' })],
    ['AI SDK: 503', aiError(503, {}, { 'retry-after': '20' })],
    ['AI SDK: 500', aiError(500, {}, { 'retry-after': '20' })],
    [
      'openai',
      OpenAIError.generate(429, openAiBody('slow_down'), undefined, headers({ 'retry-after': '20' })),
    ],
    [
      'Anthropic: overloaded',
      AnthropicError.generate(
        529,
        anthropicBody('overloaded_error'),
        undefined,
        headers({ 'retry-after': '20' }),
      ),
    ],
    ['Google', googleError(429, { code: 429, status: 'RESOURCE_EXHAUSTED', details: [retryInfo] })],
    ['our own', new RateLimitError('Too many.', { retryAfterMs: 20_000 })],
  ])('is read from errors of every kind: %s', async (_, error) => {
    const { clock, throttle, startedAt, begin } = setUp();
    throttle.tryAcquire()!.failed(error);
    begin(1);
    await clock.runUntilSettled(throttle.acquire());
    expect(startedAt).toEqual([20_000]);
  });

  it('is never made shorter by a later one, only longer', async () => {
    const { clock, throttle, startedAt, begin } = setUp();
    const permits: CallPermit[] = [];
    for (let i = 0; i < 3; i++) permits.push(await clock.runUntilSettled(throttle.acquire()));
    const [first, second, third] = permits;
    first!.failed(told(30));
    second!.failed(told(2));
    const all = begin(1);
    await clock.advance(10_000);
    third!.failed(told(60));
    await clock.runUntilSettled(Promise.all(all));
    expect(startedAt).toEqual([70_000]);
  });

  it('lets those under way end', () => {
    const { throttle, fill } = setUp();
    const [first, second] = fill();
    first!.failed(told(30));
    second!.succeeded();
    expect(throttle.stats).toMatchObject({ requests: 3, succeeded: 1, refused: 1, inFlight: 1 });
  });

  it('that is longer than a call will wait fails that call at once, and no other', async () => {
    const { clock, throttle, startedAt, begin, fill } = setUp();
    const [permit] = fill();
    const [patient] = begin(1);
    const [impatient] = begin(1, { maxServerWaitMs: 20_000 });
    const failed = expect(impatient).rejects.toMatchObject({ code: 'SERVER_WAIT_EXCEEDED' });
    permit!.failed(told(30));
    await failed;
    await expect(throttle.acquire({ maxServerWaitMs: 20_000 })).rejects.toMatchObject({
      code: 'SERVER_WAIT_EXCEEDED',
      message: expect.stringContaining('30000 ms'),
    });
    await clock.runUntilSettled(patient!);
    expect(startedAt).toEqual([30_000]);
  });
});

describe('a refusal without a hint', () => {
  it('closes nothing: the others go on, a little slower', async () => {
    const { clock, throttle, startedAt, begin } = setUp();
    await clock.runUntilSettled(Promise.all(begin(50)));
    const before = startedAt.length;
    const permit = await clock.runUntilSettled(throttle.acquire());
    permit.failed(untold());
    expect(throttle.stats.waitingFor).toBeUndefined();
    const all = begin(50);
    expect(throttle.stats.waitingFor?.reason).toBe('rate');
    const at = clock.now();
    await clock.runUntilSettled(Promise.all(all));
    expect(startedAt.slice(before)).toHaveLength(50);
    expect(clock.now() - at).toBeLessThan(2_000);
  });
});

describe('an abort', () => {
  it('ends 10,000 waits on one signal in the same turn, and leaves nothing', async () => {
    const { clock, throttle, startedAt, begin } = setUp();
    throttle.tryAcquire()!.failed(told(600));
    const controller = new AbortController();
    const listen = vi.spyOn(controller.signal, 'addEventListener');
    const reasons: unknown[] = [];
    for (const call of begin(10_000, { signal: controller.signal }))
      call.catch((reason) => reasons.push(reason));
    expect(throttle.stats.waiting).toBe(10_000);
    expect(listen).toHaveBeenCalledTimes(1);
    expect(getEventListeners(controller.signal, 'abort')).toHaveLength(1);
    controller.abort('enough');
    expect(throttle.stats).toMatchObject({ waiting: 0, inFlight: 0, requests: 1 });
    expect(getEventListeners(controller.signal, 'abort')).toHaveLength(0);
    // The process can end: no timer of ten minutes keeps it.
    expect(clock.pendingTimers).toBe(0);
    await clock.advance(0);
    expect(reasons).toEqual(Array.from({ length: 10_000 }, () => 'enough'));
    await clock.advance(3_600_000);
    expect(startedAt).toEqual([]);
  });

  it('takes out only the calls of its signal, wherever they stand', async () => {
    const { clock, throttle, startedAt, begin } = setUp();
    throttle.tryAcquire()!.failed(told(30));
    const controllers = Array.from({ length: 10 }, () => new AbortController());
    const calls = controllers.flatMap(({ signal }) => begin(3, { signal }));
    const settled = Promise.allSettled(calls);
    for (const [i, controller] of controllers.entries()) if (i % 2 === 0) controller.abort();
    expect(throttle.stats.waiting).toBe(15);
    const outcomes = await clock.runUntilSettled(settled);
    expect(outcomes.map(({ status }) => status === 'fulfilled')).toEqual(
      calls.map((_, i) => Math.floor(i / 3) % 2 === 1),
    );
    expect(startedAt).toHaveLength(15);
    for (const { signal } of controllers) expect(getEventListeners(signal, 'abort')).toHaveLength(0);
  });

  it('of the first in line lets the next go as soon as it may', async () => {
    const { clock, throttle, startedAt, begin } = setUp({ tokensPerMinute: 60_000 });
    throttle.tryAcquire({ tokens: 3_000 });
    const controller = new AbortController();
    const large = begin(1, { tokens: 5_000, signal: controller.signal });
    const small = begin(1, { tokens: 10 });
    const settled = Promise.allSettled(large);
    await clock.advance(2_930);
    expect(startedAt).toEqual([]);
    controller.abort();
    await settled;
    await clock.runUntilSettled(small[0]!);
    expect(startedAt).toEqual([2_930]);
  });

  it('before the call waits rejects with its reason, and sends nothing', async () => {
    const { throttle } = setUp();
    await expect(throttle.acquire({ signal: AbortSignal.abort('no') })).rejects.toBe('no');
    expect(throttle.stats).toMatchObject({ requests: 0, waiting: 0, inFlight: 0 });
  });

  it('after the call has begun is nothing to the throttle: no listener is left', async () => {
    const { clock, throttle } = setUp();
    const controller = new AbortController();
    throttle.tryAcquire();
    const permit = await clock.runUntilSettled(throttle.acquire({ signal: controller.signal }));
    expect(getEventListeners(controller.signal, 'abort')).toHaveLength(0);
    controller.abort();
    expect(throttle.stats.inFlight).toBe(2);
    permit.failed(controller.signal.reason);
    expect(throttle.stats).toMatchObject({ inFlight: 1, refused: 0, failed: 0 });
  });
});

describe('an exhausted quota', () => {
  it('ends all waits with that very error, and no call begins after it', async () => {
    const { clock, throttle, startedAt, begin } = setUp();
    const permits: CallPermit[] = [];
    for (let i = 0; i < 10; i++) permits.push(await clock.runUntilSettled(throttle.acquire()));
    const { signal } = new AbortController();
    const waits = Promise.allSettled(begin(1_000, { signal }));
    const error = spent();
    permits[0]!.failed(error);
    expect(throttle.stats).toMatchObject({ waiting: 0, inFlight: 9, requests: 10 });
    expect(clock.pendingTimers).toBe(0);
    expect(getEventListeners(signal, 'abort')).toHaveLength(0);
    for (const outcome of await waits) expect(outcome).toMatchObject({ status: 'rejected', reason: error });
    await expect(throttle.acquire({ priority: 9 })).rejects.toBe(error);
    expect(throttle.tryAcquire()).toBeUndefined();
    // Those under way may end as they will; the first error stays.
    permits[1]!.failed(spent());
    for (const permit of permits.slice(2)) permit.succeeded();
    await expect(throttle.acquire()).rejects.toBe(error);
    await clock.advance(3_600_000);
    expect(startedAt).toEqual([]);
    expect(throttle.stats).toMatchObject({ requests: 10, succeeded: 8, refused: 2, inFlight: 0 });
  });

  it('is over after reset', async () => {
    const { clock, throttle } = setUp();
    throttle.tryAcquire()!.failed(spent());
    throttle.reset();
    const permit = await clock.runUntilSettled(throttle.acquire());
    permit.succeeded();
    expect(throttle.stats).toMatchObject({ requests: 2, succeeded: 1 });
  });
});
