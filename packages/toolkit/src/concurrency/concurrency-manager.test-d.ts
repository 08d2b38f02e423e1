import { expectTypeOf } from 'vitest';
import type { BatchProgress } from './batch-options.ts';
import type { ConcurrencyManager } from './concurrency-manager.ts';
import type { TaskContext, TaskOutcome } from './task.ts';

declare const manager: ConcurrencyManager;
declare const flag: boolean;
declare const lazy: AsyncGenerator<() => Promise<string>>;

const tasks = [async () => 1, async () => 2];

expectTypeOf(manager.executeBatch(tasks)).resolves.toEqualTypeOf<number[]>();
expectTypeOf(manager.executeBatch(tasks, {})).resolves.toEqualTypeOf<number[]>();
expectTypeOf(manager.executeBatch(tasks, { returnExceptions: false })).resolves.toEqualTypeOf<number[]>();
expectTypeOf(manager.executeBatch(tasks, { returnExceptions: true })).resolves.toEqualTypeOf<unknown[]>();
expectTypeOf(manager.executeBatch(tasks, { returnExceptions: flag })).resolves.toEqualTypeOf<unknown[]>();
expectTypeOf(manager.executeBatch<number | string>([() => 1, async () => 'a'])).resolves.toEqualTypeOf<
  (number | string)[]
>();
expectTypeOf(manager.executeBatch(lazy)).resolves.toEqualTypeOf<string[]>();
expectTypeOf(manager.executeBatch(new Set([() => 1]))).resolves.toEqualTypeOf<number[]>();
expectTypeOf(manager.executeInBatches(tasks, { batchSize: 5 })).resolves.toEqualTypeOf<number[]>();
expectTypeOf(manager.executeBatchWithIsolation(tasks)).resolves.toEqualTypeOf<TaskOutcome<number>[]>();
expectTypeOf(manager.stream(lazy)).toEqualTypeOf<AsyncGenerator<TaskOutcome<string>, void, undefined>>();

expectTypeOf(
  manager.map(['a'], async (item, context) => {
    expectTypeOf(item).toEqualTypeOf<string>();
    expectTypeOf(context).toEqualTypeOf<TaskContext>();
    return item.length;
  }),
).resolves.toEqualTypeOf<number[]>();
expectTypeOf(manager.map(lazy, (task) => task())).resolves.toEqualTypeOf<string[]>();

void manager.executeBatch([
  ({ signal, index }) => {
    expectTypeOf(signal).toEqualTypeOf<AbortSignal>();
    expectTypeOf(index).toEqualTypeOf<number>();
  },
]);
void manager.executeBatch(tasks, {
  signal: undefined,
  onProgress: (progress) => expectTypeOf(progress).toEqualTypeOf<BatchProgress>(),
});

declare const outcome: TaskOutcome<number>;
if (outcome.success) expectTypeOf(outcome.data).toEqualTypeOf<number>();
else expectTypeOf(outcome.error).toEqualTypeOf<unknown>();

// @ts-expect-error a promise is work that has been started already
void manager.executeBatch([Promise.resolve(1)]);
// @ts-expect-error options are an object
void manager.executeBatch(tasks, 20);
// @ts-expect-error a stream tells of failures, it does not need to return them
void manager.stream(tasks, { returnExceptions: true });
// @ts-expect-error only executeInBatches has batches
void manager.executeBatch(tasks, { batchSize: 5 });
