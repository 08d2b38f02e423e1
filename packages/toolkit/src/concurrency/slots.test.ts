import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { sleep } from '../clock/sleep.ts';
import { collectGarbage } from '../testing/expect-bounded.ts';
import { VirtualClock } from '../testing/virtual-clock.ts';
import { ConcurrencyManager } from './concurrency-manager.ts';

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/** Tasks that note their start in `log` and end when told. */
function gated(name: string, count: number, log: string[]) {
  const gates = Array.from({ length: count }, () => Promise.withResolvers<void>());
  const tasks = gates.map((gate, i) => () => {
    log.push(`${name}${i}`);
    return gate.promise;
  });
  return {
    tasks,
    open: async (...which: number[]) => {
      for (const i of which) gates[i]?.resolve();
      await turn();
    },
    openAll: () => {
      for (const gate of gates) gate.resolve();
    },
  };
}

describe('one ceiling over all batches', () => {
  it('gives freed slots to the batches in turn', async () => {
    const manager = new ConcurrencyManager({ maxConcurrency: 2 });
    const log: string[] = [];
    const big = gated('big', 8, log);
    const small = gated('small', 2, log);
    const other = gated('other', 2, log);
    const calls = [big, small, other].map(({ tasks }) => manager.executeBatch(tasks));
    expect(log).toEqual(['big0', 'big1']);
    expect(manager.stats()).toMatchObject({ running: 2, waiting: 3 });
    await big.open(0);
    // The big batch had asked for its third slot before the others came.
    expect(log.slice(2)).toEqual(['big2']);
    await big.open(1);
    await big.open(2);
    expect(log.slice(3)).toEqual(['small0', 'other0']);
    await small.open(0);
    await other.open(0);
    expect(log.slice(5)).toEqual(['big3', 'small1']);
    await big.open(3);
    await small.open(1);
    expect(log.slice(7)).toEqual(['other1', 'big4']);
    big.openAll();
    other.openAll();
    await Promise.all(calls);
    expect(manager.stats()).toMatchObject({ running: 0, waiting: 0, started: 12, succeeded: 12 });
  });

  it('lets a small batch through a big one that never waits', async () => {
    const manager = new ConcurrencyManager({ maxConcurrency: 4 });
    let done = 0;
    const big = manager.executeBatch(Array.from({ length: 10_000 }, () => async () => void done++));
    await manager.executeBatch(Array.from({ length: 10 }, () => async () => {}));
    expect(done).toBeLessThan(50);
    await big;
    expect(done).toBe(10_000);
  });

  it('is never exceeded and always used, by any number of batches', async () => {
    const batch = fc.record({
      durations: fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1, maxLength: 12 }),
      limit: fc.integer({ min: 1, max: 6 }),
    });
    await fc.assert(
      fc.asyncProperty(
        fc.array(batch, { maxLength: 6 }),
        fc.integer({ min: 1, max: 6 }),
        async (batches, ceiling) => {
          const clock = new VirtualClock();
          const manager = new ConcurrencyManager({ maxConcurrency: ceiling, clock });
          const running = batches.map(() => 0);
          const left = batches.map(({ durations }) => durations.length);
          const calls = batches.map(({ durations, limit }, b) =>
            manager.executeBatch(
              durations.map((duration) => async () => {
                left[b]! -= 1;
                running[b]! += 1;
                expect(running[b]).toBeLessThanOrEqual(limit);
                expect(running.reduce((a, b) => a + b)).toBeLessThanOrEqual(ceiling);
                await sleep(duration, { clock });
                running[b]! -= 1;
              }),
              { maxConcurrency: limit },
            ),
          );
          for (let ms = 0; ms < 20; ms++) {
            await clock.advance(1);
            const usable = batches.reduce(
              (sum, { limit }, b) => sum + Math.min(limit, running[b]! + left[b]!),
              0,
            );
            expect(manager.stats().running).toBe(Math.min(ceiling, usable));
          }
          await clock.runUntilSettled(Promise.all(calls));
        },
      ),
      { numRuns: 60 },
    );
  });

  it('goes up at once and down as tasks finish', async () => {
    const manager = new ConcurrencyManager({ maxConcurrency: 1 });
    const log: string[] = [];
    const { tasks, open, openAll } = gated('t', 8, log);
    const call = manager.executeBatch(tasks, { maxConcurrency: 5 });
    manager.maxConcurrency = 4;
    expect(manager.maxConcurrency).toBe(4);
    expect(log).toHaveLength(4);
    manager.maxConcurrency = Infinity;
    expect(log).toHaveLength(5);
    manager.maxConcurrency = 2;
    await open(0, 1, 2);
    expect(log).toHaveLength(5);
    expect(manager.stats()).toMatchObject({ maxConcurrency: 2, running: 2, waiting: 1 });
    await open(3);
    expect(log).toHaveLength(6);
    openAll();
    await call;
    expect(log).toHaveLength(8);
  });

  it('pauses and resumes, each as often as one likes', async () => {
    const manager = new ConcurrencyManager({ maxConcurrency: 2 });
    const log: string[] = [];
    const { tasks, open, openAll } = gated('t', 4, log);
    const call = manager.executeBatch(tasks);
    manager.pause();
    manager.pause();
    await open(0, 1);
    expect(log).toHaveLength(2);
    expect(manager.stats()).toMatchObject({ paused: true, running: 0, waiting: 1, succeeded: 2 });
    manager.resume();
    manager.resume();
    expect(log).toHaveLength(4);
    expect(manager.stats()).toMatchObject({ paused: false, running: 2, waiting: 0 });
    manager.pause();
    openAll();
    // What has nothing left to start ends, paused or not.
    await call;
  });

  it('counts what failed and what succeeded', async () => {
    const manager = new ConcurrencyManager({ maxConcurrency: 3 });
    await manager.executeBatchWithIsolation([() => 1, () => Promise.reject(new Error('no')), () => 3]);
    expect(manager.stats()).toEqual({
      maxConcurrency: 3,
      paused: false,
      running: 0,
      waiting: 0,
      started: 3,
      succeeded: 2,
      failed: 1,
    });
  });

  it('may be changed, and batches started, from inside a task or a source', async () => {
    const manager = new ConcurrencyManager({ maxConcurrency: 2 });
    const inner: Promise<number[]>[] = [];
    const log: number[] = [];
    function* source() {
      for (let i = 0; i < 6; i++) {
        manager.maxConcurrency = 3 + i;
        inner.push(manager.executeBatch([() => i]));
        yield async () => log.push(i);
      }
    }
    expect(await manager.executeBatch(source())).toEqual([1, 2, 3, 4, 5, 6]);
    expect(log).toEqual([0, 1, 2, 3, 4, 5]);
    expect(await Promise.all(inner)).toEqual([[0], [1], [2], [3], [4], [5]]);
  });

  it('keeps nothing of what has ended: a paused manager lets go of a batch that was aborted', async () => {
    const manager = new ConcurrencyManager();
    manager.pause();
    const abandoned = (): WeakRef<object> => {
      const outer = new AbortController();
      const tasks = [() => 1];
      manager.executeBatch(tasks, { signal: outer.signal }).catch(() => {});
      outer.abort();
      return new WeakRef(tasks);
    };
    const tasks = abandoned();
    await turn();
    collectGarbage();
    expect(tasks.deref()).toBeUndefined();
    expect(manager.stats().paused).toBe(true);
  });

  it('does not pile up the stack when tasks of two batches throw at once', async () => {
    const manager = new ConcurrencyManager({ maxConcurrency: 1 });
    const throwing = Array.from({ length: 20_000 }, () => () => {
      throw new Error('no');
    });
    const gate = Promise.withResolvers<void>();
    const held = manager.executeBatch([() => gate.promise]);
    const calls = [manager.executeBatchWithIsolation(throwing), manager.executeBatchWithIsolation(throwing)];
    gate.resolve();
    await held;
    for (const outcomes of await Promise.all(calls))
      expect(outcomes.every(({ success }) => !success)).toBe(true);
  });
});
