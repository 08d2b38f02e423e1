import { describe, expect, it } from 'vitest';
import type { ThrottleRequest } from '../retry/call-throttle.ts';
import { VirtualClock } from '../testing/virtual-clock.ts';
import { Throttle } from './throttle.ts';
import type { ThrottleOptions } from './throttle-options.ts';

function setUp(options: ThrottleOptions = {}) {
  const clock = new VirtualClock();
  const throttle = new Throttle({ clock, random: () => 0, ...options });
  const order: string[] = [];
  const call = async (name: string, request: ThrottleRequest, latencyMs = 1_000): Promise<void> => {
    const permit = await throttle.acquire(request);
    order.push(name);
    await new Promise<void>((resolve) => clock.setTimer(resolve, latencyMs));
    permit.succeeded();
  };
  const many = (count: number, request: ThrottleRequest, latencyMs?: number): Promise<unknown> =>
    Promise.all(
      Array.from({ length: count }, (_, i) => call(`${request.group ?? ''}${i}`, request, latencyMs)),
    );
  return { clock, throttle, order, call, many };
}

describe('a group of 10 beside one of 10,000', () => {
  it.each<[string, ThrottleOptions, number]>([
    ['bound by places', { maxConcurrency: 20 }, 1_000],
    ['bound by the rate', { requestsPerMinute: 600 }, 1_000],
    ['bound by the rate, of quick calls', { requestsPerMinute: 600 }, 20],
    ['bound by tokens', { tokensPerMinute: 600_000 }, 1_000],
  ])('takes at most twice its time alone: %s', async (_, options, latencyMs) => {
    const small = { group: 'small', tokens: 1_000 };
    const took = async (beside: number): Promise<number> => {
      const { clock, throttle, many } = setUp(options);
      many(beside, { group: 'large', tokens: 1_000 }, latencyMs);
      await clock.advance(5_000);
      const startMs = clock.now();
      await clock.runUntilSettled(many(10, small, latencyMs));
      if (beside > 0) expect(throttle.stats.waiting).toBeGreaterThan(9_000);
      return clock.now() - startMs;
    };
    const alone = await took(0);
    const beside = await took(10_000);
    expect(alone).toBeGreaterThan(15);
    // Its first turn is the next to come: at ten a second that may take another 100 ms.
    expect(beside).toBeLessThanOrEqual(2 * alone + 100);
  });

  it('takes nothing away from it: the large one has the rest', async () => {
    const { clock, order, many } = setUp({ requestsPerMinute: 600 });
    many(1_000, { group: 'large' });
    await clock.advance(1_000);
    await clock.runUntilSettled(many(10, { group: 'small' }));
    await clock.advance(10_000);
    const since = order.indexOf('small0');
    const next = order.slice(since, since + 100);
    expect(next.filter((name) => name.startsWith('large')).length).toBeGreaterThanOrEqual(85);
  });
});

describe('groups', () => {
  it('have as many under way as each other, however many of them wait', async () => {
    const { clock, order, many } = setUp({ maxConcurrency: 6 });
    many(100, { group: 'a' });
    many(50, { group: 'b' });
    many(25, { group: 'c' });
    await clock.advance(10_000);
    for (const group of ['a', 'b', 'c']) {
      const count = order.filter((name) => name.startsWith(group)).length;
      expect(count).toBeGreaterThanOrEqual(17);
      expect(count).toBeLessThanOrEqual(25);
    }
  });

  it('each keep the order of arrival', async () => {
    const { clock, order, many } = setUp({ maxConcurrency: 4 });
    await clock.runUntilSettled(Promise.all([many(40, { group: 'a' }, 7), many(40, { group: 'b' }, 7)]));
    for (const group of ['a', 'b']) {
      const numbers = order.filter((name) => name.startsWith(group)).map((name) => Number(name.slice(1)));
      expect(numbers).toEqual(Array.from({ length: 40 }, (_, i) => i));
    }
  });

  it('cannot starve each other by coming one by one', async () => {
    const { clock, order, call, many } = setUp({ requestsPerMinute: 30, burstMs: 0 });
    many(1_000, { group: 'large' });
    let stopped = false;
    const loop = async (): Promise<void> => {
      while (!stopped) await call('loop', { group: 'loop' });
    };
    loop();
    await clock.advance(120_000);
    stopped = true;
    const large = order.filter((name) => name.startsWith('large')).length;
    // Half of the 60 calls of two minutes.
    expect(large).toBeGreaterThanOrEqual(28);
    expect(large).toBeLessThanOrEqual(33);
  });

  it('that name none are one', async () => {
    const { clock, order, many } = setUp({ maxConcurrency: 1 });
    await clock.runUntilSettled(Promise.all([many(5, {}), many(5, {})]));
    expect(order).toEqual(['0', '1', '2', '3', '4', '0', '1', '2', '3', '4']);
  });
});

describe('priority', () => {
  it('goes before all that is lower, whatever group and arrival', async () => {
    const { clock, order, many } = setUp({ maxConcurrency: 2 });
    const all = [
      many(20, { group: 'low', priority: -1 }),
      many(20, { group: 'normal' }),
      many(20, { group: 'high', priority: 2 }),
    ];
    await clock.advance(1_500);
    all.push(many(20, { group: 'higher', priority: 2.5 }));
    await clock.runUntilSettled(Promise.all(all));
    // Two of the first arrivals were under way, then two of the high ones.
    const groups = order.map((name) => name.replace(/\d+$/, ''));
    expect(groups.slice(0, 2)).toEqual(['low', 'low']);
    const expected = [2, 20, 18, 20, 18].flatMap((count, i) =>
      Array.from({ length: count }, () => ['high', 'higher', 'high', 'normal', 'low'][i]),
    );
    expect(groups.slice(2)).toEqual(expected);
  });

  it('overtakes 10,000 that wait: a newcomer is next', async () => {
    const { clock, throttle, order, call, many } = setUp({ requestsPerMinute: 60 });
    many(10_000, {});
    await clock.advance(3_000);
    const before = order.length;
    expect(throttle.tryAcquire({ priority: 1 })).toBeUndefined();
    call('urgent', { priority: 1 });
    await clock.advance(1_100);
    expect(order.slice(before)[0]).toBe('urgent');
  });
});

describe('a call that returns from its back-off', () => {
  it('goes to the front of its group, and of no other', async () => {
    const { clock, order, call, many } = setUp({ maxConcurrency: 1 });
    const all = [
      call('first', { group: 'a' }),
      many(3, { group: 'a' }),
      many(3, { group: 'b' }),
      call('returning', { group: 'a', returning: true }),
    ];
    await clock.runUntilSettled(Promise.all(all));
    expect(order).toEqual(['first', 'returning', 'b0', 'a0', 'b1', 'a1', 'b2', 'a2']);
  });
});
