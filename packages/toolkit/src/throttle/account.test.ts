import { describe, expect, it } from 'vitest';
import { aiError, openAiBody } from '../classify/testing/provider-errors.ts';
import { VirtualClock } from '../testing/virtual-clock.ts';
import { Throttle } from './throttle.ts';

function setUp() {
  const clock = new VirtualClock();
  const throttle = new Throttle({ clock, random: () => 0 });
  /** Sends a call, lets it take 10 ms, and ends it: with an error where one is given. */
  const call = async (error?: unknown, request: { readonly retry?: boolean } = {}): Promise<boolean> => {
    const permit = await clock.runUntilSettled(throttle.acquire(request));
    await clock.advance(10);
    if (error === undefined) permit.succeeded();
    else permit.failed(error);
    return permit.isProbe;
  };
  return { clock, throttle, call };
}

describe('an overloaded server', () => {
  /** The estimated rate after 400 calls of which every so many is refused as overloaded. */
  async function rateWhenOverloaded(every: number): Promise<number | undefined> {
    const { throttle, call } = setUp();
    for (let sent = 1; sent <= 400; sent += 1) await call(sent % every === 0 ? aiError(503) : undefined);
    return throttle.stats.limits.adaptivePerMinute;
  }

  it.each([5, 10])('slows the rate where one reply in %i is overloaded', async (every) => {
    expect(await rateWhenOverloaded(every)).toBeGreaterThan(0);
  });

  it.each([20, 50])('slows nothing where one reply in %i is overloaded', async (every) => {
    expect(await rateWhenOverloaded(every)).toBeUndefined();
  });

  it('slows nothing by errors that are not about the load, however many', async () => {
    const { throttle, call } = setUp();
    for (let sent = 1; sent <= 400; sent += 1) await call(sent % 3 === 0 ? aiError(500) : undefined);
    expect(throttle.stats.limits.adaptivePerMinute).toBeUndefined();
  });
});

describe('slow_down', () => {
  const exhausted = { 'x-ratelimit-limit-requests': '60', 'x-ratelimit-remaining-requests': '0' };

  it('slows the rate even where an exhausted limit explains the refusal', async () => {
    const { throttle, call } = setUp();
    await call();
    await call(aiError(429, openAiBody('slow_down'), exhausted));
    expect(throttle.stats.limits).toMatchObject({
      requestsPerMinute: 60,
      adaptivePerMinute: expect.any(Number),
    });
  });

  it('is the only refusal that does: another is waited out with its limit', async () => {
    const { throttle, call } = setUp();
    await call();
    await call(aiError(429, openAiBody('rate_limit_exceeded'), exhausted));
    expect(throttle.stats.limits).toMatchObject({ requestsPerMinute: 60, adaptivePerMinute: undefined });
  });
});

describe('a probe', () => {
  it('goes when it is due, although it repeats a failed call and the retry budget is empty', async () => {
    const { clock, throttle, call } = setUp();
    // Five retries are there to begin with, and new calls earn a tenth of one each.
    for (let failed = 0; failed < 10; failed += 1) await call(aiError(500), { retry: failed < 6 });
    expect(throttle.stats.givesUp).toBeDefined();
    const openedAt = clock.now();
    expect(await call(aiError(500), { retry: true })).toBe(true);
    expect(clock.now() - openedAt).toBe(1_010);
    expect(await call(undefined, { retry: true })).toBe(true);
    expect(clock.now() - openedAt).toBe(1_010 + 2_010);
  });

  it('costs no retry budget', async () => {
    const { clock, throttle, call } = setUp();
    for (let failed = 0; failed < 10; failed += 1) await call(aiError(500));
    // One retry was earned by the ten, and five were there: a probe takes none of them.
    for (let probes = 0; probes < 10; probes += 1) await call(aiError(500), { retry: true });
    throttle.reset();
    const resetAt = clock.now();
    for (let retries = 0; retries < 6; retries += 1) await call(new Error('odd'), { retry: true });
    expect(clock.now() - resetAt).toBe(60);
    await call(new Error('odd'), { retry: true });
    expect(clock.now() - resetAt).toBeGreaterThan(10_000);
  });
});
