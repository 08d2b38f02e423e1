import type { JsonValue, TaskRecord } from '../../tasks/task-record.ts';
import type { SummariesRequest, TaskStore } from '../../tasks/task-store.ts';
import type { StoreTest } from '../describe-task-store.ts';
import type { TestFunctions } from '../test-functions.ts';
import { newTask, runningTask } from './new-task.ts';

async function pagesOf(store: TaskStore, request: SummariesRequest): Promise<string[][]> {
  const pages: string[][] = [];
  let after: string | undefined;
  do {
    const page = await store.summaries({ ...request, after });
    pages.push(page.entries.map(({ taskId }) => taskId));
    after = page.next ?? undefined;
  } while (after !== undefined);
  return pages;
}

export function summaryTests(test: StoreTest, expect: TestFunctions['expect']): void {
  test('are the tasks without their parameters', async (store) => {
    const { taskId } = await runningTask(store, { job: 'deploy' });
    await store.acquireLease(taskId, { owner: 'a', ttlMs: 1_000, now: 2_000 });
    const { taskParams: _, ...record } = (await store.get(taskId)) as TaskRecord;
    expect(await store.summaries()).toEqual({ entries: [{ ...record, params: {} }], next: null });
  });

  test('have the members of the parameters that are asked for', async (store) => {
    const params: Readonly<Record<string, JsonValue>> = {
      full: {
        model: 'openai/x',
        'a-b_1': [1, 'é"\n', null],
        questionnaire: { title: 'Märkte', pages: [{}] },
      },
      sparse: { model: null, questionnaire: 'title' },
      none: null,
      list: ['model'],
      odd: { 'questionnaire.title': 'not nested', toString: 1 },
    };
    for (const [index, [fingerprint, taskParams]] of Object.entries(params).entries()) {
      await store.create(newTask({ fingerprint, taskParams, createdAt: index }));
    }
    const { entries } = await store.summaries({
      params: ['model', 'questionnaire.title', 'questionnaire.pages', 'a-b_1', 'toString.name'],
    });
    expect(entries.map((entry) => [entry.fingerprint, entry.params])).toEqual([
      ['odd', {}],
      ['list', {}],
      ['none', {}],
      ['sparse', { model: null }],
      [
        'full',
        {
          model: 'openai/x',
          'questionnaire.title': 'Märkte',
          'questionnaire.pages': [{}],
          'a-b_1': [1, 'é"\n', null],
        },
      ],
    ]);
    for (const path of ['', 'a..b', '$.model', "a'b", 'a[0]']) {
      await expect(store.summaries({ params: [path] })).rejects.toMatchObject({ code: 'INVALID_OPTION' });
    }
  });

  test('come in pages, the newest task first, however many are as old as each other', async (store) => {
    for (const [index, createdAt] of [5_000, 7_000, 6_000, 6_000, 6_000].entries()) {
      await store.create(newTask({ fingerprint: `f${index}`, createdAt }));
    }
    const newestFirst = ['task_f1', 'task_f4', 'task_f3', 'task_f2', 'task_f0'];
    expect(await pagesOf(store, {})).toEqual([newestFirst]);
    expect(await pagesOf(store, { limit: 5 })).toEqual([newestFirst]);
    expect(await pagesOf(store, { limit: 2 })).toEqual([
      ['task_f1', 'task_f4'],
      ['task_f3', 'task_f2'],
      ['task_f0'],
    ]);
    expect((await pagesOf(store, { limit: 1 })).flat()).toEqual(newestFirst);
    for (const after of ['', 'task_f1', 'x:task_f1']) {
      await expect(store.summaries({ after })).rejects.toMatchObject({ code: 'INVALID_OPTION' });
    }
  });

  test('come in pages that a new task and a deleted one do not move', async (store) => {
    for (const index of [1, 2, 3, 4]) {
      await store.create(newTask({ fingerprint: `f${index}`, createdAt: index * 1_000 }));
    }
    const first = await store.summaries({ limit: 2 });
    await store.create(newTask({ fingerprint: 'f5', createdAt: 5_000 }));
    await store.transition('task_f3', 'cancelled', { at: 6_000 });
    await store.delete('task_f3');
    const second = await store.summaries({ limit: 2, after: first.next ?? undefined });
    expect(second.entries.map(({ taskId }) => taskId)).toEqual(['task_f2', 'task_f1']);
  });

  test('are filtered', async (store) => {
    for (const index of [0, 1, 2, 3]) {
      const task = {
        fingerprint: `f${index}`,
        createdAt: index,
        taskKey: `k${index % 2}`,
        job: `j${index >> 1}`,
      };
      await store.create(newTask(task));
    }
    await store.transition('task_f1', 'cancelled', { at: 8_000 });
    await store.transition('task_f2', 'cancelled', { at: 9_000 });
    const ids = async (request: SummariesRequest): Promise<string[]> =>
      (await pagesOf(store, request)).flat();
    expect(await ids({ taskKey: 'k0' })).toEqual(['task_f2', 'task_f0']);
    expect(await ids({ fingerprint: 'f2' })).toEqual(['task_f2']);
    expect(await ids({ taskIds: ['task_f1', 'task_none', 'task_f3'] })).toEqual(['task_f3', 'task_f1']);
    expect(await ids({ taskIds: [] })).toEqual([]);
    expect(await ids({ job: 'j0' })).toEqual(['task_f1', 'task_f0']);
    expect(await ids({ statuses: ['pending'], limit: 1 })).toEqual(['task_f3', 'task_f0']);
    expect(await ids({ finishedBefore: 9_000 })).toEqual(['task_f1']);
    expect(await ids({ finishedBefore: 9_001, taskKey: 'k0' })).toEqual(['task_f2']);
    expect(await ids({ finishedBefore: 8_000 })).toEqual([]);
  });
}
