import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { describe, expect, it } from 'vitest';
import { sleep } from '../../clock/sleep.ts';
import { ConcurrencyManager } from '../../concurrency/concurrency-manager.ts';
import { ToolkitError } from '../../errors/toolkit-error.ts';
import { ErrorHandler } from '../../retry/error-handler.ts';
import { MemoryTaskStore } from '../../stores/memory.ts';
import { TaskManager } from '../../tasks/task-manager.ts';
import type { TaskStore } from '../../tasks/task-store.ts';
import { VirtualClock } from '../../testing/virtual-clock.ts';
import { leaseOwner } from './lease.ts';
import { TaskRunner, type TaskRunnerOptions } from './task-runner.ts';

function setUp(options: TaskRunnerOptions = {}) {
  const clock = new VirtualClock(1_000_000);
  const store = new MemoryTaskStore({ clock });
  /** A runner of another process: its own manager, the same store, perhaps with some verbs replaced. */
  const newRunner = (verbs: Partial<TaskStore> = {}): TaskRunner =>
    new TaskRunner({
      tasks: new TaskManager({ store: withVerbs(store, verbs), clock }),
      errorHandler: new ErrorHandler({ clock, maxRetries: 0 }),
      concurrency: new ConcurrencyManager({ maxConcurrency: 1 }),
      clock,
      ...options,
    });
  return { clock, store, newRunner };
}

function withVerbs(store: TaskStore, verbs: Partial<TaskStore>): TaskStore {
  return new Proxy(store, {
    get(target, name) {
      const value: unknown = Reflect.get(verbs, name) ?? Reflect.get(target, name);
      return typeof value === 'function' ? value.bind(Reflect.has(verbs, name) ? verbs : target) : value;
    },
  });
}

const busy = new ToolkitError('STORE_BUSY', 'locked');
const submission = { job: 'work', taskKey: 'k', taskParams: {} };
const echo = { run: (input: unknown) => input };

describe('a task that another process runs meanwhile', () => {
  it('is not run again when it has finished between the look and the lease', async () => {
    const { clock, store, newRunner } = setUp();
    const gate = Promise.withResolvers<void>();
    const late = newRunner({
      acquireLease: async (...args) => {
        await gate.promise;
        return store.acquireLease(...args);
      },
    }).register('work', echo);
    const first = newRunner().register('work', echo);
    const joining = late.submit({ ...submission, items: ['a', 'b'] });
    await clock.advance(0);
    const { task } = await first.submit({ ...submission, items: ['a', 'b'] });
    await clock.runUntilSettled(first.wait(task.taskId));
    gate.resolve();
    await joining;
    expect((await clock.runUntilSettled(late.wait(task.taskId))).status).toBe('completed');
    expect((await store.get(task.taskId))?.lease).toBeNull();
  });

  it('is followed to its end by the one who lost its lease', async () => {
    const { clock, store, newRunner } = setUp({ leaseMs: 9_000 });
    const held = Promise.withResolvers<unknown>();
    const first = newRunner().register('work', { run: () => held.promise });
    const { task } = await first.submit({ ...submission, items: ['a'] });
    const waiting = first.wait(task.taskId);
    await clock.advance(0);
    // The machine slept: by its clock others saw the lease lapse.
    await store.acquireLease(task.taskId, { owner: 'other', ttlMs: 60_000, now: clock.now() + 10_000 });
    await clock.advance(3_001);
    held.resolve('too late');
    const second = new TaskManager({ store, clock });
    await second.updateProgress(task.taskId, { itemKey: 'a', result: 'by the other' });
    await second.completeTask(task.taskId);
    const done = await clock.runUntilSettled(waiting);
    expect(done.status).toBe('completed');
    expect((await store.items(task.taskId)).entries[0]?.result).toBe('by the other');
  });

  it('is taken over at once when its process is known to be dead', async () => {
    const { clock, store, newRunner } = setUp();
    const child = spawn(process.execPath, ['-e', '']);
    await once(child, 'exit');
    const owner = leaseOwner().replace(`/${process.pid}/`, `/${child.pid}/`);
    const manager = new TaskManager({ store, clock });
    const items = [{ key: 'a', input: 'a' }];
    const { task } = await manager.getOrCreateTask({ taskKey: 'k', taskParams: {}, job: 'work', items });
    await manager.startTask(task.taskId);
    await store.acquireLease(task.taskId, { owner, ttlMs: 60_000, now: clock.now() });
    const runner = newRunner().register('work', echo);
    const before = clock.now();
    expect((await clock.runUntilSettled(runner.wait(task.taskId))).status).toBe('completed');
    expect(clock.now()).toBe(before);
  });

  it('may be of a job that is not known here, as long as somebody runs it', async () => {
    const { clock, newRunner } = setUp();
    const held = Promise.withResolvers<unknown>();
    const { task } = await newRunner()
      .register('work', { run: () => held.promise })
      .submit({ ...submission, items: ['a'] });
    const waiting = newRunner().wait(task.taskId);
    await clock.advance(2_000);
    held.resolve(1);
    expect((await clock.runUntilSettled(waiting)).status).toBe('completed');
  });
});

