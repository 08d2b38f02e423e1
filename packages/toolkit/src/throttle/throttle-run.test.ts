import { getEventListeners } from 'node:events';
import { describe, expect, it } from 'vitest';
import { aiError } from '../classify/testing/provider-errors.ts';
import { VirtualClock } from '../testing/virtual-clock.ts';
import { Throttle, type ThrottledCallContext } from './throttle.ts';
import type { ThrottleOptions } from './throttle-options.ts';

function setUp(options: ThrottleOptions = {}) {
  const clock = new VirtualClock();
  const throttle = new Throttle({ clock, random: () => 0, ...options });
  return { clock, throttle };
}

const idle = { inFlight: 0, waiting: 0 };

describe('run', () => {
  it('returns the result, sync or async, and settles the permit as a success', async () => {
    const { throttle } = setUp();
    expect(await throttle.run({}, () => 'sync')).toBe('sync');
    expect(await throttle.run({ tokens: 10 }, async () => 'async')).toBe('async');
    expect(throttle.stats).toMatchObject({ ...idle, requests: 2, succeeded: 2 });
  });

  it('waits as acquire does, and never has more under way than the throttle allows', async () => {
    const { clock, throttle } = setUp({ maxConcurrency: 2 });
    let underWay = 0;
    let most = 0;
    const call = async (): Promise<void> => {
      most = Math.max(most, ++underWay);
      await new Promise<void>((resolve) => clock.setTimer(resolve, 100));
      underWay -= 1;
    };
    await clock.runUntilSettled(Promise.all(Array.from({ length: 7 }, () => throttle.run({}, call))));
    expect(most).toBe(2);
    expect(clock.now()).toBe(400);
    expect(throttle.stats).toMatchObject({ ...idle, requests: 7, succeeded: 7 });
  });

  it.each([
    ['a rejection', async () => Promise.reject(aiError(500))],
    [
      'a synchronous throw',
      () => {
        throw aiError(500);
      },
    ],
  ])('rejects with %s as it is, and settles the permit as a failure', async (_, fn) => {
    const { throttle } = setUp();
    const error: unknown = await throttle.run<never>({}, fn).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ statusCode: 500 });
    expect(throttle.stats).toMatchObject({ ...idle, failed: 1, succeeded: 0 });
  });

  it('makes every call wait when one is refused with a Retry-After', async () => {
    const { clock, throttle } = setUp();
    const refused = throttle.run({}, () => Promise.reject(aiError(429, {}, { 'retry-after': '30' })));
    await expect(refused).rejects.toMatchObject({ statusCode: 429 });
    await clock.runUntilSettled(throttle.run({}, () => 1));
    expect(clock.now()).toBe(30_000);
  });

  it('learns from what the call reports, and from the headers of its result', async () => {
    const { throttle } = setUp();
    const limits = (limit: string) => ({
      'x-ratelimit-limit-requests': limit,
      'x-ratelimit-remaining-requests': '400',
    });
    await throttle.run({}, ({ report }) => report({ headers: limits('500'), tokens: 70 }));
    expect(throttle.stats).toMatchObject({ tokens: 70, limits: { requestsPerMinute: 500 } });
    await throttle.run({}, () => ({ response: { headers: limits('600') } }));
    expect(throttle.stats.limits.requestsPerMinute).toBe(600);
  });

  it('says that a call is the probe of an outage', async () => {
    const { clock, throttle } = setUp();
    const seen: boolean[] = [];
    const call = (end: () => unknown) =>
      clock
        .runUntilSettled(
          throttle.run({}, ({ isProbe }) => {
            seen.push(isProbe);
            return end();
          }),
        )
        .catch(() => {});
    for (let i = 0; i < 10; i++) await call(() => Promise.reject(aiError(503)));
    await call(() => 'back');
    await call(() => 'open');
    expect(seen).toEqual([...Array<boolean>(10).fill(false), true, false]);
  });
});

describe('aborting run', () => {
  const reason = new Error('called off');

  it('never calls fn where the signal has aborted already', async () => {
    const { throttle } = setUp();
    const fn = () => expect.unreachable();
    await expect(throttle.run({ signal: AbortSignal.abort(reason) }, fn)).rejects.toBe(reason);
    expect(throttle.stats).toMatchObject({ ...idle, requests: 0 });
  });

  it('ends the wait for a permit', async () => {
    const { throttle } = setUp({ maxConcurrency: 1 });
    const permit = throttle.tryAcquire()!;
    const controller = new AbortController();
    const waiting = throttle.run({ signal: controller.signal }, () => expect.unreachable());
    controller.abort(reason);
    await expect(waiting).rejects.toBe(reason);
    permit.succeeded();
    expect(throttle.stats).toMatchObject({ ...idle, requests: 1 });
  });

  it('rejects at once, even if fn ignores it, and abandons the permit', async () => {
    const { throttle } = setUp();
    const controller = new AbortController();
    const { signal } = controller;
    let given: ThrottledCallContext | undefined;
    const running = throttle.run({ signal }, (context) => {
      given = context;
      return new Promise<never>(() => {});
    });
    await Promise.resolve();
    expect(given?.signal).toBe(signal);
    controller.abort(reason);
    await expect(running).rejects.toBe(reason);
    expect(throttle.stats).toMatchObject({ ...idle, abandoned: 1, failed: 0 });
  });

  it('does not call fn where the signal aborts while the permit is on its way', async () => {
    const { throttle } = setUp();
    const controller = new AbortController();
    const running = throttle.run({ signal: controller.signal }, () => expect.unreachable());
    controller.abort(reason);
    await expect(running).rejects.toBe(reason);
    expect(throttle.stats).toMatchObject({ ...idle, requests: 1, abandoned: 1 });
  });

  it('leaves no listener behind', async () => {
    const { throttle } = setUp();
    const { signal } = new AbortController();
    for (let i = 0; i < 20; i++) await throttle.run({ signal }, () => i);
    expect(getEventListeners(signal, 'abort')).toHaveLength(0);
  });
});

it('refuses bad arguments before it takes a permit', async () => {
  const { throttle } = setUp();
  await expect(throttle.run({}, 7 as never)).rejects.toThrow('run needs a function, got 7.');
  await expect(throttle.run(undefined as never, () => 1)).rejects.toThrow('request must be an object');
  await expect(throttle.run({ signal: 'now' as never }, () => 1)).rejects.toThrow(
    'signal must be an AbortSignal, got "now".',
  );
  expect(throttle.stats.requests).toBe(0);
});
