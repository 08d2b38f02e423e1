import { describe, expect, it } from 'vitest';
import { ConcurrencyManager } from './concurrency-manager.ts';
import type { TaskFunction } from './task.ts';

/** Tasks that return `0 … count-1`, and how many of them ran at most at the same time. */
function counted(count: number): { tasks: TaskFunction<number>[]; peak: () => number } {
  let running = 0;
  let peak = 0;
  const tasks = Array.from({ length: count }, (_, i) => async () => {
    running += 1;
    peak = Math.max(peak, running);
    await turn();
    running -= 1;
    return i;
  });
  return { tasks, peak: () => peak };
}

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
const numbers = (count: number): number[] => Array.from({ length: count }, (_, i) => i);

describe('ConcurrencyManager', () => {
  it('has the presets of the guide', () => {
    expect(new ConcurrencyManager().maxConcurrency).toBe(100);
    expect(ConcurrencyManager.forSurvey().maxConcurrency).toBe(100);
    expect(ConcurrencyManager.forFocusGroup().maxConcurrency).toBe(50);
    expect(new ConcurrencyManager({ maxConcurrency: 7 }).maxConcurrency).toBe(7);
    expect(new ConcurrencyManager({ maxConcurrency: Infinity }).maxConcurrency).toBe(Infinity);
  });

  it('runs a batch at the concurrency asked for, with results in input order', async () => {
    const { tasks, peak } = counted(100);
    const results = await new ConcurrencyManager({ maxConcurrency: 50 }).executeBatch(tasks, {
      maxConcurrency: 20,
    });
    expect(results).toEqual(numbers(100));
    expect(peak()).toBe(20);
  });

  it('never exceeds its own ceiling, whatever a batch asks for', async () => {
    const { tasks, peak } = counted(30);
    await new ConcurrencyManager({ maxConcurrency: 5 }).executeBatch(tasks, { maxConcurrency: 20 });
    expect(peak()).toBe(5);
  });

  it('gives each task its signal and index', async () => {
    const seen = await new ConcurrencyManager().executeBatch([0, 1, 2].map(() => (context) => context));
    expect(seen.map((context) => context.index)).toEqual([0, 1, 2]);
    expect(seen.every((context) => context.signal === seen[0]?.signal && !context.signal.aborted)).toBe(true);
  });

  it('takes tasks that are not async', async () => {
    expect(await new ConcurrencyManager().executeBatch([() => 1, async () => 2])).toEqual([1, 2]);
    expect(await new ConcurrencyManager().executeBatch([])).toEqual([]);
  });

  it('puts errors in the place of results with returnExceptions, aborting nothing', async () => {
    const error = new Error('no');
    const signals: AbortSignal[] = [];
    const results = await new ConcurrencyManager({ maxConcurrency: 1 }).executeBatch(
      [
        () => 1,
        () => {
          throw error;
        },
        () => Promise.reject(undefined),
        async ({ signal }) => signals.push(signal),
      ],
      { returnExceptions: true },
    );
    expect(results).toEqual([1, error, undefined, 1]);
    expect(results[1]).toBe(error);
    expect(signals[0]?.aborted).toBe(false);
  });

  it('isolates failures', async () => {
    const error = new Error('no');
    const outcomes = await new ConcurrencyManager().executeBatchWithIsolation([
      async () => 'a',
      () => {
        throw error;
      },
      () => Promise.reject(null),
      async () => 'd',
    ]);
    expect(outcomes).toEqual([
      { success: true, data: 'a', index: 0 },
      { success: false, error, index: 1 },
      { success: false, error: null, index: 2 },
      { success: true, data: 'd', index: 3 },
    ]);
  });

  it('executes in batches, each only after the one before', async () => {
    const finished = new Set<number>();
    const tasks = numbers(120).map((i) => async () => {
      const before = Math.floor(i / 50) * 50;
      expect(numbers(before).every((earlier) => finished.has(earlier))).toBe(true);
      // Later ones of a batch end sooner.
      for (let turns = 50 - (i % 50); turns > 0; turns--) await null;
      finished.add(i);
      return i;
    });
    const manager = new ConcurrencyManager();
    const progress: number[] = [];
    const onProgress = (p: { completed: number }): number => progress.push(p.completed);
    expect(await manager.executeInBatches(tasks, { onProgress })).toEqual(numbers(120));
    expect(progress).toEqual(numbers(121).slice(1));
    const { tasks: others, peak } = counted(40);
    expect(await manager.executeInBatches(others, { batchSize: 20, maxConcurrency: 7 })).toEqual(numbers(40));
    expect(peak()).toBe(7);
  });

  it('keeps batches small however much concurrency there is', async () => {
    const { tasks, peak } = counted(40);
    await new ConcurrencyManager().executeInBatches(tasks, { batchSize: 8 });
    expect(peak()).toBe(8);
  });

  it('executes in batches with errors in the place of results, or stops at the first', async () => {
    const error = new Error('no');
    const started: number[] = [];
    const tasks = numbers(9).map((i) => async () => {
      started.push(i);
      if (i === 4) throw error;
      return i;
    });
    const manager = new ConcurrencyManager();
    expect(await manager.executeInBatches(tasks, { batchSize: 3, returnExceptions: true })).toEqual([
      ...[0, 1, 2, 3],
      error,
      ...[5, 6, 7, 8],
    ]);
    started.length = 0;
    await expect(manager.executeInBatches(tasks, { batchSize: 3 })).rejects.toBe(error);
    expect(started).toEqual([0, 1, 2, 3, 4, 5]);
  });

  it('maps, with undefined among the items and results', async () => {
    const items = ['a', undefined, 'c'];
    const results = await new ConcurrencyManager().map(
      items,
      async (item, { index }) => item && item + index,
    );
    expect(results).toEqual(['a0', undefined, 'c2']);
  });

  it('maps with all options of executeBatch', async () => {
    const progress: unknown[] = [];
    const results = await new ConcurrencyManager().map(
      new Set([1, 2]),
      (item) => {
        if (item === 1) throw 'one';
        return item;
      },
      { maxConcurrency: 1, returnExceptions: true, onProgress: (p) => void progress.push(p) },
    );
    expect(results).toEqual(['one', 2]);
    expect(progress).toEqual([
      { completed: 1, succeeded: 0, failed: 1 },
      { completed: 2, succeeded: 1, failed: 1 },
    ]);
  });

  it('fills in results that arrive from the back, however many', async () => {
    const count = 20_000;
    const gates = numbers(count).map(() => Promise.withResolvers<void>());
    const batch = new ConcurrencyManager({ maxConcurrency: Infinity }).executeBatch(
      gates.map((gate, i) => () => gate.promise.then(() => i)).values(),
    );
    for (const gate of gates.toReversed()) gate.resolve();
    expect(await batch).toEqual(numbers(count));
  });
});