describe('what changes while a run drains or works', () => {
  it('goes on when resumed before it has drained', async () => {
    const { clock, newRunner } = setUp();
    const held = Promise.withResolvers<unknown>();
    const started: unknown[] = [];
    const runner = newRunner().register('work', {
      run: (input) => {
        started.push(input);
        return input === 'a' ? held.promise : input;
      },
    });
    const { task } = await runner.submit({ ...submission, items: ['a', 'b'] });
    await clock.advance(0);
    const paused = runner.pause(task.taskId);
    await clock.advance(0);
    await runner.resume(task.taskId);
    held.resolve('late');
    await paused;
    await clock.advance(0);
    expect(started).toEqual(['a', 'b']);
    expect(task.status).toBe('completed');
  });

  it('does items again that are taken back while it runs', async () => {
    const { clock, newRunner } = setUp();
    const held = Promise.withResolvers<unknown>();
    let calls = 0;
    const runner = newRunner().register('work', {
      run: (input) => {
        if (input === 'a' && ++calls === 1) throw new Error('once');
        return input === 'b' ? held.promise : input;
      },
    });
    const { task } = await runner.submit({ ...submission, items: ['a', 'b'] });
    await clock.advance(0);
    expect((await runner.retryFailed(task.taskId)).retried).toBe(1);
    held.resolve('b');
    expect(await clock.runUntilSettled(runner.wait(task.taskId))).toMatchObject({
      status: 'completed',
      successCount: 2,
    });
    expect(calls).toBe(2);
  });

  it('pause aborts what takes longer than it is given, and leaves it pending', async () => {
    const { clock, store, newRunner } = setUp();
    const runner = newRunner().register('work', {
      run: (_input, { signal }) =>
        new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason))),
    });
    const { task } = await runner.submit({ ...submission, items: ['a'] });
    await clock.advance(0);
    const paused = runner.pause(task.taskId, { drainMs: 1_000 });
    await clock.advance(1_001);
    await paused;
    expect(await store.get(task.taskId)).toMatchObject({ status: 'paused', completedCount: 0, lease: null });
  });

  it('a job of many steps stops between two of them when the run drains, and its item stays pending', async () => {
    const { clock, store, newRunner } = setUp();
    const firstStep = Promise.withResolvers<void>();
    const steps: number[] = [];
    const runner = newRunner().register('work', {
      run: async (_input, { draining }) => {
        steps.push(1);
        await firstStep.promise;
        draining.throwIfAborted();
        steps.push(2);
      },
    });
    const { task } = await runner.submit({ ...submission, items: ['a'] });
    await clock.advance(0);
    const closing = runner.shutdown();
    firstStep.resolve();
    await closing;
    expect(steps).toEqual([1]);
    expect(await store.get(task.taskId)).toMatchObject({ completedCount: 0, failedCount: 0, lease: null });
  });

  it('shutdown waits for a submission under way, which then starts nothing', async () => {
    const { clock, store, newRunner } = setUp();
    const started: unknown[] = [];
    const runner = newRunner().register('work', { run: (input) => started.push(input) });
    const submitting = runner.submit({ ...submission, items: ['a'] });
    await runner.shutdown();
    const { task } = await submitting;
    await clock.advance(60_000);
    expect(started).toEqual([]);
    expect((await store.get(task.taskId))?.lease).toBeNull();
    await expect(runner.submit({ ...submission, items: ['b'] })).rejects.toMatchObject({
      code: 'RUNNER_CLOSED',
    });
  });
});

