import { describe, expect, it } from 'vitest';
import { MemoryTaskStore } from '../stores/memory.ts';
import { VirtualClock } from '../testing/virtual-clock.ts';
import type { TaskSnapshot } from './task.ts';
import { TaskEvents } from './task-events.ts';
import { TaskManager } from './task-manager.ts';
import { watchTask } from './watch-task.ts';

async function setUp(onListenerError?: (error: unknown) => void) {
  const clock = new VirtualClock(1_000);
  const store = new MemoryTaskStore({ clock });
  const manager = new TaskManager({ store, clock, onListenerError });
  const { task } = await manager.getOrCreateTask({ taskKey: 'k', totalCount: 3 });
  return { clock, store, manager, task, taskId: task.taskId };
}

describe('TaskManager.on', () => {
  it('tells of creation, every change of status, and every result once', async () => {
    const { manager } = await setUp();
    const heard: unknown[] = [];
    manager.on('status', ({ task, status }) => heard.push([task.taskKey, status]));
    manager.on('progress', ({ task, result, itemKey, success }) =>
      heard.push([task.completedCount, result, itemKey, success]),
    );
    const { task } = await manager.getOrCreateTask({ taskKey: 'other', totalCount: 2 });
    await manager.getOrCreateTask({ taskKey: 'other', totalCount: 2 });
    await manager.startTask(task.taskId);
    await manager.updateProgress(task.taskId, { result: 'a', itemKey: 'i' });
    await manager.updateProgress(task.taskId, { result: 'a', itemKey: 'i' });
    await manager.updateProgress(task.taskId, { result: 'b', success: false });
    await manager.completeTask(task.taskId);
    expect(heard).toEqual([
      ['other', 'pending'],
      ['other', 'running'],
      [1, 'a', 'i', true],
      [2, 'b', undefined, false],
      ['other', 'completed'],
    ]);
  });

  it('ends when asked to, for that listener only', async () => {
    const { manager, taskId } = await setUp();
    let calls = 0;
    const listener = (): void => {
      calls += 1;
    };
    const off = manager.on('status', listener);
    manager.on('status', listener);
    off();
    off();
    await manager.startTask(taskId);
    expect(calls).toBe(1);
  });

  it('is not disturbed by listeners that throw or reject', async () => {
    const errors: unknown[] = [];
    const { clock, manager, task, taskId } = await setUp((error) => errors.push(error));
    const heard: unknown[] = [];
    manager.on('progress', () => {
      throw new Error('thrown');
    });
    manager.on('progress', (async () => {
      throw new Error('rejected');
    }) as () => void);
    manager.on('progress', ({ result }) => heard.push(result));
    await manager.startTask(taskId);
    expect((await manager.updateProgress(taskId, { result: 1 })).recorded).toBe(true);
    await clock.advance(0);
    expect(heard).toEqual([1]);
    expect(task.completedCount).toBe(1);
    expect(errors).toMatchObject([{ message: 'thrown' }, { message: 'rejected' }]);
  });
});

describe('TaskManager.watch', () => {
  it('shows the task at once, after each change, and last when it is finished', async () => {
    const { clock, manager, taskId } = await setUp();
    const watching = manager.watch(taskId);
    const next = async (): Promise<unknown> => {
      const { value } = await watching.next();
      return value && [value.status, value.completedCount];
    };
    expect(await next()).toEqual(['pending', 0]);
    const second = next();
    await manager.startTask(taskId);
    expect(await second).toEqual(['running', 0]);
    await manager.updateProgress(taskId, { result: 1 });
    await manager.updateProgress(taskId, { result: 2 });
    expect(await next()).toEqual(['running', 2]);
    const last = next();
    await manager.cancelTask(taskId);
    expect(await last).toEqual(['cancelled', 2]);
    expect(await watching.next()).toEqual({ done: true, value: undefined });
    expect(clock.pendingTimers).toBe(0);
  });

  it('sees what others do, by polling', async () => {
    const { clock, store, manager, taskId } = await setUp();
    const other = new TaskManager({ store, clock });
    const seen: TaskSnapshot[] = [];
    const watched = (async () => {
      for await (const snapshot of manager.watch(taskId, { pollMs: 200 })) seen.push(snapshot);
    })();
    await clock.advance(0);
    await other.startTask(taskId);
    await clock.advance(199);
    expect(seen.map(({ status }) => status)).toEqual(['pending']);
    await clock.advance(1);
    expect(seen.map(({ status }) => status)).toEqual(['pending', 'running']);
    await clock.advance(10_000);
    expect(seen).toHaveLength(2);
    await other.completeTask(taskId);
    await clock.advance(200);
    await watched;
    expect(seen.map(({ status }) => status)).toEqual(['pending', 'running', 'completed']);
  });

  it('ends at once for a finished task', async () => {
    const { manager, taskId } = await setUp();
    await manager.cancelTask(taskId);
    const seen = await Array.fromAsync(manager.watch(taskId), ({ status }) => status);
    expect(seen).toEqual(['cancelled']);
  });

  it('rejects with the reason of its signal, and leaves nothing behind', async () => {
    const { clock, manager, taskId } = await setUp();
    const controller = new AbortController();
    const watching = manager.watch(taskId, { signal: controller.signal });
    await watching.next();
    const next = watching.next();
    await clock.advance(0);
    controller.abort(new Error('enough'));
    await expect(next).rejects.toThrow('enough');
    expect(clock.pendingTimers).toBe(0);
  });

  it('rejects at once where its signal aborts while the store is asked, or its reader is busy', async () => {
    const { clock, store, manager, taskId } = await setUp();
    const controller = new AbortController();
    const watching = manager.watch(taskId, { signal: controller.signal });
    await watching.next();
    controller.abort(new Error('enough'));
    await expect(watching.next()).rejects.toThrow('enough');
    const second = new AbortController();
    let asked = 0;
    store.get = async (id) => {
      asked += 1;
      if (asked === 2) second.abort(new Error('too slow'));
      return MemoryTaskStore.prototype.get.call(store, id);
    };
    const again = manager.watch(taskId, { signal: second.signal });
    await again.next();
    const next = again.next();
    next.catch(() => {});
    await clock.advance(500);
    expect(clock.pendingTimers).toBe(0);
    await expect(next).rejects.toThrow('too slow');
  });

  it('follows the task no longer than it is read', async () => {
    const { clock, store, taskId } = await setUp();
    const events = new TaskEvents(() => {});
    const follow = events.follow.bind(events);
    let told = 0;
    events.follow = (id, follower) =>
      follow(id, (record) => {
        told += 1;
        follower(record);
      });
    const watching = watchTask(taskId, { store, events, clock, pollMs: 500 }, undefined);
    await watching.next();
    const record = (await store.get(taskId))!;
    events.changed(record);
    await watching.return();
    events.changed(record);
    expect(told).toBe(1);
  });

  it('can be broken off', async () => {
    const { clock, manager, taskId } = await setUp();
    for await (const { status } of manager.watch(taskId)) {
      expect(status).toBe('pending');
      break;
    }
    expect(clock.pendingTimers).toBe(0);
  });

  it('rejects for an unknown task and a bad interval', async () => {
    const { manager, taskId } = await setUp();
    await expect(manager.watch('task_x').next()).rejects.toMatchObject({ code: 'TASK_NOT_FOUND' });
    await expect(manager.watch(taskId, { pollMs: -1 }).next()).rejects.toMatchObject({
      code: 'INVALID_OPTION',
    });
  });
});
