import fc from 'fast-check';
import { APIConnectionError } from 'openai';
import { describe, expect, it } from 'vitest';
import { aiError, anthropicBody } from '../classify/testing/provider-errors.ts';
import { ConcurrencyManager } from '../concurrency/concurrency-manager.ts';
import { ToolkitError } from '../errors/toolkit-error.ts';
import { ErrorHandler, type ErrorHandlerOptions } from '../retry/error-handler.ts';
import { VirtualClock } from '../testing/virtual-clock.ts';
import { Throttle } from './throttle.ts';
import type { ThrottleOptions } from './throttle-options.ts';

const MINUTE = 60_000;
/** From the first request to the end of 15 minutes: after 1, 2, 4, 8, 16 s, then twice a minute. */
const PROBES = 33;
/** Those of a slow start that are under way before the first has failed, and what opens the breaker. */
const BEFORE_OPEN = 22;

interface Outage {
  readonly fromMs?: number;
  readonly toMs?: number;
  readonly calls: number;
  readonly concurrency?: number;
  readonly latencyMs?: number;
  readonly error?: () => unknown;
  readonly throttle?: ThrottleOptions;
  readonly handler?: ErrorHandlerOptions;
}

/** Makes calls to a provider that is out for a while. */
async function run(outage: Outage) {
  const { fromMs = 0, toMs = Number.POSITIVE_INFINITY, calls, concurrency = 100, latencyMs = 100 } = outage;
  const { error = () => aiError(503) } = outage;
  const clock = new VirtualClock();
  const throttle = new Throttle({ clock, random: () => 0.5, ...outage.throttle });
  const handler = new ErrorHandler({ clock, random: () => 0.5, jitter: true, throttle, ...outage.handler });
  const sentAt: number[] = [];
  const fetchReply = async (): Promise<string> => {
    sentAt.push(clock.now());
    const isOut = clock.now() >= fromMs && clock.now() < toMs;
    await new Promise<void>((resolve) => clock.setTimer(resolve, latencyMs));
    if (isOut) throw error();
    return 'done';
  };
  const manager = new ConcurrencyManager({ maxConcurrency: concurrency });
  const tasks = Array.from(
    { length: calls },
    () =>
      ({ signal }: { readonly signal: AbortSignal }) =>
        handler.withRetry(fetchReply, { signal }),
  );
  const outcomes = await clock.runUntilSettled(manager.executeBatchWithIsolation(tasks));
  const errors = outcomes.flatMap((outcome) => (outcome.success ? [] : [outcome.error]));
  return { clock, throttle, sentAt, errors, requests: sentAt.length, lost: errors.length };
}

