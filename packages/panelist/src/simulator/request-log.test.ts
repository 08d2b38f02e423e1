import { VirtualClock } from '@panelist/toolkit/testing';
import { afterEach, describe, expect, it } from 'vitest';
import type { SimulatorOptions } from './options.ts';
import { type Simulator, startSimulator } from './server.ts';

let simulator: Simulator;
let clock: VirtualClock;
afterEach(() => simulator.close());

async function start(options: SimulatorOptions): Promise<void> {
  clock = new VirtualClock();
  simulator = await startSimulator({ ...options, clock });
}

async function ask(authorization?: string): Promise<number> {
  const response = await fetch(`${simulator.url}/chat/completions`, {
    method: 'POST',
    headers: authorization === undefined ? {} : { authorization },
    body: JSON.stringify({ model: 'simulator', messages: [{ role: 'user', content: 'Well?' }] }),
  });
  await response.text();
  return response.status;
}

describe('beforeRetryAfter', () => {
  it('counts requests of the key that received a Retry-After, by the exact wait and not by whole seconds', async () => {
    await start({ requestsPerMinute: 60_000 / 700, burstMs: 700 });
    expect([await ask('Bearer a'), await ask('Bearer a')]).toEqual([200, 429]);
    await clock.advance(51);
    await ask('Bearer b');
    await ask();
    expect(simulator.requests().beforeRetryAfter).toBe(0);
    await ask('Bearer a');
    expect(simulator.requests().beforeRetryAfter).toBe(1);
    await clock.advance(649);
    expect(await ask('Bearer a')).toBe(200);
    expect(simulator.requests().beforeRetryAfter).toBe(1);
  });

  it('also counts after the 429 of a configured fault', async () => {
    await start({ faults: { rateLimitWithHint: 1, hintMs: 500 } });
    await ask();
    await clock.advance(100);
    await ask();
    expect(simulator.requests().beforeRetryAfter).toBe(1);
  });

  it('counts nothing without a reported wait', async () => {
    await start({ requestsPerMinute: 1, burstMs: 1, rateLimitHeaders: 'none' });
    await ask();
    await ask();
    await clock.advance(100);
    expect(await ask()).toBe(429);
    expect(simulator.requests().beforeRetryAfter).toBe(0);
  });
});

it('maxPerSecond and maxPerMinute count all requests regardless of their outcome', async () => {
  await start({ requestsPerMinute: 1, burstMs: 1 });
  for (let i = 0; i < 3; i++) await ask();
  await fetch(`${simulator.url}/chat/completions`, { method: 'POST', body: 'no JSON' });
  await clock.advance(1_000);
  await ask();
  expect(simulator.requests()).toMatchObject({ maxPerSecond: 4, maxPerMinute: 5, total: 5 });
});
