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
  for await (const record of runner.tasks.items(task.taskId)) read.push(GREET.item(task.taskId, record));
  expect(read).toMatchObject([
    { key: 'ada', input: { name: 'Ada' }, position: 0, status: 'succeeded', result: 'Hello Ada' },
    { key: 'bo', input: { name: 'Bo' }, status: 'failed', result: { error: { message: 'Bo is out' } } },
  ]);
  const results = [];
  for await (const record of runner.tasks.results(task.taskId))
    results.push(GREET.result(task.taskId, record));
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

it('checks what it reads with its readers, which know where it was read', async () => {
  const seen: unknown[] = [];
  const checked = defineJob<number, string, boolean>('checked', {
    params: (value, at) => {
      seen.push(at);
      return `${value}!`;
    },
    input: (value, { itemKey }) => {
      if (typeof value !== 'number') throw new Error(`${itemKey} is not a number`);
      return value * 10;
    },
    result: (value) => value === 'yes',
  });
  expect(checked.params({ taskId: 't', job: 'checked', taskParams: 'p' })).toBe('p!');
  expect(seen).toEqual([{ taskId: 't', itemKey: undefined }]);
  const record = { key: 'k', position: 0, input: 1, status: 'succeeded', result: 'yes' } as const;
  expect(checked.item('t', record)).toEqual({ ...record, input: 10, result: true });
  expect(checked.item('t', { ...record, status: 'pending', result: null }).result).toBeNull();
  expect(() => checked.item('t', { ...record, input: 'one' })).toThrow('k is not a number');
  const result = { sequence: 1, itemKey: 'k', success: true, result: 'no', recordedAt: 5 };
  expect(checked.result('t', result)).toEqual({ ...result, result: false });
});

it.each([
  [{ error: { name: 'E', message: 'm', status: null, code: null, kind: 'server' } }, 'm', 'server'],
  ['no answer', 'no answer', 'unknown'],
  [{ note: 'by hand' }, 'an object (Object)', 'unknown'],
  [null, 'null', 'unknown'],
])('reads a failed result as a failure, whatever recorded it: %j', (result, message, kind) => {
  const record = { key: 'k', position: 0, input: { name: 'Ada' }, status: 'failed', result } as const;
  expect(GREET.item('t', record).result).toMatchObject({ error: { message, kind } });
});

it('has a name that a store can keep', () => {
  for (const name of ['', 'a\0b', '\ud800', 7 as never]) {
    expect(() => defineJob(name)).toThrow(expect.objectContaining({ code: 'INVALID_OPTION' }));
  }
});