describe('a total outage', () => {
  it.each<[string, () => unknown]>([
    ['503', () => aiError(503)],
    ['500', () => aiError(500)],
    ['529', () => aiError(529, anthropicBody('overloaded_error'))],
    ['no connection', () => new APIConnectionError({})],
    [
      'fetch failed',
      () => new TypeError('fetch failed', { cause: Object.assign(new Error(), { code: 'ECONNREFUSED' }) }),
    ],
  ])('of 15 minutes takes 1.1 requests a call at most: %s', async (_, error) => {
    const { clock, requests, sentAt, errors } = await run({ calls: 1_000, error });
    expect(requests).toBeLessThanOrEqual(BEFORE_OPEN + PROBES);
    expect(sentAt.at(-1)).toBeGreaterThan(14 * MINUTE);
    expect(clock.now()).toBeLessThan(16 * MINUTE);
    expect(errors).toHaveLength(1_000);
    expect(clock.pendingTimers).toBe(0);
  });

  it('costs the same whatever the number of calls, at once or not', async () => {
    const scenario = fc.record({
      calls: fc.integer({ min: 50, max: 300 }),
      concurrency: fc.integer({ min: 1, max: 300 }),
      latencyMs: fc.integer({ min: 1, max: 2_000 }),
      outMinutes: fc.integer({ min: 1, max: 15 }),
    });
    await fc.assert(
      fc.asyncProperty(scenario, async ({ outMinutes, ...outage }) => {
        const maxOutageMs = outMinutes * MINUTE;
        const { requests, clock } = await run({ ...outage, throttle: { maxOutageMs } });
        expect(requests).toBeLessThanOrEqual(Math.max(1.1 * outage.calls, BEFORE_OPEN + 6 + 2 * outMinutes));
        expect(clock.pendingTimers).toBe(0);
      }),
      { numRuns: 30 },
    );
  });

  it('that ends in time loses nobody, and costs 1.1 requests a call at most', async () => {
    const scenario = fc.record({
      calls: fc.integer({ min: 100, max: 500 }),
      // Fewer fail alone: there is nobody to tell them from requests that are at fault themselves.
      concurrency: fc.integer({ min: 3, max: 200 }),
      fromMs: fc.constantFrom(0, 50, 500, 2_000),
      latencyMs: fc.integer({ min: 1, max: 1_000 }),
      lastsMs: fc.integer({ min: 1_000, max: 14 * MINUTE }),
    });
    await fc.assert(
      fc.asyncProperty(scenario, async ({ lastsMs, ...outage }) => {
        // So many are left when it begins that nobody is alone.
        fc.pre(outage.calls * outage.latencyMs > 2 * outage.fromMs * outage.concurrency);
        const toMs = outage.fromMs + lastsMs;
        // Few at a time they are patient each for itself: the throttle has to have seen ten failures.
        const { requests, lost, throttle } = await run({ ...outage, toMs, handler: { maxRetries: 10 } });
        expect(lost).toBe(0);
        // Those under way when it began cannot be helped: they are repeated, and no others.
        const underWay = Math.min(outage.concurrency, outage.calls);
        expect(requests).toBeLessThanOrEqual(1.1 * outage.calls + underWay + PROBES);
        expect(throttle.stats).toMatchObject({ succeeded: outage.calls, inFlight: 0, waiting: 0 });
      }),
      { numRuns: 30 },
    );
  });

  it('of ten minutes under 1,000 calls costs 1.1 requests a call at most', async () => {
    const { requests, lost, clock } = await run({ calls: 1_000, toMs: 10 * MINUTE, latencyMs: 1_500 });
    expect(lost).toBe(0);
    expect(requests).toBeLessThanOrEqual(1_100);
    // Back when it is: a probe goes out every half minute.
    expect(clock.now()).toBeLessThan(12 * MINUTE);
  });
});

describe('after maxOutageMs', () => {
  it('those that wait fail with OUTAGE, what led to it as the cause', async () => {
    const last = aiError(503);
    const { errors, clock, throttle } = await run({
      calls: 100,
      error: () => last,
      throttle: { maxOutageMs: 2 * MINUTE },
    });
    expect(errors).toHaveLength(100);
    for (const error of errors) {
      expect(error).toBeInstanceOf(ToolkitError);
      expect(error).toMatchObject({ code: 'OUTAGE', cause: last });
    }
    expect((errors[0] as Error).message).toContain('for 120 s, the last with: The call failed.');
    expect(clock.now()).toBeGreaterThanOrEqual(2 * MINUTE);
    expect(clock.now()).toBeLessThan(2 * MINUTE + 1_000);
    await expect(throttle.acquire()).rejects.toMatchObject({ code: 'OUTAGE' });
  });

  it('the error names what failed, even if that isn’t an Error', async () => {
    const error = (): unknown => Object.assign(Object.create(null), { status: 503 });
    const { errors } = await run({ calls: 20, error, throttle: { maxOutageMs: MINUTE } });
    expect(errors[0]).toMatchObject({
      code: 'OUTAGE',
      message: expect.stringContaining('the server is overloaded (HTTP 503)'),
    });
  });

  it('a probe that is due may go: who comes later finds out that it is back', async () => {
    const { clock, throttle } = await run({ calls: 20, toMs: 5 * MINUTE, throttle: { maxOutageMs: MINUTE } });
    await expect(throttle.acquire()).rejects.toMatchObject({ code: 'OUTAGE' });
    await clock.advance(5 * MINUTE);
    const probe = await throttle.acquire();
    expect(probe.isProbe).toBe(true);
    const waiting = expect(throttle.acquire()).rejects.toMatchObject({ code: 'OUTAGE' });
    await waiting;
    probe.succeeded();
    expect((await clock.runUntilSettled(throttle.acquire())).isProbe).toBe(false);
  });

  it('reset lets everyone go on at once', async () => {
    const { clock, throttle } = await run({ calls: 20, throttle: { maxOutageMs: MINUTE } });
    throttle.reset();
    const permit = await clock.runUntilSettled(throttle.acquire());
    expect(permit.isProbe).toBe(false);
  });

  it('a probe that never ends does not hold them for longer', async () => {
    const clock = new VirtualClock();
    const throttle = new Throttle({ clock, random: () => 0, maxOutageMs: MINUTE });
    for (let i = 0; i < 10; i++) (await clock.runUntilSettled(throttle.acquire())).failed(aiError(503));
    const openedAt = clock.now();
    const hung = await clock.runUntilSettled(throttle.acquire());
    expect(hung.isProbe).toBe(true);
    await expect(clock.runUntilSettled(throttle.acquire())).rejects.toMatchObject({ code: 'OUTAGE' });
    expect(clock.now()).toBe(openedAt + MINUTE);
    expect(clock.pendingTimers).toBe(0);
  });

  it('comes sooner where nothing has ever succeeded, if maxFirstOutageMs says so', async () => {
    const throttle = { maxFirstOutageMs: 10_000 };
    const first = await run({ calls: 20, throttle });
    expect(first.errors).toHaveLength(20);
    expect(first.clock.now()).toBeLessThan(11_000);
    const later = await run({
      calls: 200,
      fromMs: 300,
      toMs: 10 * MINUTE,
      throttle,
      handler: { maxRetries: 10 },
    });
    expect(later.sentAt.filter((at) => at >= 300).length).toBeGreaterThan(0);
    expect(later.lost).toBe(0);
    expect(later.clock.now()).toBeGreaterThan(10 * MINUTE);
  });
});

