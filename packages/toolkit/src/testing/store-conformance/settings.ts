import type { StoreTest } from '../describe-task-store.ts';
import type { TestFunctions } from '../test-functions.ts';
import { newTask, runningTask } from './new-task.ts';

export function settingsTests(test: StoreTest, expect: TestFunctions['expect']): void {
  test('keeps the settings that a task is created with, and none where it has none', async (store) => {
    const settings = { maxConcurrency: 5, budget: { usd: 1.5 }, note: null, absent: undefined };
    const { task } = await store.create(newTask({ settings }));
    const expected = { maxConcurrency: 5, budget: { usd: 1.5 }, note: null };
    expect(task.settings).toEqual(expected);
    expect((await store.get(task.taskId))?.settings).toEqual(expected);
    const { entries } = await store.summaries();
    expect(entries.map((entry) => entry.settings)).toEqual([expected]);
    const other = await store.create(newTask({ fingerprint: 'other' }));
    expect((await store.get(other.task.taskId))?.settings).toEqual({});
  });

  test('does not change the settings of the active task that a creation joins', async (store) => {
    const { task } = await store.create(newTask({ settings: { maxConcurrency: 5 } }));
    const joined = await store.create(newTask({ settings: { maxConcurrency: 9 } }));
    expect([joined.isNew, joined.task.taskId]).toEqual([false, task.taskId]);
    expect((await store.get(task.taskId))?.settings).toEqual({ maxConcurrency: 5 });
  });

  test('changes the settings that are given, also to null, and leaves the others', async (store) => {
    const { taskId } = await runningTask(store, { settings: { a: 1, b: 2, c: 3 } });
    const before = await store.get(taskId);
    const after = await store.configure(taskId, { b: null, c: undefined, d: 'new' });
    expect(after.settings).toEqual({ a: 1, b: null, c: 3, d: 'new' });
    expect(await store.get(taskId)).toEqual({
      ...before,
      settings: after.settings,
      revision: after.revision,
    });
    expect(after.revision > (before?.revision ?? 0)).toBe(true);
  });

  test('changes nothing, and no revision, where the settings are the same already', async (store) => {
    const { taskId } = await runningTask(store, { settings: { a: 1 } });
    const before = await store.get(taskId);
    expect(await store.configure(taskId, { a: 1 })).toEqual(before);
    expect(await store.configure(taskId, {})).toEqual(before);
  });

  test('loses no change of many callers at once, and no result between them', async (store) => {
    const { taskId } = await runningTask(store, { totalCount: 20 });
    const names = Array.from({ length: 20 }, (_, index) => `setting-${index}`);
    await Promise.all(
      names.flatMap((name, index): Promise<unknown>[] => [
        store.configure(taskId, { [name]: index }),
        store.record(taskId, { success: true, result: index, recordedAt: 3_000 }),
      ]),
    );
    const task = await store.get(taskId);
    expect(task?.settings).toEqual(Object.fromEntries(names.map((name, index) => [name, index])));
    expect(task?.completedCount).toBe(20);
  });

  test('changes the settings of a finished task, and refuses an unknown one', async (store) => {
    const { taskId } = await runningTask(store);
    await store.transition(taskId, 'completed', { at: 4_000 });
    expect((await store.configure(taskId, { maxConcurrency: 3 })).settings).toEqual({ maxConcurrency: 3 });
    const unknown = { code: 'TASK_NOT_FOUND' };
    await expect(store.configure('task_unknown', { a: 1 })).rejects.toMatchObject(unknown);
  });
}
