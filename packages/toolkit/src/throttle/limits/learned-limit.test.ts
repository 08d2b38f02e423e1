import { describe, expect, it } from 'vitest';
import { VirtualClock } from '../../testing/virtual-clock.ts';
import { LearnedLimit, type SentMark } from './learned-limit.ts';

describe('a limit', () => {
  const setUp = (dimension: 'requests' | 'tokens' = 'requests') => {
    const clock = new VirtualClock();
    const limit = new LearnedLimit(dimension, clock);
    const send = (...amounts: readonly number[]): SentMark[] => amounts.map((amount) => limit.send(amount));
    return { clock, limit, send };
  };

  it('that isn’t reported delays no call', () => {
    const { limit, send } = setUp();
    send(...Array<number>(1_000).fill(1));
    expect(limit.waitMs(1)).toBe(0);
    expect(limit.perMinute).toBeUndefined();
  });

  it('whose remaining count isn’t reported delays no call either', () => {
    const { limit, send } = setUp();
    const [mark] = send(1);
    limit.observe(mark!, 60, undefined);
    limit.observe(mark!, undefined, undefined);
    expect(limit.perMinute).toBe(60);
    expect(limit.waitMs(1)).toBe(0);
  });

  it('takes no limit of nothing for one', () => {
    const { limit, send } = setUp();
    limit.observe(send(1)[0]!, 0, 0);
    expect(limit.perMinute).toBeUndefined();
    expect(limit.waitMs(1)).toBe(0);
  });

  it('lets go what remains, and then as it fills', async () => {
    const { clock, limit, send } = setUp();
    const [mark] = send(1);
    await clock.advance(100);
    send(1);
    await clock.advance(900);
    limit.observe(mark!, 60, 3);
    // One has been sent since; what has come back since is not put on while the moment meant is unknown.
    expect([send(1), limit.waitMs(1)]).toEqual([expect.anything(), 0]);
    send(1);
    const waitMs = limit.waitMs(1);
    expect(waitMs).toBeGreaterThan(0);
    expect(waitMs).toBeLessThanOrEqual(1_000);
    await clock.advance(waitMs - 1);
    expect(limit.waitMs(1)).toBeGreaterThan(0);
    await clock.advance(1);
    expect(limit.waitMs(1)).toBe(0);
  });

  it('takes off what was sent since', () => {
    const { limit, send } = setUp();
    const [first] = send(1, 1, 1, 1);
    limit.observe(first!, 60, 4);
    send(1);
    expect(limit.waitMs(1)).toBeGreaterThan(0);
  });

  it('believes of two replies the one to the later request, whichever comes first', () => {
    const { limit, send } = setUp();
    const [first, second] = send(1, 1);
    limit.observe(second!, 60, 0);
    limit.observe(first!, 60, 50);
    expect(limit.waitMs(1)).toBeGreaterThan(0);
  });

  it('follows a limit that changes', async () => {
    const { clock, limit, send } = setUp();
    limit.observe(send(1)[0]!, 60, 0);
    await clock.advance(30_000);
    limit.observe(send(1)[0]!, 6_000, 0);
    expect(limit.perMinute).toBe(6_000);
    await clock.advance(10 * 2);
    expect(limit.waitMs(1)).toBe(0);
  });

  it('that holds less than a call needs lets it go when it is full', async () => {
    const { clock, limit, send } = setUp('tokens');
    limit.observe(send(100)[0]!, 60_000, 900);
    send(900);
    expect(limit.waitMs(5_000)).toBeGreaterThan(0);
    await clock.advance(2_000);
    expect(limit.waitMs(5_000)).toBe(0);
  });

  it('takes what a call has taken beyond its reservation, and gives back the rest', () => {
    const { limit, send } = setUp('tokens');
    limit.observe(send(100)[0]!, 6_000, 1_000);
    const [large, small] = send(300, 300);
    expect(limit.waitMs(300)).toBe(0);
    limit.settle(large!, 700);
    expect(limit.waitMs(300)).toBeGreaterThan(0);
    limit.settle(small!, 0);
    expect(limit.waitMs(200)).toBe(0);
  });

  it('with a Retry-After lets one call go when it has passed', async () => {
    const { clock, limit, send } = setUp('tokens');
    limit.refused(send(100)[0]!, 6_000, 20, 800);
    expect(limit.waitMs(1_000)).toBe(800);
    await clock.advance(800);
    expect(limit.waitMs(1_000)).toBe(0);
    send(1_000);
    expect(limit.waitMs(1_000)).toBeGreaterThan(0);
  });

  it('of windows gives back a minute after the sending, and not before', async () => {
    const { clock, limit, send } = setUp();
    for (let remaining = 29; remaining >= 0; remaining--) {
      const [mark] = send(1);
      await clock.advance(100);
      limit.observe(mark!, 6_000, remaining);
    }
    const [refused] = send(1);
    await clock.advance(5);
    // A bucket of 100 a second would have told 10 ms.
    limit.refused(refused!, 6_000, 0, 30_000);
    await clock.advance(30_000);
    // As was told; and for one only.
    expect(limit.waitMs(1)).toBe(0);
    send(1);
    expect(limit.waitMs(1)).toBeGreaterThan(26_000);
    await clock.advance(60_000 - clock.now());
    expect(limit.waitMs(1)).toBeGreaterThan(0);
    // What was refused may have been counted, so that the first two or three have to come back.
    await clock.advance(600);
    expect(limit.waitMs(1)).toBe(0);
    // All of the 30 have when the last has.
    await clock.advance(3_000);
    send(...Array<number>(25).fill(1));
    expect(limit.waitMs(1)).toBe(0);
  });
});

describe('whether a limit explains a refusal', () => {
  const explains = (remaining: number, waitMs: number, amount = 100): boolean => {
    const limit = new LearnedLimit('tokens', new VirtualClock());
    return limit.explains(limit.send(amount), 60_000, remaining, waitMs);
  };

  it.each([
    ['less remains than the call takes', 99, 0, true],
    ['as much remains, and there is no Retry-After', 100, 0, false],
    ['nothing remains', 0, 5_000, true],
    ['the wait brings in what is missing', 20_000, 30_000, true],
    ['the wait would bring in more than the limit', 20_000, 50_000, false],
    ['more than half remains', 31_000, 1_000, false],
  ])('%s', (_name, remaining, waitMs, explained) => {
    expect(explains(remaining, waitMs)).toBe(explained);
  });

  it('also of a call that was thought to take nothing', () => {
    expect(explains(0, 0, 0)).toBe(true);
    expect(explains(1, 0, 0)).toBe(false);
  });
});
