import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { aiError, openAiBody } from '../classify/testing/provider-errors.ts';
import { VirtualClock } from '../testing/virtual-clock.ts';
import { Throttle } from './throttle.ts';
import type { ThrottleEvent } from './throttle-monitor.ts';
import type { ThrottleOptions } from './throttle-options.ts';

const told = (seconds: number) => aiError(429, {}, { 'retry-after': String(seconds) });

function setUp(options: ThrottleOptions = {}) {
  const clock = new VirtualClock();
  const events: ThrottleEvent[] = [];
  const throttle = new Throttle({
    clock,
    random: () => 0,
    onEvent: (event) => events.push(event),
    ...options,
  });
  const acquire = (request = {}) => clock.runUntilSettled(throttle.acquire(request));
  return { clock, events, throttle, acquire };
}

describe('onEvent', () => {
  it('hears of everything, in order', async () => {
    const { clock, events, throttle, acquire } = setUp();
    const first = await acquire({ group: 'a' });
    await clock.advance(100);
    first.succeeded({ tokens: 7, headers: { 'x-ratelimit-limit-requests': '600' } });
    (await acquire()).failed(told(30));
    (await acquire({ group: 'b', returning: true })).failed(new Error('odd'));
    (await acquire()).abandoned();
    expect(clock.pendingTimers).toBe(0);
    const started = { type: 'started', waitedMs: 0, waitedFor: undefined, retry: false, group: undefined };
    expect(events).toEqual([
      { ...started, group: 'a' },
      { type: 'limit', requestsPerMinute: 600, tokensPerMinute: undefined },
      { type: 'succeeded', elapsedMs: 100, tokens: 7 },
      started,
      {
        type: 'refused',
        elapsedMs: 0,
        classification: expect.objectContaining({ kind: 'rate-limit', waitMs: 30_000 }),
      },
      { type: 'waiting', reason: 'provider-asked', waitMs: 30_000, status: 429 },
      { ...started, waitedMs: 30_000, waitedFor: 'provider-asked', retry: true, group: 'b' },
      { type: 'failed', elapsedMs: 0, classification: expect.objectContaining({ kind: 'unknown' }) },
      // The second step of the opening.
      { ...started, waitedMs: 50, waitedFor: 'provider-asked' },
      { type: 'abandoned', elapsedMs: 0 },
    ]);
    expect(throttle.stats).toMatchObject({ requests: 4, retries: 1, tokens: 7, inFlightMs: 100 });
  });

  it('tells of a limit again only when it has changed', async () => {
    const { events, acquire } = setUp();
    for (const limit of [600, 600, 600, 300, 300]) {
      const headers = { 'x-ratelimit-limit-requests': String(limit), 'x-ratelimit-remaining-requests': '99' };
      (await acquire()).succeeded({ headers });
    }
    const limits = events.flatMap((event) => (event.type === 'limit' ? [event.requestsPerMinute] : []));
    expect(limits).toEqual([600, 300]);
  });

  it('reports a long wait once, however many calls get it, and never a short one', async () => {
    const { clock, events, throttle } = setUp();
    const permits = [];
    for (let i = 0; i < 5; i++) permits.push(await clock.runUntilSettled(throttle.acquire()));
    for (const permit of permits) permit.failed(told(30));
    (await clock.runUntilSettled(throttle.acquire())).failed(aiError(429, {}, { 'retry-after-ms': '900' }));
    expect(events.filter(({ type }) => type === 'waiting')).toHaveLength(1);
  });

  it('tells of an outage, and of each further wait in it', async () => {
    const { clock, events, throttle, acquire } = setUp();
    for (let i = 0; i < 10; i++) (await acquire()).failed(aiError(503));
    throttle.acquire().then((permit) => permit.failed(aiError(500)));
    throttle.acquire().then((permit) => permit.succeeded());
    await clock.advance(10_000);
    expect(events.filter(({ type }) => type === 'waiting')).toEqual([
      { type: 'waiting', reason: 'outage', waitMs: 1_000, status: 503 },
      { type: 'waiting', reason: 'outage', waitMs: 2_000, status: 500 },
    ]);
  });

  it('may throw, call back or settle: the calls go on', async () => {
    const clock = new VirtualClock();
    let heard = 0;
    const throttle: Throttle = new Throttle({
      clock,
      maxConcurrency: 2,
      onEvent: (event) => {
        heard += 1;
        expect(throttle.stats.requests).toBeGreaterThan(0);
        if (event.type === 'succeeded' && heard < 20) throttle.acquire().then((permit) => permit.succeeded());
        throw new Error('a bad listener');
      },
    });
    const all = Array.from({ length: 20 }, async () => (await throttle.acquire()).succeeded());
    await clock.runUntilSettled(Promise.all(all));
    await clock.advance(60_000);
    expect(heard).toBeGreaterThan(40);
    expect(throttle.stats).toMatchObject({ inFlight: 0, waiting: 0 });
    expect(throttle.stats.succeeded).toBe(throttle.stats.requests);
  });
});

