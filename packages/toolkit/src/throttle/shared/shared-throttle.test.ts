import { afterEach, describe, expect, it } from 'vitest';
import { RateLimitError } from '../../errors/rate-limit-error.ts';
import { ToolkitError } from '../../errors/toolkit-error.ts';
import { VirtualClock } from '../../testing/virtual-clock.ts';
import { MemoryAccount } from '../testing/memory-account.ts';
import { Throttle } from '../throttle.ts';
import type { ThrottleOptions } from '../throttle-options.ts';

const OUT_OF_QUOTA = Object.assign(new Error('You exceeded your current quota'), {
  status: 429,
  code: 'insufficient_quota',
});

let stop: (() => void)[] = [];
afterEach(() => {
  for (const each of stop) each();
  stop = [];
});

function setUp(startMs = 1e12) {
  const clock = new VirtualClock(startMs);
  const account = new MemoryAccount(clock);
  let drawn = 0;
  const random = (): number => {
    drawn = (drawn * 1_103_515_245 + 12_345) % 2 ** 31;
    return drawn / 2 ** 31;
  };
  const throttle = (options: ThrottleOptions = {}): Throttle =>
    new Throttle({ clock, random, shared: account, initialConcurrency: 1_000, ...options });
  /** So many callers that send one call after the other; the times at which they sent. */
  const load = (
    throttle: Throttle,
    callers = 20,
    { tokens, used }: { tokens?: number; used?: (call: number) => number } = {},
  ) => {
    const sent: number[] = [];
    let isOver = false;
    stop.push(() => {
      isOver = true;
    });
    const end = (): void => {
      isOver = true;
    };
    const caller = async (): Promise<void> => {
      while (!isOver) {
        const permit = await throttle.acquire({ tokens });
        if (isOver) return permit.abandoned();
        sent.push(clock.now());
        await new Promise<void>((resolve) => clock.setTimer(resolve, 400));
        permit.succeeded(used === undefined ? undefined : { tokens: used(sent.length) });
      }
    };
    for (let index = 0; index < callers; index += 1) caller().catch(() => {});
    return { sent, end };
  };
  return { clock, account, throttle, load };
}

function mostInAMinute(sent: readonly number[]): number {
  const sorted = sent.toSorted((a, b) => a - b);
  let first = 0;
  let most = 0;
  for (const [index, at] of sorted.entries()) {
    while (sorted[first]! <= at - 60_000) first += 1;
    most = Math.max(most, index - first + 1);
  }
  return most;
}

