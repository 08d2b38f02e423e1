import { copyFile, mkdir, mkdtemp, readdir, rename, rm, stat, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterAll, describe, expect, it } from 'vitest';
import { ConcurrencyManager } from '../../concurrency/concurrency-manager.ts';
import { TaskRunner } from '../../runners/local/task-runner.ts';
import { openSqliteTaskStore } from '../../sqlite.ts';
import { TaskManager } from '../../tasks/task-manager.ts';
import type { TaskStore } from '../../tasks/task-store.ts';

const folder = await mkdtemp(join(tmpdir(), 'lost-database-'));
afterAll(() => rm(folder, { recursive: true }));
let folders = 0;

async function setUp() {
  const place = join(folder, String(folders++));
  await mkdir(place);
  const path = join(place, 'tasks.db');
  const store = await openSqliteTaskStore(path);
  const tasks = new TaskManager({ store });
  const { task } = await tasks.getOrCreateTask({ taskKey: 'k', totalCount: 500 });
  await tasks.startTask(task.taskId);
  const record = (from: number, to: number): Promise<unknown> =>
    Promise.all(
      Array.from({ length: to - from }, (_, index) =>
        tasks.updateProgress(task.taskId, { itemKey: `item ${from + index}`, result: 'x'.repeat(2_000) }),
      ),
    );
  await record(0, 100);
  return { place, path, store, tasks, taskId: task.taskId, record };
}

async function savedFiles(place: string): Promise<string[]> {
  return (await readdir(place)).filter((name) => /^tasks\.saved-\d{8}T\d{6}-\d+\.db$/.test(name));
}

async function counts(store: TaskStore, taskId: string): Promise<readonly [number | undefined, number]> {
  const results = await Array.fromAsync(new TaskManager({ store }).results(taskId));
  return [(await store.get(taskId))?.completedCount, results.length];
}

const another = join(folder, 'another.db');
const other = new DatabaseSync(another);
other.exec('create table notes (text text)');
for (let note = 0; note < 500; note += 1) other.exec(`insert into notes values (hex(randomblob(4000)))`);
other.close();

