import { describe, expect, it } from 'vitest';
import { ConcurrencyManager } from './concurrency-manager.ts';
import type { TaskFunction } from './task.ts';

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/** A generator of tasks, sync or async, that tells how far it was pulled and whether it was closed. */
function source(kind: 'iterable' | 'async iterable', make: (index: number) => unknown, count: number) {
  const state = { pulled: 0, closed: false };
  function* sync(): Generator<TaskFunction<unknown>> {
    try {
      for (let i = 0; i < count; i++) {
        state.pulled += 1;
        yield make(i) as TaskFunction<unknown>;
      }
    } finally {
      state.closed = true;
    }
  }
  async function* async(): AsyncGenerator<TaskFunction<unknown>> {
    yield* sync();
  }
  return { state, tasks: kind === 'iterable' ? sync() : async() };
}

describe.each(['iterable', 'async iterable'] as const)('an %s of tasks', (kind) => {
  it('is pulled as tasks finish, never further than the concurrency', async () => {
    let finished = 0;
    const { state, tasks } = source(
      kind,
      () => async () => {
        expect(state.pulled - finished).toBeLessThanOrEqual(3);
        await turn();
        finished += 1;
      },
      20,
    );
    await new ConcurrencyManager({ maxConcurrency: 3 }).executeBatch(tasks);
    expect(finished).toBe(20);
  });

  it('is used to the full', async () => {
    const gates = Array.from({ length: 6 }, () => Promise.withResolvers<number>());
    const { tasks } = source(kind, (i) => () => gates[i]?.promise, 6);
    const manager = new ConcurrencyManager({ maxConcurrency: 4 });
    const call = manager.executeBatch(tasks);
    await turn();
    expect(manager.stats().running).toBe(4);
    gates.forEach((gate, i) => void gate.resolve(i));
    expect(await call).toEqual([0, 1, 2, 3, 4, 5]);
  });

  it('is pulled a batch at a time by executeInBatches', async () => {
    let finished = 0;
    const { state, tasks } = source(
      kind,
      (i) => async () => {
        expect(state.pulled).toBeLessThanOrEqual(Math.floor(i / 4) * 4 + 4);
        expect(finished).toBeGreaterThanOrEqual(Math.floor(i / 4) * 4);
        await turn();
        finished += 1;
        return i;
      },
      10,
    );
    const results = await new ConcurrencyManager().executeInBatches(tasks, {
      batchSize: 4,
      maxConcurrency: 3,
    });
    expect(results).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
  });

  it.each([0, 1, 4, 8])('may hold %i tasks, a whole number of batches', async (count) => {
    const { tasks } = source(kind, (i) => () => i, count);
    expect(await new ConcurrencyManager().executeInBatches(tasks, { batchSize: 4 })).toHaveLength(count);
  });

  it('is closed when the batch stops early, and pulled no more', async () => {
    const { state, tasks } = source(
      kind,
      (i) => () => (i === 3 ? Promise.reject(new Error('no')) : turn()),
      100,
    );
    await expect(new ConcurrencyManager({ maxConcurrency: 2 }).executeBatch(tasks)).rejects.toThrow('no');
    expect(state.closed).toBe(true);
    expect(state.pulled).toBeLessThanOrEqual(5);
  });

  it('is closed when the outer signal aborts', async () => {
    const { state, tasks } = source(kind, () => () => turn(), 100);
    const outer = new AbortController();
    const call = new ConcurrencyManager({ maxConcurrency: 2 }).executeBatch(tasks, { signal: outer.signal });
    await turn();
    outer.abort();
    await expect(call).rejects.toMatchObject({ name: 'AbortError' });
    expect(state.closed).toBe(true);
  });

  it('fails every batch, also one with isolation, when it yields something that isn’t a function', async () => {
    const { state, tasks } = source(kind, (i) => (i === 2 ? 'two' : () => i), 5);
    const call = new ConcurrencyManager({ maxConcurrency: 1 }).executeBatchWithIsolation(tasks);
    await expect(call).rejects.toMatchObject({
      code: 'INVALID_TASK',
      message: expect.stringContaining('the one at index 2 is "two"'),
    });
    expect(state).toEqual({ pulled: 3, closed: true });
  });

  it('fails the batch when it throws, after what is in flight has settled', async () => {
    const error = new Error('source');
    const gate = Promise.withResolvers<void>();
    let aborted = false;
    const { tasks } = source(
      kind,
      (i) => {
        if (i === 1) throw error;
        return async ({ signal }: { signal: AbortSignal }) => {
          await gate.promise;
          aborted = signal.aborted;
        };
      },
      5,
    );
    const call = new ConcurrencyManager().executeBatchWithIsolation(tasks);
    await turn();
    gate.resolve();
    await expect(call).rejects.toBe(error);
    expect(aborted).toBe(true);
  });

  it('may abort the batch itself', async () => {
    const outer = new AbortController();
    const { state, tasks } = source(
      kind,
      (i) => {
        if (i === 2) outer.abort(new Error('from within'));
        return () => i;
      },
      5,
    );
    const manager = new ConcurrencyManager({ maxConcurrency: 1 });
    const call = manager.executeBatch(tasks, { signal: outer.signal });
    await expect(call).rejects.toThrow('from within');
    expect(state).toEqual({ pulled: 3, closed: true });
    expect(manager.stats().started).toBe(2);
  });
});

