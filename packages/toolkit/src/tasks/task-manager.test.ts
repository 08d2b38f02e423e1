import { describe, expect, it } from 'vitest';
import { nextTurn } from '../clock/turns.ts';
import { MemoryTaskStore } from '../stores/memory.ts';
import { countedItems } from '../testing/counted-items.ts';
import { VirtualClock } from '../testing/virtual-clock.ts';
import { getTaskManager } from './process-task-manager.ts';
import { TaskManager } from './task-manager.ts';
import type { TaskManagerOptions } from './task-manager-options.ts';

function setUp(options: TaskManagerOptions = {}) {
  const clock = new VirtualClock(1_000);
  const store = new MemoryTaskStore({ clock });
  return { clock, store, manager: new TaskManager({ store, clock, ...options }) };
}

const params = { focus_group_id: '123', participant_ids: [1, 2, 3], message: 'Hello' };

describe('TaskManager', () => {
  it("goes through the guide's life of a task", async () => {
    const { manager } = setUp();
    const request = { taskKey: 'focus_group_123', taskParams: params, totalCount: 3 };
    const { task, isNew } = await manager.getOrCreateTask(request);
    expect([isNew, task.status, task.taskParams]).toEqual([true, 'pending', params]);
    expect(task.taskId).toMatch(/^task_/);
    await manager.startTask(task.taskId);
    const reordered = { ...params, participant_ids: [3, 1, 2] };
    const again = await manager.getOrCreateTask({ ...request, taskParams: reordered });
    expect(again.isNew).toBe(false);
    expect(again.task).toBe(task);
    for (const id of params.participant_ids) {
      const update = await manager.updateProgress(task.taskId, {
        result: { item_id: id },
        success: id !== 2,
      });
      expect(update).toEqual({ recorded: true, task });
    }
    expect(await manager.getActiveTask('focus_group_123')).toBe(task);
    expect(await manager.completeTask(task.taskId, { success: true, errorMessage: null })).toBe(task);
    expect(task).toMatchObject({ status: 'completed', completedCount: 3, successCount: 2, failedCount: 1 });
    expect(await manager.getActiveTask('focus_group_123')).toBeUndefined();
    expect((await manager.getTask(task.taskId))?.results).toEqual([
      { item_id: 1 },
      { item_id: 2 },
      { item_id: 3 },
    ]);
    expect(await manager.getTask('task_unknown')).toBeUndefined();
    expect((await manager.getOrCreateTask(request)).isNew).toBe(true);
  });

  it('says where `ordered` lists make a difference, and lets `identity` stand for the parameters', async () => {
    const { manager } = setUp();
    const create = async (options: object): Promise<boolean> =>
      (await manager.getOrCreateTask({ taskKey: 'k', totalCount: 0, ...options })).isNew;
    const messages = ['a', 'b'];
    expect(await create({ taskParams: { messages }, ordered: ['messages'] })).toBe(true);
    expect(await create({ taskParams: { messages: messages.toReversed() }, ordered: ['messages'] })).toBe(
      true,
    );
    expect(await create({ taskParams: { messages }, ordered: ['messages'] })).toBe(false);
    expect(await create({ taskParams: { run: 1 }, identity: 'survey' })).toBe(true);
    expect(await create({ taskParams: { run: 2 }, identity: 'survey' })).toBe(false);
  });

  it('records an item once', async () => {
    const { manager } = setUp();
    const { task } = await manager.getOrCreateTask({ taskKey: 'k', items: [{ key: 'a', input: 1 }] });
    await manager.startTask(task.taskId);
    expect(task.totalCount).toBe(1);
    const update = { itemKey: 'a', result: { n: 1 } };
    expect(await manager.updateProgress(task.taskId, update)).toEqual({ recorded: true, task });
    expect(await manager.updateProgress(task.taskId, update)).toEqual({ recorded: false, task });
    expect(task.results).toEqual([{ n: 1 }]);
  });

  it('pauses, resumes, cancels and reopens, each from where it may', async () => {
    const { manager } = setUp();
    const { task } = await manager.getOrCreateTask({ taskKey: 'k', totalCount: 1 });
    const { taskId } = task;
    const illegal = { code: 'ILLEGAL_TRANSITION' };
    await expect(manager.completeTask(taskId)).rejects.toMatchObject({
      ...illegal,
      message: `Task "${taskId}" cannot go from pending to completed. Start it first: startTask().`,
    });
    await expect(manager.resumeTask(taskId)).rejects.toMatchObject(illegal);
    await expect(manager.reopenTask(taskId)).rejects.toMatchObject(illegal);
    await manager.startTask(taskId);
    await expect(manager.startTask(taskId)).rejects.toMatchObject(illegal);
    await manager.pauseTask(taskId, { reason: 'quota' });
    expect(task).toMatchObject({ status: 'paused', errorMessage: 'quota' });
    await expect(manager.startTask(taskId)).rejects.toMatchObject(illegal);
    await manager.resumeTask(taskId);
    expect(task).toMatchObject({ status: 'running', errorMessage: null });
    await manager.cancelTask(taskId, { reason: 'by hand' });
    expect(task).toMatchObject({ status: 'cancelled', errorMessage: 'by hand' });
    await expect(manager.startTask(taskId)).rejects.toMatchObject(illegal);
    await manager.reopenTask(taskId);
    await manager.updateProgress(taskId, { result: 1 });
    await expect(manager.updateProgress(taskId, { result: 2 })).rejects.toMatchObject({
      code: 'COUNT_EXCEEDED',
    });
    await expect(manager.startTask('task_x')).rejects.toMatchObject({ code: 'TASK_NOT_FOUND' });
  });

  it.each<[string, object, RegExp]>([
    ['an empty key', { taskKey: '', totalCount: 1 }, /taskKey.*""/],
    ['a key that isn’t a string', { taskKey: 7, totalCount: 1 }, /taskKey.*7/],
    ['a key with NUL', { taskKey: 'a\0b', totalCount: 1 }, /taskKey/],
    ['a key with half a character', { taskKey: 'a\ud800', totalCount: 1 }, /taskKey/],
    ['a negative count', { taskKey: 'k', totalCount: -1 }, /totalCount.*-1/],
    ['a fractional count', { taskKey: 'k', totalCount: 1.5 }, /totalCount.*1\.5/],
    ['a count that is none', { taskKey: 'k', totalCount: Number.NaN }, /totalCount.*NaN/],
    [
      'a count unlike the items',
      { taskKey: 'k', totalCount: 2, items: [{ key: 'a', input: 1 }] },
      /items, 1, got 2/,
    ],
    ['an item without input', { taskKey: 'k', items: [{ key: 'a' }] }, /items\[0\]\.input/],
    ['an item with an empty key', { taskKey: 'k', items: [{ key: '', input: 1 }] }, /items\[0\]\.key/],
    ['items that are no list', { taskKey: 'k', items: 'abc' }, /items must be a list/],
    ['a job without its items', { taskKey: 'k', totalCount: 2, job: 'deploy' }, /items, 0, got 2/],
    ['an empty job', { taskKey: 'k', totalCount: 1, job: '' }, /job/],
  ])('refuses %s', async (_name, options, message) => {
    const { manager, store } = setUp();
    await expect(manager.getOrCreateTask(options as never)).rejects.toMatchObject({
      code: 'INVALID_OPTION',
      message: expect.stringMatching(message),
    });
    expect(await store.list()).toEqual([]);
  });

  it('refuses two items with one key, and parameters without JSON', async () => {
    const { manager } = setUp();
    const items = ['a', 'b', 'a'].map((key) => ({ key, input: null }));
    await expect(manager.getOrCreateTask({ taskKey: 'k', items })).rejects.toMatchObject({
      code: 'DUPLICATE_ITEM',
    });
    await expect(
      manager.getOrCreateTask({ taskKey: 'k', totalCount: 1, taskParams: { f: () => 1 }, identity: 1 }),
    ).rejects.toMatchObject({ code: 'NOT_FINGERPRINTABLE' });
  });

  it.each<[string, unknown, RegExp]>([
    ['a function', { deep: [() => 1] }, /result\.deep\[0\]/],
    ['NaN', { n: Number.NaN }, /result\.n.*NaN/],
    ['a date', { at: new Date(0) }, /result\.at.*Date/],
    ['a bigint', 1n, /result must be JSON, got 1n/],
    ['a hole', [1, undefined], /result\[1\]/],
    ['a map', new Map(), /Map/],
  ])('refuses %s as a result, which JSON would lose', async (_name, result, message) => {
    const { manager } = setUp();
    const { task } = await manager.getOrCreateTask({ taskKey: 'k', totalCount: 1 });
    await manager.startTask(task.taskId);
    await expect(manager.updateProgress(task.taskId, { result })).rejects.toMatchObject({
      code: 'INVALID_OPTION',
      message: expect.stringMatching(message),
    });
    expect(task.completedCount).toBe(0);
  });

  it('refuses bad updates, texts and options', async () => {
    const { manager } = setUp();
    const invalid = { code: 'INVALID_OPTION' };
    await expect(manager.updateProgress('t', { result: 1, itemKey: '' })).rejects.toMatchObject(invalid);
    await expect(manager.updateProgress('t', { result: 1, success: 1 as never })).rejects.toMatchObject(
      invalid,
    );
    await expect(manager.completeTask('t', { errorMessage: new Error('x') as never })).rejects.toMatchObject(
      invalid,
    );
    await expect(manager.listTasks({ limit: -1 })).rejects.toMatchObject(invalid);
    const cycle: { self?: unknown } = {};
    cycle.self = cycle;
    await expect(manager.updateProgress('t', { result: cycle })).rejects.toMatchObject(invalid);
    expect(() => new TaskManager({ maxResultsInMemory: 0.5 })).toThrow(/maxResultsInMemory/);
    expect(() => new TaskManager({ pollMs: 0 })).toThrow(/pollMs/);
  });

  it('records null where there is no result', async () => {
    const { manager } = setUp();
    const { task } = await manager.getOrCreateTask({ taskKey: 'k', totalCount: 3 });
    await manager.startTask(task.taskId);
    await manager.updateProgress(task.taskId, { success: false });
    await manager.updateProgress(task.taskId, { result: undefined });
    await manager.updateProgress(task.taskId);
    expect(task).toMatchObject({ successCount: 2, failedCount: 1, results: [null, null, null] });
    const stored = await Array.fromAsync(manager.results(task.taskId), ({ result }) => result);
    expect(stored).toEqual([null, null, null]);
  });

  it('keeps what it was given as it was then, and as the store keeps it', async () => {
    const { manager } = setUp();
    const items = [{ key: 'a', input: { list: [1] } }];
    const creating = manager.getOrCreateTask({ taskKey: 'k', items });
    items[0]!.input.list.push(2);
    const { task } = await creating;
    await manager.startTask(task.taskId);
    const result = JSON.parse('{ "__proto__": { "a": 1 }, "list": [{ "b": [2] }] }');
    const recording = manager.updateProgress(task.taskId, { result: { ...result, gone: undefined } });
    result.list[0].b.push(3);
    await recording;
    result.list.push(4);
    const [stored] = await Array.fromAsync(manager.results(task.taskId));
    expect(JSON.stringify(task.results)).toBe('[{"__proto__":{"a":1},"list":[{"b":[2]}]}]');
    expect(JSON.stringify([stored?.result])).toBe(JSON.stringify(task.results));
    expect((await manager.store.items(task.taskId)).entries[0]?.input).toEqual({ list: [1] });
  });

  it('shows what others recorded once it has looked', async () => {
    const { clock, store, manager } = setUp({ maxResultsInMemory: 4 });
    const other = new TaskManager({ store, clock });
    const { task } = await manager.getOrCreateTask({ taskKey: 'k', totalCount: 10 });
    await manager.startTask(task.taskId);
    await manager.updateProgress(task.taskId, { result: 0 });
    for (const result of [1, 2]) await other.updateProgress(task.taskId, { result });
    await manager.updateProgress(task.taskId, { result: 3 });
    expect(task).toMatchObject({ completedCount: 4, results: [0, 3] });
    expect((await manager.getTask(task.taskId))?.results).toEqual([0, 1, 2, 3]);
    for (const result of [4, 5]) await other.updateProgress(task.taskId, { result });
    await other.getOrCreateTask({ taskKey: 'k', totalCount: 10 });
    await manager.getActiveTask('k');
    expect(task).toMatchObject({ completedCount: 6, results: [2, 3, 4, 5] });
    const joined = await other.getOrCreateTask({ taskKey: 'k', totalCount: 10 });
    expect(joined.task.results).toEqual([0, 1, 2, 3, 4, 5]);
  });

  it('lists snapshots, which have no results that could be missing', async () => {
    const { clock, store, manager } = setUp();
    const other = new TaskManager({ store, clock });
    const { task } = await manager.getOrCreateTask({ taskKey: 'k', totalCount: 2 });
    await manager.getOrCreateTask({ taskKey: 'other', totalCount: 1 });
    await manager.startTask(task.taskId);
    await manager.updateProgress(task.taskId, { result: 'tea' });
    const { results, resultsTruncated, ...snapshot } = task.toJSON();
    expect(results).toEqual(['tea']);
    expect(resultsTruncated).toBe(false);
    for (const each of [manager, other]) {
      expect(await each.listTasks({ taskKey: 'k', statuses: ['running'] })).toEqual([snapshot]);
    }
  });

  it('shows in a live task what listing has read', async () => {
    const { clock, store, manager } = setUp();
    const other = new TaskManager({ store, clock });
    const { task } = await manager.getOrCreateTask({ taskKey: 'k', totalCount: 2 });
    await other.startTask(task.taskId);
    expect(task.status).toBe('pending');
    await manager.listTasks();
    expect(task.status).toBe('running');
  });

  it('goes through more results than a page holds', async () => {
    const { manager } = setUp();
    const { task } = await manager.getOrCreateTask({ taskKey: 'k', totalCount: 1_201 });
    await manager.startTask(task.taskId);
    for (let result = 0; result < 1_201; result += 1) await manager.updateProgress(task.taskId, { result });
    const results = await Array.fromAsync(manager.results(task.taskId), ({ result }) => result);
    expect(results).toEqual(Array.from({ length: 1_201 }, (_, index) => index));
    await expect(manager.results('task_x').next()).rejects.toMatchObject({ code: 'TASK_NOT_FOUND' });
  });

  it('goes through more items than a page holds, all or those of one status', async () => {
    const { manager } = setUp();
    const items = Array.from({ length: 1_201 }, (_, index) => ({ key: `i${index}`, input: index }));
    const { task } = await manager.getOrCreateTask({ taskKey: 'k', items });
    await manager.startTask(task.taskId);
    await manager.updateProgress(task.taskId, { itemKey: 'i7', success: false });
    await manager.updateProgress(task.taskId, { itemKey: 'i1200' });
    const inputs = await Array.fromAsync(manager.items(task.taskId), ({ input }) => input);
    expect(inputs).toEqual(Array.from({ length: 1_201 }, (_, index) => index));
    const failed = await Array.fromAsync(manager.items(task.taskId, { status: 'failed' }), ({ key }) => key);
    expect(failed).toEqual(['i7']);
    await expect(manager.items('task_x').next()).rejects.toMatchObject({ code: 'TASK_NOT_FOUND' });
  });
});

