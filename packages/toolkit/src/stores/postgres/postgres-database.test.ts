import { sql } from 'kysely';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it, onTestFinished, vi } from 'vitest';
import { type EmbeddedPostgres, startEmbeddedPostgres } from '../../../../../scripts/embedded-postgres.ts';
import { openPostgresDatabase, openPostgresTaskStore, SqlTaskStore } from '../../postgres.ts';
import { describeTaskStore } from '../../testing/describe-task-store.ts';
import { newTask, runningTask } from '../../testing/store-conformance/new-task.ts';
import { emptyPostgresDatabase, newPostgresDatabase } from './fixtures/new-database.ts';

let conformance: string | undefined;
describeTaskStore(
  'SqlTaskStore on PostgreSQL',
  {
    create: async () => {
      conformance ??= await newPostgresDatabase();
      await emptyPostgresDatabase(conformance);
      return openPostgresTaskStore(conformance);
    },
  },
  { describe, it, expect },
);

describe('several processes on one PostgreSQL database', () => {
  it('create a task once, and record each result once', async () => {
    const url = await newPostgresDatabase();
    const stores = await Promise.all(Array.from({ length: 4 }, () => openPostgresTaskStore(url)));
    const items = Array.from({ length: 200 }, (_, index) => ({ key: `item-${index}`, input: index }));
    const created = await Promise.all(
      stores.map((store, index) =>
        store.create(newTask({ taskId: `task_${index}`, totalCount: 200, items })),
      ),
    );
    expect(created.filter(({ isNew }) => isNew)).toHaveLength(1);
    const { taskId } = created[0]!.task;
    expect(new Set(created.map(({ task }) => task.taskId))).toEqual(new Set([taskId]));
    await stores[0]!.transition(taskId, 'running', { at: 1 });
    const recorded = await Promise.all(
      stores.flatMap((store, index) =>
        items.map(({ key }) =>
          store.record(taskId, { itemKey: key, success: true, result: index, recordedAt: 2 }),
        ),
      ),
    );
    expect(recorded.filter((each) => each.recorded)).toHaveLength(200);
    const task = await stores[1]!.get(taskId);
    expect(task).toMatchObject({ completedCount: 200, successCount: 200 });
    const { entries } = await stores[2]!.results(taskId);
    expect(new Set(entries.map(({ sequence }) => sequence)).size).toBe(200);
    await Promise.all(stores.map((store) => store.close()));
  });
});

it('takes an index where few rows are named, and compresses by LZ4 where the server can', async () => {
  const database = await openPostgresDatabase(await newPostgresDatabase());
  const { rows } = await sql<{ random: string; compression: string; best: string }>`
    select current_setting('random_page_cost') as random, setting as compression,
      case when 'lz4' = any(enumvals) then 'lz4' else 'pglz' end as best
    from pg_settings where name = 'default_toast_compression'
  `.execute(database.kysely());
  expect(rows).toEqual([{ random: '1.1', compression: rows[0]?.best, best: rows[0]?.best }]);
  await database.close();
});

it('says that a task is new when the answer to its commit was lost and it is created again', async () => {
  const store = await openPostgresTaskStore(await newPostgresDatabase());
  const query = pg.Client.prototype.query as (...args: unknown[]) => Promise<unknown>;
  let breaks = 0;
  const spy = vi.spyOn(pg.Client.prototype, 'query').mockImplementation(async function (
    this: pg.Client,
    ...args: unknown[]
  ) {
    const result = await query.apply(this, args);
    if (args[0] === 'commit' && breaks++ === 0) throw new Error('Connection terminated unexpectedly');
    return result;
  } as typeof query);
  onTestFinished(() => spy.mockRestore());
  const items = [{ key: 'a', input: 1 }];
  const created = await store.create(newTask({ taskId: 'task_1', totalCount: 1, items }));
  expect(breaks).toBeGreaterThan(1);
  expect(created).toMatchObject({ isNew: true, task: { taskId: 'task_1' } });
  expect((await store.create(newTask({ taskId: 'task_2', totalCount: 1, items }))).isNew).toBe(false);
  expect((await store.items('task_1')).entries).toHaveLength(1);
  await store.close();
});

