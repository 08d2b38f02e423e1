import type { JsonValue, TaskResult } from '../../tasks/task-record.ts';
import type { ResultsRequest, TaskStore } from '../../tasks/task-store.ts';
import type { StoreTest } from '../describe-task-store.ts';
import type { TestFunctions } from '../test-functions.ts';
import { newTask, runningTask } from './new-task.ts';

export function recordingTests(test: StoreTest, expect: TestFunctions['expect']): void {
  test('counts each result, and gives it back as it was', async (store) => {
    const { taskId, revision } = await runningTask(store);
    const result = {
      text: 'naïve 你好 \u0000 \ud83d\ude00',
      nested: [1, -2.5, null, { ok: true }],
      empty: {},
    };
    const first = await store.record(taskId, { itemKey: 'a', success: true, result, recordedAt: 3_000 });
    expect(first.recorded).toBe(true);
    expect(first.task).toMatchObject({ completedCount: 1, successCount: 1, failedCount: 0 });
    const second = await store.record(taskId, {
      itemKey: 'b',
      success: false,
      result: null,
      recordedAt: 3_001,
    });
    expect(second.task).toMatchObject({ completedCount: 2, successCount: 1, failedCount: 1 });
    expect(await store.get(taskId)).toEqual(second.task);
    expect(await store.results(taskId)).toEqual({
      entries: [
        { sequence: revision + 1, itemKey: 'a', success: true, result, recordedAt: 3_000 },
        { sequence: revision + 2, itemKey: 'b', success: false, result: null, recordedAt: 3_001 },
      ],
      next: null,
    });
  });

  test('records an item once', async (store) => {
    const { taskId } = await runningTask(store);
    const first = await store.record(taskId, { itemKey: 'a', success: true, result: 1, recordedAt: 3_000 });
    const again = await store.record(taskId, { itemKey: 'a', success: false, result: 2, recordedAt: 4_000 });
    expect(again).toEqual({ recorded: false, task: first.task });
    expect((await store.results(taskId)).entries.map(({ result }) => result)).toEqual([1]);
    await store.record(taskId, { itemKey: 'b', success: true, result: 3, recordedAt: 5_000 });
    await store.record(taskId, { itemKey: 'c', success: true, result: 4, recordedAt: 5_000 });
    const whenFull = await store.record(taskId, {
      itemKey: 'c',
      success: true,
      result: 5,
      recordedAt: 6_000,
    });
    expect(whenFull.recorded).toBe(false);
  });

  test('of many reports of one item at once, records exactly one', async (store) => {
    const { taskId } = await runningTask(store);
    const reports = await Promise.all(
      Array.from({ length: 50 }, (_, result) =>
        store.record(taskId, { itemKey: 'a', success: true, result, recordedAt: 3_000 }),
      ),
    );
    expect(reports.filter(({ recorded }) => recorded).length).toBe(1);
    expect((await store.get(taskId))?.completedCount).toBe(1);
  });

  test('appends results without a key, each under its own', async (store) => {
    const { taskId } = await runningTask(store, { totalCount: 50 });
    await Promise.all(
      Array.from({ length: 50 }, (_, result) =>
        store.record(taskId, { success: true, result, recordedAt: 3_000 }),
      ),
    );
    const { entries } = await store.results(taskId);
    expect(entries.map(({ result }) => result)).toEqual(Array.from({ length: 50 }, (_, index) => index));
    expect(new Set(entries.map(({ itemKey }) => itemKey)).size).toBe(50);
  });

  test('shows the counters as they were after each of many at once', async (store) => {
    const { taskId, revision } = await runningTask(store, { totalCount: 30 });
    const reports = await Promise.all(
      Array.from({ length: 30 }, (_, index) =>
        store.record(taskId, {
          itemKey: `i${index}`,
          success: index % 3 > 0,
          result: index,
          recordedAt: 3_000,
        }),
      ),
    );
    expect(reports.map(({ task }) => task.completedCount)).toEqual(
      Array.from({ length: 30 }, (_, i) => i + 1),
    );
    expect(reports.map(({ task }) => task.revision)).toEqual(
      Array.from({ length: 30 }, (_, i) => revision + i + 1),
    );
    expect(await store.get(taskId)).toMatchObject({ completedCount: 30, successCount: 20, failedCount: 10 });
  });

  test('refuses what is beyond the total, and only that', async (store) => {
    const { taskId } = await runningTask(store, { totalCount: 5 });
    const settled = await Promise.allSettled(
      Array.from({ length: 8 }, (_, index) =>
        store.record(taskId, { itemKey: `i${index}`, success: true, result: index, recordedAt: 3_000 }),
      ),
    );
    expect(settled.map(({ status }) => status)).toEqual([
      ...Array<string>(5).fill('fulfilled'),
      ...Array<string>(3).fill('rejected'),
    ]);
    await expect(store.record(taskId, { success: true, result: 0, recordedAt: 3_000 })).rejects.toMatchObject(
      { code: 'COUNT_EXCEEDED' },
    );
    expect((await store.results(taskId)).entries.length).toBe(5);
  });

  test('takes results while running or paused, and at no other time', async (store) => {
    const report = { success: true, result: 1, recordedAt: 3_000 };
    const illegal = { code: 'ILLEGAL_TRANSITION' };
    const { task } = await store.create(newTask());
    await expect(store.record(task.taskId, report)).rejects.toMatchObject(illegal);
    await store.transition(task.taskId, 'running', { at: 2_000 });
    await store.transition(task.taskId, 'paused', { at: 2_000 });
    expect((await store.record(task.taskId, report)).recorded).toBe(true);
    await store.transition(task.taskId, 'cancelled', { at: 4_000 });
    await expect(store.record(task.taskId, report)).rejects.toMatchObject(illegal);
    expect((await store.get(task.taskId))?.completedCount).toBe(1);
  });

  test('does things in the order they were asked for', async (store) => {
    const { task } = await store.create(newTask());
    const { taskId } = task;
    const report = { success: true, result: 1, recordedAt: 3_000 };
    const settled = await Promise.allSettled([
      store.record(taskId, report),
      store.transition(taskId, 'running', { at: 2_000 }),
      store.record(taskId, report),
      store.transition(taskId, 'completed', { at: 4_000 }),
      store.record(taskId, report),
    ]);
    expect(settled.map(({ status }) => status)).toEqual([
      'rejected',
      'fulfilled',
      'fulfilled',
      'fulfilled',
      'rejected',
    ]);
  });

  test('keeps tasks apart when they record at once', async (store) => {
    const tasks = await Promise.all(
      ['f1', 'f2', 'f3'].map((fingerprint) => runningTask(store, { fingerprint, totalCount: 20 })),
    );
    await Promise.all(
      Array.from({ length: 60 }, (_, index) =>
        store.record(tasks[index % 3]!.taskId, {
          itemKey: 'same',
          success: true,
          result: index,
          recordedAt: 3_000,
        }),
      ),
    );
    for (const [index, { taskId }] of tasks.entries()) {
      expect((await store.results(taskId)).entries.map(({ result }) => result)).toEqual([index]);
    }
  });

  test('is not changed by what the caller does to a result afterwards', async (store) => {
    const { taskId } = await runningTask(store);
    const result = { value: 1 };
    const recording = store.record(taskId, { success: true, result, recordedAt: 3_000 });
    result.value = 2;
    await recording;
    result.value = 3;
    expect((await store.results(taskId)).entries[0]?.result).toEqual({ value: 1 });
  });

  test('gives what became of the items without their results, a page at a time', async (store) => {
    const { taskId } = await runningTask(store, { totalCount: 5 });
    expect(await store.outcomes(taskId)).toEqual({ entries: [], next: null });
    for (let index = 0; index < 5; index += 1) {
      const itemKey = index === 4 ? undefined : `i${index}`;
      const recordedAt = 3_000 + index;
      await store.record(taskId, { itemKey, success: index % 2 === 0, result: { index }, recordedAt });
    }
    const { entries } = await store.results(taskId);
    const expected = entries.map(({ result: _, ...outcome }) => outcome);
    expect((await store.outcomes(taskId)).entries).toEqual(expected);
    const first = await store.outcomes(taskId, { limit: 2 });
    expect(first).toEqual({ entries: expected.slice(0, 2), next: expected[1]?.sequence });
    const rest = await store.outcomes(taskId, { after: first.next ?? undefined, limit: 3 });
    expect(rest).toEqual({ entries: expected.slice(2), next: null });
    await expect(store.outcomes('task_x')).rejects.toMatchObject({ code: 'TASK_NOT_FOUND' });
  });

  test('pages through results, forwards and backwards', async (store) => {
    const { taskId } = await runningTask(store, { totalCount: 7 });
    expect(await store.results(taskId)).toEqual({ entries: [], next: null });
    for (let result = 0; result < 7; result += 1) {
      await store.record(taskId, { success: true, result, recordedAt: 3_000 });
    }
    expect(await pages(store, taskId, { limit: 3 })).toEqual([[0, 1, 2], [3, 4, 5], [6]]);
    expect(await pages(store, taskId, { limit: 7 })).toEqual([[0, 1, 2, 3, 4, 5, 6]]);
    expect(await pages(store, taskId, { limit: 3, newestFirst: true })).toEqual([[6, 5, 4], [3, 2, 1], [0]]);
    const { entries } = await store.results(taskId, { limit: 2 });
    const after = (entries.at(-1) as TaskResult).sequence;
    expect(await pages(store, taskId, { after, newestFirst: true })).toEqual([[0]]);
  });
}

async function pages(store: TaskStore, taskId: string, request: ResultsRequest): Promise<JsonValue[][]> {
  const found: JsonValue[][] = [];
  let after = request.after;
  do {
    const page = await store.results(taskId, { ...request, after });
    found.push(page.entries.map(({ result }) => result));
    after = page.next ?? undefined;
  } while (after !== undefined);
  return found;
}
