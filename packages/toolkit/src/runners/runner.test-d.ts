import { expectTypeOf } from 'vitest';
import { defineJob, type TypedJob } from '../tasks/job.ts';
import type { TaskManager } from '../tasks/task-manager.ts';
import type { TaskItemRecord, TaskResult } from '../tasks/task-record.ts';
import { TaskRunner } from './local/task-runner.ts';
import type { Runner } from './runner.ts';

interface Input {
  readonly name: string;
}
interface Params {
  readonly greeting: string;
}

declare const tasks: TaskManager;
declare const item: TaskItemRecord;
declare const record: TaskResult;
const runner = new TaskRunner({ tasks });
expectTypeOf(runner).toExtend<Runner>();

const GREET = defineJob<Input, Params, string>('greet');
// Readers return what they have checked.
defineJob<Input, Params, string>('greet', { result: (value) => String(value) });
// @ts-expect-error: the result is a string
defineJob<Input, Params, string>('greet', { result: (value) => Number(value) });
expectTypeOf(GREET).toEqualTypeOf<TypedJob<Input, Params, string>>();

// What does the items gets input and parameters, and returns the result.
runner.register(GREET, {
  run({ name }, { taskParams }) {
    expectTypeOf(name).toEqualTypeOf<string>();
    expectTypeOf(taskParams).toEqualTypeOf<Params>();
    return `${taskParams.greeting} ${name}`;
  },
});
runner.register(GREET, { run: async ({ name }) => name, maxConcurrency: ({ greeting }) => greeting.length });
// @ts-expect-error: the result is a string
runner.register(GREET, { run: () => 7 });
// @ts-expect-error: the input has a name
runner.register(GREET, { run: ({ title }) => title });

const taskParams = { greeting: 'Hello' };
const items = [{ key: 'ada', input: { name: 'Ada' } }];
const typed = runner.submit({ job: GREET, taskKey: 'k', taskParams, items });
expectTypeOf(typed).toEqualTypeOf<ReturnType<Runner['submit']>>();
// @ts-expect-error: the parameters have a greeting
runner.submit({ job: GREET, taskKey: 'k', taskParams: { greting: 'Hello' }, items });
// @ts-expect-error: the input has a name
runner.submit({ job: GREET, taskKey: 'k', taskParams, items: [{ key: 'ada', input: { title: 'Ada' } }] });
// @ts-expect-error: a string is not this job's input
runner.submit({ job: GREET, taskKey: 'k', taskParams, items: ['Ada'] });
const SHOUT = defineJob<string, null, string>('shout');
runner.submit({ job: SHOUT, taskKey: 'k', taskParams: null, items: ['Ada', { key: 'bo', input: 'Bo' }] });
// @ts-expect-error: a number is not this job's input
runner.submit({ job: SHOUT, taskKey: 'k', taskParams: null, items: [7] });

// A job by its name takes anything that JSON can carry.
runner.register('greet', { run: (input: number, { taskParams: params }) => [input, params] });
runner.submit({
  job: 'greet',
  taskKey: 'k',
  taskParams: { any: 1 },
  items: ['a', 1, { key: 'b', input: [] }],
});

// What was recorded is read through the job; its status says which result it has.
expectTypeOf(GREET.params({ taskId: 't', job: 'greet', taskParams: {} })).toEqualTypeOf<Params>();
const read = GREET.item('t', item);
expectTypeOf(read.input).toEqualTypeOf<Input>();
if (read.status === 'succeeded') expectTypeOf(read.result).toEqualTypeOf<string>();
if (read.status === 'failed') expectTypeOf(read.result.error.message).toEqualTypeOf<string>();
if (read.status === 'pending') expectTypeOf(read.result).toEqualTypeOf<null>();
const result = GREET.result('t', record);
expectTypeOf(result.sequence).toEqualTypeOf<number>();
if (result.success) expectTypeOf(result.result).toEqualTypeOf<string>();
else expectTypeOf(result.result.error.code).toEqualTypeOf<string | null>();
