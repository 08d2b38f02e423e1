import { expect, it } from 'vitest';
import { TaskRunner } from '../runners/local/task-runner.ts';
import { defineJob } from './job.ts';

interface Input {
  readonly name: string;
}

const GREET = defineJob<Input, { readonly greeting: string }, string>('greet');

function setUp() {
  const runner = new TaskRunner();
  runner.register(GREET, {
    retry: false,
    run({ name }, { taskParams }) {
      if (name === 'Bo') throw new Error('Bo is out');
      return `${taskParams.greeting} ${name}`;
    },
  });
  const items = ['Ada', 'Bo'].map((name) => ({ key: name.toLowerCase(), input: { name } }));
  return { runner, submission: { job: GREET, taskKey: 'k', taskParams: { greeting: 'Hello' }, items } };
}

it('reads parameters, items and results of its tasks', async () => {
  const { runner, submission } = setUp();
  const { task } = await runner.submit(submission);
  await runner.wait(task.taskId);
  expect(task.job).toBe('greet');
  expect(GREET.params(task)).toEqual({ greeting: 'Hello' });
  const read = [];
  for await (const record of runner.tasks.items(task.taskId)) read.push(GREET.item(record));
  expect(read).toMatchObject([
    { key: 'ada', input: { name: 'Ada' }, position: 0, status: 'succeeded', result: 'Hello Ada' },
    { key: 'bo', input: { name: 'Bo' }, status: 'failed', result: { error: { message: 'Bo is out' } } },
  ]);
  const results = [];
  for await (const record of runner.tasks.results(task.taskId)) results.push(GREET.result(record));
  expect(results.map(({ success }) => success).sort()).toEqual([false, true]);
});

it('makes the same task as its name does', async () => {
  const { runner, submission } = setUp();
  const { task } = await runner.submit(submission);
  const again = await runner.submit({ ...submission, job: 'greet' });
  expect(again).toMatchObject({ isNew: false, task: { taskId: task.taskId } });
});

it("refuses to read another job's parameters", async () => {
  const { runner, submission } = setUp();
  const other = defineJob<Input, null, string>('other');
  const { task } = await runner.submit(submission);
  expect(() => other.params(task)).toThrow(
    expect.objectContaining({ code: 'WRONG_JOB', message: expect.stringMatching(/"greet", not of "other"/) }),
  );
  expect(() => GREET.params({ taskId: 't', job: null, taskParams: {} })).toThrow(/null, not of "greet"/);
});

it('has a name that a store can keep', () => {
  for (const name of ['', 'a\0b', '\ud800', 7 as never]) {
    expect(() => defineJob(name)).toThrow(expect.objectContaining({ code: 'INVALID_OPTION' }));
  }
});
