import { describe, expect, it } from 'vitest';
import { describeTaskStore } from '../testing/describe-task-store.ts';
import { newTask, runningTask } from '../testing/store-conformance/new-task.ts';
import { VirtualClock } from '../testing/virtual-clock.ts';
import { MemoryTaskStore } from './memory.ts';

describeTaskStore('MemoryTaskStore', { create: async () => new MemoryTaskStore() }, { describe, it, expect });

describe('MemoryTaskStore forgets finished tasks', () => {
  it('that finished first, beyond maxFinishedTasks', async () => {
    const store = new MemoryTaskStore({ maxFinishedTasks: 2, clock: new VirtualClock() });
    for (const fingerprint of ['f1', 'f2', 'f3', 'f4']) await runningTask(store, { fingerprint });
    for (const taskId of ['task_f3', 'task_f1', 'task_f2']) {
      await store.transition(taskId, 'completed', { at: 3_000 });
    }
    const kept = (await store.list()).map(({ taskId }) => taskId).sort();
    expect(kept).toEqual(['task_f1', 'task_f2', 'task_f4']);
    await expect(store.results('task_f3')).rejects.toMatchObject({ code: 'TASK_NOT_FOUND' });
  });

  it('after maxFinishedAgeMs, and never active ones', async () => {
    const clock = new VirtualClock();
    const store = new MemoryTaskStore({ maxFinishedAgeMs: 60_000, clock });
    await runningTask(store, { fingerprint: 'f1' });
    await runningTask(store, { fingerprint: 'f2' });
    await store.transition('task_f1', 'failed', { at: 3_000 });
    await clock.advance(59_999);
    expect((await store.get('task_f1'))?.status).toBe('failed');
    await clock.advance(1);
    expect(await store.get('task_f1')).toBeUndefined();
    await clock.advance(1_000_000);
    expect((await store.get('task_f2'))?.status).toBe('running');
  });

  it('but not those that were reopened', async () => {
    const store = new MemoryTaskStore({ maxFinishedTasks: 1, clock: new VirtualClock() });
    for (const fingerprint of ['f1', 'f2', 'f3']) await runningTask(store, { fingerprint });
    await store.transition('task_f1', 'completed', { at: 3_000 });
    await store.transition('task_f1', 'running', { at: 3_000 });
    await store.transition('task_f2', 'completed', { at: 3_000 });
    await store.transition('task_f3', 'completed', { at: 3_000 });
    expect((await store.list()).map(({ taskId }) => taskId).sort()).toEqual(['task_f1', 'task_f3']);
    expect((await store.create(newTask({ taskId: 'task_again' }))).task.taskId).toBe('task_f1');
  });

  it('and refuses bounds that make no sense', () => {
    expect(() => new MemoryTaskStore({ maxFinishedTasks: -1 })).toThrow(/maxFinishedTasks.*-1/);
    expect(() => new MemoryTaskStore({ maxFinishedAgeMs: Number.NaN })).toThrow(/maxFinishedAgeMs.*NaN/);
  });
});
