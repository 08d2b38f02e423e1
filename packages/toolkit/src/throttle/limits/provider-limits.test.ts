import { describe, expect, it } from 'vitest';
import { headerLookup } from '../../classify/rate-limit-headers.ts';
import { VirtualClock } from '../../testing/virtual-clock.ts';
import { ProviderLimits, type Reservation } from './provider-limits.ts';

type Told = Partial<Record<'requests' | 'tokens', readonly [limit: number, remaining: number]>>;

/** What OpenAI's headers say. */
function headers(told: Told) {
  const lines = Object.entries(told).flatMap(([dimension, [limit, remaining]]) => [
    [`x-ratelimit-limit-${dimension}`, String(limit)],
    [`x-ratelimit-remaining-${dimension}`, String(remaining)],
  ]);
  return headerLookup(Object.fromEntries(lines))!;
}

function setUp(given: { requestsPerMinute?: number; tokensPerMinute?: number } = {}) {
  const clock = new VirtualClock();
  const limits = new ProviderLimits({
    requestsPerMinute: given.requestsPerMinute,
    tokensPerMinute: given.tokensPerMinute,
    burstMs: 100,
    clock,
  });
  /** A call whose reply came 100 ms later. */
  const call = async (tokens: number): Promise<Reservation> => {
    const reservation = limits.send(tokens);
    await clock.advance(100);
    return reservation;
  };
  return { clock, limits, call };
}

describe('where nothing is known', () => {
  it('no call waits, and there is no limit', () => {
    const { limits } = setUp();
    for (let sent = 0; sent < 1_000; sent++) limits.send(1_000);
    expect(limits.waitMs(1_000).ms).toBe(0);
    expect(limits.requestsPerMinute).toBeUndefined();
    expect(limits.tokensPerMinute).toBeUndefined();
  });
});

describe('limits that were given', () => {
  it('hold requests back', () => {
    const { limits } = setUp({ requestsPerMinute: 60 });
    expect(limits.waitMs(1_000_000).ms).toBe(0);
    limits.send(1_000_000);
    expect(limits.waitMs(0)).toEqual({ ms: 1_000, reason: 'rate' });
    expect(limits.requestsPerMinute).toBe(60);
  });

  it('hold tokens back', async () => {
    const { clock, limits } = setUp({ tokensPerMinute: 60_000 });
    limits.send(100);
    const wait = limits.waitMs(50);
    expect(wait.reason).toBe('tokens');
    expect(wait.ms).toBeCloseTo(50, 0);
    expect(limits.waitMs(0).ms).toBe(0);
    await clock.advance(Math.ceil(wait.ms));
    expect(limits.waitMs(50).ms).toBe(0);
    expect(limits.tokensPerMinute).toBe(60_000);
  });

  it('are waited for together: the longer one says how long and for what', () => {
    const { limits } = setUp({ requestsPerMinute: 60, tokensPerMinute: 60_000 });
    limits.send(100);
    expect(limits.waitMs(50)).toEqual({ ms: 1_000, reason: 'rate' });
    limits.send(5_000);
    expect(limits.waitMs(50).reason).toBe('tokens');
    expect(limits.waitMs(50).ms).toBeGreaterThan(2_000);
  });

  it('are settled by what a call has taken', () => {
    const { limits } = setUp({ tokensPerMinute: 60_000 });
    const much = limits.send(100);
    expect(limits.waitMs(60).ms).toBeGreaterThan(0);
    limits.settle(much, 100, 40);
    expect(limits.waitMs(60).ms).toBe(0);
    limits.settle(limits.send(10), 10, 1_060);
    expect(limits.waitMs(50).ms).toBeGreaterThan(1_000);
  });
});