describe('an async iterable', () => {
  it('holds no slot while its next task is on its way', async () => {
    const manager = new ConcurrencyManager({ maxConcurrency: 1 });
    const next = Promise.withResolvers<void>();
    const waiting = manager.executeBatch(
      (async function* () {
        await next.promise;
        yield () => 'late';
      })(),
    );
    expect(await manager.executeBatch([() => 'meanwhile'])).toEqual(['meanwhile']);
    next.resolve();
    expect(await waiting).toEqual(['late']);
  });

  it('starts nothing that arrives while the manager is paused', async () => {
    const manager = new ConcurrencyManager();
    const next = Promise.withResolvers<void>();
    const call = manager.executeBatch(
      (async function* () {
        await next.promise;
        yield () => 1;
      })(),
    );
    manager.pause();
    next.resolve();
    await turn();
    expect(manager.stats()).toMatchObject({ started: 0, waiting: 1 });
    manager.resume();
    expect(await call).toEqual([1]);
  });

  it('that never brings its next task does not hold up the failure', async () => {
    async function* stuck() {
      yield () => Promise.reject(new Error('no'));
      await new Promise(() => {});
    }
    await expect(new ConcurrencyManager().executeBatch(stuck())).rejects.toThrow('no');
  });

  it('is closed to the end before the call settles', async () => {
    let closed = false;
    async function* source() {
      try {
        yield () => Promise.reject(new Error('no'));
      } finally {
        for (let turns = 0; turns < 5; turns++) await turn();
        closed = true;
      }
    }
    await expect(new ConcurrencyManager({ maxConcurrency: 1 }).executeBatch(source())).rejects.toThrow('no');
    expect(closed).toBe(true);
  });

  it('that rejects or throws after the batch has stopped goes unnoticed', async () => {
    const late = Promise.withResolvers<IteratorResult<TaskFunction<number>>>();
    const steps = [{ done: false as const, value: () => Promise.reject(new Error('first')) }];
    const iterator: AsyncIterator<TaskFunction<number>> = {
      next: () => (steps.length > 0 ? Promise.resolve(steps.pop()!) : late.promise),
      return: () => Promise.reject(new Error('while closing')),
    };
    const call = new ConcurrencyManager().executeBatch({ [Symbol.asyncIterator]: () => iterator });
    await expect(call).rejects.toThrow('first');
    const unhandled: unknown[] = [];
    const listener = (reason: unknown): void => void unhandled.push(reason);
    process.on('unhandledRejection', listener);
    late.reject(new Error('late'));
    await turn();
    process.off('unhandledRejection', listener);
    expect(unhandled).toEqual([]);
  });
});

describe('an iterable', () => {
  it('whose return throws does not hide the failure', async () => {
    const iterator: Iterator<TaskFunction<number>> = {
      next: () => ({ done: false, value: () => Promise.reject(new Error('first')) }),
      return: () => {
        throw new Error('while closing');
      },
    };
    const call = new ConcurrencyManager().executeBatch({ [Symbol.iterator]: () => iterator });
    await expect(call).rejects.toThrow('first');
  });
});
