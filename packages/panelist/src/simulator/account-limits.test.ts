import { VirtualClock } from '@panelist/toolkit/testing';
import fc from 'fast-check';
import { afterEach, describe, expect, it } from 'vitest';
import { AccountLimits, goDuration, type Refusal } from './account-limits.ts';
import type { SimulatorOptions } from './options.ts';
import { type Simulator, startSimulator } from './server.ts';
import { readReply } from './testing/client.ts';

const unlimited = {
  requestsPerMinute: null,
  requestsPerMinuteThen: null,
  tokensPerMinute: null,
  burstMs: 60_000,
  quotaAfter: null,
};

function waitOf(refusal: Refusal | null): number {
  return refusal === null || refusal.reason === 'quota' ? 0 : refusal.waitMs;
}

describe('AccountLimits', () => {
  it('admits a burst, refuses the next request, and reports the shortest wait after which it is admitted', async () => {
    const clock = new VirtualClock();
    const limits = new AccountLimits({ ...unlimited, requestsPerMinute: 60, burstMs: 3_000 }, clock);
    expect([1, 2, 3].map(() => limits.admit(10))).toEqual([null, null, null]);
    expect(limits.admit(10)).toEqual({ reason: 'requests', perMinute: 60, waitMs: 1_000 });
    await clock.advance(999);
    expect(limits.admit(10)).toMatchObject({ waitMs: 1 });
    await clock.advance(1);
    expect(limits.admit(10)).toBeNull();
  });

  it('charges replies to the tokens, even into debt', () => {
    const limits = new AccountLimits(
      { ...unlimited, tokensPerMinute: 6_000, burstMs: 1_000 },
      new VirtualClock(),
    );
    expect(limits.admit(60)).toBeNull();
    limits.charge(140);
    // 100 − 200 tokens left, 10 wanted, 0.1 a millisecond.
    expect(limits.admit(10)).toEqual({ reason: 'tokens', perMinute: 6_000, waitMs: 1_100 });
  });

  it('admits a request larger than the burst when the bucket is full', async () => {
    const clock = new VirtualClock();
    const limits = new AccountLimits({ ...unlimited, tokensPerMinute: 600, burstMs: 1_000 }, clock);
    expect(limits.admit(50)).toBeNull();
    await clock.advance(waitOf(limits.admit(50)));
    expect(limits.admit(50)).toBeNull();
  });

  it('never admits more than rate × time + burst, and the reported wait is always enough', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 5_000 }),
        fc.integer({ min: 1, max: 60_000 }),
        fc.array(fc.integer({ min: 0, max: 5_000 }), { maxLength: 40 }),
        async (requestsPerMinute, burstMs, pauses) => {
          const clock = new VirtualClock();
          const limits = new AccountLimits({ ...unlimited, requestsPerMinute, burstMs }, clock);
          let admitted = 0;
          for (const pause of pauses) {
            await clock.advance(pause);
            const waitMs = waitOf(limits.admit(1));
            if (waitMs > 0) {
              await clock.advance(waitMs);
              expect(limits.admit(1)).toBeNull();
            }
            admitted++;
          }
          const perMs = requestsPerMinute / 60_000;
          expect(admitted).toBeLessThanOrEqual(Math.max(1, perMs * burstMs) + perMs * clock.now() + 1e-3);
        },
      ),
      { numRuns: 30 },
    );
  });
});

