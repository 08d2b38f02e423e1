import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { goDuration } from './headers.ts';
import { idealMs } from './ideal.ts';
import { FixedWindow, type RateLimit, SlidingLog, TokenBucket } from './rate-limit.ts';
import { scenarios } from './scenarios.ts';
import { Server } from './server.ts';
import { type Call, makeWorkload, tokensOf } from './workload.ts';

const limits: Record<string, () => RateLimit> = {
  'token bucket': () => new TokenBucket({ perMinute: 60, burst: 5 }),
  'sliding log': () => new SlidingLog(5),
  'fixed window': () => new FixedWindow(5),
};

/** Handles a request like a server: admits it if possible, otherwise counts the refusal. */
function arrive(limit: RateLimit, nowMs: number): boolean {
  const passes = limit.waitMs(1, nowMs) === 0;
  if (passes) limit.take(1, nowMs);
  else limit.refuse(1, nowMs);
  return passes;
}

const gaps = fc.array(fc.oneof(fc.integer({ min: 0, max: 300 }), fc.integer({ min: 0, max: 70_000 })), {
  minLength: 1,
  maxLength: 60,
});

describe.each(Object.entries(limits))('%s', (_name, make) => {
  it('admits a request after the reported wait and not a millisecond before', () => {
    fc.assert(
      fc.property(gaps, (waits) => {
        const limit = make();
        let nowMs = 0;
        for (const gap of waits) {
          nowMs += gap;
          arrive(limit, nowMs);
        }
        const waitMs = limit.waitMs(1, nowMs);
        if (waitMs > 0) expect(limit.waitMs(1, nowMs + waitMs - 1)).toBeGreaterThan(0);
        expect(limit.waitMs(1, nowMs + waitMs)).toBe(0);
      }),
    );
  });

  it('is completely available again after `resetMs`', () => {
    fc.assert(
      fc.property(gaps, (waits) => {
        const limit = make();
        let nowMs = 0;
        for (const gap of waits) {
          nowMs += gap;
          arrive(limit, nowMs);
        }
        expect(limit.quota(nowMs + limit.quota(nowMs).resetMs).remaining).toBe(5);
      }),
    );
  });
});

describe('limits', () => {
  it('a bucket admits its burst at once, then its rate', () => {
    const bucket = new TokenBucket({ perMinute: 500, burst: 50 });
    const admitted = Array.from({ length: 60_001 }, (_, ms) => ms).filter((ms) => arrive(bucket, ms));
    // One per millisecond empties it in 50 ms; then one every 120 ms.
    expect(admitted.slice(0, 50)).toEqual(Array.from({ length: 50 }, (_, ms) => ms));
    expect(admitted.slice(50, 53)).toEqual([120, 240, 360]);
    expect(admitted.length).toBe(550);
  });

  it('a bucket that changes has the new rate from that moment, and at most the new burst', () => {
    const bucket = new TokenBucket({ perMinute: 600, burst: 50 }, [
      { atMs: 1_000, perMinute: 60, burst: 10 },
    ]);
    expect(bucket.quota(999)).toEqual({ limit: 600, remaining: 50, resetMs: 0 });
    expect(bucket.quota(1_000)).toEqual({ limit: 60, remaining: 10, resetMs: 0 });
    for (let i = 0; i < 10; i++) bucket.take(1, 1_000);
    expect(bucket.waitMs(1, 1_000)).toBe(1_000);
  });

  it('an unused bucket refills at each rate during its period', () => {
    const bucket = new TokenBucket({ perMinute: 600, burst: 50 }, [
      { atMs: 1_000, perMinute: 60, burst: 50 },
    ]);
    bucket.take(50, 0);
    expect(bucket.quota(3_000).remaining).toBe(12);
  });

  it('refused requests count in a sliding log, and not in other limits', () => {
    const [bucket, sliding, fixed] = Object.values(limits).map((make) => {
      const limit = make();
      for (const nowMs of [30_000, 31_000]) for (let i = 0; i < 5; i++) arrive(limit, nowMs);
      return limit;
    });
    // Those admitted at 30 s expire at 90 s, those refused at 31 s a second later.
    expect(sliding!.waitMs(1, 90_000)).toBe(1_000);
    expect(fixed!.waitMs(1, 31_000)).toBe(29_000);
    // The first at 31 s took what the bucket had gained in a second; the other four took nothing.
    expect(bucket!.waitMs(1, 31_000)).toBe(1_000);
  });
});