describe('throttles that share an account', () => {
  it.each([6, 60, 600])(
    'use at least 95 % of $0 requests a minute together, and never more',
    async (perMinute) => {
      const { clock, throttle, load } = setUp();
      const loads = [1, 2, 3].map(() => load(throttle({ requestsPerMinute: perMinute })));
      await clock.advance(600_000);
      const sent = loads.flatMap((each) => each.sent);
      expect(sent.length).toBeGreaterThanOrEqual(perMinute * 10 * 0.95);
      expect(mostInAMinute(sent)).toBeLessThanOrEqual(perMinute);
      for (const each of loads) expect(each.sent.length).toBeGreaterThan(sent.length / 5);
    },
  );

  it('use it as well while an exchange takes 100 ms', async () => {
    const { clock, account, throttle, load } = setUp();
    account.delayMs = [50, 50];
    const loads = [1, 2, 3].map(() => load(throttle({ requestsPerMinute: 600 })));
    await clock.advance(300_000);
    const sent = loads.flatMap((each) => each.sent);
    expect(sent.length).toBeGreaterThanOrEqual(600 * 5 * 0.95);
    expect(mostInAMinute(sent)).toBeLessThanOrEqual(600);
  });

  it('use most of it where so many share it that the row is slow', async () => {
    const { clock, account, throttle, load } = setUp();
    // All of them in turn take 6 seconds: a lease lapses after 2.
    account.rowMs = 40;
    const loads = Array.from({ length: 150 }, () => load(throttle({ requestsPerMinute: 6_000 }), 5));
    await clock.advance(60_000);
    for (const each of loads) each.sent.length = 0;
    const before = account.exchanges;
    await clock.advance(60_000);
    const sent = loads.flatMap((each) => each.sent);
    expect(sent.length).toBeGreaterThanOrEqual(6_000 * 0.9);
    expect(mostInAMinute(sent)).toBeLessThanOrEqual(6_000);
    expect(Math.min(...loads.map((each) => each.sent.length))).toBeGreaterThan(5);
    // The row has time for others too.
    expect(account.exchanges - before).toBeLessThan(0.9 * (60_000 / 40));
  });

  it('send in turn where the limit leaves each less than a request per exchange', async () => {
    const { clock, account, throttle, load } = setUp();
    account.rowMs = 2;
    const loads = Array.from({ length: 60 }, () => load(throttle({ requestsPerMinute: 60 }), 2));
    await clock.advance(5 * 60_000);
    const sent = loads.flatMap((each) => each.sent);
    expect(sent.length).toBeGreaterThanOrEqual(300 * 0.9);
    expect(mostInAMinute(sent)).toBeLessThanOrEqual(60);
    for (const each of loads) expect(each.sent.length).toBeGreaterThanOrEqual(3);
  });

  it('give back what calls were thought to take, and pay for what they take beyond', async () => {
    const { clock, throttle, load } = setUp();
    // Most of what is reserved for such calls is not used: four times their deviation is added.
    const loads = [1, 2].map(() =>
      load(throttle({ tokensPerMinute: 600_000 }), 20, {
        tokens: 100,
        used: (call) => (call % 2 === 0 ? 100 : 700),
      }),
    );
    await clock.advance(300_000);
    const sent = loads.flatMap((each) => each.sent);
    expect(sent.length * 400).toBeGreaterThanOrEqual(600_000 * 5 * 0.75);
    expect(sent.length * 400).toBeLessThanOrEqual(600_000 * 5 + 20 * 700);
  });

  it('leave all of it to the one that still sends when the others have died', async () => {
    const { clock, account, throttle, load } = setUp();
    const dead = load(throttle({ requestsPerMinute: 600 }));
    const alive = load(throttle({ requestsPerMinute: 600 }));
    await clock.advance(60_000);
    // Its process stands still with what it has leased.
    dead.end();
    const before = alive.sent.length;
    await clock.advance(60_000);
    expect(alive.sent.length - before).toBeGreaterThanOrEqual(600 * 0.95);
    expect(account.exchanges).toBeGreaterThan(0);
  });

  it('keep to the tightest limit that any of them was given', async () => {
    const { clock, throttle, load } = setUp();
    const tight = throttle({ requestsPerMinute: 60 });
    const loads = [throttle({ requestsPerMinute: 600 }), throttle(), tight].map((each) => load(each));
    await clock.advance(1_000);
    const from = loads.flatMap((each) => each.sent).length;
    await clock.advance(120_000);
    expect(loads.flatMap((each) => each.sent).length - from).toBeLessThanOrEqual(121);
    expect(throttle().stats.limits.requestsPerMinute).toBeUndefined();
    expect(tight.stats.limits.requestsPerMinute).toBe(60);
  });

  it('stop together for a Retry-After, within a second', async () => {
    const { clock, throttle, load } = setUp();
    const [first, second] = [throttle(), throttle()];
    const { sent } = load(second, 1);
    await clock.advance(2_000);
    const at = clock.now();
    (await clock.runUntilSettled(first.acquire())).failed(
      new RateLimitError('slow down', { retryAfterMs: 30_000 }),
    );
    await clock.advance(29_000);
    expect(sent.filter((each) => each > at + 1_000)).toEqual([]);
    expect(second.stats.waitingFor).toMatchObject({ reason: 'provider-asked' });
    await clock.advance(3_000);
    expect(sent.at(-1)).toBeGreaterThanOrEqual(at + 30_000);
  });

  it('fail a call that won’t wait for as long as another process was asked to', async () => {
    const { clock, throttle, load } = setUp();
    const [first, second] = [throttle(), throttle({ maxConcurrency: 1 })];
    load(second, 1);
    await clock.advance(100);
    const impatient = second.acquire({ maxServerWaitMs: 5_000 });
    (await clock.runUntilSettled(first.acquire())).failed(
      new RateLimitError('slow down', { retryAfterMs: 30_000 }),
    );
    await expect(clock.runUntilSettled(impatient)).rejects.toMatchObject({ code: 'SERVER_WAIT_EXCEEDED' });
  });

  it('stop together when one finds the quota exhausted, until one is reset', async () => {
    const { clock, throttle, load } = setUp();
    const [first, second] = [throttle(), throttle({ maxConcurrency: 1 })];
    load(second, 1);
    const waiting = second.acquire();
    waiting.catch(() => {});
    await clock.advance(100);
    (await clock.runUntilSettled(first.acquire())).failed(OUT_OF_QUOTA);
    await clock.advance(1_000);
    await expect(second.acquire()).rejects.toMatchObject({ code: 'QUOTA_EXHAUSTED' });
    await expect(first.acquire()).rejects.toBe(OUT_OF_QUOTA);
    second.reset();
    await clock.advance(1_000);
    // The first has no call under way and is silent: it hears of it with its next exchange.
    first.reset();
    (await clock.runUntilSettled(first.acquire())).succeeded();
    (await clock.runUntilSettled(second.acquire())).succeeded();
  });

  it('lets calls find out for themselves a minute after another process found the quota exhausted', async () => {
    const { clock, throttle, load } = setUp();
    const [first, second] = [throttle(), throttle()];
    load(second, 1);
    await clock.advance(1_000);
    (await clock.runUntilSettled(first.acquire())).failed(OUT_OF_QUOTA);
    await clock.advance(1_000);
    await expect(second.acquire()).rejects.toMatchObject({ code: 'QUOTA_EXHAUSTED' });
    await clock.advance(60_000);
    (await clock.runUntilSettled(second.acquire())).succeeded();
  });

  it('does not stop a process that begins for a quota that was exhausted before', async () => {
    const { clock, throttle } = setUp();
    (await clock.runUntilSettled(throttle().acquire())).failed(OUT_OF_QUOTA);
    await clock.advance(2_000);
    (await clock.runUntilSettled(throttle().acquire())).succeeded();
  });

  it('share a limit that one has read from headers, and follow later ones', async () => {
    const { clock, throttle, load } = setUp();
    const [first, second] = [throttle(), throttle()];
    const reply = async (limit: number): Promise<void> => {
      const permit = await clock.runUntilSettled(first.acquire());
      permit.succeeded({
        headers: { 'x-ratelimit-limit-requests': `${limit}`, 'x-ratelimit-remaining-requests': `${limit}` },
      });
      await clock.advance(1_000);
    };
    const { sent } = load(second, 20);
    await clock.advance(1_000);
    await reply(600);
    expect(second.stats.limits.requestsPerMinute).toBe(600);
    // Both are at work, so both lease.
    load(first, 1);
    const before = sent.length;
    await clock.advance(60_000);
    expect(sent.length - before).toBeLessThanOrEqual(600);
    await reply(120);
    expect(second.stats.limits.requestsPerMinute).toBe(120);
    const after = sent.length;
    await clock.advance(60_000);
    expect(sent.length - after).toBeLessThanOrEqual(120);
  });

  it('begin together with about as many calls at once as one alone would', async () => {
    const { clock, throttle, load } = setUp();
    const loads = [1, 2, 3, 4].map(() => load(throttle({ initialConcurrency: 12 })));
    // No call has been answered yet.
    await clock.advance(300);
    expect(loads.map(({ sent }) => sent.length)).toEqual([12, 6, 4, 3]);
  });

  it.each(['STORE_BUSY', 'STORE_FULL'] as const)(
    'sends nothing beyond its lease while the account is out of reach (%s), and then goes on',
    async (code) => {
      const { clock, account, throttle, load } = setUp();
      const limited = throttle({ requestsPerMinute: 600 });
      const unlimited = throttle();
      await clock.advance(0);
      const loads = [load(limited), load(unlimited, 1)];
      await clock.advance(30_000);
      account.failure = new ToolkitError(code, 'out of reach');
      const before = loads.map(({ sent }) => sent.length);
      await clock.advance(5_000);
      expect(loads[0]!.sent.length - before[0]!).toBeLessThanOrEqual(3);
      const stopped = loads.map(({ sent }) => sent.length);
      await clock.advance(60_000);
      expect(loads.map(({ sent }) => sent.length)).toEqual(stopped);
      expect(unlimited.stats.waitingFor?.reason).toBe('shared-account');
      account.failure = undefined;
      await clock.advance(5_000);
      for (const [index, { sent }] of loads.entries()) expect(sent.length).toBeGreaterThan(stopped[index]!);
    },
  );

  it('fails the calls that wait when the account cannot be used any more', async () => {
    const { clock, account, throttle } = setUp();
    account.failure = new ToolkitError('STORE_CLOSED', 'closed');
    await expect(clock.runUntilSettled(throttle().acquire())).rejects.toBe(account.failure);
  });

  it('gives back what it holds and is silent when no call is under way', async () => {
    const { clock, account, throttle } = setUp();
    const shared = throttle({ requestsPerMinute: 600 });
    (await clock.runUntilSettled(shared.acquire())).succeeded();
    await clock.advance(3_000);
    expect(clock.pendingTimers).toBe(0);
    expect(account.listeners).toBe(0);
    const exchanges = account.exchanges;
    await clock.advance(60_000);
    expect(account.exchanges).toBe(exchanges);
    expect(shared.tryAcquire()).toBeUndefined();
    (await clock.runUntilSettled(shared.acquire())).succeeded();
  });

  it('is silent once it is closed', async () => {
    const { clock, account, throttle } = setUp();
    const shared = throttle();
    const permit = await clock.runUntilSettled(shared.acquire());
    expect(account.listeners).toBe(1);
    shared.close();
    permit.succeeded();
    expect(clock.pendingTimers).toBe(0);
    expect(account.listeners).toBe(0);
  });

  it('exchanges about five times a second under load', async () => {
    const { clock, account, throttle, load } = setUp();
    for (let index = 0; index < 3; index += 1) load(throttle({ requestsPerMinute: 6_000 }));
    await clock.advance(10_000);
    expect(account.exchanges / 10 / 3).toBeLessThan(8);
  });
});
