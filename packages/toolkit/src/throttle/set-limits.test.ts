import { describe, expect, it } from 'vitest';
import { VirtualClock } from '../testing/virtual-clock.ts';
import { Throttle } from './throttle.ts';
import type { ThrottleOptions } from './throttle-options.ts';

function setUp(options: ThrottleOptions) {
  const clock = new VirtualClock();
  const throttle = new Throttle({ clock, random: () => 0, initialConcurrency: 1_000, ...options });
  const startedAt: number[] = [];
  const begin = (count: number, tokens?: number): void => {
    for (let call = 0; call < count; call += 1) {
      throttle.acquire({ tokens }).then((permit) => {
        startedAt.push(clock.now());
        permit.succeeded({ tokens });
      });
    }
  };
  const startedBy = async (ms: number): Promise<number> => {
    await clock.advance(ms);
    return startedAt.length;
  };
  return { throttle, begin, startedBy };
}

describe('setLimits', () => {
  it('raises a limit of requests for the calls that wait', async () => {
    const { throttle, begin, startedBy } = setUp({ requestsPerMinute: 60 });
    begin(200);
    expect(await startedBy(2_500)).toBe(3);
    throttle.setLimits({ requestsPerMinute: 6_000 });
    expect(throttle.stats.limits.requestsPerMinute).toBe(6_000);
    expect(await startedBy(1_000)).toBeGreaterThan(90);
  });

  it('lowers a limit of requests, and what was sent before counts', async () => {
    const { throttle, begin, startedBy } = setUp({ requestsPerMinute: 6_000 });
    begin(200);
    const before = await startedBy(1_000);
    throttle.setLimits({ requestsPerMinute: 60 });
    expect((await startedBy(2_500)) - before).toBeLessThanOrEqual(3);
    expect((await startedBy(1_000)) - before).toBeGreaterThan(1);
  });

  it('keeps the debt of a call that took more tokens than the new limit holds', async () => {
    const { throttle, begin, startedBy } = setUp({ tokensPerMinute: 60_000 });
    begin(1, 30_000);
    expect(await startedBy(0)).toBe(1);
    throttle.setLimits({ tokensPerMinute: 120_000 });
    begin(1, 10);
    expect(await startedBy(10_000)).toBe(1);
    expect(await startedBy(10_000)).toBe(2);
  });

  it('removes a limit that is left out', async () => {
    const { throttle, begin, startedBy } = setUp({ requestsPerMinute: 60, maxConcurrency: 1 });
    begin(100);
    throttle.setLimits({});
    expect(throttle.stats.limits.requestsPerMinute).toBeUndefined();
    expect(await startedBy(0)).toBe(100);
  });

  it('changes how many calls are under way at once', async () => {
    const { throttle } = setUp({ maxConcurrency: 1 });
    const first = await throttle.acquire();
    expect(throttle.tryAcquire()).toBeUndefined();
    const second = throttle.acquire();
    throttle.setLimits({ maxConcurrency: 2 });
    (await second).succeeded();
    throttle.setLimits({ maxConcurrency: 1 });
    expect(throttle.tryAcquire()).toBeUndefined();
    first.succeeded();
    expect(throttle.tryAcquire()).toBeDefined();
  });

  it('refuses limits that are none, and leaves those there are', () => {
    const { throttle } = setUp({ requestsPerMinute: 60 });
    const invalid = expect.objectContaining({ code: 'INVALID_OPTION' });
    expect(() => throttle.setLimits({ requestsPerMinute: 0 })).toThrow(invalid);
    expect(() => throttle.setLimits({ maxConcurrency: 0.5 })).toThrow(invalid);
    expect(throttle.stats.limits.requestsPerMinute).toBe(60);
  });
});
