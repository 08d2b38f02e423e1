import { describe, expect, it } from 'vitest';
import { ConcurrencyManager } from '../../concurrency/concurrency-manager.ts';
import { ErrorHandler } from '../../retry/error-handler.ts';
import { MemoryTaskStore } from '../../stores/memory.ts';
import type { JobContext } from '../../tasks/job.ts';
import { TaskManager } from '../../tasks/task-manager.ts';
import { ControlledJob } from '../../testing/runner-conformance/controlled-job.ts';
import { VirtualClock } from '../../testing/virtual-clock.ts';
import { TaskRunner, type TaskRunnerOptions } from './task-runner.ts';

function setUp(options: TaskRunnerOptions = {}) {
  const clock = new VirtualClock(1_000_000);
  const store = new MemoryTaskStore({ clock });
  const newRunner = (): TaskRunner =>
    new TaskRunner({
      tasks: new TaskManager({ store, clock }),
      errorHandler: new ErrorHandler({ clock, maxRetries: 0 }),
      clock,
      ...options,
    });
  return { clock, store, newRunner, runner: newRunner() };
}

/** A job whose items finish when the test says so. */
function heldJob() {
  const started: string[] = [];
  const finish = new Map<string, (result: unknown) => void>();
  const signals: AbortSignal[] = [];
  const run = (_input: unknown, { itemKey, signal }: JobContext<unknown>): Promise<unknown> => {
    started.push(itemKey);
    signals.push(signal);
    return new Promise((resolve, reject) => {
      finish.set(itemKey, resolve);
      signal.addEventListener('abort', () => reject(signal.reason));
    });
  };
  return { started, finish, signals, run };
}

const submission = { job: 'work', taskKey: 'k', taskParams: { a: 1 } };

