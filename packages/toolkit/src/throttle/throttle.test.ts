import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { aiError } from '../classify/testing/provider-errors.ts';
import { ToolkitError } from '../errors/toolkit-error.ts';
import { VirtualClock } from '../testing/virtual-clock.ts';
import { Throttle } from './throttle.ts';
import type { ThrottleOptions } from './throttle-options.ts';

function setUp(options: ThrottleOptions = {}) {
  const clock = new VirtualClock();
  const throttle = new Throttle({ clock, random: () => 0, ...options });
  /** Begins calls that succeed after `latencyMs`, and writes down when each began. */
  const begin = (
    count: number,
    latencyMs = 0,
    tokens?: number,
  ): { startedAt: number[]; all: Promise<void> } => {
    const startedAt: number[] = [];
    const one = async (): Promise<void> => {
      const permit = await throttle.acquire({ tokens });
      startedAt.push(clock.now());
      await new Promise<void>((resolve) => clock.setTimer(resolve, latencyMs));
      permit.succeeded();
    };
    return { startedAt, all: Promise.all(Array.from({ length: count }, one)).then(() => {}) };
  };
  return { clock, throttle, begin };
}

/** What headers say that promise more than there is. */
const generous = (limit: number): Record<string, string> => ({
  'x-ratelimit-limit-requests': String(limit),
  'x-ratelimit-remaining-requests': String(limit),
});

describe('a given limit of requests', () => {
  it('is used, evenly', async () => {
    const { clock, begin } = setUp({ requestsPerMinute: 600 });
    const { startedAt, all } = begin(601);
    await clock.runUntilSettled(all);
    expect(startedAt[10]).toBeGreaterThanOrEqual(990);
    expect(startedAt[10]).toBeLessThan(1_020);
    expect(startedAt[600]).toBeGreaterThanOrEqual(60_000);
    expect(startedAt[600]).toBeLessThan(60_700);
  });

  it('is never passed in any 60 seconds, whatever headers claim and however calls arrive', async () => {
    const arrival = fc.record({ gapMs: fc.nat(4_000), count: fc.integer({ min: 1, max: 40 }) });
    const scenario = fc.record({
      requestsPerMinute: fc.integer({ min: 1, max: 120 }),
      burstMs: fc.integer({ min: 0, max: 60_000 }),
      claimed: fc.integer({ min: 1, max: 1_000_000 }),
      latencyMs: fc.nat(3_000),
      arrivals: fc.array(arrival, { minLength: 1, maxLength: 6 }),
    });
    await fc.assert(
      fc.asyncProperty(scenario, async ({ claimed, latencyMs, arrivals, ...options }) => {
        const { clock, throttle } = setUp(options);
        const startedAt: number[] = [];
        const calls: Promise<void>[] = [];
        const call = async (): Promise<void> => {
          const permit = await throttle.acquire();
          startedAt.push(clock.now());
          await new Promise<void>((resolve) => clock.setTimer(resolve, latencyMs));
          permit.succeeded({ headers: generous(claimed) });
        };
        for (const { gapMs, count } of arrivals) {
          await clock.advance(gapMs);
          for (let i = 0; i < count; i++) calls.push(call());
        }
        await clock.runUntilSettled(Promise.all(calls));
        expect(startedAt).toHaveLength(calls.length);
        const { requestsPerMinute } = options;
        const excess = startedAt.findIndex(
          (at, i) => at - (startedAt[i - requestsPerMinute] ?? -1e9) < 60_000,
        );
        expect(excess).toBe(-1);
        expect(clock.pendingTimers).toBe(0);
      }),
      { numRuns: 40 },
    );
  });

  it('is what stats tell of, and of a learned one the tighter', () => {
    const { throttle } = setUp({ requestsPerMinute: 600 });
    const permit = throttle.tryAcquire();
    expect(throttle.stats.limits.requestsPerMinute).toBe(600);
    permit!.succeeded({ headers: { ...generous(300), 'x-ratelimit-limit-tokens': '90000' } });
    expect(throttle.stats.limits).toMatchObject({ requestsPerMinute: 300, tokensPerMinute: 90_000 });
  });
});

