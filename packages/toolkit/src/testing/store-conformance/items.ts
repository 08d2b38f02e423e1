import type { StoreTest } from '../describe-task-store.ts';
import type { TestFunctions } from '../test-functions.ts';
import { runningTask, taskWithItems } from './new-task.ts';

export function itemTests(test: StoreTest, expect: TestFunctions['expect']): void {
  test('shows items in their order, with what became of each', async (store) => {
    const { taskId } = await taskWithItems(store, 3);
    await store.record(taskId, { itemKey: 'item-2', success: true, result: 'good', recordedAt: 3_000 });
    await store.record(taskId, { itemKey: 'item-0', success: false, result: 'bad', recordedAt: 3_000 });
    expect(await store.items(taskId)).toEqual({
      entries: [
        { key: 'item-0', input: { index: 0 }, position: 0, status: 'failed', result: 'bad' },
        { key: 'item-1', input: { index: 1 }, position: 1, status: 'pending', result: null },
        { key: 'item-2', input: { index: 2 }, position: 2, status: 'succeeded', result: 'good' },
      ],
      next: null,
    });
    for (const [status, key] of [
      ['failed', 'item-0'],
      ['pending', 'item-1'],
      ['succeeded', 'item-2'],
    ] as const) {
      expect((await store.items(taskId, { status })).entries.map((item) => item.key)).toEqual([key]);
    }
  });

  test('pages through items by position, even while they get done', async (store) => {
    const { taskId } = await taskWithItems(store, 7);
    const first = await store.items(taskId, { status: 'pending', limit: 3 });
    expect(first.entries.map(({ position }) => position)).toEqual([0, 1, 2]);
    for (const key of ['item-0', 'item-2', 'item-4']) {
      await store.record(taskId, { itemKey: key, success: true, result: 1, recordedAt: 3_000 });
    }
    const second = await store.items(taskId, { status: 'pending', limit: 3, after: first.next ?? undefined });
    expect(second).toMatchObject({
      entries: [{ position: 3 }, { position: 5 }, { position: 6 }],
      next: null,
    });
    const rest = await store.items(taskId, { status: 'pending' });
    expect(rest.entries.map(({ position }) => position)).toEqual([1, 3, 5, 6]);
  });

  test('keeps many items', async (store) => {
    const { taskId } = await taskWithItems(store, 5_000);
    expect((await store.items(taskId, { after: 4_997 })).entries).toMatchObject([
      { key: 'item-4998', input: { index: 4_998 }, position: 4_998 },
      { key: 'item-4999', input: { index: 4_999 }, position: 4_999 },
    ]);
    const { task } = await store.record(taskId, {
      itemKey: 'item-4999',
      success: true,
      result: 1,
      recordedAt: 3_000,
    });
    expect(task.totalCount).toBe(5_000);
  });

  test('has none where none were given', async (store) => {
    const { taskId } = await runningTask(store);
    await store.record(taskId, { itemKey: 'a', success: true, result: 1, recordedAt: 3_000 });
    expect(await store.items(taskId)).toEqual({ entries: [], next: null });
  });

  test('finds one item by its key', async (store) => {
    const { taskId } = await taskWithItems(store, 3);
    await store.record(taskId, { itemKey: 'item-2', success: false, result: 'bad', recordedAt: 3_000 });
    await store.record(taskId, { itemKey: 'stranger', success: true, result: 1, recordedAt: 3_000 });
    const { entries } = await store.items(taskId);
    for (const item of entries) expect(await store.item(taskId, item.key)).toEqual(item);
    expect((await store.item(taskId, 'item-2'))?.status).toBe('failed');
    for (const key of ['item-3', 'stranger', '', 'toString']) {
      expect(await store.item(taskId, key)).toBe(undefined);
    }
    await expect(store.item('task_x', 'item-0')).rejects.toMatchObject({ code: 'TASK_NOT_FOUND' });
  });

  test('finds the items that are named, in their order', async (store) => {
    const { taskId } = await taskWithItems(store, 5);
    await store.record(taskId, { itemKey: 'item-3', success: true, result: 1, recordedAt: 3_000 });
    const itemKeys = ['item-3', 'item-1', 'stranger', 'item-4'];
    const { entries, next } = await store.items(taskId, { itemKeys });
    expect([entries.map(({ key }) => key), next]).toEqual([['item-1', 'item-3', 'item-4'], null]);
    const pending = await store.items(taskId, { itemKeys, status: 'pending', limit: 1 });
    expect(pending.entries.map(({ key }) => key)).toEqual(['item-1']);
    expect((await store.items(taskId, { itemKeys: [] })).entries).toEqual([]);
  });

  test('takes back failed results of items, and no others', async (store) => {
    const items = ['a', 'b', 'c'].map((key) => ({ key, input: null }));
    const { taskId } = await runningTask(store, { totalCount: 5, items });
    expect(await store.resetFailed(taskId)).toBe(0);
    await store.record(taskId, { itemKey: 'a', success: false, result: 1, recordedAt: 3_000 });
    await store.record(taskId, { itemKey: 'b', success: true, result: 2, recordedAt: 3_000 });
    await store.record(taskId, { itemKey: 'stranger', success: false, result: 3, recordedAt: 3_000 });
    const { task } = await store.record(taskId, { success: false, result: 4, recordedAt: 3_000 });
    expect(await store.resetFailed(taskId)).toBe(1);
    const after = await store.get(taskId);
    expect(after).toMatchObject({ completedCount: 3, successCount: 1, failedCount: 2 });
    expect((after?.revision ?? 0) > task.revision).toBe(true);
    expect((await store.items(taskId, { status: 'pending' })).entries.map(({ key }) => key)).toEqual([
      'a',
      'c',
    ]);
    const again = await store.record(taskId, { itemKey: 'a', success: true, result: 5, recordedAt: 4_000 });
    expect(again).toMatchObject({ recorded: true, task: { completedCount: 4, successCount: 2 } });
    expect((await store.results(taskId)).entries.map(({ result }) => result)).toEqual([2, 3, 4, 5]);
  });

  test('takes back the failed results of the items that are named', async (store) => {
    const items = ['a', 'b', 'c', 'd'].map((key) => ({ key, input: null }));
    const { taskId } = await runningTask(store, { totalCount: 5, items });
    for (const itemKey of ['a', 'b', 'c', 'd', 'stranger']) {
      await store.record(taskId, { itemKey, success: itemKey === 'd', result: itemKey, recordedAt: 3_000 });
    }
    const before = await store.get(taskId);
    expect(await store.resetFailed(taskId, { itemKeys: [] })).toBe(0);
    expect(await store.resetFailed(taskId, { itemKeys: ['d', 'stranger', 'unknown'] })).toBe(0);
    expect(await store.get(taskId)).toEqual(before);
    const itemKeys = ['c', 'a', 'a', 'd', 'stranger'];
    const resetting = store.resetFailed(taskId, { itemKeys });
    itemKeys.push('b');
    expect(await resetting).toBe(2);
    expect(await store.get(taskId)).toMatchObject({ completedCount: 3, successCount: 1, failedCount: 2 });
    const { entries } = await store.items(taskId);
    expect(entries.map(({ status }) => status)).toEqual(['pending', 'failed', 'pending', 'succeeded']);
    expect(await store.resetFailed(taskId)).toBe(1);
  });

  test('takes back the results of very many items that are named', async (store) => {
    const { taskId } = await taskWithItems(store, 2);
    for (const itemKey of ['item-0', 'item-1']) {
      await store.record(taskId, { itemKey, success: false, result: 1, recordedAt: 3_000 });
    }
    // More than a SQL statement takes parameters: 32,766 in SQLite, 65,535 in PostgreSQL.
    const itemKeys = Array.from({ length: 70_000 }, (_, index) => `item-${70_000 - index}`);
    expect(await store.resetFailed(taskId, { itemKeys })).toBe(1);
    const { entries } = await store.items(taskId, { status: 'failed' });
    expect(entries.map(({ key }) => key)).toEqual(['item-0']);
  });

  test('takes back failed results of a finished task', async (store) => {
    const { taskId } = await taskWithItems(store, 1);
    await store.record(taskId, { itemKey: 'item-0', success: false, result: 1, recordedAt: 3_000 });
    await store.transition(taskId, 'failed', { at: 4_000 });
    expect(await store.resetFailed(taskId)).toBe(1);
    expect(await store.get(taskId)).toMatchObject({ status: 'failed', completedCount: 0 });
  });
}
