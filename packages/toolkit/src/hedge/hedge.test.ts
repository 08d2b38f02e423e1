import { getEventListeners } from 'node:events';
import fc from 'fast-check';
import { describe, expect, it, vi } from 'vitest';
import { sleep } from '../clock/sleep.ts';
import { VirtualClock } from '../testing/virtual-clock.ts';
import { type HedgeContext, type HedgeOptions, hedge } from './hedge.ts';
import { LatencyQuantile } from './latency-quantile.ts';

/** How one call ends: after `ms`, well or not; `deaf` ones do not hear their signal. */
interface Plan {
  readonly ms: number;
  readonly fails?: boolean;
  readonly deaf?: boolean;
}

function setUp(...plans: readonly Plan[]) {
  const clock = new VirtualClock();
  const signals: AbortSignal[] = [];
  const begunAt: number[] = [];
  const fn = async ({ signal, hedge: index }: HedgeContext): Promise<string> => {
    expect(index).toBe(signals.length);
    signals.push(signal);
    begunAt.push(clock.now());
    const { ms, fails, deaf } = plans[index]!;
    await sleep(ms, { clock, signal: deaf ? undefined : signal });
    if (fails) throw new Error(`call ${index} failed`);
    return `call ${index}`;
  };
  const run = (options: Partial<HedgeOptions> = {}) => hedge(fn, { afterMs: 100, clock, ...options });
  return { clock, signals, begunAt, run };
}

const isAbort = expect.objectContaining({ name: 'AbortError' });

