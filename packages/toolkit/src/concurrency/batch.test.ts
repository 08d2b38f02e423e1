import { getEventListeners } from 'node:events';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { sleep } from '../clock/sleep.ts';
import { VirtualClock } from '../testing/virtual-clock.ts';
import type { BatchOptions } from './batch-options.ts';
import { ConcurrencyManager } from './concurrency-manager.ts';
import type { TaskFunction } from './task.ts';

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
const isPending = async (promise: Promise<unknown>): Promise<boolean> => {
  await turn();
  return Promise.race([
    promise.then(
      () => false,
      () => false,
    ),
    Promise.resolve(true),
  ]);
};

const unhandled: unknown[] = [];
const onUnhandled = (reason: unknown): void => void unhandled.push(reason);
beforeAll(() => void process.on('unhandledRejection', onUnhandled));
afterAll(async () => {
  await turn();
  process.off('unhandledRejection', onUnhandled);
  expect(unhandled).toEqual([]);
});

/** Every way to run tasks to their end. Isolation and streams do not stop at a failure. */
const runners: [
  string,
  (
    manager: ConcurrencyManager,
    tasks: Iterable<TaskFunction<unknown>>,
    options: BatchOptions,
  ) => Promise<unknown>,
][] = [
  ['executeBatch', (manager, tasks, options) => manager.executeBatch(tasks, options)],
  [
    'returnExceptions',
    (manager, tasks, options) => manager.executeBatch(tasks, { ...options, returnExceptions: true }),
  ],
  [
    'executeBatchWithIsolation',
    (manager, tasks, options) => manager.executeBatchWithIsolation(tasks, options),
  ],
  ['executeInBatches', (manager, tasks, options) => manager.executeInBatches(tasks, options)],
  ['map', (manager, tasks, options) => manager.map(tasks, (task, context) => task(context), options)],
  ['stream', (manager, tasks, options) => Array.fromAsync(manager.stream(tasks, options))],
];

describe('the first failure', () => {
  it('aborts the siblings, starts nothing more, and is thrown after they have settled', async () => {
    const first = new Error('first');
    const slow = Promise.withResolvers<void>();
    const started: number[] = [];
    const reasons: unknown[] = [];
    const batch = new ConcurrencyManager({ maxConcurrency: 3 }).executeBatch<unknown>([
      async ({ signal, index }) => {
        started.push(index);
        signal.addEventListener('abort', () => reasons.push(signal.reason));
        await slow.promise;
        throw new Error('second');
      },
      async ({ index }) => {
        started.push(index);
        await null;
        throw first;
      },
      async ({ signal, index }) => {
        started.push(index);
        await sleep(1_000_000, { signal, clock: new VirtualClock() });
      },
      async ({ index }) => started.push(index),
    ]);
    expect(await isPending(batch)).toBe(true);
    expect(reasons).toEqual([expect.objectContaining({ name: 'AbortError', cause: first })]);
    slow.resolve();
    await expect(batch).rejects.toBe(first);
    expect(started).toEqual([0, 1, 2]);
  });

  it.each([[undefined], [null], [0], ['text']])('keeps its identity when it is %o', async (thrown) => {
    const batch = new ConcurrencyManager().executeBatch([
      () => {
        throw thrown;
      },
      () => Promise.reject(new Error('later')),
    ]);
    const caught = await batch.then(
      () => 'resolved',
      (error: unknown) => ({ error }),
    );
    expect(caught).toEqual({ error: thrown });
  });

  it('of a synchronous throw starts nothing more', async () => {
    const error = new Error('at once');
    let started = 0;
    const tasks: TaskFunction<unknown>[] = [
      () => {
        throw error;
      },
      () => started++,
    ];
    await expect(new ConcurrencyManager().executeBatch(tasks)).rejects.toBe(error);
    expect(started).toBe(0);
  });

  it('of one batch leaves the others of the manager alone', async () => {
    const manager = new ConcurrencyManager();
    const gate = Promise.withResolvers<number>();
    const other = manager.executeBatch([() => gate.promise]);
    await expect(manager.executeBatch([() => Promise.reject(new Error('no'))])).rejects.toThrow('no');
    gate.resolve(1);
    expect(await other).toEqual([1]);
    expect(manager.stats()).toMatchObject({ running: 0, waiting: 0, started: 2, succeeded: 1, failed: 1 });
  });
});