describe('a provider that refuses everything', () => {
  it.each([
    ['without a hint', {}],
    ['with a Retry-After', { 'retry-after': '20' }],
  ])('%s: says when the calls are given up, after five refusals and from then on', async (_, headers) => {
    const clock = new VirtualClock();
    const throttle = new Throttle({ clock, random: () => 0.5, maxFirstOutageMs: 10_000 });
    const handler = new ErrorHandler({ clock, throttle, random: () => 0.5, jitter: true });
    const calls = Array.from({ length: 6 }, () =>
      handler.withRetry(() => Promise.reject(aiError(429, {}, headers)), {
        signal: new AbortController().signal,
      }),
    );
    const settled = Promise.allSettled(calls);
    let endedAt: number | undefined;
    void settled.then(() => {
      endedAt = clock.now();
    });
    const seen: { readonly at: number; readonly inMs: number }[] = [];
    while (endedAt === undefined) {
      await clock.advance(5_000);
      const { givesUp } = throttle.stats;
      if (endedAt !== undefined || (givesUp === undefined && throttle.stats.refused < 5)) continue;
      expect(givesUp).toMatchObject({ status: 429 });
      seen.push({ at: clock.now(), inMs: givesUp!.inMs });
    }
    expect(seen.length).toBeGreaterThan(5);
    for (const { at, inMs } of seen) {
      expect(at + inMs).toBeGreaterThan(endedAt - MINUTE);
      expect(at + inMs).toBeLessThan(endedAt + MINUTE);
    }
    expect(endedAt).toBeGreaterThan(2 * MINUTE);
    const outcomes = await settled;
    for (const outcome of outcomes) expect(outcome).toMatchObject({ reason: { code: 'OUTAGE' } });
  });

  it('says nothing of giving up while others succeed, nor after a few refusals', async () => {
    const clock = new VirtualClock();
    const throttle = new Throttle({ clock, random: () => 0 });
    const refuse = async (): Promise<void> =>
      (await clock.runUntilSettled(throttle.acquire({ maxServerWaitMs: 60_000 }))).failed(aiError(429));
    for (let refusal = 0; refusal < 4; refusal += 1) await refuse();
    expect(throttle.stats.givesUp).toBeUndefined();
    await refuse();
    expect(throttle.stats.givesUp).toEqual({ inMs: 60_000, status: 429 });
    (await clock.runUntilSettled(throttle.acquire())).succeeded();
    await refuse();
    expect(throttle.stats.givesUp).toBeUndefined();
  });

  it('isn’t given up after one long Retry-After, before it was asked again', async () => {
    const clock = new VirtualClock();
    const throttle = new Throttle({ clock, random: () => 0, maxOutageMs: 5 * MINUTE });
    const permits = await Promise.all(
      Array.from({ length: 6 }, () => clock.runUntilSettled(throttle.acquire())),
    );
    for (const permit of permits) permit.failed(aiError(429, {}, { 'retry-after': '900' }));
    const next = await clock.runUntilSettled(throttle.acquire());
    expect(clock.now()).toBeGreaterThanOrEqual(15 * MINUTE);
    next.failed(aiError(429));
    await expect(throttle.acquire()).rejects.toMatchObject({ code: 'OUTAGE' });
  });
});