describe('hedge', () => {
  it('begins no other call where the first is fast enough', async () => {
    const { clock, begunAt, run } = setUp({ ms: 99 });
    await expect(clock.runUntilSettled(run())).resolves.toBe('call 0');
    expect(begunAt).toEqual([0]);
    expect(clock.now()).toBe(99);
    expect(clock.pendingTimers).toBe(0);
  });

  it('takes the result of the faster, and aborts the other', async () => {
    const { clock, signals, run } = setUp({ ms: 1_000 }, { ms: 50 });
    await expect(clock.runUntilSettled(run())).resolves.toBe('call 1');
    expect(clock.now()).toBe(150);
    expect(signals[0]!.reason).toEqual(isAbort);
    expect(signals[1]!.aborted).toBe(false);
    expect(clock.pendingTimers).toBe(0);
  });

  it('aborts the hedge where the first wins after all', async () => {
    const { clock, signals, run } = setUp({ ms: 120 }, { ms: 1_000 });
    await expect(clock.runUntilSettled(run())).resolves.toBe('call 0');
    expect(signals.map(({ aborted }) => aborted)).toEqual([false, true]);
    expect(clock.pendingTimers).toBe(0);
  });

  it('waits for nothing of the losers, and handles how they fail later', async () => {
    const { clock, run } = setUp({ ms: 5_000, fails: true, deaf: true }, { ms: 50 });
    const unhandled = vi.fn();
    process.on('unhandledRejection', unhandled);
    await expect(clock.runUntilSettled(run())).resolves.toBe('call 1');
    expect(clock.now()).toBe(150);
    await clock.advance(10_000);
    process.off('unhandledRejection', unhandled);
    expect(unhandled).not.toHaveBeenCalled();
  });

  it('begins as many as maxHedges, afterMs apart', async () => {
    const slow = { ms: 1_000 };
    const { clock, begunAt, run } = setUp(slow, slow, slow, slow);
    await clock.runUntilSettled(run({ maxHedges: 3 }));
    expect(begunAt).toEqual([0, 100, 200, 300]);
    const one = setUp(slow, slow, slow);
    await one.clock.runUntilSettled(one.run());
    expect(one.begunAt).toEqual([0, 100]);
    const none = setUp(slow, slow);
    await none.clock.runUntilSettled(none.run({ maxHedges: 0 }));
    expect(none.begunAt).toEqual([0]);
  });

  it('leaves out the hedges that mayHedge refuses', async () => {
    const slow = { ms: 1_000 };
    const { clock, begunAt, run } = setUp(slow, slow, slow);
    const answers = [false, true, false];
    await clock.runUntilSettled(run({ maxHedges: 3, mayHedge: () => answers.shift()! }));
    expect(begunAt).toEqual([0, 200]);
    expect(answers).toEqual([]);
  });

  it('ends with what mayHedge throws', async () => {
    const { clock, signals, run } = setUp({ ms: 1_000 });
    const mayHedge = (): never => {
      throw new Error('no idea');
    };
    await expect(clock.runUntilSettled(run({ mayHedge, maxHedges: 5 }))).rejects.toThrow('no idea');
    expect(signals[0]!.reason).toEqual(isAbort);
    expect(clock.pendingTimers).toBe(0);
  });

  it('fails at once where the first fails alone', async () => {
    const { clock, begunAt, run } = setUp({ ms: 10, fails: true }, { ms: 10 });
    await expect(clock.runUntilSettled(run())).rejects.toThrow('call 0 failed');
    expect(clock.now()).toBe(10);
    expect(clock.pendingTimers).toBe(0);
    expect(begunAt).toEqual([0]);
    const thrown = new Error('at once');
    const throwing = vi.fn().mockThrow(thrown);
    await expect(hedge(throwing, { afterMs: 100, clock })).rejects.toBe(thrown);
    expect(clock.pendingTimers).toBe(0);
  });

  it.each([
    ['the first', { ms: 120, fails: true }, { ms: 500 }, 'call 1', 600],
    ['the hedge', { ms: 500 }, { ms: 20, fails: true }, 'call 0', 500],
  ])('waits for the other where %s fails', async (_, first, second, winner, endsAt) => {
    const { clock, run } = setUp(first, second);
    await expect(clock.runUntilSettled(run())).resolves.toBe(winner);
    expect(clock.now()).toBe(endsAt);
  });

  it('rejects with the first error where all fail', async () => {
    const { clock, run } = setUp({ ms: 500, fails: true }, { ms: 20, fails: true });
    await expect(clock.runUntilSettled(run())).rejects.toThrow('call 1 failed');
    expect(clock.now()).toBe(500);
    expect(clock.pendingTimers).toBe(0);
  });

  it('ends with the caller’s signal, and all calls with it', async () => {
    const { clock, signals, run } = setUp({ ms: 1_000, deaf: true }, { ms: 1_000 });
    const controller = new AbortController();
    const call = run({ signal: controller.signal, maxHedges: 2 });
    await clock.advance(150);
    const reason = new Error('enough');
    controller.abort(reason);
    await expect(call).rejects.toBe(reason);
    expect(signals.map((signal) => signal.reason)).toEqual([reason, reason]);
    expect(getEventListeners(controller.signal, 'abort')).toHaveLength(0);
    // Only the deaf call's own.
    expect(clock.pendingTimers).toBe(1);
    await expect(run({ signal: controller.signal })).rejects.toBe(reason);
    expect(signals).toHaveLength(2);
  });

  it('begins nothing after an abort from within', async () => {
    const clock = new VirtualClock();
    const controller = new AbortController();
    const fn = vi.fn(() => {
      controller.abort();
      return new Promise<never>(() => {});
    });
    const options = { afterMs: 100, clock, signal: controller.signal };
    await expect(hedge(fn, options)).rejects.toEqual(isAbort);
    expect(clock.pendingTimers).toBe(0);
    const other = new AbortController();
    const slow = vi.fn(() => new Promise<never>(() => {}));
    const mayHedge = (): boolean => {
      other.abort();
      return true;
    };
    const call = hedge(slow, { ...options, signal: other.signal, mayHedge });
    await expect(clock.runUntilSettled(call)).rejects.toEqual(isAbort);
    expect(slow).toHaveBeenCalledTimes(1);
  });

  it('asks afterMs for each call, and does not hedge where it says undefined', async () => {
    const { clock, begunAt, run } = setUp({ ms: 1_000 }, { ms: 1_000 });
    await clock.runUntilSettled(run({ afterMs: () => 250 }));
    expect(begunAt).toEqual([0, 250]);
    const never = setUp({ ms: 1_000 });
    await never.clock.runUntilSettled(never.run({ afterMs: () => undefined }));
    expect(never.begunAt).toEqual([0]);
    expect(never.clock.now()).toBe(1_000);
  });

  it.each([
    [{ afterMs: -1 }, /afterMs must be .*, got -1/],
    [{ afterMs: () => Number.NaN }, /afterMs must be .*, got NaN/],
    [{ maxHedges: 1.5 }, /maxHedges must be a whole number from 0, got 1.5/],
    [{ mayHedge: true as never }, /mayHedge must be a function, got true/],
    [{ signal: {} as never }, /signal must be an AbortSignal/],
  ])('refuses %o before anything is begun', async (options, message) => {
    const { begunAt, run } = setUp();
    await expect(run(options)).rejects.toThrow(message);
    expect(begunAt).toEqual([]);
  });

  it('has one result, and ends all else, whatever the calls do', async () => {
    // No two events of different kinds at one moment: calls end at odd times, hedges are due at multiples of four.
    const plan = fc.record({
      ms: fc.nat(40).map((n) => 2 * n + 1),
      fails: fc.boolean(),
      deaf: fc.boolean(),
    });
    const seen = new Set<string>();
    await fc.assert(
      fc.asyncProperty(
        fc.array(plan, { minLength: 6, maxLength: 6 }),
        fc.integer({ min: 1, max: 10 }).map((n) => 4 * n),
        fc.array(fc.boolean(), { maxLength: 5 }),
        fc.option(
          fc.nat(30).map((n) => 4 * n + 2),
          { nil: undefined },
        ),
        async (plans, afterMs, allowed, abortAt) => {
          const maxHedges = allowed.length;
          const wanted = foretell(plans, afterMs, allowed, abortAt);
          seen.add(wanted.how);
          const { clock, signals, begunAt, run } = setUp(...plans);
          const controller = new AbortController();
          const { signal } = controller;
          const cancelAbort =
            abortAt === undefined ? undefined : clock.setTimer(() => controller.abort(), abortAt);
          const asked = [...allowed];
          const call = run({ afterMs, maxHedges, mayHedge: () => asked.shift()!, signal });
          const result = await clock.runUntilSettled(
            call.then(
              (value) => ({ value }),
              (error: unknown) => ({ error }),
            ),
          );
          expect(clock.now()).toBe(wanted.endsAt);
          if (wanted.how === 'won') expect(result).toEqual({ value: `call ${wanted.call}` });
          else if (wanted.how === 'aborted') expect(result).toEqual({ error: signal.reason });
          else expect(result).toEqual({ error: new Error(`call ${wanted.call} failed`) });
          expect(begunAt).toEqual(wanted.begunAt);
          expect(begunAt.length).toBeLessThanOrEqual(1 + maxHedges);
          const winner = wanted.how === 'won' ? wanted.call : undefined;
          for (const [index, { aborted, reason }] of signals.entries()) {
            const callEndsAt = begunAt[index]! + plans[index]!.ms;
            // The winner, and those that failed before it, have ended by themselves.
            const over = (plans[index]!.fails && callEndsAt < wanted.endsAt) || index === winner;
            // Which of two that end at the same moment is first does not matter.
            if (callEndsAt !== wanted.endsAt || index === winner) expect(aborted).toBe(!over);
            if (aborted) expect(reason).toEqual(isAbort);
          }
          cancelAbort?.();
          expect(getEventListeners(signal, 'abort')).toHaveLength(0);
          const deaf = plans.slice(0, begunAt.length).filter((each) => each.deaf);
          expect(clock.pendingTimers).toBeLessThanOrEqual(deaf.length);
          await clock.advance(1_000);
          expect(begunAt).toEqual(wanted.begunAt);
          expect(clock.pendingTimers).toBe(0);
        },
      ),
      { numRuns: 300 },
    );
    expect([...seen].sort()).toEqual(['aborted', 'failed', 'won']);
  });
});