describe('a limit that changes', () => {
  const later = (perMinute: number, changes: object = {}): [AccountLimits, VirtualClock] => {
    const clock = new VirtualClock();
    const requestsPerMinuteThen = { perMinute, afterMs: 5_000 };
    const options = { ...unlimited, requestsPerMinute: 6_000, requestsPerMinuteThen, burstMs: 1_000 };
    return [new AccountLimits({ ...options, ...changes }, clock), clock];
  };
  const admitted = (limits: AccountLimits): number => {
    let count = 0;
    while (count < 2_000 && limits.admit(1) === null) count++;
    return count;
  };

  it('happens at its time after the first request, and cuts the level to the new capacity', async () => {
    const [limits, clock] = later(2_400);
    await clock.advance(60_000);
    expect(admitted(limits)).toBe(100);
    await clock.advance(4_999);
    expect(limits.headers()).toMatchObject({
      'x-ratelimit-limit-requests': '6000',
      'x-ratelimit-remaining-requests': '100',
    });
    await clock.advance(1);
    expect(limits.headers()).toMatchObject({
      'x-ratelimit-limit-requests': '2400',
      'x-ratelimit-remaining-requests': '40',
    });
    expect(admitted(limits)).toBe(40);
    expect(limits.admit(1)).toEqual({ reason: 'requests', perMinute: 2_400, waitMs: 25 });
    await clock.advance(500);
    expect(admitted(limits)).toBe(20);
  });

  it('happens at its time without requests: the old rate fills the bucket until then', async () => {
    const [limits, clock] = later(12_000, { burstMs: 10_000 });
    expect(admitted(limits)).toBe(1_000);
    await clock.advance(8_000);
    // 5 seconds at 100, 3 seconds at 200.
    expect(admitted(limits)).toBe(1_100);
  });

  it('can be an increase, or the first limit', async () => {
    const [higher, clock] = later(60_000);
    expect(admitted(higher)).toBe(100);
    await clock.advance(5_100);
    // Full at 100 when it changed, and then 1 a millisecond.
    expect(admitted(higher)).toBe(200);
    const [first, otherClock] = later(600, { requestsPerMinute: null });
    expect(admitted(first)).toBe(2_000);
    await otherClock.advance(5_000);
    expect(admitted(first)).toBe(10);
  });
});

it.each([
  [0, '0s'],
  [11.2, '12ms'],
  [1_000, '1s'],
  [1_500, '1.5s'],
  [360_000, '6m0s'],
  [3_723_000, '1h2m3s'],
])('goDuration(%d) is %s', (ms, text) => {
  expect(goDuration(ms)).toBe(text);
});

describe('over HTTP', () => {
  let simulator: Simulator;
  afterEach(() => simulator.close());

  async function askTwice(options: SimulatorOptions): Promise<[Response, Response]> {
    simulator = await startSimulator({ clock: new VirtualClock(), ...options });
    const ask = (): Promise<Response> =>
      fetch(`${simulator.url}/chat/completions`, {
        method: 'POST',
        body: JSON.stringify({ model: 'simulator', messages: [{ role: 'user', content: 'x'.repeat(400) }] }),
      });
    return [await ask(), await ask()];
  }

  function limitHeadersOf(response: Response): Record<string, string> {
    return Object.fromEntries([...response.headers].filter(([name]) => /retry|ratelimit/.test(name)));
  }

  it('reports limit, remaining and reset of both limits, and the wait', async () => {
    const [first, second] = await askTwice({ requestsPerMinute: 6, tokensPerMinute: 6_000, burstMs: 10_000 });
    const { usage } = await readReply(first);
    expect(limitHeadersOf(first)).toEqual({
      'x-ratelimit-limit-requests': '6',
      'x-ratelimit-remaining-requests': '0',
      'x-ratelimit-reset-requests': '10s',
      'x-ratelimit-limit-tokens': '6000',
      'x-ratelimit-remaining-tokens': String(1_000 - usage.total_tokens),
      'x-ratelimit-reset-tokens': goDuration(usage.total_tokens * 10),
    });
    expect(second.status).toBe(429);
    expect(limitHeadersOf(second)).toMatchObject({
      'retry-after': '10',
      'retry-after-ms': '10000',
      'x-ratelimit-remaining-requests': '0',
    });
    expect((await readReply(second)).error).toMatchObject({ type: 'requests', code: 'rate_limit_exceeded' });
    expect(simulator.requests()).toMatchObject({ rateLimited: 1, faults: {}, byStatus: { 200: 1, 429: 1 } });
  });

  it('reports that tokens are the exceeded limit', async () => {
    const [, second] = await askTwice({ tokensPerMinute: 120 });
    expect((await readReply(second)).error.type).toBe('tokens');
  });

  it('gives no Retry-After with the fault that has none', async () => {
    const [planted] = await askTwice({ requestsPerMinute: 60, faults: { rateLimitWithoutHint: 1 } });
    expect([planted.status, limitHeadersOf(planted)]).toEqual([429, {}]);
  });

  it('hides all headers except retry-after, or all headers', async () => {
    const limits = { requestsPerMinute: 6, burstMs: 10_000 };
    const [, some] = await askTwice({ ...limits, rateLimitHeaders: 'retry-after' });
    expect(Object.keys(limitHeadersOf(some)).sort()).toEqual(['retry-after', 'retry-after-ms']);
    await simulator.close();
    const [served, none] = await askTwice({ ...limits, rateLimitHeaders: 'none' });
    expect([none.status, limitHeadersOf(served), limitHeadersOf(none)]).toEqual([429, {}, {}]);
  });
});
