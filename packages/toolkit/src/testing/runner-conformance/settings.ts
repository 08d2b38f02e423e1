import type { TaskSettings } from '../../tasks/task-record.ts';
import type { RunnerTest } from '../describe-runner.ts';
import type { TestFunctions } from '../test-functions.ts';
import { ControlledJob } from './controlled-job.ts';

const submission = { job: 'work', taskKey: 'key', taskParams: { from: 'test' } };

export function settingsTests(test: RunnerTest, expect: TestFunctions['expect']): void {
  test('works on as many items at once as the settings allow', async ({ runner }) => {
    const controlled = new ControlledJob();
    const work = await runner({ work: controlled.job });
    const settings = { maxConcurrency: 2 };
    const { task } = await work.submit({ ...submission, items: ['a', 'b', 'c'], settings });
    await controlled.untilBegun(2);
    expect([task.settings, work.inFlight(task.taskId)]).toEqual([settings, 2]);
    controlled.end('a', 1);
    await controlled.untilBegun(3);
    for (const key of ['b', 'c']) controlled.end(key, 1);
    await work.wait(task.taskId);
  });

  test('follows maxConcurrency while the task runs, upwards and downwards', async ({ tasks, runner }) => {
    const controlled = new ControlledJob();
    const work = await runner({ work: controlled.job });
    const items = ['a', 'b', 'c', 'd', 'e', 'f'];
    const { task } = await work.submit({ ...submission, items, settings: { maxConcurrency: 1 } });
    await controlled.untilBegun(1);
    await tasks.configureTask(task.taskId, { maxConcurrency: 3 });
    controlled.end('a', 1);
    await controlled.untilBegun(4);
    expect(work.inFlight(task.taskId)).toBe(3);
    await tasks.configureTask(task.taskId, { maxConcurrency: 1 });
    for (const key of ['b', 'c', 'd']) controlled.end(key, 1);
    await controlled.untilBegun(5);
    expect(work.inFlight(task.taskId)).toBe(1);
    controlled.end('e', 1);
    await controlled.untilBegun(6);
    controlled.end('f', 1);
    expect((await work.wait(task.taskId)).status).toBe('completed');
  });

  test("does not exceed the job's own maxConcurrency", async ({ runner }) => {
    const controlled = new ControlledJob({ maxConcurrency: () => 1 });
    const work = await runner({ work: controlled.job });
    const settings = { maxConcurrency: 5 };
    const { task } = await work.submit({ ...submission, items: ['a', 'b'], settings });
    await controlled.untilBegun(1);
    expect(work.inFlight(task.taskId)).toBe(1);
    controlled.end('a', 1);
    await controlled.untilBegun(2);
    controlled.end('b', 1);
    await work.wait(task.taskId);
  });

  test('tells the job the settings before its first item, and each change once', async ({
    tasks,
    runner,
  }) => {
    const seen: unknown[] = [];
    const controlled = new ControlledJob({
      configure: (settings: TaskSettings, task) => void seen.push([settings, task, controlled.begun.length]),
    });
    const work = await runner({ work: controlled.job });
    const { task } = await work.submit({ ...submission, items: ['a'], settings: { budget: 1 } });
    await controlled.untilBegun(1);
    await tasks.configureTask(task.taskId, { budget: 2 });
    await tasks.configureTask(task.taskId, { budget: 2 });
    controlled.end('a', 1);
    await work.wait(task.taskId);
    const { taskId } = task;
    const { taskParams } = submission;
    expect(seen).toEqual([
      [{ budget: 1 }, { taskId, taskParams }, 0],
      [{ budget: 2 }, { taskId, taskParams }, 1],
    ]);
  });

  test('tells the job when it stops working on a task, finished or paused', async ({ runner }) => {
    const ended: unknown[] = [];
    const controlled = new ControlledJob({
      ended: (task) => void ended.push([task, controlled.begun.length]),
    });
    const work = await runner({ work: controlled.job });
    const { task } = await work.submit({ ...submission, items: ['a', 'b'], settings: { maxConcurrency: 1 } });
    await controlled.untilBegun(1);
    const pausing = work.pause(task.taskId);
    controlled.end('a', 1);
    await pausing;
    const { taskId } = task;
    const { taskParams } = submission;
    expect(ended).toEqual([[{ taskId, taskParams }, 1]]);
    await work.resume(taskId);
    await controlled.untilBegun(2);
    controlled.end('b', 1);
    await work.wait(taskId);
    expect(ended.length).toBe(2);
  });

  test('pauses a task whose job refuses the settings, and does not begin it', async ({ tasks, runner }) => {
    const controlled = new ControlledJob({
      configure: async ({ budget }: TaskSettings) => {
        if (budget === null) throw new Error('It needs a budget.');
      },
    });
    const work = await runner({ work: controlled.job });
    const { task } = await work.submit({ ...submission, items: ['a'], settings: { budget: null } });
    const { status, errorMessage } = await work.wait(task.taskId);
    expect([status, errorMessage, controlled.begun]).toEqual(['paused', 'It needs a budget.', []]);
    await tasks.configureTask(task.taskId, { budget: 1 });
    await work.resume(task.taskId);
    await controlled.untilBegun(1);
    controlled.end('a', 1);
    expect((await work.wait(task.taskId)).status).toBe('completed');
  });
}
