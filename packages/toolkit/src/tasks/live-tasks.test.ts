import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MemoryTaskStore } from '../stores/memory.ts';
import { VirtualClock } from '../testing/virtual-clock.ts';
import type { Task } from './task.ts';
import { TaskManager } from './task-manager.ts';
import type { TaskRecord } from './task-record.ts';

const items = ['a', 'b', 'c', 'd'].map((key) => ({ key, input: null }));
const allKeys = [...items.map(({ key }) => key), 'stranger'];

/** Holds the answers of `get` back until told otherwise. */
class SlowStore extends MemoryTaskStore {
  answer: Promise<void> = Promise.resolve();

  override async get(taskId: string): Promise<TaskRecord | undefined> {
    const record = await super.get(taskId);
    await this.answer;
    return record;
  }
}

async function setUp(maxResultsInMemory?: number) {
  const clock = new VirtualClock(1_000);
  const store = new SlowStore({ clock });
  const managers = [1, 2].map(() => new TaskManager({ store, clock, maxResultsInMemory }));
  const [manager, other] = managers as [TaskManager, TaskManager];
  const { task } = await manager.getOrCreateTask({ taskKey: 'k', items });
  const { taskId } = await manager.startTask(task.taskId);
  return { clock, store, manager, managers, other, task, taskId };
}

async function stored(manager: TaskManager, taskId: string, last = 10): Promise<unknown[]> {
  return (await Array.fromAsync(manager.results(taskId), ({ result }) => result)).slice(-last);
}

describe('TaskManager.resetFailed', () => {
  it('takes results back from the store and from the live task', async () => {
    const { manager, task, taskId } = await setUp();
    expect(await manager.resetFailed(taskId)).toBe(0);
    for (const [itemKey, success] of [
      ['a', false],
      ['b', true],
      ['c', false],
      ['d', false],
    ] as const) {
      await manager.updateProgress(taskId, { itemKey, success, result: itemKey });
    }
    expect(await manager.resetFailed(taskId, { itemKeys: ['c', 'b'] })).toBe(1);
    expect(task).toMatchObject({ completedCount: 3, failedCount: 2, results: ['a', 'b', 'd'] });
    await manager.updateProgress(taskId, { itemKey: 'c', result: 'C' });
    expect(task.results).toEqual(['a', 'b', 'd', 'C']);
    expect(await manager.resetFailed(taskId)).toBe(2);
    expect(task).toMatchObject({ completedCount: 2, failedCount: 0, results: ['b', 'C'] });
    expect(task.resultsTruncated).toBe(false);
  });

  it('wakes who watches', async () => {
    const { manager, taskId } = await setUp();
    await manager.updateProgress(taskId, { itemKey: 'a', success: false });
    const watching = manager.watch(taskId);
    await watching.next();
    const next = watching.next();
    await manager.resetFailed(taskId);
    expect((await next).value).toMatchObject({ status: 'running', completedCount: 0 });
    await watching.return();
  });

  it('refuses an unknown task and bad keys', async () => {
    const { manager, taskId } = await setUp();
    await expect(manager.resetFailed('task_x')).rejects.toMatchObject({ code: 'TASK_NOT_FOUND' });
    for (const itemKeys of ['abc', [7], ['']]) {
      await expect(manager.resetFailed(taskId, { itemKeys: itemKeys as never })).rejects.toMatchObject({
        code: 'INVALID_OPTION',
        message: expect.stringContaining('itemKeys'),
      });
    }
  });
});

