import { TaskStatus, TRANSITIONS } from '../../tasks/task-record.ts';
import type { TaskStore } from '../../tasks/task-store.ts';
import type { StoreTest } from '../describe-task-store.ts';
import type { TestFunctions } from '../test-functions.ts';
import { newTask, runningTask } from './new-task.ts';

const STATUSES = Object.values(TaskStatus);

/** How to bring a new task into each state. */
const WAYS: Readonly<Record<TaskStatus, readonly TaskStatus[]>> = {
  pending: [],
  running: ['running'],
  paused: ['running', 'paused'],
  completed: ['running', 'completed'],
  failed: ['running', 'failed'],
  cancelled: ['running', 'cancelled'],
};

async function taskIn(store: TaskStore, status: TaskStatus): Promise<string> {
  const { task } = await store.create(newTask());
  for (const [index, step] of WAYS[status].entries()) {
    await store.transition(task.taskId, step, { at: 2_000 + index });
  }
  return task.taskId;
}

export function transitionTests(test: StoreTest, expect: TestFunctions['expect']): void {
  test('is refused where the task was changed after it was read', async (store) => {
    const { taskId, revision } = await runningTask(store, { totalCount: 1 });
    const { task } = await store.record(taskId, { success: true, result: 1, recordedAt: 2_000 });
    await expect(store.transition(taskId, 'completed', { at: 3_000, revision })).rejects.toMatchObject({
      code: 'ILLEGAL_TRANSITION',
    });
    expect((await store.get(taskId))?.status).toBe('running');
    const done = await store.transition(taskId, 'completed', { at: 3_000, revision: task.revision });
    expect(done.status).toBe('completed');
  });

  for (const from of STATUSES) {
    for (const to of STATUSES) {
      if (TRANSITIONS[to].includes(from)) {
        test(`goes from ${from} to ${to}`, async (store) => {
          const taskId = await taskIn(store, from);
          const moved = await store.transition(taskId, to, { at: 9_000 });
          expect(moved.status).toBe(to);
          expect(await store.get(taskId)).toEqual(moved);
        });
      } else {
        test(`does not go from ${from} to ${to}`, async (store) => {
          const taskId = await taskIn(store, from);
          const before = await store.get(taskId);
          await expect(store.transition(taskId, to, { at: 9_000 })).rejects.toMatchObject({
            code: 'ILLEGAL_TRANSITION',
          });
          expect(await store.get(taskId)).toEqual(before);
        });
      }
    }
  }

  test('stamps the first start and the last end, and counts revisions', async (store) => {
    const { taskId, revision } = await runningTask(store);
    await store.transition(taskId, 'paused', { at: 3_000, errorMessage: 'quota' });
    expect(await store.get(taskId)).toMatchObject({
      startedAt: 2_000,
      finishedAt: null,
      errorMessage: 'quota',
    });
    const resumed = await store.transition(taskId, 'running', { at: 4_000 });
    expect(resumed).toMatchObject({ startedAt: 2_000, finishedAt: null, errorMessage: null });
    const failed = await store.transition(taskId, 'failed', { at: 5_000, errorMessage: 'all failed' });
    expect(failed).toMatchObject({ startedAt: 2_000, finishedAt: 5_000, errorMessage: 'all failed' });
    expect(failed.revision > resumed.revision && resumed.revision > revision).toBe(true);
    const reopened = await store.transition(taskId, 'running', { at: 6_000 });
    expect(reopened).toMatchObject({ startedAt: 2_000, finishedAt: null, errorMessage: null });
    const { task } = await store.create(newTask({ fingerprint: 'f2' }));
    expect((await store.transition(task.taskId, 'cancelled', { at: 7_000 })).startedAt).toBe(null);
  });

  test('can be narrowed to some states', async (store) => {
    const { taskId } = await runningTask(store);
    await store.transition(taskId, 'paused', { at: 3_000 });
    await expect(store.transition(taskId, 'running', { at: 4_000, from: ['pending'] })).rejects.toMatchObject(
      { code: 'ILLEGAL_TRANSITION' },
    );
    expect((await store.transition(taskId, 'running', { at: 4_000, from: ['paused'] })).status).toBe(
      'running',
    );
  });

  test('ends the lease with the task', async (store) => {
    const { taskId } = await runningTask(store);
    await store.acquireLease(taskId, { owner: 'a', ttlMs: 1_000, now: 2_000 });
    expect((await store.transition(taskId, 'paused', { at: 2_100 })).lease?.owner).toBe('a');
    expect((await store.transition(taskId, 'cancelled', { at: 2_200 })).lease).toBe(null);
  });

  test('does not reopen a task while another, the same, is active', async (store) => {
    const { taskId } = await runningTask(store);
    await store.transition(taskId, 'completed', { at: 3_000 });
    await store.create(newTask({ taskId: 'task_second' }));
    await expect(store.transition(taskId, 'running', { at: 4_000 })).rejects.toMatchObject({
      code: 'ILLEGAL_TRANSITION',
    });
    await store.transition('task_second', 'cancelled', { at: 5_000 });
    expect((await store.transition(taskId, 'running', { at: 6_000 })).status).toBe('running');
    expect((await store.create(newTask({ taskId: 'task_third' }))).task.taskId).toBe(taskId);
  });

  test('of many callers at once, exactly one makes a transition', async (store) => {
    const { task } = await store.create(newTask());
    const settled = await Promise.allSettled(
      Array.from({ length: 20 }, () => store.transition(task.taskId, 'running', { at: 2_000 })),
    );
    expect(settled.filter(({ status }) => status === 'fulfilled').length).toBe(1);
  });

  test('does not know unknown tasks', async (store) => {
    const unknown = { code: 'TASK_NOT_FOUND' };
    const lease = { owner: 'a', ttlMs: 1, now: 0 };
    await expect(store.transition('task_x', 'running', { at: 0 })).rejects.toMatchObject(unknown);
    await expect(store.record('task_x', { success: true, result: 1, recordedAt: 0 })).rejects.toMatchObject(
      unknown,
    );
    await expect(store.results('task_x')).rejects.toMatchObject(unknown);
    await expect(store.items('task_x')).rejects.toMatchObject(unknown);
    await expect(store.item('task_x', 'a')).rejects.toMatchObject(unknown);
    await expect(store.delete('task_x')).rejects.toMatchObject(unknown);
    await expect(store.resetFailed('task_x')).rejects.toMatchObject(unknown);
    await expect(store.acquireLease('task_x', lease)).rejects.toMatchObject(unknown);
    await expect(store.releaseLease('task_x', 'a')).rejects.toMatchObject(unknown);
  });
}
