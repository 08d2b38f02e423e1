import { MemoryTaskStore, TaskManager } from '@panelist/toolkit';
import { VirtualClock } from '@panelist/toolkit/testing';
import { expect, it } from 'vitest';
import { pruneTasks } from './prune-tasks.ts';

const DAY_MS = 86_400_000;

/** Tasks by their keys, each finished so many days ago; `null` for one that is not finished. */
async function setUp(tasks: readonly (readonly [taskKey: string, daysAgo: number | null])[]) {
  const now = Date.now();
  const clock = new VirtualClock(now - 1_000 * DAY_MS);
  const store = new MemoryTaskStore({ clock, maxFinishedAgeMs: Number.MAX_VALUE });
  const manager = new TaskManager({ clock, store });
  const oldestFirst = [...tasks].sort(([, a], [, b]) => (b ?? 0) - (a ?? 0));
  for (const [index, [taskKey, daysAgo]] of oldestFirst.entries()) {
    await clock.advance(now - (daysAgo ?? 0) * DAY_MS - clock.now());
    const { task } = await manager.getOrCreateTask({ taskKey, taskParams: { index } });
    await manager.startTask(task.taskId);
    if (daysAgo !== null) await manager.completeTask(task.taskId);
  }
  await clock.advance(Math.max(0, now - clock.now()));
  const left = async (): Promise<string[]> =>
    (await manager.listTasks()).map(({ taskKey }) => taskKey).sort();
  return { manager, left };
}

const request = { olderThanMs: 90.5 * DAY_MS };

it('deletes tasks that finished long ago, and only counts them with dryRun', async () => {
  const { manager, left } = await setUp([
    ['survey_a', 100],
    ['survey_b', 91],
    ['survey_c', 90],
    ['survey_d', null],
  ]);
  expect((await pruneTasks(manager, { ...request, dryRun: true })).tasks).toBe(2);
  expect(await left()).toHaveLength(4);
  expect((await pruneTasks(manager, request)).tasks).toBe(2);
  expect(await left()).toEqual(['survey_c', 'survey_d']);
});

it('deletes a whole focus group when its last turn is old enough', async () => {
  const { manager, left } = await setUp([
    ['fg_old', 120],
    ['fg_old', 100],
    ['fg_lately', 120],
    ['fg_lately', 3],
    ['fg_open', 120],
    ['fg_open', null],
  ]);
  expect((await pruneTasks(manager, { ...request, dryRun: true })).tasks).toBe(2);
  expect((await pruneTasks(manager, request)).tasks).toBe(2);
  expect(await left()).toEqual(['fg_lately', 'fg_lately', 'fg_open', 'fg_open']);
});
