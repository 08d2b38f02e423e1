import { describe, expect, it } from 'vitest';
import { sleep } from '../clock/sleep.ts';
import { TimeoutError } from '../errors/timeout-error.ts';
import { VirtualClock } from '../testing/virtual-clock.ts';
import { ConcurrencyManager } from './concurrency-manager.ts';
import type { TaskContext } from './task.ts';

const timeout = (index: number, timeoutMs: number) =>
  expect.objectContaining({
    name: 'TimeoutError',
    code: 'TIMEOUT',
    timeoutMs,
    message: `The task at index ${index} took longer than ${timeoutMs} ms.`,
  });

describe('timeoutMs', () => {
  it('fails the task that takes longer, and aborts its signal only', async () => {
    const clock = new VirtualClock();
    const manager = new ConcurrencyManager({ clock });
    const signals: AbortSignal[] = [];
    const taking =
      (ms: number) =>
      async ({ signal }: TaskContext) => {
        signals.push(signal);
        await sleep(ms, { clock, signal });
        return ms;
      };
    const call = manager.executeBatchWithIsolation([taking(10), taking(30), taking(19)], { timeoutMs: 20 });
    expect(await clock.runUntilSettled(call)).toEqual([
      { success: true, data: 10, index: 0 },
      { success: false, error: timeout(1, 20), index: 1 },
      { success: true, data: 19, index: 2 },
    ]);
    expect(signals.map((signal) => signal.aborted)).toEqual([false, true, false]);
    expect(signals[1]?.reason).toBeInstanceOf(TimeoutError);
    expect(clock.now()).toBe(20);
    expect(clock.pendingTimers).toBe(0);
  });

  it('counts from the start of each task', async () => {
    const clock = new VirtualClock();
    const manager = new ConcurrencyManager({ clock, maxConcurrency: 1 });
    const call = manager.executeBatch(
      [1, 2, 3].map((i) => () => sleep(15, { clock }).then(() => i)),
      { timeoutMs: 20 },
    );
    expect(await clock.runUntilSettled(call)).toEqual([1, 2, 3]);
    expect(clock.now()).toBe(45);
  });

  it('does not wait for a task that ignores its signal, whatever becomes of it', async () => {
    const clock = new VirtualClock();
    const late = Promise.withResolvers<number>();
    const call = new ConcurrencyManager({ clock }).executeBatch([() => late.promise], { timeoutMs: 5 });
    await expect(clock.runUntilSettled(call)).rejects.toEqual(timeout(0, 5));
    const unhandled: unknown[] = [];
    const listener = (reason: unknown): void => void unhandled.push(reason);
    process.on('unhandledRejection', listener);
    late.reject(new Error('too late'));
    await new Promise((resolve) => setImmediate(resolve));
    process.off('unhandledRejection', listener);
    expect(unhandled).toEqual([]);
  });

  it('is what counts, also when the task answers the abort with an error of its own', async () => {
    const clock = new VirtualClock();
    const call = new ConcurrencyManager({ clock }).executeBatch(
      [
        ({ signal }) =>
          new Promise((_, reject) => signal.addEventListener('abort', () => reject(new Error('mine')))),
      ],
      { timeoutMs: 5 },
    );
    await expect(clock.runUntilSettled(call)).rejects.toEqual(timeout(0, 5));
  });

  it('lets the stop of the batch through to each task, and leaves no timer', async () => {
    const clock = new VirtualClock();
    const reasons: unknown[] = [];
    const error = new Error('no');
    const call = new ConcurrencyManager({ clock }).executeBatch(
      [
        async ({ signal }) => {
          signal.addEventListener('abort', () => reasons.push(signal.reason));
          await sleep(1_000, { clock, signal });
        },
        () => {
          throw error;
        },
      ],
      { timeoutMs: 5_000 },
    );
    await expect(call).rejects.toBe(error);
    expect(reasons).toEqual([expect.objectContaining({ name: 'AbortError', cause: error })]);
    expect(clock.pendingTimers).toBe(0);
  });

  it('sets no timer when it is not given', async () => {
    const clock = new VirtualClock();
    const manager = new ConcurrencyManager({ clock });
    expect(await manager.executeBatch([() => clock.pendingTimers])).toEqual([0]);
    expect(await manager.executeBatch([() => clock.pendingTimers], { timeoutMs: 1 })).toEqual([1]);
  });
});
