import fc from 'fast-check';
import { expect, it } from 'vitest';
import { openPostgresTaskStore } from '../postgres.ts';
import { openSqliteTaskStore } from '../sqlite.ts';
import { TaskStatus } from '../tasks/task-record.ts';
import type { TaskStore } from '../tasks/task-store.ts';
import { newTask } from '../testing/store-conformance/new-task.ts';
import { MemoryTaskStore } from './memory.ts';
import { emptyPostgresDatabase, newPostgresDatabase } from './postgres/fixtures/new-database.ts';

type Step = (store: TaskStore) => Promise<unknown>;

const task = fc.integer({ min: 0, max: 3 });
const taskId = task.map((number) => `task_${number}`);
const items = ['a', 'b', 'c'].map((key) => ({ key, input: key }));

/** Four tasks, of which 0 and 1 are the same request, as are 2 and 3. */
const write: fc.Arbitrary<Step> = fc.oneof(
  task.map(
    (number): Step =>
      (store) =>
        store.create(
          newTask({
            taskId: `task_${number}`,
            fingerprint: `f${number >> 1}`,
            totalCount: 4,
            items,
            createdAt: number,
          }),
        ),
  ),
  {
    weight: 3,
    arbitrary: fc.tuple(taskId, fc.constantFrom(...Object.values(TaskStatus)), fc.nat(100)).map(
      ([id, to, at]): Step =>
        (store) =>
          store.transition(id, to, { at, errorMessage: `at ${at}` }),
    ),
  },
  {
    weight: 6,
    arbitrary: fc
      .tuple(taskId, fc.constantFrom(undefined, 'a', 'b', 'c', 'd'), fc.boolean(), fc.jsonValue())
      .map(([id, itemKey, success, value]): Step => {
        // As text and back: JSON has no -0.
        const result = JSON.parse(JSON.stringify(value));
        return (store) => store.record(id, { itemKey, success, result, recordedAt: 5 });
      }),
  },
  fc.tuple(taskId, fc.option(fc.subarray(['a', 'b', 'c', 'd']), { nil: undefined })).map(
    ([id, itemKeys]): Step =>
      (store) =>
        store.resetFailed(id, { itemKeys }),
  ),
  // A lease has lapsed at once, or lasts: PostgreSQL goes by its own clock.
  fc
    .tuple(
      taskId,
      fc.constantFrom('x', 'y'),
      fc.constantFrom(0, 3_600_000),
      fc.constantFrom(undefined, 'x', 'y'),
    )
    .map(
      ([id, owner, ttlMs, deadOwner]): Step =>
        (store) =>
          store.acquireLease(id, { owner, ttlMs, now: Date.now(), deadOwner }),
    ),
  fc.tuple(taskId, fc.constantFrom('x', 'y')).map(
    ([id, owner]): Step =>
      (store) =>
        store.releaseLease(id, owner),
  ),
  fc.tuple(taskId, fc.option(fc.nat(100), { nil: undefined })).map(
    ([id, finishedBefore]): Step =>
      (store) =>
        store.delete(id, { finishedBefore }),
  ),
);

const read: fc.Arbitrary<Step> = fc.oneof(
  fc
    .tuple(taskId, fc.option(fc.nat(12), { nil: undefined }), fc.integer({ min: 1, max: 4 }), fc.boolean())
    .map(
      ([id, after, limit, newestFirst]): Step =>
        (store) =>
          store.results(id, { after, limit, newestFirst }),
    ),
  fc
    .tuple(
      taskId,
      fc.constantFrom(undefined, 'pending', 'succeeded', 'failed'),
      fc.integer({ min: 1, max: 3 }),
    )
    .map(
      ([id, status, limit]): Step =>
        (store) =>
          store.items(id, { status, limit }),
    ),
  fc.tuple(fc.integer({ min: 0, max: 5 }), fc.subarray(Object.values(TaskStatus))).map(
    ([limit, statuses]): Step =>
      (store) =>
        store.list({ limit, statuses }),
  ),
  fc.constant<Step>((store) => store.findActive('survey_1')),
  fc.tuple(taskId, fc.constantFrom('a', 'b', 'd')).map(
    ([id, key]): Step =>
      (store) =>
        store.item(id, key),
  ),
  fc
    .record(
      {
        limit: fc.integer({ min: 1, max: 3 }),
        after: fc.tuple(fc.nat(3), task).map(([createdAt, number]) => `${createdAt}:task_${number}`),
        finishedBefore: fc.nat(100),
        params: fc.subarray(['note', 'ids', 'ids.0', 'none']),
      },
      { requiredKeys: [] },
    )
    .map(
      (request): Step =>
        (store) =>
          store.summaries(request),
    ),
);

const group: fc.Arbitrary<readonly Step[]> = fc.oneof(
  { weight: 3, arbitrary: fc.array(write, { minLength: 1, maxLength: 8 }) },
  read.map((step) => [step]),
);

/** When a lease ends depends on the clock. */
const withoutTimes = (value: unknown): unknown =>
  JSON.parse(JSON.stringify(value ?? null, (key, each) => (key === 'expiresAt' ? 0 : each)));

const outcome = (promise: Promise<unknown>): Promise<unknown> =>
  promise.then(
    (value) => ({ value: withoutTimes(value) }),
    (error: unknown) => ({ code: (error as { code: unknown }).code }),
  );

const groups = fc.array(group, { maxLength: 16 });

/** Creates and closes a store for each run, which does many writes at once. */
async function agreesWithMemory(open: () => Promise<TaskStore>, numRuns: number): Promise<void> {
  await fc.assert(
    fc.asyncProperty(groups, async (steps) => {
      const memory = new MemoryTaskStore();
      const store = await open();
      try {
        for (const group of steps) {
          const inMemory: unknown[] = [];
          for (const run of group) inMemory.push(await outcome(run(memory)));
          expect(await Promise.all(group.map((run) => outcome(run(store))))).toEqual(inMemory);
        }
        const tasks = await store.list();
        expect(withoutTimes(tasks)).toEqual(withoutTimes(await memory.list()));
        for (const { taskId: id, completedCount, successCount, failedCount } of tasks) {
          const { entries } = await store.results(id);
          expect(entries.filter(({ success }) => success)).toHaveLength(successCount);
          expect(entries.filter(({ success }) => !success)).toHaveLength(failedCount);
          expect(successCount + failedCount).toBe(completedCount);
        }
      } finally {
        await store.close();
      }
    }),
    { numRuns },
  );
}

it('does to many writes at once in SQLite what memory does to one after the other', () =>
  agreesWithMemory(() => openSqliteTaskStore(':memory:'), 100));

it('does to many writes at once in PostgreSQL what memory does to one after the other', async () => {
  const url = await newPostgresDatabase();
  await agreesWithMemory(async () => {
    await emptyPostgresDatabase(url);
    return openPostgresTaskStore(url, { maxConnections: 4 });
  }, 40);
});
