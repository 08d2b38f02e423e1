import { describe, expect, it } from 'vitest';
import { aiError } from '../classify/testing/provider-errors.ts';
import { sleep } from '../clock/sleep.ts';
import { ConcurrencyManager } from '../concurrency/concurrency-manager.ts';
import { ErrorHandler, type ErrorHandlerOptions } from '../retry/error-handler.ts';
import { VirtualClock } from '../testing/virtual-clock.ts';
import { Throttle } from './throttle.ts';

const MINUTE = 60_000;

interface Run {
  readonly calls: number;
  readonly concurrency?: number;
  /** Which calls are at fault, and how: `undefined` never answers. */
  readonly atFault: (call: number) => boolean;
  readonly error?: (() => unknown) | undefined;
  readonly latencyMs?: number | ((call: number, now: number) => number);
  readonly handler?: ErrorHandlerOptions;
}

/** Makes calls to a provider that answers all but those that are at fault; says when each failed, and of what. */
async function run({ calls, concurrency = 100, atFault, error, latencyMs = 500, handler }: Run) {
  const clock = new VirtualClock();
  const throttle = new Throttle({ clock, random: () => 0.5 });
  const errorHandler = new ErrorHandler({ clock, random: () => 0.5, jitter: true, throttle, ...handler });
  const failed: { readonly call: number; readonly afterMs: number; readonly error: unknown }[] = [];
  const sent = new Map<number, number>();
  const ask = async (call: number, signal: AbortSignal): Promise<void> => {
    sent.set(call, (sent.get(call) ?? 0) + 1);
    const isAtFault = atFault(call);
    if (isAtFault && error === undefined) return new Promise(() => {});
    const ms = typeof latencyMs === 'number' ? latencyMs : latencyMs(call, clock.now());
    await sleep(ms, { clock, signal });
    if (isAtFault) throw error?.();
  };
  const tasks = Array.from({ length: calls }, (_, call) => async () => {
    const startedAt = clock.now();
    try {
      await errorHandler.withRetry(({ signal }) => ask(call, signal), {
        signal: new AbortController().signal,
      });
    } catch (thrown) {
      failed.push({ call, afterMs: clock.now() - startedAt, error: thrown });
    }
  });
  await clock.runUntilSettled(
    new ConcurrencyManager({ maxConcurrency: concurrency }).executeBatchWithIsolation(tasks),
  );
  return { clock, throttle, failed, sent };
}

describe('a call that fails alone', () => {
  it.each([
    ['the only one, the last of all', 60, (call: number) => call === 59, {}],
    [
      'the only one, with many retries',
      60,
      (call: number) => call === 59,
      { maxRetries: 12, maxDelayMs: 2_000 },
    ],
    ['two, when all others are done', 60, (call: number) => call >= 58, {}],
    ['eight, that have failed while others succeeded', 800, (call: number) => call % 100 === 0, {}],
  ])('fails of its own error, within a minute: %s', async (_, calls, atFault, handler) => {
    const { failed, throttle } = await run({ calls, atFault, error: () => aiError(500), handler });
    expect(failed.map(({ call }) => call).toSorted((a, b) => a - b)).toEqual(
      Array.from({ length: calls }, (_, call) => call).filter(atFault),
    );
    for (const { error, afterMs } of failed) {
      expect(error).toMatchObject({ statusCode: 500 });
      expect(afterMs).toBeLessThan(MINUTE);
    }
    expect(throttle.stats.waiting).toBe(0);
  });

  it('does not end an outage either, nor lengthen it: others are probes in their turn', async () => {
    const isOut = { until: 5 * MINUTE };
    const { failed, clock } = await run({
      calls: 100,
      atFault: (call) => call === 0,
      error: () => aiError(500),
      latencyMs: (_call, now) => {
        if (now < isOut.until) throw aiError(503);
        return 500;
      },
    });
    expect(failed.map(({ call }) => call)).toEqual([0]);
    expect(clock.now()).toBeLessThan(7 * MINUTE);
  });

  it('ten that fail together, and nothing else, are an outage', async () => {
    const { failed, clock } = await run({ calls: 10, atFault: () => true, error: () => aiError(503) });
    for (const { error } of failed) expect(error).toMatchObject({ code: 'OUTAGE' });
    expect(clock.now()).toBeGreaterThan(14 * MINUTE);
  });
});

describe('a time limit that follows the latency', () => {
  const handler = { attemptTimeoutMs: 120_000, minAttemptTimeoutMs: 30_000 };

  it('ends a call that never answers after two attempts of half a minute', async () => {
    const { failed, sent } = await run({ calls: 60, atFault: (call) => call === 59, handler });
    expect(failed).toMatchObject([{ call: 59, error: { name: 'TimeoutError' } }]);
    expect(failed[0]?.error).toMatchObject({ message: expect.stringContaining('30000 ms') });
    expect(failed[0]?.afterMs).toBeLessThan(62_000);
    expect(sent.get(59)).toBe(2);
  });

  it.each([
    [1_000, 30_000],
    [15_000, 45_000],
    [50_000, 120_000],
  ])(
    'is three times what the slowest take: calls of %d ms are ended after %d',
    async (latencyMs, limitMs) => {
      const { failed } = await run({ calls: 60, atFault: (call) => call === 59, latencyMs, handler });
      expect(failed[0]?.error).toMatchObject({ message: expect.stringContaining(`${limitMs} ms`) });
    },
  );

  it('is the fixed one while little is known, and where none is asked for', async () => {
    const few = await run({ calls: 20, atFault: (call) => call > 5, handler, concurrency: 2 });
    expect(few.failed[0]?.error).toMatchObject({ message: expect.stringContaining('120000 ms') });
    const fixed = await run({
      calls: 60,
      atFault: (call) => call === 59,
      handler: { attemptTimeoutMs: 120_000 },
    });
    expect(fixed.failed[0]?.error).toMatchObject({ message: expect.stringContaining('120000 ms') });
    expect(fixed.sent.get(59)).toBe(4);
  });

  it('follows a provider that becomes slower than the limit, and loses nobody', async () => {
    const { failed } = await run({
      calls: 1_000,
      atFault: () => false,
      latencyMs: (_call, now) => (now < MINUTE ? 2_000 : 45_000),
      handler,
    });
    expect(failed).toEqual([]);
  });
});