describe('a given limit of tokens', () => {
  const MINUTE = 60_000;
  /** A token a millisecond. When the second call may begin, of 1,000 as the first was. */
  const secondAt = async (tokens: number | undefined, used: number | undefined): Promise<number> => {
    const { clock, throttle } = setUp({ tokensPerMinute: MINUTE });
    throttle.tryAcquire({ tokens })!.succeeded({ tokens: used });
    const { resolve, promise } = Promise.withResolvers<number>();
    throttle.acquire({ tokens }).then(() => resolve(clock.now()));
    return clock.runUntilSettled(promise);
  };

  it('holds the estimate back until the reply tells the usage', async () => {
    const { clock, throttle, begin } = setUp({ tokensPerMinute: MINUTE });
    const first = throttle.tryAcquire({ tokens: 30_000 })!;
    const { startedAt } = begin(1, 0, 50);
    await clock.advance(10_000);
    expect(startedAt).toEqual([]);
    expect(throttle.stats.waitingFor).toMatchObject({ reason: 'tokens' });
    first.succeeded({ tokens: 9_000 });
    await clock.advance(0);
    expect(startedAt).toEqual([10_000]);
  });

  it.each([
    [1_000, 1_000, 1_000],
    [1_000, 5_000, 5_000],
    [1_000, undefined, 1_000],
    [undefined, 5_000, 5_000],
  ])('estimated at %s and used %s, holds the next for %i ms', async (estimate, used, expected) => {
    const at = await secondAt(estimate, used);
    expect(at).toBeGreaterThan(expected - 110);
    expect(at).toBeLessThan(expected * 1.01 + 10);
  });

  it('gives back what was estimated and not used', async () => {
    expect(await secondAt(10_000, 50)).toBeLessThanOrEqual(60);
  });

  it('is never passed in any 60 seconds by more than the last call', async () => {
    const cost = fc.record({
      used: fc.integer({ min: 1, max: 5_000 }),
      share: fc.double({ min: 0.2, max: 3, noNaN: true }),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(cost, { minLength: 2, maxLength: 60 }), async (costs) => {
        const { clock, throttle } = setUp({ tokensPerMinute: 20_000 });
        const sent: { at: number; used: number }[] = [];
        // One at a time: what is under way has told nothing yet.
        for (const { used, share } of costs) {
          const permit = await clock.runUntilSettled(throttle.acquire({ tokens: Math.round(used * share) }));
          sent.push({ at: clock.now(), used });
          permit.succeeded({ tokens: used });
        }
        for (const [i, { at, used }] of sent.entries()) {
          const before = sent.slice(0, i).filter((each) => each.at > at - 60_000);
          expect(before.reduce((sum, each) => sum + each.used, 0)).toBeLessThanOrEqual(20_000 + 1);
          expect(used).toBeLessThanOrEqual(5_000);
        }
      }),
      { numRuns: 40 },
    );
  });
});

describe('maxConcurrency', () => {
  it('is never passed, and everyone has a turn, however calls end', async () => {
    const call = fc.record({
      latencyMs: fc.nat(2_000),
      end: fc.constantFrom('succeeded', 'refused', 'failed', 'abandoned', 'twice'),
    });
    const scenario = fc.tuple(fc.integer({ min: 1, max: 12 }), fc.array(call, { maxLength: 60 }));
    await fc.assert(
      fc.asyncProperty(scenario, async ([maxConcurrency, calls]) => {
        const { clock, throttle } = setUp({ maxConcurrency });
        let underWay = 0;
        let most = 0;
        const all = calls.map(async ({ latencyMs, end }) => {
          const permit = await throttle.acquire();
          most = Math.max(most, ++underWay);
          expect(throttle.stats.inFlight).toBeLessThanOrEqual(maxConcurrency);
          await new Promise<void>((resolve) => clock.setTimer(resolve, latencyMs));
          underWay -= 1;
          if (end === 'refused') permit.failed(aiError(429));
          else if (end === 'failed') permit.failed(new Error('boom'));
          else if (end === 'abandoned') permit.abandoned();
          else permit.succeeded();
          if (end === 'twice') for (const again of ['succeeded', 'abandoned'] as const) permit[again]();
        });
        await clock.runUntilSettled(Promise.all(all));
        expect(most).toBeLessThanOrEqual(maxConcurrency);
        expect(throttle.stats).toMatchObject({ inFlight: 0, waiting: 0, requests: calls.length });
        expect(clock.pendingTimers).toBe(0);
      }),
      { numRuns: 60 },
    );
  });

  it('is used: the place that a call gives back is taken at once', async () => {
    const { clock, begin } = setUp({ maxConcurrency: 4 });
    const { startedAt, all } = begin(12, 1_000);
    await clock.runUntilSettled(all);
    expect(startedAt[3]).toBeLessThan(100);
    expect(startedAt[4]).toBe(1_000);
    expect(startedAt[11]).toBeLessThan(2_100);
  });
});

describe('tryAcquire', () => {
  it('is the permit, or undefined where the call would wait; then nothing is counted', async () => {
    const { clock, throttle } = setUp({ maxConcurrency: 1 });
    const permit = throttle.tryAcquire();
    expect(throttle.tryAcquire()).toBeUndefined();
    expect(throttle.stats).toMatchObject({ requests: 1, inFlight: 1, waiting: 0 });
    permit!.succeeded();
    await clock.advance(10);
    expect(throttle.tryAcquire()).toBeDefined();
  });

  it('does not overtake those who wait', async () => {
    const { clock, throttle } = setUp({ maxConcurrency: 1, tokensPerMinute: 60_000 });
    throttle.tryAcquire({ tokens: 10_000 })!.succeeded();
    const waiting = throttle.acquire({ tokens: 10_000 });
    await clock.advance(9_950);
    // There is room for one token by now, and none for the rest of the estimate.
    expect(throttle.tryAcquire({ tokens: 1 })).toBeUndefined();
    await clock.runUntilSettled(waiting);
  });

  it('is undefined for an aborted signal', () => {
    expect(setUp().throttle.tryAcquire({ signal: AbortSignal.abort() })).toBeUndefined();
  });
});

