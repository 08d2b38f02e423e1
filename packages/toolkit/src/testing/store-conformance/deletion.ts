import type { StoreTest } from '../describe-task-store.ts';
import type { TestFunctions } from '../test-functions.ts';
import { newTask, runningTask, taskWithItems } from './new-task.ts';

export function deletionTests(test: StoreTest, expect: TestFunctions['expect']): void {
  test('deletes a finished task with all that belongs to it, and nothing else', async (store) => {
    const other = await runningTask(store, { fingerprint: 'other', totalCount: 1 });
    await store.record(other.taskId, { success: true, result: 'kept', recordedAt: 3_000 });
    const { taskId } = await taskWithItems(store, 2_500);
    const recorded = Array.from({ length: 2_500 }, (_, index) =>
      store.record(taskId, {
        itemKey: `item-${index}`,
        success: index % 2 > 0,
        result: index,
        recordedAt: 3_000,
      }),
    );
    await Promise.all(recorded);
    await store.transition(taskId, 'completed', { at: 4_000 });
    expect(await store.delete(taskId)).toBe(true);
    expect(await store.get(taskId)).toBe(undefined);
    const unknown = { code: 'TASK_NOT_FOUND' };
    await expect(store.results(taskId)).rejects.toMatchObject(unknown);
    await expect(store.items(taskId)).rejects.toMatchObject(unknown);
    await expect(store.item(taskId, 'item-0')).rejects.toMatchObject(unknown);
    await expect(store.delete(taskId)).rejects.toMatchObject(unknown);
    expect((await store.list()).map((task) => task.taskId)).toEqual([other.taskId]);
    expect((await store.results(other.taskId)).entries.map(({ result }) => result)).toEqual(['kept']);
  });

  test('lets the same be created again, with parameters of its own', async (store) => {
    const { taskId } = await taskWithItems(store, 2);
    await store.transition(taskId, 'cancelled', { at: 4_000 });
    await store.get(taskId);
    await store.delete(taskId);
    const { task, isNew } = await store.create(newTask({ taskId, taskParams: { second: true } }));
    expect(isNew).toBe(true);
    expect((await store.get(taskId))?.taskParams).toEqual({ second: true });
    expect(await store.items(task.taskId)).toEqual({ entries: [], next: null });
    expect(await store.results(task.taskId)).toEqual({ entries: [], next: null });
  });

  for (const way of [[], ['running'], ['running', 'paused']] as const) {
    test(`does not delete a task that is ${way.at(-1) ?? 'pending'}`, async (store) => {
      const { task } = await store.create(newTask());
      for (const to of way) await store.transition(task.taskId, to, { at: 2_000 });
      const before = await store.get(task.taskId);
      const refused = { code: 'ILLEGAL_TRANSITION' };
      await expect(store.delete(task.taskId)).rejects.toMatchObject(refused);
      await expect(store.delete(task.taskId, { finishedBefore: 9_000 })).rejects.toMatchObject(refused);
      expect(await store.get(task.taskId)).toEqual(before);
    });
  }

  test('deletes a task only where it finished before the time that is given', async (store) => {
    const { taskId } = await runningTask(store);
    await store.transition(taskId, 'failed', { at: 4_000 });
    expect(await store.delete(taskId, { finishedBefore: 4_000 })).toBe(false);
    expect((await store.get(taskId))?.status).toBe('failed');
    expect(await store.delete(taskId, { finishedBefore: 4_001 })).toBe(true);
  });

  test('of many callers at once, exactly one deletes', async (store) => {
    const { taskId } = await runningTask(store);
    await store.transition(taskId, 'completed', { at: 4_000 });
    const settled = await Promise.allSettled(Array.from({ length: 20 }, () => store.delete(taskId)));
    expect(settled.filter(({ status }) => status === 'fulfilled').length).toBe(1);
  });
}
