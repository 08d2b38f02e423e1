import { TaskManager, TaskRunner } from '@panelist/toolkit';
import { expect, it } from 'vitest';
import type { Workspace } from '../open-workspace.ts';
import { retryFailedItems } from './resume-run.ts';

it('retries the items that failed for the chosen causes, and leaves the others', async () => {
  const tasks = new TaskManager();
  const runs: string[] = [];
  const runner = new TaskRunner({ tasks }).register<string, unknown>('work', {
    retry: false,
    run(input) {
      runs.push(input);
      if (runs.length <= 4 && input !== 'fine')
        throw Object.assign(new Error('no'), { code: input.slice(0, 3) });
      return input;
    },
  });
  const items = ['ab1 x', 'fine', 'ab1 y', 'cd2 z'];
  const { task } = await runner.submit({ job: 'work', taskKey: 'key', taskParams: {}, items });
  await runner.wait(task.taskId);
  const record = (await tasks.store.get(task.taskId))!;
  const workspace = { tasks, runner, limits: {} } as unknown as Workspace;
  expect(await retryFailedItems(workspace, record, {}, { codes: ['ab1', 'none'] })).toBe(2);
  await runner.wait(task.taskId);
  expect(runs.slice(4).sort()).toEqual(['ab1 x', 'ab1 y']);
  expect(task).toMatchObject({ successCount: 3, failedCount: 1 });
  expect(await retryFailedItems(workspace, record)).toBe(1);
  await runner.wait(task.taskId);
  expect(task.failedCount).toBe(0);
  await runner.shutdown();
});
