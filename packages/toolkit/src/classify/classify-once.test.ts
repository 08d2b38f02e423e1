import { expect, it } from 'vitest';
import { CircuitBreaker } from '../circuit-breaker/circuit-breaker.ts';
import { ErrorHandler } from '../retry/error-handler.ts';
import { TaskRunner } from '../runners/local/task-runner.ts';
import { TaskManager } from '../tasks/task-manager.ts';
import { VirtualClock } from '../testing/virtual-clock.ts';
import { Throttle } from '../throttle/throttle.ts';
import { classify } from './classify.ts';

/** Counts how often its fields are read. */
class CountedError extends Error {
  readonly responseHeaders: Record<string, string> = { 'retry-after-ms': '5' };
  reads = 0;

  get status(): number {
    this.reads += 1;
    return 503;
  }
}

it('reads an error once on its whole way, from the call to the recorded result', async () => {
  const clock = new VirtualClock();
  const error = new CountedError('no');
  const throttle = new Throttle({ clock });
  const handler = new ErrorHandler({ clock, throttle, maxRetries: 0 });
  const breaker = new CircuitBreaker({ clock });
  const runner = new TaskRunner({ clock, tasks: new TaskManager({ clock }), errorHandler: handler });
  const once = { retryOn: () => false };
  runner.register('ask', {
    retry: once,
    run: () => handler.withRetry(() => breaker.execute(() => Promise.reject(error)), once),
  });
  const { task } = await runner.submit({ job: 'ask', taskKey: 'k', taskParams: {}, items: ['a'] });
  await clock.runUntilSettled(runner.wait(task.taskId));
  await handler.safeExecute(() => Promise.reject(error), { logError: false });
  expect(task.results).toMatchObject([{ error: { kind: 'overloaded', status: 503 } }]);
  expect(throttle.stats.refused).toBeGreaterThan(0);
  expect(classify(error)).toBe(classify(error));
  expect(error.reads).toBe(1);
});

it('works out a wait until a date again when time has passed', () => {
  const at = Date.parse('2026-11-23T10:00:30Z');
  const headers = { 'retry-after': new Date(at).toUTCString() };
  const error = Object.assign(new Error('no'), { status: 429, headers });
  expect(classify(error, { now: at - 30_000 }).waitMs).toBe(30_000);
  expect(classify(error, { now: at - 10_000 }).waitMs).toBe(10_000);
  expect(classify(error, { now: at - 30_000 }).waitMs).toBe(30_000);
});

it('classifies what is not an object each time', () => {
  expect(classify('boom')).toEqual(classify('boom'));
  expect(classify(undefined).kind).toBe('unknown');
});