it('shows a lease by the clock of the process that reads it', async () => {
  const url = await newPostgresDatabase();
  const store = await openPostgresTaskStore(url);
  const { taskId } = await runningTask(store);
  await store.acquireLease(taskId, { owner: 'a', ttlMs: 15_000, now: Date.now() });
  onTestFinished(() => void vi.useRealTimers());
  for (const skewMs of [-3_600_000, 3_600_000]) {
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + skewMs });
    const skewed = await openPostgresTaskStore(url);
    const tasks = [await skewed.get(taskId), ...(await skewed.list()), ...(await skewed.summaries()).entries];
    for (const task of tasks) {
      const leftMs = task!.lease!.expiresAt - Date.now();
      expect(leftMs > 0 && leftMs < 17_000, `${leftMs}`).toBe(true);
    }
    await skewed.close();
    vi.useRealTimers();
  }
  await store.close();
});

describe('a PostgreSQL server', () => {
  let server: EmbeddedPostgres;
  beforeAll(async () => {
    server = await startEmbeddedPostgres();
  });
  afterAll(() => server.stop());

  it('is waited for while it is killed and started again: nothing acknowledged is lost', async () => {
    const database = await openPostgresDatabase(server.url);
    const store = await SqlTaskStore.open(database);
    const { taskId } = await runningTask(store, { totalCount: 300 });
    const record = (index: number) =>
      store.record(taskId, { itemKey: `item-${index}`, success: true, result: index, recordedAt: 2 });
    await Promise.all(Array.from({ length: 100 }, (_, index) => record(index)));
    const heard = Promise.withResolvers<string | undefined>();
    const stop = database.notifier.listen('test', heard.resolve);
    const acrossTheKill = Promise.all(Array.from({ length: 100 }, (_, index) => record(100 + index)));
    await server.kill();
    const whileDown = Promise.all([store.get(taskId), record(200)]);
    await server.restart();
    await acrossTheKill;
    const [task] = await whileDown;
    expect(task?.taskId).toBe(taskId);
    expect((await store.get(taskId))?.completedCount).toBe(201);
    expect((await store.results(taskId)).entries).toHaveLength(201);
    // The connection that listens is made again, and says that something may have been missed.
    expect(await heard.promise).toBeUndefined();
    stop();
    await database.close();
  });

  it('that stays away for longer than it is waited for is busy, and usable when it is back', async () => {
    const database = await openPostgresDatabase(server.url, { maxUnreachableMs: 200 });
    const store = await SqlTaskStore.open(database);
    const { taskId } = await runningTask(store, { taskId: 'task_away', taskKey: 'away', totalCount: 2 });
    const heard: (string | undefined)[] = [];
    const ready = Promise.withResolvers<void>();
    const ends = [database.notifier.listen('first', () => ready.resolve())];
    await ready.promise;
    // A read that is under way when the server dies, and writes and reads that begin while it is away.
    const read = store.results(taskId);
    read.catch(() => {});
    await server.kill();
    ends.push(database.notifier.listen('second', (key) => heard.push(key)));
    const busy = { code: 'STORE_BUSY' };
    await expect(store.get(taskId)).rejects.toMatchObject(busy);
    await expect(store.record(taskId, { success: true, result: 1, recordedAt: 2 })).rejects.toMatchObject(
      busy,
    );
    await read.catch((error: unknown) => expect(error).toMatchObject(busy));
    await server.restart();
    expect((await store.record(taskId, { success: true, result: 1, recordedAt: 2 })).recorded).toBe(true);
    // One connection listens again, and not one for each that was begun meanwhile.
    await vi.waitFor(() => expect(heard).toContain(undefined), 10_000);
    heard.length = 0;
    await database.notifier.notify('second', 'a');
    await database.notifier.notify('second', 'b');
    await vi.waitFor(() => expect(heard).toContain('b'), 10_000);
    expect(heard).toEqual(['a', 'b']);
    for (const end of ends) end();
    await database.close();
  });

  it('is not waited for by a process that is to end', async () => {
    const database = await openPostgresDatabase(server.url);
    const store = await SqlTaskStore.open(database);
    const { taskId } = await runningTask(store, { taskId: 'task_ending', taskKey: 'ending', totalCount: 1 });
    await server.kill();
    const recording = store.record(taskId, { success: true, result: 1, recordedAt: 2 });
    recording.catch(() => {});
    database.hurry(100);
    await expect(recording).rejects.toMatchObject({ code: 'STORE_BUSY' });
    await database.close();
    await server.restart();
  });

  it('that nobody runs, a password that is wrong and a database that is missing are told apart', async () => {
    const codes = async (url: string): Promise<unknown> =>
      openPostgresDatabase(url).catch(({ code, message }) => [code, String(message).includes('sec' + 'ret')]);
    expect(await codes('postgres://me:secret@127.0.0.1:1/none')).toEqual(['STORE_UNAVAILABLE', false]);
    expect(await codes(server.urlOf('missing'))).toEqual(['STORE_UNAVAILABLE', false]);
    expect(await codes('mysql://me:secret@127.0.0.1/none')).toEqual(['INVALID_OPTION', false]);
  });
});