describe('stats', () => {
  it('add up at every moment: each request has one outcome or is under way', async () => {
    const call = fc.record({
      latencyMs: fc.nat(5_000),
      outcome: fc.constantFrom(200, 429, 430, 500, 503, 'quota', 'odd', 'abort', 'abandoned'),
      aborted: fc.boolean(),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(call, { maxLength: 40 }), async (calls) => {
        const { clock, events, throttle } = setUp({ maxConcurrency: 8, maxOutageMs: 60_000 });
        const count = (type: ThrottleEvent['type']): number =>
          events.filter((event) => event.type === type).length;
        const check = (): void => {
          const { requests, succeeded, refused, failed, inFlight, retries } = throttle.stats;
          expect(requests).toBe(succeeded + refused + failed + count('abandoned') + inFlight);
          expect([requests, succeeded, refused, failed, retries]).toEqual([
            ...(['started', 'succeeded', 'refused', 'failed'] as const).map(count),
            events.filter((event) => event.type === 'started' && event.retry).length,
          ]);
        };
        const all = calls.map(async ({ latencyMs, outcome, aborted }, i) => {
          const controller = new AbortController();
          const permission = throttle.acquire({ signal: controller.signal, returning: i % 3 === 0 });
          if (aborted) clock.setTimer(() => controller.abort(), latencyMs);
          const permit = await permission;
          await new Promise<void>((resolve) => clock.setTimer(resolve, latencyMs));
          check();
          if (outcome === 200) permit.succeeded({ tokens: 3 });
          else if (outcome === 'abandoned') permit.abandoned();
          else if (outcome === 'abort') permit.failed(new DOMException('no', 'AbortError'));
          else if (outcome === 'odd') permit.failed(new Error('odd'));
          else if (outcome === 'quota') permit.failed(aiError(429, openAiBody('insufficient_quota')));
          else if (outcome === 430) permit.failed(told(1));
          else permit.failed(aiError(Number(outcome)));
          check();
        });
        await clock.runUntilSettled(Promise.allSettled(all));
        check();
        await clock.advance(5_000);
        expect(throttle.stats).toMatchObject({ inFlight: 0, waiting: 0, waitingFor: undefined });
        expect(clock.pendingTimers).toBe(0);
        const startedFor = events.map((event) => (event.type === 'started' ? event.waitedMs : 0));
        expect(throttle.stats.waitedMs).toBeCloseTo(startedFor.reduce((sum, ms) => sum + ms, 0));
        const elapsed = events.map((event) => ('elapsedMs' in event ? event.elapsedMs : 0));
        expect(throttle.stats.inFlightMs).toBeCloseTo(elapsed.reduce((sum, ms) => sum + ms, 0));
        expect(throttle.stats.tokens).toBe(3 * throttle.stats.succeeded);
      }),
      { numRuns: 60 },
    );
  });

  it('tell what the next in line waits for, and for how long', async () => {
    const { clock, throttle, acquire } = setUp();
    const waitingFor = async () => {
      const controller = new AbortController();
      const waiting = throttle.acquire({ signal: controller.signal, tokens: 1_000 });
      const now = throttle.stats.waitingFor;
      controller.abort();
      await waiting.catch(() => {});
      return now;
    };
    expect(throttle.stats.waitingFor).toBeUndefined();
    const permit = await acquire();
    permit.failed(told(30));
    expect(throttle.stats.waitingFor).toBeUndefined();
    expect(await waitingFor()).toEqual({ reason: 'provider-asked', forMs: 30_000, status: 429 });
    await clock.advance(18_000);
    expect(await waitingFor()).toEqual({ reason: 'provider-asked', forMs: 12_000, status: 429 });
    await clock.advance(20_000);
    for (let i = 0; i < 10; i++) (await acquire()).failed(aiError(500));
    expect(await waitingFor()).toEqual({ reason: 'outage', forMs: 1_000, status: 500 });
  });

  it.each<[string, ThrottleOptions, object]>([
    ['concurrency', { maxConcurrency: 1 }, { forMs: undefined }],
    ['rate', { requestsPerMinute: 60 }, { forMs: 1_000 }],
    [
      'tokens',
      { tokensPerMinute: 60_000 },
      { forMs: expect.toSatisfy((ms: number) => ms > 990 && ms < 1_020) },
    ],
  ])('tell of a wait for %s', async (reason, options, expected) => {
    const { clock, throttle, events } = setUp(options);
    const permit = throttle.tryAcquire({ tokens: 1_000 })!;
    const waiting = throttle.acquire({ tokens: 1_000 });
    expect(throttle.stats.waitingFor).toEqual({ reason, status: undefined, ...expected });
    expect(throttle.stats.waiting).toBe(1);
    await clock.advance(500);
    permit.succeeded();
    await clock.runUntilSettled(waiting);
    expect(throttle.stats.waitingFor).toBeUndefined();
    expect(throttle.stats.waitedMs).toBe(clock.now());
    expect(events.at(-1)).toMatchObject({ type: 'started', waitedFor: reason, waitedMs: clock.now() });
  });
});