describe('TaskRunner', () => {
  it('says of a task whether it runs it, or another runner does', async () => {
    const { runner, newRunner, clock } = setUp();
    const controlled = new ControlledJob();
    const other = newRunner().register('work', controlled.job);
    runner.register('work', controlled.job);
    const { task } = await runner.submit({ ...submission, items: ['a'] });
    await other.submit({ ...submission, items: ['a'] });
    expect([runner.isRunning(task.taskId), other.isRunning(task.taskId)]).toEqual([true, false]);
    await controlled.untilBegun(1);
    controlled.end('a', 'done');
    await clock.runUntilSettled(runner.wait(task.taskId));
    expect(runner.isRunning(task.taskId)).toBe(false);
  });

  it('does every item once and completes the task', async () => {
    const { runner, clock } = setUp();
    const calls: unknown[] = [];
    runner.register('work', {
      run: (input: number, { taskParams, itemKey }: JobContext<{ a: number }>) => {
        calls.push([input, taskParams.a, itemKey]);
        return { doubled: input * 2 };
      },
    });
    const { task, isNew } = await runner.submit({ ...submission, items: [1, 2, 3] });
    expect(isNew).toBe(true);
    const done = await clock.runUntilSettled(runner.wait(task.taskId));
    expect(done.status).toBe('completed');
    expect(done.results).toEqual([{ doubled: 2 }, { doubled: 4 }, { doubled: 6 }]);
    expect(calls).toEqual([
      [1, 1, '1'],
      [2, 1, '2'],
      [3, 1, '3'],
    ]);
    expect(clock.pendingTimers).toBe(0);
  });

  it('does one item after the other, in their order, for a job that wants it so', async () => {
    const { runner, clock } = setUp();
    const seen: unknown[] = [];
    runner.register('work', {
      maxConcurrency: ({ a }: { a: number }) => a,
      run: async (input: string, { taskId }: JobContext<{ a: number }>) => {
        const recorded = (await runner.tasks.store.results(taskId)).entries.map(({ result }) => result);
        seen.push([input, recorded]);
        return input;
      },
    });
    const { task } = await runner.submit({ ...submission, items: ['c', 'a', 'b'] });
    await clock.runUntilSettled(runner.wait(task.taskId));
    expect(seen).toEqual([
      ['c', []],
      ['a', ['c']],
      ['b', ['c', 'a']],
    ]);
  });

  it('joins the same submission while it runs, and starts another for other items', async () => {
    const { runner, clock } = setUp();
    const { run, started } = heldJob();
    runner.register('work', { run });
    const [first, second] = await Promise.all([
      runner.submit({ ...submission, items: ['a', 'b'] }),
      runner.submit({ ...submission, items: ['b', 'a'] }),
    ]);
    expect([first.isNew, second.isNew]).toEqual([true, false]);
    expect(second.task.taskId).toBe(first.task.taskId);
    const third = await runner.submit({ ...submission, items: ['a', 'c'] });
    expect(third.isNew).toBe(true);
    await clock.advance(0);
    expect(started).toEqual(['a', 'b', 'a', 'c']);
    const closing = runner.shutdown({ drainMs: 0 });
    await clock.advance(0);
    await closing;
  });

  it('records results, retries as configured, and records failures with their errors', async () => {
    const { runner, clock } = setUp();
    let tries = 0;
    runner.register('work', {
      retry: { maxRetries: 2, retryDelayMs: 1000 },
      run: (input: string) => {
        if (input === 'bad') throw Object.assign(new Error('no such thing'), { status: 404 });
        if (input === 'flaky' && ++tries < 3) throw Object.assign(new Error('later'), { status: 503 });
        return input;
      },
    });
    const { task } = await runner.submit({ ...submission, items: ['good', 'bad', 'flaky'] });
    const done = await clock.runUntilSettled(runner.wait(task.taskId));
    expect(done).toMatchObject({ status: 'completed', successCount: 2, failedCount: 1 });
    expect(tries).toBe(3);
    const { entries } = await runner.tasks.store.items(task.taskId, { status: 'failed' });
    expect(entries).toMatchObject([
      { key: 'bad', result: { error: { message: 'no such thing', status: 404 } } },
    ]);
  });

  it('calls a task failed when every item failed, and does them again on retryFailed', async () => {
    const { runner, clock } = setUp();
    let broken = true;
    runner.register('work', {
      run: (input: string) => {
        if (broken) throw new Error('down');
        return input;
      },
    });
    const { task } = await runner.submit({ ...submission, items: ['a', 'b'] });
    expect(await clock.runUntilSettled(runner.wait(task.taskId))).toMatchObject({
      status: 'failed',
      errorMessage: 'All 2 items failed. The first: down',
    });
    broken = false;
    expect((await runner.retryFailed(task.taskId)).retried).toBe(2);
    expect(await clock.runUntilSettled(runner.wait(task.taskId))).toMatchObject({
      status: 'completed',
      successCount: 2,
      failedCount: 0,
      errorMessage: null,
    });
  });

  it('stops the whole fan-out at an exhausted quota, says why, and goes on when resumed', async () => {
    const { runner, clock } = setUp({ concurrency: new ConcurrencyManager({ maxConcurrency: 2 }) });
    let quota = 3;
    let calls = 0;
    runner.register('work', {
      run: async (input: number) => {
        calls += 1;
        if (quota-- <= 0) {
          throw Object.assign(new Error('You exceeded your current quota'), {
            status: 429,
            code: 'insufficient_quota',
          });
        }
        return input;
      },
    });
    const { task } = await runner.submit({ ...submission, items: Array.from({ length: 50 }, (_, i) => i) });
    const stopped = await clock.runUntilSettled(runner.wait(task.taskId));
    expect(stopped).toMatchObject({ status: 'paused', successCount: 3, failedCount: 0 });
    expect(stopped.errorMessage).toContain('You exceeded your current quota');
    expect(calls).toBeLessThanOrEqual(5);
    quota = 1000;
    await runner.resume(task.taskId);
    expect(await clock.runUntilSettled(runner.wait(task.taskId))).toMatchObject({
      status: 'completed',
      successCount: 50,
      errorMessage: null,
    });
  });

  it('pauses on what the job says, lets what is under way finish, and keeps the failures before it', async () => {
    const { runner, clock } = setUp({ concurrency: new ConcurrencyManager({ maxConcurrency: 3 }) });
    const slow = Promise.withResolvers<string>();
    let isSpent = true;
    const started: string[] = [];
    runner.register('work', {
      run: (input: string, { signal }: JobContext<unknown>) => {
        started.push(input);
        if (input === 'bad') throw Object.assign(new Error('no such thing'), { status: 404 });
        if (input === 'slow')
          return Promise.race([
            slow.promise,
            new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason))),
          ]);
        if (isSpent) throw new Error('all is spent');
        return input;
      },
      pauseOn: (error) => error instanceof Error && error.message === 'all is spent',
    });
    const { task } = await runner.submit({ ...submission, items: ['bad', 'slow', 'a', 'b', 'c', 'd'] });
    await clock.advance(60_000);
    slow.resolve('late');
    expect(await clock.runUntilSettled(runner.wait(task.taskId))).toMatchObject({
      status: 'paused',
      successCount: 1,
      failedCount: 1,
      errorMessage: 'all is spent',
    });
    expect(started).not.toContain('d');
    isSpent = false;
    await runner.resume(task.taskId);
    expect(await clock.runUntilSettled(runner.wait(task.taskId))).toMatchObject({
      status: 'completed',
      successCount: 5,
      failedCount: 1,
      errorMessage: null,
    });
    expect(started.filter((item) => item === 'slow' || item === 'bad')).toEqual(['bad', 'slow']);
  });

  it('leaves the rest for later after so many failures in a row', async () => {
    const { runner, clock } = setUp({
      concurrency: new ConcurrencyManager({ maxConcurrency: 1 }),
      maxConsecutiveFailures: 3,
    });
    let calls = 0;
    runner.register('work', {
      run: () => {
        calls += 1;
        throw new Error('connect ECONNREFUSED');
      },
    });
    const { task } = await runner.submit({ ...submission, items: Array.from({ length: 100 }, (_, i) => i) });
    const stopped = await clock.runUntilSettled(runner.wait(task.taskId));
    expect(stopped).toMatchObject({ status: 'paused', failedCount: 0, completedCount: 0 });
    expect(stopped.errorMessage).toMatch(/3 failures in a row.*ECONNREFUSED/);
    expect(calls).toBe(3);
  });

  it('takes over when the owner was not heard of for the lease, and does only what has no result', async () => {
    const { runner, newRunner, clock, store } = setUp({ leaseMs: 9_000 });
    const dead = heldJob();
    runner.register('work', { run: dead.run });
    const { task } = await runner.submit({ ...submission, items: ['a', 'b'] });
    await clock.advance(0);
    expect(dead.started.length).toBe(2);
    dead.finish.get('a')?.('by the first');
    await clock.advance(0);
    expect((await store.get(task.taskId))?.completedCount).toBe(1);
    // Its process dies: nothing of it is heard of any more.
    const acquire = store.acquireLease.bind(store);
    const deadOwner = (await store.get(task.taskId))?.lease?.owner;
    store.acquireLease = async (taskId, request) =>
      request.owner === deadOwner ? new Promise<never>(() => {}) : acquire(taskId, request);

    const second = newRunner();
    const done: string[] = [];
    second.register('work', {
      run: (input: string) => {
        done.push(input);
        return 'by the second';
      },
    });
    const joined = await second.submit({ ...submission, items: ['a', 'b'] });
    expect(joined.isNew).toBe(false);
    expect(done).toEqual([]);
    const finished = await clock.runUntilSettled(second.wait(task.taskId));
    expect(clock.now()).toBeGreaterThanOrEqual(1_009_000);
    expect(done).toEqual(['b']);
    expect(finished.status).toBe('completed');
    expect(finished.results).toEqual(['by the first', 'by the second']);
  });

  it('is not taken over while its owner lives', async () => {
    const { runner, newRunner, clock } = setUp({ leaseMs: 9_000 });
    const first = heldJob();
    const second = heldJob();
    runner.register('work', { run: first.run });
    const { task } = await runner.submit({ ...submission, items: ['a'] });
    const other = newRunner();
    other.register('work', { run: second.run });
    const waiting = other.wait(task.taskId);
    await clock.advance(60_000);
    expect(second.started).toEqual([]);
    first.finish.get('a')?.('x');
    expect((await clock.runUntilSettled(waiting)).status).toBe('completed');
  });

  it('pause drains, resume goes on, cancel aborts', async () => {
    const { runner, clock, store } = setUp({ concurrency: new ConcurrencyManager({ maxConcurrency: 1 }) });
    const job = heldJob();
    runner.register('work', { run: job.run });
    const { task } = await runner.submit({ ...submission, items: ['a', 'b', 'c'] });
    await clock.advance(0);
    expect(job.started).toEqual(['a']);
    const paused = runner.pause(task.taskId, { reason: 'lunch' });
    await clock.advance(0);
    expect((await store.get(task.taskId))?.status).toBe('paused');
    job.finish.get('a')?.('done');
    await paused;
    expect(await store.get(task.taskId)).toMatchObject({
      completedCount: 1,
      errorMessage: 'lunch',
      lease: null,
    });
    expect(job.started).toEqual(['a']);

    await runner.resume(task.taskId);
    await clock.advance(0);
    expect(job.started).toEqual(['a', 'b']);
    await runner.cancel(task.taskId);
    expect(job.signals.at(-1)?.aborted).toBe(true);
    const cancelled = await clock.runUntilSettled(runner.wait(task.taskId));
    expect(cancelled).toMatchObject({ status: 'cancelled', completedCount: 1 });
    expect(runner.inFlight()).toBe(0);
    expect(clock.pendingTimers).toBe(0);
  });

  it('sees within a heartbeat that another process cancelled the task', async () => {
    const { runner, newRunner, clock } = setUp({ leaseMs: 9_000 });
    const job = heldJob();
    runner.register('work', { run: job.run });
    const { task } = await runner.submit({ ...submission, items: ['a'] });
    await clock.advance(0);
    expect(job.started.length).toBe(1);
    await newRunner().cancel(task.taskId);
    await clock.advance(3_001);
    expect(job.signals[0]?.aborted).toBe(true);
    expect((await runner.wait(task.taskId)).status).toBe('cancelled');
  });

  it('shutdown drains, aborts what takes too long, and leaves the task for others', async () => {
    const { runner, newRunner, clock, store } = setUp({
      concurrency: new ConcurrencyManager({ maxConcurrency: 2 }),
    });
    const job = heldJob();
    runner.register('work', { run: job.run });
    const { task } = await runner.submit({ ...submission, items: ['a', 'b', 'c'] });
    await clock.advance(0);
    expect(job.started).toEqual(['a', 'b']);
    const closing = runner.shutdown({ drainMs: 5_000 });
    job.finish.get('a')?.('done');
    await clock.advance(5_001);
    await closing;
    expect(job.started).toEqual(['a', 'b']);
    expect(await store.get(task.taskId)).toMatchObject({ status: 'running', completedCount: 1, lease: null });

    const next = newRunner();
    next.register('work', { run: (input: string) => input });
    await next.resume(task.taskId);
    const done = await clock.runUntilSettled(next.wait(task.taskId));
    expect(done.results).toEqual(['done', 'b', 'c']);
  });

  it('rejects with the fault when results cannot be recorded, and goes on later', async () => {
    const { runner, newRunner, clock, store } = setUp();
    runner.register('work', { run: (input: string) => input });
    const record = store.record.bind(store);
    const full = Object.assign(new Error('disk full'), { code: 'STORE_FULL' });
    store.record = () => Promise.reject(full);
    const { task } = await runner.submit({ ...submission, items: ['a', 'b'] });
    await expect(clock.runUntilSettled(runner.wait(task.taskId))).rejects.toBe(full);
    store.record = record;
    const next = newRunner();
    next.register('work', { run: (input: string) => input });
    expect((await clock.runUntilSettled(next.wait(task.taskId))).status).toBe('completed');
  });

  it('refuses what it cannot run', async () => {
    const { runner } = setUp();
    await expect(runner.submit({ ...submission, items: [] })).rejects.toMatchObject({
      code: 'UNKNOWN_JOB',
      message: expect.stringContaining('"work"'),
    });
    runner.register('work', { run: () => null });
    await expect(runner.submit({ ...submission, items: ['a', 'a'] })).rejects.toMatchObject({
      code: 'DUPLICATE_ITEM',
    });
    await expect(runner.resume('task_none')).rejects.toMatchObject({ code: 'TASK_NOT_FOUND' });
    expect(() => new TaskRunner({ leaseMs: 0 })).toThrowError(
      /leaseMs must be a number of milliseconds above 0, or Infinity, got 0/,
    );
  });

  it('completes a task without items at once', async () => {
    const { runner, clock } = setUp();
    runner.register('work', { run: () => null });
    const { task } = await runner.submit({ ...submission, items: [] });
    expect((await clock.runUntilSettled(runner.wait(task.taskId))).status).toBe('completed');
  });
});
