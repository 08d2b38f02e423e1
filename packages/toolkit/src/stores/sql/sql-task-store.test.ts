import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterAll, describe, expect, it } from 'vitest';
import { openSqliteTaskStore } from '../../sqlite.ts';
import { TaskManager } from '../../tasks/task-manager.ts';
import { describeTaskStore } from '../../testing/describe-task-store.ts';
import { newTask, runningTask } from '../../testing/store-conformance/new-task.ts';
import { openSqliteDatabase } from '../sqlite/sqlite-database.ts';
import { SqlTaskStore } from './sql-task-store.ts';

const folder = await mkdtemp(join(tmpdir(), 'sql-task-store-'));
let files = 0;
const newFile = (): string => join(folder, `${files++}.db`);
afterAll(() => rm(folder, { recursive: true }));

describeTaskStore(
  'SqlTaskStore on a SQLite file',
  { create: () => openSqliteTaskStore(newFile()) },
  { describe, it, expect },
);

describeTaskStore(
  'SqlTaskStore on SQLite in memory',
  { create: () => openSqliteTaskStore(':memory:') },
  { describe, it, expect },
);

describe('SqlTaskStore', () => {
  it('finds everything again after it was closed', async () => {
    const path = newFile();
    const first = await openSqliteTaskStore(path);
    const items = [{ key: 'a', input: { question: 'héllo' } }];
    const { taskId } = await runningTask(first, { totalCount: 2, items, job: 'deploy' });
    await first.acquireLease(taskId, { owner: 'me', ttlMs: 5, now: 7 });
    await first.record(taskId, { itemKey: 'a', success: true, result: { answer: '你好' }, recordedAt: 3 });
    const [task, results, kept] = [
      await first.get(taskId),
      await first.results(taskId),
      await first.items(taskId),
    ];
    await first.close();
    const second = await openSqliteTaskStore(path);
    expect(await second.get(taskId)).toEqual(task);
    expect(await second.results(taskId)).toEqual(results);
    expect(await second.items(taskId)).toEqual(kept);
    await second.close();
  });

  it('leaves a database open that it was given, after finishing what was asked for', async () => {
    const database = await openSqliteDatabase(newFile());
    const store = await SqlTaskStore.open(database);
    const { taskId } = await runningTask(store);
    const recording = store.record(taskId, { success: true, result: 1, recordedAt: 3 });
    await store.close();
    expect((await recording).recorded).toBe(true);
    const again = await SqlTaskStore.open(database);
    expect((await again.get(taskId))?.completedCount).toBe(1);
    await database.close();
  });

  it('may be opened several times at once on a new file', async () => {
    const path = newFile();
    const stores = await Promise.all(Array.from({ length: 5 }, () => openSqliteTaskStore(path)));
    const created = await Promise.all(
      stores.map((store, index) => store.create(newTask({ taskId: `task_${index}` }))),
    );
    expect(created.filter(({ isNew }) => isNew)).toHaveLength(1);
    await Promise.all(stores.map((store) => store.close()));
  });

  it('records at most 1,000 results with one write', async () => {
    const database = await openSqliteDatabase(':memory:');
    let writes = 0;
    const store = await SqlTaskStore.open({
      dialect: database.dialect,
      clock: database.clock,
      notifier: database.notifier,
      locking: (query) => query,
      kysely: () => database.kysely(),
      migrate: (name, migrations) => database.migrate(name, migrations),
      checkSchema: () => database.checkSchema(),
      schemaVersions: () => database.schemaVersions(),
      close: () => database.close(),
      write: (operation) => {
        writes += 1;
        return database.write(operation);
      },
    });
    const { taskId } = await runningTask(store, { totalCount: 2_001 });
    writes = 0;
    const results = Array.from({ length: 2_001 }, (_, result) => result);
    await Promise.all(
      results.map((result) => store.record(taskId, { success: true, result, recordedAt: 3 })),
    );
    expect(writes).toBe(3);
    expect((await store.get(taskId))?.completedCount).toBe(2_001);
    await database.close();
  });

  it('does not let a refused result spoil the others of its group', async () => {
    const store = await openSqliteTaskStore(':memory:');
    const { taskId } = await runningTask(store, { totalCount: 300 });
    const settled = await Promise.allSettled(
      Array.from({ length: 300 }, (_, index) =>
        store.record(index % 3 === 0 ? 'task_unknown' : taskId, {
          itemKey: `i${index}`,
          success: true,
          result: index,
          recordedAt: 3,
        }),
      ),
    );
    expect(settled.filter(({ status }) => status === 'rejected')).toHaveLength(100);
    expect((await store.get(taskId))?.completedCount).toBe(200);
    expect((await store.results(taskId, { limit: 1_000 })).entries).toHaveLength(200);
    await store.close();
  });

  it('lists tasks without reading their parameters, and deletes all rows of a task', async () => {
    const path = newFile();
    const store = await openSqliteTaskStore(path);
    const { taskId } = await runningTask(store, { totalCount: 1, items: [{ key: 'a', input: 1 }] });
    await store.record(taskId, { itemKey: 'a', success: true, result: 1, recordedAt: 3 });
    await store.transition(taskId, 'completed', { at: 4 });
    await store.close();
    const other = new DatabaseSync(path);
    other.exec("update task_params set params = 'no JSON'");
    const again = await openSqliteTaskStore(path);
    expect(await new TaskManager({ store: again }).listTasks()).toMatchObject([{ taskId }]);
    await expect(again.summaries({ params: ['note'] })).rejects.toMatchObject({ code: 'STORE_FAILED' });
    other.exec("update task_params set params = '{}'");
    await again.delete(taskId);
    for (const table of ['tasks', 'task_params', 'task_items', 'task_results']) {
      expect(other.prepare(`select count(*) as rows from ${table}`).get()).toEqual({ rows: 0 });
    }
    other.close();
    await again.close();
  });

  it.each([
    ['task_results', "result = '{'", /result of item "a"/],
    ['task_items', "input = x'00ff'", /item "a"/],
    ['task_params', "params = 'no JSON'", /parameters of task/],
    ['tasks', "created_at = 'yesterday'", /its created_at is "yesterday"/],
    ['tasks', "total_count = '<b>'", /its total_count is "<b>"/],
    ['tasks', "status = 'lost'", /its status is "lost"/],
    ['tasks', "job = x'07'", /its job is an object/],
  ])('refuses a row of %s that something else has changed: %s', async (table, change, problem) => {
    const path = newFile();
    const first = await openSqliteTaskStore(path);
    const { taskId } = await runningTask(first, { totalCount: 1, items: [{ key: 'a', input: 1 }] });
    await first.record(taskId, { itemKey: 'a', success: true, result: 1, recordedAt: 3 });
    await first.close();
    const other = new DatabaseSync(path);
    other.exec(`update ${table} set ${change}`);
    other.close();
    const store = await openSqliteTaskStore(path);
    const read = async (): Promise<void> => {
      await store.get(taskId);
      await store.items(taskId);
    };
    await expect(read()).rejects.toMatchObject({
      code: 'STORE_FAILED',
      message: expect.stringMatching(problem),
    });
    await store.close();
  });
});
