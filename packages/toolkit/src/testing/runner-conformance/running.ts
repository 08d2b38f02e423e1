import type { Runner } from '../../runners/runner.ts';
import type { Task } from '../../tasks/task.ts';
import type { TaskManager } from '../../tasks/task-manager.ts';
import type { RunnerTest } from '../describe-runner.ts';
import type { TestFunctions } from '../test-functions.ts';
import { ControlledJob } from './controlled-job.ts';

const echo = { retry: false, run: (input: unknown) => input } as const;

/** Fails for inputs below 0. */
const positive = {
  retry: false,
  run(input: unknown) {
    if ((input as number) < 0) throw Object.assign(new Error(`${input} is below 0`), { status: 404 });
    return input;
  },
} as const;

const submission = (items: Parameters<Runner['submit']>[0]['items'], taskParams: unknown = {}) => ({
  job: 'work',
  taskKey: 'key',
  taskParams,
  items,
});

async function resultsOf(tasks: TaskManager, { taskId }: Task): Promise<unknown[]> {
  return Array.fromAsync(tasks.items(taskId), ({ key, status, result }) => [key, status, result]);
}

export function runningTests(test: RunnerTest, expect: TestFunctions['expect']): void {
  test('does every item once, records each result and completes the task', async ({ tasks, runner }) => {
    const work = await runner({ work: echo });
    const { task, isNew } = await work.submit(submission(['a', 2, { key: 'c', input: { deep: [3] } }]));
    expect(isNew).toBe(true);
    expect((await work.wait(task.taskId)).status).toBe('completed');
    expect(await resultsOf(tasks, task)).toEqual([
      ['a', 'succeeded', 'a'],
      ['2', 'succeeded', 2],
      ['c', 'succeeded', { deep: [3] }],
    ]);
    expect(task).toMatchObject({ totalCount: 3, completedCount: 3, successCount: 3, job: 'work' });
  });

  test('gives a job the item, the parameters and the ids, and records null for undefined', async ({
    tasks,
    runner,
  }) => {
    const seen: unknown[] = [];
    const work = await runner({
      work: {
        retry: false,
        run(input, { taskId, taskParams, itemKey }) {
          seen.push([input, taskId, taskParams, itemKey]);
        },
      },
    });
    const { task } = await work.submit(submission(['a'], { temperature: 0.5 }));
    await work.wait(task.taskId);
    expect(seen).toEqual([['a', task.taskId, { temperature: 0.5 }, 'a']]);
    expect(await resultsOf(tasks, task)).toEqual([['a', 'succeeded', null]]);
  });

  test('joins the active task that is the same', async ({ runner }) => {
    const controlled = new ControlledJob();
    const work = await runner({ work: controlled.job });
    const { task } = await work.submit(submission(['a']));
    await controlled.untilBegun(1);
    const again = await work.submit(submission(['a']));
    expect([again.isNew, again.task.taskId]).toEqual([false, task.taskId]);
    const other = await work.submit(submission(['b']));
    expect(other.isNew).toBe(true);
    await controlled.untilBegun(2);
    await work.cancel(other.task.taskId);
    controlled.end('a', 1);
    expect((await work.wait(task.taskId)).status).toBe('completed');
    expect(controlled.begun).toEqual(['a', 'b']);
  });

  test('records what a job throws as a failed result', async ({ tasks, runner }) => {
    const work = await runner({ work: positive });
    const { task } = await work.submit(submission([1, -2, 3]));
    expect((await work.wait(task.taskId)).status).toBe('completed');
    expect(task).toMatchObject({ successCount: 2, failedCount: 1 });
    const error = { name: 'Error', message: '-2 is below 0', status: 404, code: null, kind: 'client' };
    expect((await resultsOf(tasks, task))[1]).toEqual(['-2', 'failed', { error }]);
  });

  test('fails a task none of whose items succeeded, and says why', async ({ runner }) => {
    const work = await runner({ work: positive });
    const { task } = await work.submit(submission([-1, -2]));
    expect((await work.wait(task.taskId)).status).toBe('failed');
    expect(task.errorMessage?.includes('-1 is below 0')).toBe(true);
  });

  test('completes a task without items', async ({ runner }) => {
    const work = await runner({ work: echo });
    const { task } = await work.submit(submission([]));
    expect(await work.wait(task.taskId)).toMatchObject({ status: 'completed', totalCount: 0 });
  });

  test('does the items one by one and in order where the job allows one at a time', async ({
    tasks,
    runner,
  }) => {
    const recordedBefore: unknown[] = [];
    const work = await runner({
      work: {
        retry: false,
        maxConcurrency: () => 1,
        async run(input, { taskId }) {
          recordedBefore.push((await tasks.store.get(taskId))?.completedCount);
          return input;
        },
      },
    });
    const { task } = await work.submit(submission(['a', 'b', 'c']));
    await work.wait(task.taskId);
    expect(recordedBefore).toEqual([0, 1, 2]);
    expect(task.results).toEqual(['a', 'b', 'c']);
  });

  test('does the failed items again, and no others', async ({ tasks, runner }) => {
    const runs: unknown[] = [];
    const work = await runner({
      work: {
        retry: false,
        run(input) {
          runs.push(input);
          if (input === 'b' && runs.length <= 3) throw new Error('not yet');
          return `${input} done`;
        },
      },
    });
    const { task } = await work.submit(submission(['a', 'b', 'c']));
    await work.wait(task.taskId);
    expect((await work.retryFailed(task.taskId)).retried).toBe(1);
    expect((await work.wait(task.taskId)).status).toBe('completed');
    expect(runs.slice(3)).toEqual(['b']);
    expect((await resultsOf(tasks, task))[1]).toEqual(['b', 'succeeded', 'b done']);
    expect((await work.retryFailed(task.taskId)).retried).toBe(0);
  });

  test('of the failed items, does again those that are named', async ({ tasks, runner }) => {
    const runs: unknown[] = [];
    const work = await runner({
      work: {
        retry: false,
        run(input) {
          runs.push(input);
          if (runs.length <= 4 && input !== 'a') throw new Error('not yet');
          return `${input} done`;
        },
      },
    });
    const { task } = await work.submit(submission(['a', 'b', 'c', 'd']));
    await work.wait(task.taskId);
    const itemKeys = ['a', 'c', 'd', 'stranger'];
    const retrying = work.retryFailed(task.taskId, { itemKeys });
    itemKeys.push('b');
    expect((await retrying).retried).toBe(2);
    await work.wait(task.taskId);
    expect(runs.slice(4)).toEqual(['c', 'd']);
    expect((await resultsOf(tasks, task)).map((each) => (each as unknown[]).slice(0, 2))).toEqual([
      ['a', 'succeeded'],
      ['b', 'failed'],
      ['c', 'succeeded'],
      ['d', 'succeeded'],
    ]);
    expect((await work.retryFailed(task.taskId, { itemKeys: ['a'] })).retried).toBe(0);
    expect(runs.length).toBe(6);
    expect((await work.retryFailed(task.taskId)).retried).toBe(1);
    await work.wait(task.taskId);
  });

  test('does each item once, however many runners work on the store', async ({ tasks, runner }) => {
    const runs: unknown[] = [];
    const job = { retry: false, run: (input: unknown) => runs.push(input) } as const;
    const runners = await Promise.all(Array.from({ length: 3 }, () => runner({ work: job })));
    const items = Array.from({ length: 50 }, (_, index) => `item-${index}`);
    const submitted = await Promise.all(runners.map((each) => each.submit(submission(items))));
    const { taskId } = submitted[0]!.task;
    expect(submitted.map(({ task }) => task.taskId)).toEqual([taskId, taskId, taskId]);
    expect(submitted.filter(({ isNew }) => isNew).length).toBe(1);
    await Promise.all(runners.map((each) => each.wait(taskId)));
    expect((await tasks.getTask(taskId))?.status).toBe('completed');
    expect([...runs].sort()).toEqual([...items].sort());
  });

  test('refuses a job that it does not know, and two items with one key, before it creates a task', async ({
    tasks,
    runner,
  }) => {
    const work = await runner({ work: echo });
    const unknown = { ...submission(['a']), job: 'play' };
    await expect(work.submit(unknown)).rejects.toMatchObject({ code: 'UNKNOWN_JOB' });
    await expect(work.submit(submission(['a', 'a']))).rejects.toMatchObject({ code: 'DUPLICATE_ITEM' });
    expect(await tasks.listTasks()).toEqual([]);
  });

  test('does not know unknown tasks', async ({ runner }) => {
    const work = await runner({ work: echo });
    const unknown = { code: 'TASK_NOT_FOUND' };
    await expect(work.resume('task_x')).rejects.toMatchObject(unknown);
    await expect(work.pause('task_x')).rejects.toMatchObject(unknown);
    await expect(work.cancel('task_x')).rejects.toMatchObject(unknown);
    await expect(work.retryFailed('task_x')).rejects.toMatchObject(unknown);
    await expect(work.wait('task_x')).rejects.toMatchObject(unknown);
    expect(work.inFlight('task_x')).toBe(0);
  });

  test('leaves a finished task as it is when it is resumed', async ({ runner }) => {
    const work = await runner({ work: echo });
    const { task } = await work.submit(submission(['a']));
    await work.wait(task.taskId);
    expect((await work.resume(task.taskId)).status).toBe('completed');
    expect((await work.wait(task.taskId)).status).toBe('completed');
  });
}