describe('Server', () => {
  beforeEach(() => {
    vi.useFakeTimers({ now: 0 });
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  const call: Call = { latencyMs: 1_500, promptTokens: 300, replyTokens: 100 };

  it('refuses in 5 ms with the wait, replies after the latency with the state at admission', async () => {
    const server = new Server({ requests: new TokenBucket({ perMinute: 60, burst: 1 }) }, [call, call]);
    const settledAt: number[] = [];
    const replies = [0, 1].map(async (index) => {
      const reply = await server.request(index);
      settledAt[index] = Date.now();
      return reply;
    });
    await vi.advanceTimersByTimeAsync(1_500);
    const [reply, refusal] = await Promise.all(replies);
    expect(settledAt).toEqual([1_500, 5]);
    expect(reply!.status).toBe(200);
    expect(reply!.headers).toEqual({
      'x-ratelimit-limit-requests': '60',
      'x-ratelimit-remaining-requests': '0',
      'x-ratelimit-reset-requests': '1s',
    });
    expect(refusal!.status).toBe(429);
    expect(refusal!.headers).toMatchObject({ 'retry-after': '1', 'retry-after-ms': '1000' });
  });

  it('logs a request as early after a refusal was delivered and before its wait has passed', async () => {
    const server = new Server({ requests: new TokenBucket({ perMinute: 60, burst: 1 }) }, [call]);
    for (const atMs of [0, 1, 5, 6, 1_005, 1_006]) {
      await vi.advanceTimersByTimeAsync(atMs - Date.now());
      void server.request(0);
    }
    // The refusal at 1 ms reports 999 ms and is delivered at 6 ms. A request at 5 ms could not know it.
    expect(server.log.map(({ atMs, early }) => [atMs, early])).toEqual([
      [0, false],
      [1, false],
      [5, false],
      [6, true],
      // The refusals of 5 and of 6 ms, delivered at 10 and 11 ms, reported 995 and 994 ms: until 1,005 ms.
      [1_005, false],
      [1_006, false],
    ]);
  });

  it('logs a request as early after an exhausted quota was delivered', async () => {
    const server = new Server({ ...scenarios.quota!.rules(), paidRequests: 1 }, [call]);
    for (const atMs of [0, 0, 4, 5, 700_000]) {
      await vi.advanceTimersByTimeAsync(atMs - Date.now());
      void server.request(0);
    }
    expect(server.log.map(({ verdict, early }) => [verdict.kind, early])).toEqual([
      ['admitted', false],
      ['quota', false],
      ['quota', false],
      ['quota', true],
      ['quota', true],
    ]);
  });

  it('reports the wait including the refused request if that counts', async () => {
    const server = new Server({ requests: new SlidingLog(1) }, [call]);
    void server.request(0);
    await vi.advanceTimersByTimeAsync(30_000);
    const refusal = server.request(0);
    await vi.advanceTimersByTimeAsync(5);
    // Not the 30 s until the admitted one expires.
    expect((await refusal).headers['retry-after']).toBe('60');
  });

  it('charges actual tokens, not estimated ones', async () => {
    const server = new Server(scenarios.tokens!.rules(), [call]);
    const reply = server.request(0);
    await vi.advanceTimersByTimeAsync(1_500);
    expect((await reply).headers).toMatchObject({
      'x-ratelimit-remaining-tokens': '49600',
      'x-ratelimit-reset-tokens': '48ms',
    });
  });

  it.each([
    ['retry-after', ['retry-after', 'retry-after-ms'], true],
    ['none', [], false],
  ] as const)(
    'with hints %s a refusal has only these headers, and a reply none',
    async (hints, names, isEarly) => {
      const server = new Server({ requests: new FixedWindow(1) }, [call], hints);
      const replies = [server.request(0), server.request(0)];
      await vi.advanceTimersByTimeAsync(1_500);
      const [reply, refusal] = await Promise.all(replies);
      expect(Object.keys(reply!.headers)).toEqual([]);
      expect(Object.keys(refusal!.headers)).toEqual(names);
      void server.request(0);
      expect(server.log.at(-1)!.early).toBe(isEarly);
    },
  );
});

describe('the ideal', () => {
  const second = (calls: number): Call[] =>
    Array.from({ length: calls }, () => ({ latencyMs: 1_000, promptTokens: 1, replyTokens: 0 }));

  it.each([
    // 100 at once for 5 s use the 500 and the 41 gained meanwhile; the last of 1,000 is admitted at 60 s.
    ['bucket-500', 61_000],
    // (1,000 − 50) tokens at one every 120 ms.
    ['bucket-50', 115_000],
    // 500 in the first 5 s; they expire at 100 per second from 60 s on.
    ['sliding', 65_000],
    ['fixed', 65_000],
    ['no-headers-sliding', 65_000],
    // Like bucket-500, but 10 minutes later.
    ['outage-start', 661_000],
    // 666 in the first 20 s; the last of the other 334 start three seconds after the outage.
    ['outage-middle', 624_000],
    // 50 + 250 in 30 s, 250 in the minute after, the other 450 in 54 s.
    ['changing', 145_000],
    ['quota', undefined],
  ])('on %s is %s ms for calls of one second', (name, expected) => {
    expect(idealMs(scenarios[name]!.rules(), second(1_000))).toBe(expected);
  });

  it('depends on the slots without a limit', () => {
    const unlimited = { requests: new TokenBucket({ perMinute: 1e9, burst: 1e9 }) };
    expect(idealMs(unlimited, second(1_000), 10)).toBe(100_000);
  });

  it('depends on the tokens if those are limited', () => {
    const workload = makeWorkload(1);
    const total = workload.reduce((sum, call) => sum + tokensOf(call), 0);
    const leastMs = ((total - 50_000) / 500_000) * 60_000;
    const ms = idealMs(scenarios.tokens!.rules(), workload)!;
    expect(ms).toBeGreaterThan(leastMs);
    expect(ms).toBeLessThan(leastMs + 2_100);
  });
});

describe('goDuration', () => {
  it.each([
    [0, '0s'],
    [12, '12ms'],
    [1_000, '1s'],
    [7_660, '7.66s'],
    [60_000, '1m0s'],
    [360_005, '6m0.005s'],
    [3_723_000, '1h2m3s'],
  ])('%s ms is %s', (ms, text) => {
    expect(goDuration(ms)).toBe(text);
  });
});