describe('a live task', () => {
  it('shows what another manager took back and recorded again, though the counts are the same', async () => {
    const { manager, other, task, taskId } = await setUp();
    await manager.updateProgress(taskId, { itemKey: 'a', success: false, result: 'FAILED' });
    await manager.updateProgress(taskId, { itemKey: 'b', result: 'ok' });
    await other.resetFailed(taskId);
    await other.updateProgress(taskId, { itemKey: 'a', result: 'GOOD' });
    expect((await manager.getTask(taskId))?.results).toEqual(['ok', 'GOOD']);
    expect(task.results).toEqual(['ok', 'GOOD']);
  });

  it('reads no results again that it knows', async () => {
    const { manager, store, taskId } = await setUp();
    let reads = 0;
    store.results = (...args) => {
      reads += 1;
      return MemoryTaskStore.prototype.results.apply(store, args);
    };
    await manager.updateProgress(taskId, { itemKey: 'a', result: 1 });
    await manager.pauseTask(taskId);
    await manager.updateProgress(taskId, { itemKey: 'b', result: 2 });
    await manager.cancelTask(taskId);
    expect((await manager.getTask(taskId))?.results).toEqual([1, 2]);
    expect(reads).toBe(0);
  });

  it('is not set back by an answer that comes late', async () => {
    const { manager, store, task, taskId } = await setUp();
    const held = Promise.withResolvers<void>();
    store.answer = held.promise;
    const reading = manager.getTask(taskId);
    store.answer = Promise.resolve();
    await manager.updateProgress(taskId, { itemKey: 'a', result: 1 });
    await manager.pauseTask(taskId);
    held.resolve();
    expect(await reading).toBe(task);
    expect(task).toMatchObject({ status: 'paused', completedCount: 1, results: [1] });
  });

  it('does not show what was taken back while it was being read', async () => {
    const { manager, other, store, task, taskId } = await setUp();
    for (const itemKey of ['a', 'b', 'c']) await other.updateProgress(taskId, { itemKey, success: false });
    const read = Promise.withResolvers<void>();
    const held = Promise.withResolvers<void>();
    store.results = async (...args) => {
      const page = await MemoryTaskStore.prototype.results.apply(store, args);
      read.resolve();
      await held.promise;
      return page;
    };
    const reading = manager.getTask(taskId);
    await read.promise;
    await store.resetFailed(taskId, { itemKeys: ['a', 'b'] });
    await manager.listTasks();
    held.resolve();
    await reading;
    expect(task).toMatchObject({ completedCount: 1, results: [], resultsTruncated: true });
    expect((await manager.getTask(taskId))?.results).toEqual([null]);
  });

  it('never has more results than are recorded, and agrees with the store once it was read', async () => {
    const step = fc.record({
      manager: fc.nat(1),
      verb: fc.constantFrom('record', 'record', 'record', 'reset', 'list', 'get', 'pause', 'resume'),
      key: fc.constantFrom(...allKeys),
      success: fc.boolean(),
    });
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.array(step, { maxLength: 4 }), { maxLength: 20 }),
        fc.constantFrom(2, 10),
        async (groups, limit) => {
          const { managers, taskId } = await setUp(limit);
          const tasks: Task[] = [];
          for (const manager of managers) tasks.push((await manager.getTask(taskId))!);
          let results = 0;
          for (const group of groups) {
            const underWay = group.map(({ manager: index, verb, key, success }) => {
              const manager = managers[index]!;
              if (verb === 'record')
                return manager.updateProgress(taskId, { itemKey: key, success, result: results++ });
              if (verb === 'reset') return manager.resetFailed(taskId, success ? {} : { itemKeys: [key] });
              if (verb === 'list') return manager.listTasks();
              if (verb === 'get') return manager.getTask(taskId);
              return verb === 'pause' ? manager.pauseTask(taskId) : manager.resumeTask(taskId);
            });
            for (let turn = 0; turn < 10; turn += 1) {
              await Promise.resolve();
              for (const task of tasks) expect(task.results.length).toBeLessThanOrEqual(task.completedCount);
            }
            await Promise.allSettled(underWay);
          }
          for (const [index, manager] of managers.entries()) {
            await manager.getTask(taskId);
            expect(tasks[index]!.results).toEqual(await stored(manager, taskId, limit));
          }
        },
      ),
      { numRuns: 500 },
    );
  });
});