describe('an outer signal', () => {
  it.each(runners)(
    'stops %s: nothing more starts, the rest settles, the reason is thrown',
    async (_, run) => {
      const manager = new ConcurrencyManager({ maxConcurrency: 2 });
      const outer = new AbortController();
      const slow = Promise.withResolvers<void>();
      let started = 0;
      const inner: unknown[] = [];
      const tasks = Array.from({ length: 5 }, (_, i) => async ({ signal }: { signal: AbortSignal }) => {
        started += 1;
        signal.addEventListener('abort', () => inner.push(signal.reason));
        if (i === 0) await slow.promise;
        else await sleep(1_000_000, { signal, clock: new VirtualClock() });
      });
      const call = run(manager, tasks, { signal: outer.signal });
      await turn();
      const reason = new Error('enough');
      outer.abort(reason);
      expect(await isPending(call)).toBe(true);
      slow.resolve();
      await expect(call).rejects.toBe(reason);
      expect(started).toBe(2);
      expect(inner).toEqual([reason, reason]);
      expect(manager.stats()).toMatchObject({ running: 0, waiting: 0 });
    },
  );

  it.each(runners)('that has aborted already keeps %s from starting anything', async (_, run) => {
    const reason = new Error('before');
    const manager = new ConcurrencyManager();
    const signal = AbortSignal.abort(reason);
    await expect(run(manager, [() => 1], { signal })).rejects.toBe(reason);
    expect(manager.stats().started).toBe(0);
    expect(getEventListeners(signal, 'abort')).toEqual([]);
  });

  it.each(runners)('gets one listener from %s and keeps none', async (_, run) => {
    const { signal } = new AbortController();
    const seen: number[] = [];
    const tasks: TaskFunction<unknown>[] = Array.from({ length: 5 }, () => async () => {
      seen.push(getEventListeners(signal, 'abort').length);
    });
    const manager = new ConcurrencyManager({ maxConcurrency: 2 });
    await run(manager, tasks, { signal });
    expect(seen).toEqual([1, 1, 1, 1, 1]);
    expect(getEventListeners(signal, 'abort')).toEqual([]);
    const failing = run(manager, [() => Promise.reject(new Error('no'))], { signal });
    await failing.catch(() => {});
    expect(getEventListeners(signal, 'abort')).toEqual([]);
  });

  it('ends a batch that waits for a slot, or is paused', async () => {
    const manager = new ConcurrencyManager();
    manager.pause();
    const outer = new AbortController();
    const call = manager.executeBatch([() => 1], { signal: outer.signal });
    outer.abort(new Error('never mind'));
    await expect(call).rejects.toThrow('never mind');
    expect(manager.stats()).toMatchObject({ waiting: 0, started: 0 });
  });

  it('after a failure changes nothing', async () => {
    const outer = new AbortController();
    const slow = Promise.withResolvers<void>();
    const call = new ConcurrencyManager().executeBatch(
      [() => slow.promise, () => Promise.reject(new Error('first'))],
      { signal: outer.signal },
    );
    await turn();
    outer.abort(new Error('too late'));
    slow.resolve();
    await expect(call).rejects.toThrow('first');
  });
});