describe('limits that responses tell', () => {
  it.each([
    ['requests', { requests: [60, 0] }, 'rate', 1_000],
    ['tokens', { tokens: [60_000, 0] }, 'tokens', 500],
  ] as const)('of %s are followed', async (_dimension, told, reason, waitMs) => {
    const { limits, call } = setUp();
    expect(limits.observe(await call(500), headers(told))).toBe(true);
    expect(limits.waitMs(500)).toEqual({ ms: waitMs, reason });
  });

  it('of tokens are settled by what a call has taken', async () => {
    const { limits, call } = setUp();
    limits.observe(await call(100), headers({ tokens: [6_000, 1_000] }));
    const reservation = limits.send(100);
    expect(limits.waitMs(500).ms).toBe(0);
    limits.settle(reservation, 100, 900);
    expect(limits.waitMs(500).reason).toBe('tokens');
    expect(limits.waitMs(500).ms).toBeGreaterThan(1_000);
  });

  it("are Anthropic's too", async () => {
    const { limits, call } = setUp();
    const told = headerLookup({
      'anthropic-ratelimit-requests-limit': '60',
      'anthropic-ratelimit-requests-remaining': '0',
      'anthropic-ratelimit-input-tokens-limit': '1000',
      'anthropic-ratelimit-input-tokens-remaining': '0',
    })!;
    expect(limits.observe(await call(500), told)).toBe(true);
    expect(limits.requestsPerMinute).toBe(60);
    // `tokens` is the tighter of input and output; one of them alone says too little.
    expect(limits.tokensPerMinute).toBeUndefined();
  });

  it('are learned only if both the limit and what remains are reported', async () => {
    const { limits, call } = setUp();
    const tell = async (name: string) => limits.observe(await call(1), headerLookup({ [name]: '60' })!);
    expect(await tell('x-ratelimit-limit-requests')).toBe(false);
    expect(await tell('x-ratelimit-remaining-tokens')).toBe(false);
    expect(await tell('content-length')).toBe(false);
    expect(limits.waitMs(1).ms).toBe(0);
  });

  it('and those given: the tighter holds', async () => {
    const { limits, call } = setUp({ requestsPerMinute: 600, tokensPerMinute: 600 });
    limits.observe(await call(1), headers({ requests: [60, 0], tokens: [6_000_000, 5_000_000] }));
    expect([limits.requestsPerMinute, limits.tokensPerMinute]).toEqual([60, 600]);
    expect(limits.waitMs(0).ms).toBe(1_000);
    limits.observe(await call(1), headers({ requests: [60_000, 50_000] }));
    expect([limits.requestsPerMinute, limits.tokensPerMinute]).toEqual([600, 600]);
    limits.send(0);
    expect(limits.waitMs(0).ms).toBeGreaterThan(50);
  });
});

describe('what to reserve', () => {
  it('is the estimate until calls report what they used, then what is learned from them', () => {
    const { limits } = setUp();
    expect(limits.tokensOf(1_000)).toBe(1_000);
    expect(limits.tokensOf(undefined)).toBe(0);
    for (let count = 0; count < 200; count++) {
      const estimate = 500 + 10 * count;
      limits.settle(limits.send(estimate), estimate, 3 * estimate);
    }
    expect(limits.tokensOf(1_000)).toBeCloseTo(3_000, -1);
  });
});

describe('a refusal', () => {
  it.each<[string, Told, number, boolean]>([
    ['no request remains', { requests: [60, 0] }, 0, true],
    ['requests remain', { requests: [60, 5] }, 1_000, false],
    ['fewer tokens remain than the call takes', { tokens: [60_000, 400] }, 0, true],
    ['tokens remain', { tokens: [60_000, 50_000] }, 1_000, false],
    ['no request remains, though tokens do', { requests: [60, 0], tokens: [60_000, 50_000] }, 1_000, true],
    ['nothing is reported', {}, 1_000, false],
  ])('is explained or not: %s', async (_name, told, waitMs, explained) => {
    const { limits, call } = setUp();
    expect(limits.refused(await call(500), headers(told), waitMs)).toBe(explained);
  });

  it('that is explained makes all calls wait until its Retry-After is over', async () => {
    const { clock, limits, call } = setUp();
    limits.refused(await call(500), headers({ requests: [60, 0] }), 700);
    expect(limits.waitMs(0)).toEqual({ ms: 700, reason: 'rate' });
    await clock.advance(700);
    expect(limits.waitMs(0).ms).toBe(0);
    limits.send(0);
    expect(limits.waitMs(0).ms).toBeGreaterThan(0);
  });

  it('for tokens holds those who take some', async () => {
    const { limits, call } = setUp();
    limits.refused(await call(500), headers({ tokens: [60_000, 100] }), 0);
    expect(limits.waitMs(600).reason).toBe('tokens');
    expect(limits.waitMs(600).ms).toBeGreaterThan(0);
    expect(limits.tokensPerMinute).toBe(60_000);
    expect(limits.requestsPerMinute).toBeUndefined();
  });

  it('that is not explained holds nobody', async () => {
    const { limits, call } = setUp();
    limits.refused(await call(500), headers({ requests: [60, 5], tokens: [60_000, 50_000] }), 1_000);
    expect(limits.waitMs(500).ms).toBe(0);
  });
});