it.each<[string, unknown]>([
  ['requestsPerMinute', 0],
  ['requestsPerMinute', Number.NaN],
  ['requestsPerMinute', Number.POSITIVE_INFINITY],
  ['tokensPerMinute', -1],
  ['tokensPerMinute', '500'],
  ['maxConcurrency', 0],
  ['maxConcurrency', 1.5],
  ['initialConcurrency', 0],
  ['burstMs', -1],
  ['burstMs', Number.NaN],
  ['maxOutageMs', -1],
  ['maxFirstOutageMs', Number.NaN],
  ['onEvent', 'log'],
])('refuses %s: %j', (name, value) => {
  const make = (): Throttle => new Throttle({ [name]: value });
  expect(make).toThrow(ToolkitError);
  expect(make).toThrow(
    expect.objectContaining({ code: 'INVALID_OPTION', message: expect.stringContaining(name) }),
  );
});

/** A number in a header that may be anything, but no limit that would have to be believed. */
const nonsense = fc.oneof(
  fc.constantFrom(
    'NaN',
    '-1',
    '-500',
    'Infinity',
    '',
    ' ',
    '0',
    'null',
    '1e999',
    '0x10',
    '1,000',
    '[object Object]',
  ),
  fc.string(),
);
const anything = fc.oneof(
  fc.anything({ withNullPrototype: true, withObjectString: true }),
  fc.constantFrom(Number.NaN, Number.POSITIVE_INFINITY, -1, 1e308, '12'),
);
const names = ['requests', 'tokens'].flatMap((of) =>
  ['limit', 'remaining', 'reset'].flatMap((what) => [
    `x-ratelimit-${what}-${of}`,
    `anthropic-ratelimit-${of}-${what}`,
  ]),
);

describe('hostile input', () => {
  it('neither stops the calls nor spoils the figures', async () => {
    const headers = fc.oneof(anything, fc.dictionary(fc.constantFrom(...names, 'retry-after-x'), nonsense));
    const call = fc.record({ tokens: anything, used: anything, headers, error: fc.option(anything) });
    await fc.assert(
      fc.asyncProperty(fc.array(call, { maxLength: 12 }), async (calls) => {
        const { clock, throttle } = setUp({ tokensPerMinute: 60_000 });
        for (const { tokens, used, headers: told, error } of calls) {
          const permit = await clock.runUntilSettled(throttle.acquire({ tokens: tokens as number }));
          const report = { headers: told, tokens: used as number };
          if (error === null) permit.succeeded(report);
          else permit.failed(error, report);
        }
        const { limits, ...figures } = throttle.stats;
        for (const figure of Object.values({ ...figures, ...limits })) {
          if (typeof figure === 'number') expect(figure).toSatisfy(Number.isFinite);
        }
        expect(throttle.stats).toMatchObject({ requests: calls.length, inFlight: 0 });
        expect(clock.pendingTimers).toBe(0);
      }),
      { numRuns: 300 },
    );
  });

  it.each([Number.NaN, -5_000, Number.POSITIVE_INFINITY, 1e308, '9000', null, 1e-300])(
    'of %s tokens leaves the limit of tokens what it is',
    async (rubbish) => {
      const { clock, throttle, begin } = setUp({ tokensPerMinute: 60_000 });
      const permit = throttle.tryAcquire({ tokens: rubbish as number })!;
      permit.succeeded({ tokens: rubbish as number });
      const { startedAt, all } = begin(20, 0, 1_000);
      await clock.runUntilSettled(all);
      // 1,000 tokens a second: neither lifted nor blocked.
      expect(startedAt[19]).toBeGreaterThan(18_000);
      expect(startedAt[19]).toBeLessThan(20_500);
    },
  );

  it('cannot break off a settlement halfway', async () => {
    const { clock, throttle } = setUp({ maxConcurrency: 1 });
    const trap = new Proxy(
      {},
      {
        get: () => {
          throw new Error('trap');
        },
      },
    );
    for (const settle of ['succeeded', 'refused'] as const) {
      const permit = await clock.runUntilSettled(throttle.acquire());
      const next = throttle.acquire();
      if (settle === 'succeeded') permit.succeeded(trap);
      else permit.failed(trap, trap);
      (await clock.runUntilSettled(next)).abandoned();
    }
    expect(throttle.stats).toMatchObject({ requests: 4, succeeded: 1, failed: 1, inFlight: 0, waiting: 0 });
  });

  it('settles a permit once: what comes after changes nothing', () => {
    const { throttle } = setUp();
    const permit = throttle.tryAcquire()!;
    permit.succeeded({ tokens: 10 });
    const { stats } = throttle;
    permit.succeeded({ tokens: 10 });
    permit.failed(aiError(429, {}, { 'retry-after': '60' }));
    permit.abandoned();
    expect(throttle.stats).toEqual(stats);
    expect(stats).toMatchObject({ inFlight: 0, succeeded: 1, refused: 0, tokens: 10 });
  });
});