it('a store tells of each task that another process creates, changes or records a result of', async () => {
  const url = await newPostgresDatabase();
  const [told, other] = await Promise.all([openPostgresTaskStore(url), openPostgresTaskStore(url)]);
  const heard = new Set<string | undefined>();
  const stop = told.onChange?.((taskId) => heard.add(taskId));
  await vi.waitFor(() => expect(heard).toContain(undefined), 10_000);
  const hears = async (taskId: string): Promise<void> => {
    await vi.waitFor(() => expect(heard).toContain(taskId), 10_000);
    heard.clear();
  };
  const { taskId } = await runningTask(other, { totalCount: 1 });
  await hears(taskId);
  await other.record(taskId, { success: true, result: 1, recordedAt: 2 });
  await hears(taskId);
  await other.configure(taskId, { maxConcurrency: 2 });
  await hears(taskId);
  stop?.();
  await Promise.all([told.close(), other.close()]);
});

it('listeners hear what any process notifies, with its key', async () => {
  const url = await newPostgresDatabase();
  const [first, second] = await Promise.all([openPostgresDatabase(url), openPostgresDatabase(url)]);
  const heard: (string | undefined)[] = [];
  const ready = Promise.withResolvers<void>();
  const done = Promise.withResolvers<void>();
  const stop = first.notifier.listen('task', (key) => {
    heard.push(key);
    if (key === undefined) ready.resolve();
    else if (key === 'last') done.resolve();
  });
  await ready.promise;
  await second.notifier.notify('other', 'x');
  await Promise.all(['a', 'b', 'b'].map((key) => second.notifier.notify('task', key)));
  await second.notifier.notify('task', 'last');
  await done.promise;
  expect(heard).toEqual([undefined, 'a', 'b', 'last']);
  stop();
  await Promise.all([first.close(), second.close()]);
});

it('keeps texts with a NUL, which PostgreSQL has no text for', async () => {
  const store = await openPostgresTaskStore(await newPostgresDatabase());
  const { taskId } = await runningTask(store, { totalCount: 1 });
  await store.record(taskId, { itemKey: 'a', success: false, result: { message: 'x\0y' }, recordedAt: 2 });
  const failed = await store.transition(taskId, 'failed', { at: 3, errorMessage: 'bad \0 byte' });
  expect(failed.status).toBe('failed');
  expect((await store.get(taskId))?.errorMessage).toBe('bad \u{fffd} byte');
  expect((await store.results(taskId)).entries[0]?.result).toEqual({ message: 'x\0y' });
  await store.close();
});

it('a server without a free connection is waited for, and does not count as away', async () => {
  const database = await openPostgresDatabase(await newPostgresDatabase());
  const failingOnce = (code: string) => {
    let tries = 0;
    return async (): Promise<number> => {
      tries += 1;
      if (tries === 1) throw Object.assign(new Error('no'), { code });
      return tries;
    };
  };
  expect(await database.whileUnreachable(failingOnce('53300'))).toBe(2);
  expect(database.unreachableAt).toBeUndefined();
  expect(await database.whileUnreachable(failingOnce('57P01'))).toBe(2);
  expect(database.unreachableAt).toBeGreaterThan(0);
  await database.close();
});