describe('a database whose file is taken away while it is open', () => {
  it.each<[string, RegExp, (path: string) => Promise<unknown>]>([
    ['deleted', /was deleted/, (path) => rm(path)],
    [
      'deleted with its log',
      /was deleted/,
      (path) => Promise.all(['', '-wal', '-shm'].map((end) => rm(path + end))),
    ],
    ['moved away', /was deleted/, (path) => rename(path, `${path}.old`)],
    [
      'replaced by another database',
      /was replaced/,
      async (path) => {
        await copyFile(another, `${path}.new`);
        await rename(`${path}.new`, path);
      },
    ],
  ])('%s: goes on in a copy that has everything, and says where', async (_, what, takeAway) => {
    const { place, path, store, taskId, record } = await setUp();
    expect(store.lost?.aborted).toBe(false);
    await takeAway(path);
    await record(100, 150);
    expect(store.lost?.aborted).toBe(true);
    await record(150, 200);
    expect(await counts(store, taskId)).toEqual([200, 200]);
    const [saved = ''] = await savedFiles(place);
    expect(store.lost?.reason).toMatchObject({
      code: 'STORE_LOST',
      message: expect.stringMatching(what),
    });
    expect(store.lost?.reason.message).toContain(JSON.stringify(path));
    expect(store.lost?.reason.message).toContain(JSON.stringify(join(place, saved)));
    expect((await stat(join(place, saved))).mode & 0o777).toBe(0o600);
    await store.close();
    // Where it was, as the message says: no log of the lost file spoils it.
    await rename(join(place, saved), path);
    const again = await openSqliteTaskStore(path);
    expect(await counts(again, taskId)).toEqual([200, 200]);
    await again.close();
    const check = new DatabaseSync(path);
    expect(check.prepare('pragma integrity_check').get()).toEqual({ integrity_check: 'ok' });
    check.close();
  });

  it.each<[string, (path: string) => Promise<unknown>]>([
    ['cut off', (path) => truncate(path, 8_192)],
    ['emptied', (path) => writeFile(path, '')],
    ['overwritten by a larger file', (path) => copyFile(another, path)],
  ])('%s in place: stops, whether or not it can be saved', async (_, overwrite) => {
    const { path, store, tasks, record } = await setUp();
    const checkpoint = new DatabaseSync(path);
    checkpoint.exec('pragma wal_checkpoint(truncate)');
    checkpoint.close();
    await record(100, 101);
    await overwrite(path);
    await record(101, 102).catch(() => {});
    expect(store.lost?.reason).toMatchObject({ code: 'STORE_LOST', message: expect.stringContaining(path) });
    expect(store.lost?.reason.message).toMatch(/was (overwritten|cut off)/);
    await tasks.store.close();
  });

  it('is not lost by what other connections do: commits, checkpoints, a vacuum', async () => {
    const { path, store, taskId, record } = await setUp();
    const other = new DatabaseSync(path);
    for (const sql of [
      'create table large (text text)',
      ...Array.from({ length: 50 }, () => 'insert into large values (hex(randomblob(20000)))'),
      'pragma wal_checkpoint(truncate)',
      'drop table large',
      'vacuum',
      'pragma wal_checkpoint(passive)',
      'pragma wal_checkpoint(truncate)',
    ]) {
      other.exec(sql);
      const { completedCount = 0 } = (await store.get(taskId)) ?? {};
      await record(completedCount, completedCount + 1);
    }
    other.close();
    expect(store.lost?.aborted).toBe(false);
    await store.close();
  });

  it('is saved when it is closed, if something was written to it', async () => {
    const { place, path, store, taskId } = await setUp();
    await rm(path);
    await expect(store.close()).rejects.toMatchObject({ code: 'STORE_LOST' });
    const [saved = ''] = await savedFiles(place);
    const again = await openSqliteTaskStore(join(place, saved));
    expect(await counts(again, taskId)).toEqual([100, 100]);
    await again.close();
    await expect(again.close()).resolves.toBeUndefined();
  });

  it('takes no more writes where it cannot be saved', async () => {
    const { place, store, record } = await setUp();
    await rm(place, { recursive: true });
    const { TMPDIR } = process.env;
    process.env.TMPDIR = join(folder, 'no such folder');
    try {
      const error = await record(100, 101).catch((thrown: unknown) => thrown);
      expect(error).toMatchObject({
        code: 'STORE_LOST',
        message: expect.stringMatching(/could not be saved \(.*backup/),
      });
      await expect(record(101, 102)).rejects.toBe(error);
    } finally {
      if (TMPDIR === undefined) delete process.env.TMPDIR;
      else process.env.TMPDIR = TMPDIR;
    }
    await store.close();
  });

  it('ends the run of a task: what is in flight is recorded, nothing more is started', async () => {
    const { path, store } = await setUp();
    const started: string[] = [];
    const held = Promise.withResolvers<void>();
    const tasks = new TaskManager({ store });
    const runner = new TaskRunner({ tasks, concurrency: new ConcurrencyManager({ maxConcurrency: 3 }) });
    runner.register('ask', {
      run: async (name: string) => {
        started.push(name);
        if (name === 'a') await rm(path);
        else await held.promise;
        return `${name} answered`;
      },
    });
    tasks.on('progress', ({ itemKey }) => itemKey === 'a' && held.resolve());
    const items = ['a', 'b', 'c', 'd', 'e', 'f'];
    const { task } = await runner.submit({ job: 'ask', taskKey: 'ask', taskParams: {}, items });
    await expect(runner.wait(task.taskId)).rejects.toMatchObject({ code: 'STORE_LOST' });
    expect(started).toEqual(['a', 'b', 'c']);
    const { entries } = await store.items(task.taskId, { status: 'succeeded' });
    expect(entries.map(({ key }) => key)).toEqual(['a', 'b', 'c']);
    expect(await store.get(task.taskId)).toMatchObject({ status: 'running', lease: null });
    const next = runner.submit({ job: 'ask', taskKey: 'next', taskParams: {}, items });
    await expect(next).rejects.toMatchObject({ code: 'STORE_LOST' });
    await store.close();
  });
});