describe('a probe', () => {
  it('uses up no retry of the call that makes it', async () => {
    const clock = new VirtualClock();
    const throttle = new Throttle({ clock, random: () => 0 });
    const handler = new ErrorHandler({ clock, throttle, maxRetries: 1, retryDelayMs: 0 });
    for (let i = 0; i < 10; i++) (await clock.runUntilSettled(throttle.acquire())).failed(aiError(503));
    let attempts = 0;
    const call = handler.withRetry(async () => {
      attempts += 1;
      if (attempts <= 8) throw aiError(503);
      return 'done';
    });
    await expect(clock.runUntilSettled(call)).resolves.toBe('done');
    expect(attempts).toBe(9);
  });

  it('that is called off makes room for another', async () => {
    const clock = new VirtualClock();
    const throttle = new Throttle({ clock, random: () => 0 });
    for (let i = 0; i < 10; i++) (await clock.runUntilSettled(throttle.acquire())).failed(aiError(503));
    const first = await clock.runUntilSettled(throttle.acquire());
    const next = throttle.acquire();
    expect(throttle.stats.waitingFor).toMatchObject({ reason: 'outage', status: 503 });
    first.abandoned();
    expect((await clock.runUntilSettled(next)).isProbe).toBe(true);
  });

  it.each([401, 404, 429])('that gets any reply (%i) tells that the provider is back', async (status) => {
    const clock = new VirtualClock();
    const throttle = new Throttle({ clock, random: () => 0 });
    for (let i = 0; i < 10; i++) (await clock.runUntilSettled(throttle.acquire())).failed(aiError(503));
    const probe = await clock.runUntilSettled(throttle.acquire());
    probe.failed(aiError(status));
    expect((await clock.runUntilSettled(throttle.acquire())).isProbe).toBe(false);
  });
});

it('makes the rate that was felt out before it a thing of the past', async () => {
  const clock = new VirtualClock();
  const throttle = new Throttle({ clock, random: () => 0 });
  const acquire = () => clock.runUntilSettled(throttle.acquire());
  for (let i = 0; i < 3; i++) (await acquire()).failed(aiError(429));
  expect(throttle.stats.limits.adaptivePerMinute).toBeGreaterThan(0);
  for (let i = 0; i < 10; i++) (await acquire()).failed(aiError(500));
  const probe = await acquire();
  expect(throttle.stats.limits.adaptivePerMinute).toBeGreaterThan(0);
  probe.succeeded();
  expect(throttle.stats.limits.adaptivePerMinute).toBeUndefined();
});

describe('the retry budget', () => {
  it('lets retries be a tenth of the calls and no more while nothing succeeds, of whatever kind the error', async () => {
    // An unknown error is no outage: nothing but the budget holds these back.
    const { requests, lost, clock } = await run({
      calls: 1_000,
      concurrency: 1_000,
      error: () => new Error('odd'),
      handler: { deadlineMs: 20_000 },
    });
    expect(lost).toBe(1_000);
    expect(requests).toBeGreaterThan(1_050);
    expect(requests).toBeLessThanOrEqual(1_000 + 100 + 5 + 2);
    expect(clock.now()).toBeLessThanOrEqual(20_000);
  });

  it('delays no call while others succeed', async () => {
    const clock = new VirtualClock();
    const throttle = new Throttle({ clock, random: () => 0 });
    const handler = new ErrorHandler({ clock, throttle, random: () => 0.5, jitter: true });
    let sent = 0;
    const call = ({ attempt }: { readonly attempt: number }): string => {
      sent += 1;
      if (attempt === 0) throw new Error('odd');
      return 'done';
    };
    const all = Array.from({ length: 300 }, () => handler.withRetry(call));
    await clock.runUntilSettled(Promise.all(all));
    expect(sent).toBe(600);
    expect(clock.now()).toBeLessThan(20_000);
  });
});