describe('faults', () => {
  it('a busy database delays a result and does not lose it', async () => {
    const { clock, store, newRunner } = setUp();
    let refusals = 3;
    let calls = 0;
    const runner = newRunner({
      record: (...args) => (refusals-- > 0 ? Promise.reject(busy) : store.record(...args)),
    }).register('work', { run: () => ++calls });
    const { task } = await runner.submit({ ...submission, items: ['a'] });
    expect((await clock.runUntilSettled(runner.wait(task.taskId))).status).toBe('completed');
    expect(calls).toBe(1);
  });

  it('a database that is busy for longer than the lease ends no run: the result waits for it', async () => {
    const { clock, store, newRunner } = setUp({ leaseMs: 9_000 });
    const busyUntil = clock.now() + 120_000;
    const orBusy =
      <Args extends unknown[], T>(verb: (...args: Args) => Promise<T>) =>
      (...args: Args): Promise<T> =>
        clock.now() > 1_000_000 && clock.now() < busyUntil ? Promise.reject(busy) : verb(...args);
    let calls = 0;
    const runner = newRunner({
      get: orBusy((taskId) => store.get(taskId)),
      record: orBusy((...args) => store.record(...args)),
      acquireLease: orBusy((...args) => store.acquireLease(...args)),
      releaseLease: orBusy((...args) => store.releaseLease(...args)),
      transition: orBusy((...args) => store.transition(...args)),
    }).register('work', {
      run: async (input) => {
        calls += 1;
        await sleep(1_000, { clock });
        return input;
      },
    });
    const { task } = await runner.submit({ ...submission, items: ['a', 'b'] });
    const done = await clock.runUntilSettled(runner.wait(task.taskId));
    expect(done).toMatchObject({ status: 'completed', successCount: 2 });
    expect(clock.now()).toBeGreaterThanOrEqual(busyUntil);
    expect(calls).toBe(2);
  });

  it('a run that is shut down does not wait for ever for a database that is busy', async () => {
    const { clock, newRunner } = setUp();
    const held = Promise.withResolvers<unknown>();
    const runner = newRunner({
      record: () => Promise.reject(busy),
      releaseLease: () => Promise.reject(busy),
    }).register('work', { run: () => held.promise });
    const { task } = await runner.submit({ ...submission, items: ['a'] });
    await clock.advance(0);
    const stopping = runner.shutdown({ drainMs: 10_000 });
    held.resolve('done');
    await clock.runUntilSettled(stopping);
    expect(runner.inFlight(task.taskId)).toBe(0);
  });

  it('a job that cannot store something ends the run, and its item stays pending', async () => {
    const { clock, store, newRunner } = setUp();
    const full = new ToolkitError('STORE_FULL', 'no room');
    let isFull = true;
    const runner = newRunner().register('work', {
      run: (input) => {
        if (isFull) throw full;
        return input;
      },
    });
    const { task } = await runner.submit({ ...submission, items: ['a', 'b'] });
    await expect(clock.runUntilSettled(runner.wait(task.taskId))).rejects.toBe(full);
    expect(await store.get(task.taskId)).toMatchObject({ status: 'running', completedCount: 0, lease: null });
    isFull = false;
    await runner.resume(task.taskId);
    const done = await clock.runUntilSettled(runner.wait(task.taskId));
    expect(done).toMatchObject({ status: 'completed', successCount: 2, failedCount: 0 });
  });

  it('odd things that are thrown, and results that are no JSON, are failures of their items alone', async () => {
    const { clock, store, newRunner } = setUp();
    const odd: Record<string, () => unknown> = {
      object: () => {
        throw Object.create(null);
      },
      message: () => {
        throw Object.assign(new Error('x'), { message: { detail: 1 } });
      },
      nothing: () => {
        throw undefined;
      },
      date: () => ({ at: new Date(0) }),
      none: () => undefined,
      fine: () => 'fine',
    };
    const runner = newRunner().register('work', { run: (input: string) => odd[input]?.() });
    const { task } = await runner.submit({ ...submission, items: Object.keys(odd) });
    expect(await clock.runUntilSettled(runner.wait(task.taskId))).toMatchObject({
      status: 'completed',
      successCount: 2,
      failedCount: 4,
    });
    const { entries } = await store.items(task.taskId, { status: 'failed' });
    expect(entries.find(({ key }) => key === 'date')?.result).toMatchObject({
      error: { message: expect.stringContaining('result.at must be JSON') },
    });
  });

  it('a task that no item can finish says so, instead of running for ever', async () => {
    const { clock, store, newRunner } = setUp();
    const record = await store.create({
      taskId: 'task_odd',
      taskKey: 'k',
      fingerprint: 'f',
      taskParams: {},
      job: 'work',
      totalCount: 5,
      createdAt: clock.now(),
    });
    const runner = newRunner().register('work', echo);
    await expect(clock.runUntilSettled(runner.wait(record.task.taskId))).rejects.toThrow(
      /wants 5 results and has 0, but no item is left/,
    );
  });

  it('counts failures in a row, and takes back only those that led to the stop', async () => {
    const { clock, store, newRunner } = setUp({ maxConsecutiveFailures: 3 });
    const calls: string[] = [];
    const runner = newRunner().register('work', {
      run: (input: string) => {
        calls.push(input);
        if (input.startsWith('f')) throw new Error(`${input} failed`);
        return input;
      },
    });
    const items = ['f1', 'f2', 's1', 'f3', 'f4', 's2', 'f5', 'f6', 'f7', 's3'];
    const { task } = await runner.submit({ ...submission, items });
    const stopped = await clock.runUntilSettled(runner.wait(task.taskId));
    expect(stopped).toMatchObject({ status: 'paused', successCount: 2, failedCount: 4 });
    expect(calls).toEqual(items.slice(0, 9));
    const { entries } = await store.items(task.taskId, { status: 'pending' });
    expect(entries.map(({ key }) => key)).toEqual(['f5', 'f6', 'f7', 's3']);
  });
});

describe('wait', () => {
  it('ends with the signal, here and elsewhere', async () => {
    const { clock, newRunner } = setUp();
    const runner = newRunner().register('work', { run: () => new Promise(() => {}) });
    const { task } = await runner.submit({ ...submission, items: ['a'] });
    await clock.advance(0);
    for (const waiter of [runner, newRunner()]) {
      const controller = new AbortController();
      const waiting = waiter.wait(task.taskId, { signal: controller.signal });
      await clock.advance(0);
      controller.abort(new Error('enough'));
      await expect(waiting).rejects.toThrow('enough');
    }
  });

  it('tells once of a fault that came before it', async () => {
    const { clock, store, newRunner } = setUp();
    const full = new ToolkitError('STORE_FULL', 'disk full');
    let isFull = true;
    const runner = newRunner({
      record: (...args) => (isFull ? Promise.reject(full) : store.record(...args)),
    }).register('work', echo);
    const { task } = await runner.submit({ ...submission, items: ['a'] });
    await clock.advance(0);
    isFull = false;
    await expect(runner.wait(task.taskId)).rejects.toBe(full);
    expect((await clock.runUntilSettled(runner.wait(task.taskId))).status).toBe('completed');
  });
});
