import { format, inspect } from 'node:util';
import { describe, expect, it } from 'vitest';
import { VirtualClock } from '../testing/virtual-clock.ts';
import { TaskManager } from './task-manager.ts';

const START = Date.UTC(2026, 10, 23);

async function started(totalCount: number, maxResultsInMemory?: number) {
  const clock = new VirtualClock(START);
  const manager = new TaskManager({ clock, maxResultsInMemory });
  const { task } = await manager.getOrCreateTask({ taskKey: 'focus_group_123', totalCount });
  await clock.advance(1_000);
  await manager.startTask(task.taskId);
  return { clock, manager, task };
}

describe('Task', () => {
  it("shows every field of the guide's table, and the times", async () => {
    const { clock, manager, task } = await started(3);
    const result = { item_id: 1, data: 'ok' };
    await manager.updateProgress(task.taskId, { result });
    await manager.updateProgress(task.taskId, { result: { item_id: 2 }, success: false });
    await clock.advance(1_500);
    expect(task.toJSON()).toEqual({
      taskId: task.taskId,
      taskKey: 'focus_group_123',
      status: 'running',
      totalCount: 3,
      completedCount: 2,
      successCount: 1,
      failedCount: 1,
      progressPercentage: 66.66,
      elapsedSeconds: 1.5,
      results: [result, { item_id: 2 }],
      resultsTruncated: false,
      errorMessage: null,
      createdAt: '2026-11-23T00:00:00.000Z',
      startedAt: '2026-11-23T00:00:01.000Z',
      finishedAt: null,
    });
    await manager.completeTask(task.taskId, { success: false, errorMessage: 'too few' });
    await clock.advance(60_000);
    expect(JSON.parse(JSON.stringify(task))).toMatchObject({
      status: 'failed',
      elapsedSeconds: 1.5,
      errorMessage: 'too few',
      finishedAt: '2026-11-23T00:00:02.500Z',
    });
    for (const [name, value] of Object.entries(task.toJSON())) {
      const own: unknown = Reflect.get(task, name);
      expect(own instanceof Date ? own.toISOString() : own).toEqual(value);
    }
  });

  it('has 100 percent when all is done, not before', async () => {
    const { manager, task } = await started(30_000);
    for (let index = 0; index < 29_999; index += 1)
      await manager.updateProgress(task.taskId, { result: index });
    expect(task.progressPercentage).toBe(99.99);
    await manager.updateProgress(task.taskId, { result: 0 });
    expect(task.progressPercentage).toBe(100);
  });

  it('has 0 percent of nothing, and 100 once completed', async () => {
    const { manager, task } = await started(0);
    expect(task.progressPercentage).toBe(0);
    await manager.completeTask(task.taskId);
    expect(task.progressPercentage).toBe(100);
  });

  it('has not elapsed before it starts, nor when the clock was set back', async () => {
    const clock = new VirtualClock(START);
    const manager = new TaskManager({ clock });
    const { task } = await manager.getOrCreateTask({ taskKey: 'k', totalCount: 1 });
    await clock.advance(5_000);
    expect(task.elapsedSeconds).toBe(0);
    await manager.startTask(task.taskId);
    await clock.advance(-1_000);
    expect(task.elapsedSeconds).toBe(0);
  });

  it('holds the most recent results, at most maxResultsInMemory', async () => {
    const { manager, task } = await started(10, 3);
    for (let result = 0; result < 3; result += 1) await manager.updateProgress(task.taskId, { result });
    expect(task.toJSON()).toMatchObject({ results: [0, 1, 2], resultsTruncated: false });
    for (let result = 3; result < 8; result += 1) await manager.updateProgress(task.taskId, { result });
    expect(task.toJSON()).toMatchObject({ results: [5, 6, 7], resultsTruncated: true });
    const all = await Array.fromAsync(manager.results(task.taskId), ({ result }) => result);
    expect(all).toEqual([0, 1, 2, 3, 4, 5, 6, 7]);
  });

  it('prints its id, status and progress, and neither its parameters nor its results', async () => {
    const { manager, task } = await started(3);
    const { taskId } = task;
    const identity = `taskId: '${taskId}',\n  taskKey: 'focus_group_123'`;
    expect(inspect(task)).toBe(`Task {\n  ${identity},\n  status: 'running',\n  progress: '0 of 3 (0%)'\n}`);
    await manager.updateProgress(taskId, { result: 'an answer' });
    await manager.updateProgress(taskId, { success: false });
    await manager.completeTask(taskId, { success: false, errorMessage: 'too few' });
    expect(format('%o', { task })).toContain(
      "status: 'failed',\n    progress: '2 of 3 (66.66%), 1 failed',\n    errorMessage: 'too few'",
    );
    expect(inspect({ a: { b: { c: task } } })).toContain(`[Task ${taskId}]`);
    const secret = { taskKey: 'k', taskParams: { apiKey: 'sk-1234' } };
    expect(inspect((await manager.getOrCreateTask(secret)).task)).not.toContain('sk-1234');
    expect(inspect(task)).not.toContain('an answer');
  });

  it('holds none where maxResultsInMemory is 0', async () => {
    const { manager, task } = await started(10, 0);
    await manager.updateProgress(task.taskId, { result: 1 });
    expect((await manager.getTask(task.taskId))?.toJSON()).toMatchObject({
      results: [],
      resultsTruncated: true,
    });
  });
});
