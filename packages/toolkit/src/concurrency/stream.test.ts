import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { sleep } from '../clock/sleep.ts';
import { VirtualClock } from '../testing/virtual-clock.ts';
import { ConcurrencyManager } from './concurrency-manager.ts';
import type { TaskContext } from './task.ts';

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

describe('stream', () => {
  it('hands out outcomes as they finish', async () => {
    const gates = [0, 1, 2].map(() => Promise.withResolvers<string>());
    const stream = new ConcurrencyManager().stream(gates.map((gate) => () => gate.promise));
    const first = stream.next();
    gates[1]?.resolve('b');
    expect(await first).toEqual({ done: false, value: { success: true, data: 'b', index: 1 } });
    const error = new Error('c');
    gates[2]?.reject(error);
    expect((await stream.next()).value).toEqual({ success: false, error, index: 2 });
    gates[0]?.resolve('a');
    expect((await stream.next()).value).toEqual({ success: true, data: 'a', index: 0 });
    expect(await stream.next()).toEqual({ done: true, value: undefined });
  });

  it('hands them out in input order when asked to', async () => {
    const clock = new VirtualClock();
    const tasks = [30, 10, 20].map((ms) => () => sleep(ms, { clock }).then(() => ms));
    const all = Array.fromAsync(new ConcurrencyManager().stream(tasks, { ordered: true }));
    expect((await clock.runUntilSettled(all)).map((outcome) => outcome.success && outcome.data)).toEqual([
      30, 10, 20,
    ]);
  });

  it('starts nothing before it is read', async () => {
    const manager = new ConcurrencyManager();
    const stream = manager.stream([() => 1]);
    await turn();
    expect(manager.stats().started).toBe(0);
    await stream.return();
    expect(await stream.next()).toEqual({ done: true, value: undefined });
    expect(manager.stats().started).toBe(0);
  });

  it.each([false, true])(
    'never takes more than the concurrency ahead of its reader (ordered: %o)',
    async (ordered) => {
      await fc.assert(
        fc.asyncProperty(
          fc.array(fc.nat({ max: 5 }), { maxLength: 30 }),
          fc.array(fc.nat({ max: 5 }), { minLength: 1, maxLength: 10 }),
          fc.integer({ min: 1, max: 5 }),
          fc.integer({ min: 1, max: 5 }),
          async (durations, pauses, ceiling, limit) => {
            const clock = new VirtualClock();
            const manager = new ConcurrencyManager({ maxConcurrency: ceiling, clock });
            let pulled = 0;
            let dealtWith = 0;
            function* source() {
              for (const duration of durations) {
                pulled += 1;
                expect(pulled - dealtWith).toBeLessThanOrEqual(Math.min(ceiling, limit));
                yield () => sleep(duration, { clock });
              }
            }
            const indexes: number[] = [];
            const read = async (): Promise<void> => {
              for await (const { success, index } of manager.stream(source(), {
                ordered,
                maxConcurrency: limit,
              })) {
                expect(success).toBe(true);
                indexes.push(index);
                await sleep(pauses[index % pauses.length]!, { clock });
                dealtWith += 1;
              }
            };
            await clock.runUntilSettled(read());
            const inOrder = durations.map((_, i) => i);
            expect(ordered ? indexes : indexes.toSorted((a, b) => a - b)).toEqual(inOrder);
          },
        ),
        { numRuns: 60 },
      );
    },
  );

  it('holds no slot for what waits for its reader', async () => {
    const manager = new ConcurrencyManager({ maxConcurrency: 2 });
    const stream = manager.stream(Array.from({ length: 5 }, (_, i) => async () => i));
    await stream.next();
    await turn();
    expect(manager.stats()).toMatchObject({ running: 0, started: 2 });
    expect(await manager.executeBatch([() => 'other'])).toEqual(['other']);
    expect(await Array.fromAsync(stream)).toHaveLength(4);
  });

  it('aborts the rest and waits for it when the reader leaves', async () => {
    const manager = new ConcurrencyManager({ maxConcurrency: 3 });
    const slow = Promise.withResolvers<void>();
    const signals: AbortSignal[] = [];
    let closed = false;
    function* source() {
      try {
        for (let i = 0; ; i++) {
          yield async ({ signal }: TaskContext) => {
            signals.push(signal);
            if (i > 0) await slow.promise;
          };
        }
      } finally {
        closed = true;
      }
    }
    let left = false;
    const reading = (async () => {
      for await (const _ of manager.stream(source())) break;
      left = true;
    })();
    await turn();
    expect(left).toBe(false);
    expect(signals.map((signal) => signal.aborted)).toEqual([true, true, true]);
    slow.resolve();
    await reading;
    expect(closed).toBe(true);
    expect(manager.stats()).toMatchObject({ running: 0, waiting: 0, started: 3 });
  });

  it('leaves nothing unhandled when the reader throws', async () => {
    const error = new Error('reader');
    const read = async (): Promise<void> => {
      for await (const _ of new ConcurrencyManager().stream([
        () => 1,
        () => Promise.reject(new Error('task')),
      ])) {
        throw error;
      }
    };
    await expect(read()).rejects.toBe(error);
  });

  it('hands out what was in flight when the signal aborts, then throws the reason', async () => {
    const outer = new AbortController();
    const reason = new Error('enough');
    const indexes: number[] = [];
    const read = async (): Promise<void> => {
      const tasks = Array.from({ length: 9 }, () => () => turn());
      const options = { signal: outer.signal, maxConcurrency: 3, ordered: true };
      for await (const { index } of new ConcurrencyManager().stream(tasks, options)) {
        indexes.push(index);
        outer.abort(reason);
      }
    };
    await expect(read()).rejects.toBe(reason);
    expect(indexes).toEqual([0, 1, 2]);
  });

  it('does not throw at a reader who aborts and leaves', async () => {
    const outer = new AbortController();
    for await (const _ of new ConcurrencyManager().stream([async () => {}, turn], {
      signal: outer.signal,
    })) {
      outer.abort();
      break;
    }
  });

  it('goes on when the ceiling is raised while it runs', async () => {
    const manager = new ConcurrencyManager({ maxConcurrency: 1 });
    const gates = Array.from({ length: 3 }, () => Promise.withResolvers<void>());
    const all = Array.fromAsync(manager.stream(gates.map((gate) => () => gate.promise)));
    await turn();
    expect(manager.stats().running).toBe(1);
    manager.maxConcurrency = 3;
    expect(manager.stats().running).toBe(3);
    for (const gate of gates) gate.resolve();
    expect(await all).toHaveLength(3);
  });
});