interface Foretold {
  readonly how: 'won' | 'failed' | 'aborted';
  /** The winner, or the first that failed. */
  readonly call: number;
  readonly endsAt: number;
  readonly begunAt: readonly number[];
}

function foretell(
  plans: readonly Plan[],
  afterMs: number,
  allowed: readonly boolean[],
  abortAt: number = Number.POSITIVE_INFINITY,
): Foretold {
  const begunAt = [0];
  const ends = (fails: boolean): number[] =>
    begunAt.map((at, i) => (plans[i]!.fails === fails ? at + plans[i]!.ms : Number.POSITIVE_INFINITY));
  const firstSuccess = (): number => Math.min(...ends(false));
  const endsAt = (): number =>
    Math.min(
      abortAt,
      Number.isFinite(firstSuccess()) ? firstSuccess() : Math.max(...ends(true).filter(Number.isFinite)),
    );
  for (const [i, may] of allowed.entries()) {
    const dueAt = (i + 1) * afterMs;
    if (dueAt > endsAt()) break;
    if (may) begunAt.push(dueAt);
  }
  const at = endsAt();
  if (at === abortAt) return { how: 'aborted', call: -1, endsAt: at, begunAt };
  const won = Number.isFinite(firstSuccess());
  const times = ends(!won);
  return { how: won ? 'won' : 'failed', call: times.indexOf(Math.min(...times)), endsAt: at, begunAt };
}

