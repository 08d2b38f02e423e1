import type { TaskStatus } from '../../tasks/task-record.ts';
import { countedItems } from '../counted-items.ts';
import type { StoreTest } from '../describe-task-store.ts';
import type { TestFunctions } from '../test-functions.ts';
import { newTask, runningTask } from './new-task.ts';

export function creationTests(test: StoreTest, expect: TestFunctions['expect']): void {
  test('keeps what it is given, pending', async (store) => {
    const given = newTask({ job: 'deploy' });
    const { task, isNew } = await store.create(given);
    expect(isNew).toBe(true);
    expect(task).toEqual({
      ...given,
      settings: {},
      status: 'pending',
      revision: 0,
      completedCount: 0,
      successCount: 0,
      failedCount: 0,
      errorMessage: null,
      startedAt: null,
      finishedAt: null,
      lease: null,
    });
    expect(await store.get(task.taskId)).toEqual(task);
    expect(await store.get('task_unknown')).toBe(undefined);
  });

  test('returns the active task that is the same, in every active state', async (store) => {
    const { task } = await store.create(newTask());
    const again = newTask({ taskId: 'task_second', createdAt: 5_000 });
    expect(await store.create(again)).toEqual({ task, isNew: false });
    for (const to of ['running', 'paused'] as const) {
      const moved = await store.transition(task.taskId, to, { at: 2_000 });
      expect(await store.create(again)).toEqual({ task: moved, isNew: false });
    }
    expect(await store.get('task_second')).toBe(undefined);
  });

  test('tells tasks apart by key and by fingerprint', async (store) => {
    await store.create(newTask());
    const other = await store.create(newTask({ fingerprint: 'f2' }));
    const otherKey = await store.create(newTask({ taskId: 'task_other', taskKey: 'survey_2' }));
    expect([other.isNew, otherKey.isNew]).toEqual([true, true]);
  });

  for (const end of ['completed', 'failed', 'cancelled'] satisfies readonly TaskStatus[]) {
    test(`creates a new task once the other is ${end}`, async (store) => {
      const { taskId } = await runningTask(store);
      await store.transition(taskId, end, { at: 3_000 });
      const { isNew, task } = await store.create(newTask({ taskId: 'task_second' }));
      expect(isNew).toBe(true);
      expect(task.taskId).toBe('task_second');
    });
  }

  test('writes many items a part at a time, between which other work gets its turn', async (store) => {
    const { items, watch } = countedItems(6_000);
    const counted = watch(store.create(newTask({ items, totalCount: items.length })));
    // Asked for while the items are written.
    const again = store.create(newTask({ taskId: 'task_second', items, totalCount: items.length }));
    const [{ mostPerTurn }, second] = await Promise.all([counted, again]);
    expect(mostPerTurn > 0 && mostPerTurn < 3_000).toBe(true);
    expect(second).toMatchObject({ isNew: false, task: { taskId: newTask().taskId } });
    const { entries } = await store.items(newTask().taskId, { after: 5_998 });
    expect(entries).toMatchObject([{ key: 'item 5999', input: { name: 'x' } }]);
  });

  test('does not give an id to two tasks', async (store) => {
    const { task } = await store.create(newTask());
    await expect(store.create(newTask({ taskId: task.taskId, fingerprint: 'f2' }))).rejects.toMatchObject({
      code: 'STORE_FAILED',
    });
    expect(await store.list()).toEqual([task]);
  });

  test('of many callers at once, exactly one creates', async (store) => {
    const created = await Promise.all(
      Array.from({ length: 200 }, (_, index) => store.create(newTask({ taskId: `task_${index}` }))),
    );
    expect(created.filter(({ isNew }) => isNew).length).toBe(1);
    expect(new Set(created.map(({ task }) => task.taskId)).size).toBe(1);
    expect((await store.list()).length).toBe(1);
  });

  test('finds the newest active task of a key', async (store) => {
    expect(await store.findActive('survey_1')).toBe(undefined);
    await store.create(newTask({ fingerprint: 'f1', createdAt: 1_000 }));
    await store.create(newTask({ fingerprint: 'f2', createdAt: 3_000 }));
    await store.create(newTask({ fingerprint: 'f3', createdAt: 2_000 }));
    await store.create(newTask({ fingerprint: 'f4', createdAt: 9_000, taskKey: 'survey_2' }));
    expect((await store.findActive('survey_1'))?.taskId).toBe('task_f2');
    expect((await store.findActive('survey_1', 'f3'))?.taskId).toBe('task_f3');
    expect(await store.findActive('survey_1', 'f4')).toBe(undefined);
    await store.transition('task_f2', 'cancelled', { at: 4_000 });
    expect(await store.findActive('survey_1', 'f2')).toBe(undefined);
    expect((await store.findActive('survey_1'))?.taskId).toBe('task_f3');
  });

  test('lists the newest first, filtered and bounded', async (store) => {
    for (const [index, createdAt] of [5_000, 7_000, 6_000, 6_000].entries()) {
      await store.create(
        newTask({
          fingerprint: `f${index}`,
          createdAt,
          taskKey: index < 2 ? 'a' : 'b',
          job: `job_${index % 2}`,
        }),
      );
    }
    await store.transition('task_f1', 'cancelled', { at: 8_000 });
    const ids = async (filter?: Parameters<typeof store.list>[0]): Promise<readonly string[]> =>
      (await store.list(filter)).map(({ taskId }) => taskId);
    expect(await ids()).toEqual(['task_f1', 'task_f3', 'task_f2', 'task_f0']);
    expect(await ids({ limit: 2 })).toEqual(['task_f1', 'task_f3']);
    expect(await ids({ taskKey: 'a' })).toEqual(['task_f1', 'task_f0']);
    expect(await ids({ statuses: ['pending'] })).toEqual(['task_f3', 'task_f2', 'task_f0']);
    expect(await ids({ fingerprint: 'f2' })).toEqual(['task_f2']);
    expect(await ids({ fingerprint: 'f2', taskKey: 'a' })).toEqual([]);
    expect(await ids({ statuses: [] })).toEqual([]);
    expect(await ids({ job: 'job_1' })).toEqual(['task_f1', 'task_f3']);
    expect(await ids({ job: 'job_1', taskKey: 'b' })).toEqual(['task_f3']);
    expect(await ids({ taskKey: 'a', statuses: ['cancelled', 'failed'] })).toEqual(['task_f1']);
  });
}