describe('onProgress', () => {
  it.each(runners)('tells of every settled task of %s, with the total of an array', async (_, run) => {
    const progress: unknown[] = [];
    const onProgress = (p: unknown): void => void progress.push(p);
    await run(new ConcurrencyManager(), [() => 1, () => 2], { onProgress });
    expect(progress).toEqual([
      { completed: 1, succeeded: 1, failed: 0, total: 2 },
      { completed: 2, succeeded: 2, failed: 0, total: 2 },
    ]);
  });

  it('knows no total of an iterable, and counts failures', async () => {
    const progress: unknown[] = [];
    const tasks = new Set([() => Promise.reject(new Error('no')), () => Promise.resolve(1)]);
    await new ConcurrencyManager().executeBatchWithIsolation(tasks, {
      onProgress: (p) => void progress.push(p),
    });
    expect(progress).toEqual([
      { completed: 1, succeeded: 0, failed: 1 },
      { completed: 2, succeeded: 1, failed: 1 },
    ]);
  });

  it.each(runners)('fails %s when it throws', async (_, run) => {
    const error = new Error('bad callback');
    let started = 0;
    const tasks = Array.from({ length: 9 }, () => async () => started++);
    const onProgress = (): never => {
      throw error;
    };
    await expect(run(new ConcurrencyManager({ maxConcurrency: 2 }), tasks, { onProgress })).rejects.toBe(
      error,
    );
    expect(started).toBe(2);
  });

  it.each(runners)('fails %s when it is async and rejects, even on the last task', async (_, run) => {
    const error = new Error('bad callback');
    const onProgress = async ({ completed }: { completed: number }): Promise<void> => {
      await turn();
      if (completed === 3) throw error;
    };
    const call = run(new ConcurrencyManager(), [() => 1, () => 2, () => 3], { onProgress });
    await expect(call).rejects.toBe(error);
  });
});

describe('a million ways to run a batch', () => {
  const plan = fc.record({
    durations: fc.array(fc.integer({ min: 0, max: 20 }), { maxLength: 40 }),
    failAt: fc.option(fc.nat({ max: 45 }), { nil: -1 }),
    ceiling: fc.integer({ min: 1, max: 10 }),
    limit: fc.integer({ min: 1, max: 10 }),
    kind: fc.constantFrom('array', 'iterable', 'async iterable'),
    batchSize: fc.option(fc.integer({ min: 1, max: 10 }), { nil: undefined }),
  });

  it('calls each task once, in order, within the limits; the first error wins and nothing starts after it', async () => {
    await fc.assert(
      fc.asyncProperty(plan, async ({ durations, failAt, ceiling, limit, kind, batchSize }) => {
        const clock = new VirtualClock();
        const manager = new ConcurrencyManager({ maxConcurrency: ceiling, clock });
        const calls: number[] = [];
        const errors: unknown[] = [];
        let running = 0;
        const array = durations.map((duration, i) => async ({ index }: { index: number }) => {
          expect(errors).toEqual([]);
          expect(index).toBe(i);
          calls.push(i);
          running += 1;
          expect(running).toBeLessThanOrEqual(Math.min(ceiling, limit, batchSize ?? limit));
          // The siblings of the failing one fail as well, unasked, to see that they do not count.
          await sleep(duration, { clock });
          running -= 1;
          if (failAt >= 0 && (i === failAt || errors.length > 0)) {
            const error = new Error(`task ${i}`);
            errors.push(error);
            throw error;
          }
          return i;
        });
        const tasks = kind === 'array' ? array : kind === 'iterable' ? new Set(array) : asyncOf(array);
        const options = { maxConcurrency: limit };
        const call =
          batchSize === undefined
            ? manager.executeBatch(tasks, options)
            : manager.executeInBatches(tasks, { ...options, batchSize });
        const outcome = await clock.runUntilSettled(
          call.then(
            (results) => ({ results }),
            (error: unknown) => ({ error }),
          ),
        );
        expect(running).toBe(0);
        expect(calls).toEqual(calls.map((_, i) => i));
        if (failAt < 0 || failAt >= durations.length) {
          expect(outcome).toEqual({ results: durations.map((_, i) => i) });
        } else {
          expect(outcome).toEqual({ error: errors[0] });
          expect((errors[0] as Error).message).toBe(`task ${failAt}`);
        }
        expect(manager.stats()).toMatchObject({ running: 0, waiting: 0, started: calls.length });
        expect(clock.pendingTimers).toBe(0);
      }),
      { numRuns: 150 },
    );
  });

  async function* asyncOf<T>(items: T[]): AsyncGenerator<T> {
    for (const item of items) {
      await null;
      yield item;
    }
  }
});