describe('LatencyQuantile', () => {
  it('says nothing before it has seen twenty', () => {
    const latencies = new LatencyQuantile();
    for (let i = 1; i < 20; i++) latencies.record(i);
    expect(latencies.value(0.95)).toBeUndefined();
    latencies.record(20);
    expect(latencies.value(0.95)).toBe(19);
  });

  it('keeps the last 200 by default', () => {
    const latencies = new LatencyQuantile();
    for (let i = 1; i <= 201; i++) latencies.record(i);
    expect(latencies.value(0)).toBe(2);
  });

  it('is exact over the last ones, whatever they are', () => {
    fc.assert(
      fc.property(
        fc.array(fc.nat(10_000), { minLength: 20, maxLength: 200, size: 'max' }),
        fc.integer({ min: 20, max: 60 }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        (durations, samples, quantile) => {
          const latencies = new LatencyQuantile({ samples });
          for (const [i, duration] of durations.entries()) {
            latencies.record(duration);
            // Reading in between changes nothing.
            if (i % 7 === 0) latencies.value(0.5);
          }
          const kept = durations.slice(-samples);
          const value = latencies.value(quantile)!;
          expect(kept).toContain(value);
          const share = (fits: (each: number) => boolean) => kept.filter(fits).length / kept.length;
          expect(share((each) => each <= value)).toBeGreaterThanOrEqual(quantile);
          expect(share((each) => each < value)).toBeLessThanOrEqual(quantile);
        },
      ),
    );
  });

  it('serves as afterMs: one call in twenty is hedged', async () => {
    const clock = new VirtualClock();
    const latencies = new LatencyQuantile();
    let calls = 0;
    for (let i = 0; i < 400; i++) {
      const ms = 1_000 + ((i * 7_919) % 400);
      const fn = async ({ signal, hedge: index }: HedgeContext): Promise<void> => {
        calls += 1;
        await sleep(ms, { clock, signal });
        if (index === 0) latencies.record(ms);
      };
      await clock.runUntilSettled(hedge(fn, { afterMs: () => latencies.value(0.95), clock }));
    }
    expect(calls - 400).toBeGreaterThan(10);
    expect(calls - 400).toBeLessThan(30);
  });

  it('refuses invalid durations, shares and sizes', () => {
    expect(() => new LatencyQuantile({ samples: 10 })).toThrow(/samples must be .* from 20, got 10/);
    expect(() => new LatencyQuantile().record(-1)).toThrow(/durationMs must be .*, got -1/);
    expect(() => new LatencyQuantile().value(95)).toThrow(/quantile must be .*, got 95/);
  });
});