describe('a large task', () => {
  it('is created and read a part at a time, between which other work gets its turn', async () => {
    const { store, manager } = setUp();
    const { items, watch } = countedItems(5_000);
    const request = { taskKey: 'k', job: 'work', items, identity: { items } };
    const creation = await watch(manager.getOrCreateTask(request));
    expect(creation.mostPerTurn).toBeGreaterThan(0);
    expect(creation.mostPerTurn).toBeLessThan(2_000);
    const [task] = await store.list();
    let read = 0;
    const turns: number[] = [];
    const reading = Array.fromAsync(manager.items(task?.taskId ?? ''), () => (read += 1));
    while (read < 5_000) {
      await nextTurn();
      turns.push(read);
    }
    await reading;
    expect(turns.length).toBeGreaterThan(5);
  });
});

describe('pruning', () => {
  async function finishedAt(manager: TaskManager, taskKey: string): Promise<string> {
    const { task } = await manager.getOrCreateTask({ taskKey });
    await manager.startTask(task.taskId);
    await manager.completeTask(task.taskId);
    return task.taskId;
  }

  it('deletes the tasks that finished long enough ago, however many, and no others', async () => {
    const { clock, manager } = setUp();
    const { task: open } = await manager.getOrCreateTask({ taskKey: 'open' });
    for (let index = 0; index < 250; index += 1) await finishedAt(manager, `old-${index}`);
    await clock.advance(5_000);
    const recent = await finishedAt(manager, 'recent');
    await clock.advance(5_000);
    expect(await manager.prune({ olderThanMs: 10_000 })).toBe(0);
    await clock.advance(1);
    expect(await manager.prune({ olderThanMs: 10_000, dryRun: true })).toBe(250);
    expect(await manager.prune({ olderThanMs: 10_000 })).toBe(250);
    const left = (await manager.listTasks()).map(({ taskId }) => taskId);
    expect(left.sort()).toEqual([open.taskId, recent].sort());
    await clock.advance(1_000_000);
    expect(await manager.prune({ olderThanMs: 0 })).toBe(1);
    expect((await manager.getTask(open.taskId))?.status).toBe('pending');
  });

  it('keeps what it is asked to keep', async () => {
    const { clock, manager } = setUp();
    const kept = await finishedAt(manager, 'kept');
    await finishedAt(manager, 'other');
    await clock.advance(10);
    const keep = async ({ taskKey }: { readonly taskKey: string }) => taskKey === 'kept';
    expect(await manager.prune({ olderThanMs: 1, keep })).toBe(1);
    expect((await manager.listTasks()).map(({ taskId }) => taskId)).toEqual([kept]);
  });

  it('passes over a task that is reopened or deleted while it runs', async () => {
    const { clock, manager } = setUp();
    const ids = [
      await finishedAt(manager, 'a'),
      await finishedAt(manager, 'b'),
      await finishedAt(manager, 'c'),
    ];
    await clock.advance(10);
    const keep = async ({ taskId }: { readonly taskId: string }) => {
      if (taskId === ids[2]) await manager.deleteTask(taskId);
      if (taskId === ids[1]) await manager.reopenTask(taskId);
      return false;
    };
    expect(await manager.prune({ olderThanMs: 1, keep })).toBe(1);
    expect((await manager.listTasks()).map(({ taskId }) => taskId)).toEqual([ids[1]]);
  });

  it('stops when its signal aborts, and refuses a bad age', async () => {
    const { clock, manager } = setUp();
    await finishedAt(manager, 'a');
    await clock.advance(10);
    const signal = AbortSignal.abort(new Error('enough'));
    await expect(manager.prune({ olderThanMs: 1, signal })).rejects.toThrow('enough');
    await expect(manager.prune({ olderThanMs: -1 })).rejects.toThrow(/olderThanMs must be .* got -1/);
    expect(await manager.listTasks()).toHaveLength(1);
  });

  it('does not delete a task that is not finished', async () => {
    const { manager } = setUp();
    const { task } = await manager.getOrCreateTask({ taskKey: 'k' });
    await expect(manager.deleteTask(task.taskId)).rejects.toMatchObject({ code: 'ILLEGAL_TRANSITION' });
    await manager.cancelTask(task.taskId);
    await manager.deleteTask(task.taskId);
    expect(await manager.getTask(task.taskId)).toBeUndefined();
    await expect(manager.deleteTask(task.taskId)).rejects.toMatchObject({ code: 'TASK_NOT_FOUND' });
  });
});

describe('getTaskManager', () => {
  it('is one per process, also for a second copy of the module', async () => {
    const manager = getTaskManager();
    expect(manager).toBeInstanceOf(TaskManager);
    expect(getTaskManager()).toBe(manager);
    const path = './process-task-manager.ts?copy';
    const copy: { getTaskManager: typeof getTaskManager } = await import(path);
    expect(copy.getTaskManager).not.toBe(getTaskManager);
    expect(copy.getTaskManager()).toBe(manager);
  });
});
