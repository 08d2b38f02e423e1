import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { promisify } from 'node:util';
import type { Kysely, Transaction } from 'kysely';
import { sql } from 'kysely';
import type { Migration } from 'kysely/migration';
import { afterAll, describe, expect, it } from 'vitest';
import { ToolkitError } from '../../errors/toolkit-error.ts';
import { openSqliteTaskStore } from '../../sqlite.ts';
import { runningTask } from '../../testing/store-conformance/new-task.ts';
import { VirtualClock } from '../../testing/virtual-clock.ts';
import type { SqlDatabase } from '../sql/sql-database.ts';
import { openSqliteDatabase } from './sqlite-database.ts';

interface Notes {
  notes: { id: number; text: string };
}

const folder = await mkdtemp(join(tmpdir(), 'sqlite-database-'));
afterAll(() => rm(folder, { recursive: true }));
let files = 0;
const newFile = (): string => join(folder, `${files++}.db`);

const createNotes: Migration = {
  up: async (db: Kysely<unknown>) => {
    await db.schema
      .createTable('notes')
      .addColumn('id', 'integer', (column) => column.primaryKey())
      .addColumn('text', 'text', (column) => column.notNull())
      .execute();
  },
};

async function withNotes(path = newFile(), options = {}): Promise<SqlDatabase> {
  const database = await openSqliteDatabase(path, options);
  await database.migrate('notes', { '0001': createNotes });
  return database;
}

const add =
  (id: number, text = 'x') =>
  async (transaction: Transaction<Notes>): Promise<number> => {
    await transaction.insertInto('notes').values({ id, text }).execute();
    return id;
  };

const ids = async (database: SqlDatabase): Promise<number[]> =>
  (await database.kysely<Notes>().selectFrom('notes').select('id').orderBy('id').execute()).map(
    ({ id }) => id,
  );

describe('openSqliteDatabase', () => {
  it('creates the file, for its owner only, with durable commits', async () => {
    const path = newFile();
    const database = await withNotes(path);
    await database.write(add(1));
    for (const suffix of ['', '-wal', '-shm']) expect((await stat(path + suffix)).mode & 0o777).toBe(0o600);
    const pragma = (name: string): Promise<unknown> =>
      database.write(async (transaction: Transaction<Notes>) => {
        const { rows } = await sql.raw<Record<string, unknown>>(`pragma ${name}`).execute(transaction);
        return Object.values(rows[0] ?? {})[0];
      });
    expect(await pragma('journal_mode')).toBe('wal');
    expect(await pragma('synchronous')).toBe(2);
    expect(await pragma('foreign_keys')).toBe(1);
    await database.close();
  });

  it('creates no folder for a path that was mistyped, and quotes it', async () => {
    const missing = join(folder, 'mis', 'typed');
    const path = join(missing, 'tasks.db');
    await expect(openSqliteTaskStore(path)).rejects.toMatchObject({
      code: 'STORE_UNAVAILABLE',
      message: expect.stringMatching(
        RegExp(`${RegExp.escape(JSON.stringify(path))}.*no folder ${RegExp.escape(JSON.stringify(missing))}`),
      ),
    });
    await expect(stat(join(folder, 'mis'))).rejects.toMatchObject({ code: 'ENOENT' });
  });

  it('lets a write that may wait share the commit of those that follow closely', async () => {
    const clock = new VirtualClock();
    const database = await withNotes(newFile(), { clock });
    const committed: number[] = [];
    const write = (id: number, maxDelayMs?: number): Promise<unknown> =>
      database.write(add(id), { maxDelayMs }).then(() => committed.push(id));
    // None waits until enough have followed each other.
    await clock.advance(1_000);
    for (const id of [1, 2, 3]) {
      await write(id, 20);
      await clock.advance(3);
    }
    const waiting = [write(4, 20), write(5, 20)];
    await clock.advance(7);
    expect(committed).toEqual([1, 2, 3]);
    // None has come for four times the mean gap of 2 ms.
    await clock.advance(1);
    await Promise.all(waiting);
    expect(committed.slice(3)).toEqual([4, 5]);

    // They keep coming: the first waits as long as it may.
    const coming: Promise<unknown>[] = [];
    for (let id = 6; id < 14; id += 1) {
      coming.push(write(id, 20));
      await clock.advance(3);
    }
    await coming[0];
    expect(committed.slice(5)).toEqual([6, 7, 8, 9, 10, 11, 12]);

    await write(14);
    expect(committed.slice(12)).toEqual([13, 14]);

    void write(15, 20);
    await database.close();
    expect(committed.slice(14)).toEqual([15]);
  });

  it('does not let reads write', async () => {
    const database = await withNotes();
    await expect(database.kysely<Notes>().deleteFrom('notes').execute()).rejects.toMatchObject({
      code: 'STORE_UNAVAILABLE',
    });
    await database.close();
  });

  it.each<[string, () => Promise<string>]>([
    ['a folder in place of the file', async () => folder],
    [
      'a file in place of the folder',
      async () => {
        await writeFile(join(folder, 'file'), '');
        return join(folder, 'file', 'tasks.db');
      },
    ],
    [
      'a file that isn’t a database',
      async () => {
        const path = newFile();
        await writeFile(path, 'name,age\n'.repeat(1_000));
        return path;
      },
    ],
  ])('says what is wrong with %s', async (_name, make) => {
    const path = await make();
    const error = await openSqliteTaskStore(path).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({
      code: 'STORE_UNAVAILABLE',
      message: expect.stringContaining(JSON.stringify(path)),
    });
    expect(error).toHaveProperty('cause');
  });

  it('says which Node it needs where there is no node:sqlite', async () => {
    const script = `import { openSqliteDatabase } from ${JSON.stringify(join(import.meta.dirname, 'sqlite-database.ts'))};
      await openSqliteDatabase(':memory:').catch((error) => console.log(error.code, error.message));`;
    const { stdout } = await promisify(execFile)(process.execPath, [
      '--no-experimental-sqlite',
      '--input-type=module',
      '--eval',
      script,
    ]);
    expect(stdout).toMatch(/^STORE_UNAVAILABLE .*Node 22\.18/);
  });

  it.each([
    ['', {}],
    ['x.db', { busyTimeoutMs: -1 }],
    ['x.db', { maxSizeBytes: 100 }],
    ['x.db', { maxSizeBytes: Number.NaN }],
  ])('refuses bad options: %j %j', async (path, options) => {
    await expect(openSqliteDatabase(path, options)).rejects.toMatchObject({ code: 'INVALID_OPTION' });
  });
});

describe('SqlDatabase.write', () => {
  it.each([[':memory:'], ['file']])(
    'groups what is asked for at once into one transaction: %s',
    async (kind) => {
      const database = await withNotes(kind === 'file' ? newFile() : kind);
      const transactions = new Set<Transaction<Notes>>();
      const results = await Promise.all(
        Array.from({ length: 100 }, (_, id) =>
          database.write(async (transaction: Transaction<Notes>) => {
            transactions.add(transaction);
            return add(id)(transaction);
          }),
        ),
      );
      expect(results).toEqual(Array.from({ length: 100 }, (_, id) => id));
      expect(transactions.size).toBe(1);
      expect(await ids(database)).toHaveLength(100);
      await database.close();
    },
  );

  it('rejects alone what refuses', async () => {
    const database = await withNotes();
    const refusal = new ToolkitError('COUNT_EXCEEDED', 'no more');
    const settled = await Promise.allSettled([
      database.write(add(1)),
      database.write(() => Promise.reject(refusal)),
      database.write(add(2)),
    ]);
    expect(settled).toMatchObject([{ value: 1 }, { reason: refusal }, { value: 2 }]);
    expect(await ids(database)).toEqual([1, 2]);
    await database.close();
  });

  it('rejects alone what fails, and undoes what it had written', async () => {
    const database = await withNotes();
    const settled = await Promise.allSettled([
      database.write(add(1)),
      database.write(async (transaction: Transaction<Notes>) => {
        await add(7)(transaction);
        throw new Error('mine');
      }),
      database.write(add(1)),
      database.write(add(2)),
    ]);
    expect(settled).toMatchObject([
      { value: 1 },
      { reason: { message: 'mine' } },
      { reason: { code: 'STORE_FAILED', cause: { errcode: expect.any(Number) } } },
      { value: 2 },
    ]);
    expect(await ids(database)).toEqual([1, 2]);
    await database.close();
  });

  it('shows readers only what is committed', async () => {
    const database = await withNotes();
    const seen = await database.write(async (transaction: Transaction<Notes>) => {
      await add(1)(transaction);
      return ids(database);
    });
    expect(seen).toEqual([]);
    expect(await ids(database)).toEqual([1]);
    await database.close();
  });

  it('keeps all that was acknowledged when the database is full, and goes on when there is room', async () => {
    const path = newFile();
    const small = await openSqliteTaskStore(path, { maxSizeBytes: 400_000 });
    const { taskId } = await runningTask(small, { totalCount: 1_000 });
    const record = (store: typeof small, index: number): Promise<unknown> =>
      store.record(taskId, { itemKey: `i${index}`, success: true, result: 'x'.repeat(2_000), recordedAt: 3 });
    const acknowledged: string[] = [];
    const refusals: unknown[] = [];
    for (let index = 0; index < 400; index += 20) {
      const group = Array.from({ length: 20 }, (_, offset) => index + offset);
      const settled = await Promise.allSettled(group.map((each) => record(small, each)));
      for (const [offset, { status }] of settled.entries()) {
        if (status === 'fulfilled') acknowledged.push(`i${index + offset}`);
      }
      refusals.push(...settled.flatMap((each) => (each.status === 'rejected' ? [each.reason] : [])));
    }
    expect(acknowledged.length).toBeGreaterThan(50);
    expect(refusals.length).toBeGreaterThan(100);
    expect(new Set(refusals.map((reason) => (reason as ToolkitError).code))).toEqual(new Set(['STORE_FULL']));
    expect((await small.get(taskId))?.completedCount).toBe(acknowledged.length);
    await small.close();
    const large = await openSqliteTaskStore(path);
    const { entries } = await large.results(taskId, { limit: 1_000 });
    expect(entries.map(({ itemKey }) => itemKey)).toEqual(acknowledged);
    await record(large, 999);
    expect((await large.get(taskId))?.completedCount).toBe(acknowledged.length + 1);
    await large.close();
  });

  it.each([
    ['busyTimeoutMs', { busyTimeoutMs: 2_000 }, 2_000],
    ['5 seconds by default, which a heartbeat can wait', {}, 5_000],
  ])('waits for another process, for %s', async (_name, options, timeoutMs) => {
    const clock = new VirtualClock();
    const path = newFile();
    const database = await withNotes(path, { clock, ...options });
    const other = new DatabaseSync(path);
    other.exec('begin immediate');
    await expect(clock.runUntilSettled(database.write(add(1)))).rejects.toMatchObject({ code: 'STORE_BUSY' });
    expect(clock.now()).toBeGreaterThanOrEqual(timeoutMs);
    expect(clock.now()).toBeLessThan(timeoutMs + 10);
    const writing = database.write(add(2));
    await clock.advance(timeoutMs - 1_000);
    other.exec('commit');
    expect(await clock.runUntilSettled(writing)).toBe(2);
    other.close();
    await database.close();
  });

  it('gives a large write a transaction of its own, in the order of asking', async () => {
    const database = await withNotes();
    const transactions: Transaction<Notes>[] = [];
    const write = (id: number, isLarge = false): Promise<number> =>
      database.write(
        async (transaction: Transaction<Notes>) => {
          transactions.push(transaction);
          return add(id)(transaction);
        },
        { isLarge },
      );
    expect(await Promise.all([write(1), write(2, true), write(3), write(4)])).toEqual([1, 2, 3, 4]);
    const [first, large, third, fourth] = transactions;
    expect(new Set([first, large, third]).size).toBe(3);
    expect(fourth).toBe(third);
    expect(await ids(database)).toEqual([1, 2, 3, 4]);
    await database.close();
  });

  it('leaves nothing of a large write that fails, and goes on', async () => {
    const database = await withNotes(newFile(), { busyTimeoutMs: 0, maxSizeBytes: 100_000 });
    const large = (write: (transaction: Transaction<Notes>) => Promise<unknown>): Promise<unknown> =>
      database.write(write, { isLarge: true });
    const mine = large(async (transaction) => {
      await add(7)(transaction);
      throw new Error('mine');
    });
    await expect(mine).rejects.toThrow('mine');
    const twice = large(async (transaction) => {
      await add(8)(transaction);
      await add(8)(transaction);
    });
    await expect(twice).rejects.toMatchObject({
      code: 'STORE_FAILED',
      cause: { errcode: expect.any(Number) },
    });
    await expect(large(add(9, 'x'.repeat(200_000)))).rejects.toMatchObject({ code: 'STORE_FULL' });
    expect(await large(add(1))).toBe(1);
    expect(await ids(database)).toEqual([1]);
    await database.close();
  });

  it('lets a large write wait for another process, too', async () => {
    const path = newFile();
    const database = await withNotes(path, { busyTimeoutMs: 0 });
    const other = new DatabaseSync(path);
    other.exec('begin immediate');
    await expect(database.write(add(1), { isLarge: true })).rejects.toMatchObject({ code: 'STORE_BUSY' });
    other.exec('commit');
    other.close();
    expect(await database.write(add(2), { isLarge: true })).toBe(2);
    await database.close();
  });

  it('finishes what was asked for before it closes, and refuses the rest', async () => {
    const path = newFile();
    const database = await withNotes(path);
    const writing = database.write(add(1));
    const closing = database.close();
    await expect(database.write(add(2))).rejects.toMatchObject({ code: 'STORE_CLOSED' });
    expect(await writing).toBe(1);
    await closing;
    await database.close();
    await expect(ids(database)).rejects.toMatchObject({ code: 'STORE_CLOSED' });
    const again = await openSqliteDatabase(path);
    expect(await ids(again)).toEqual([1]);
    await again.close();
  });
});

describe('SqlDatabase.migrate', () => {
  it('runs each migration once, and keeps components apart', async () => {
    const path = newFile();
    const runs: string[] = [];
    const step = (name: string): Migration => ({ up: async () => void runs.push(name) });
    const database = await withNotes(path);
    await database.migrate('answers', { '0001': step('1') });
    await database.migrate('answers', { '0001': step('1'), '0002': step('2') });
    await database.migrate('notes', { '0001': createNotes });
    expect(runs).toEqual(['1', '2']);
    await database.close();
  });

  it('leaves nothing of a migration that fails', async () => {
    const database = await openSqliteDatabase(newFile());
    const failing: Migration = {
      up: async (db: Kysely<unknown>) => {
        await createNotes.up(db);
        throw new Error('half-way');
      },
    };
    await expect(database.migrate('notes', { '0001': failing })).rejects.toMatchObject({
      code: 'STORE_UNAVAILABLE',
      cause: { message: 'half-way' },
    });
    await database.migrate('notes', { '0001': createNotes });
    await database.write(add(1));
    await database.close();
  });

  it('refuses a database that a newer version has made', async () => {
    const database = await withNotes();
    const empty: Migration = { up: async () => {} };
    await database.migrate('notes', { '0001': createNotes, '0002': empty });
    await expect(database.migrate('notes', { '0001': createNotes })).rejects.toMatchObject({
      code: 'STORE_UNAVAILABLE',
      message: expect.stringContaining('newer version'),
    });
    await expect(database.migrate('Bad name', {})).rejects.toMatchObject({ code: 'INVALID_OPTION' });
    await database.close();
  });
});

describe('a folder where nothing can be made', () => {
  it('is reported', async () => {
    const path = join(folder, 'occupied');
    await mkdir(join(path, 'tasks.db'), { recursive: true });
    await expect(openSqliteTaskStore(join(path, 'tasks.db'))).rejects.toMatchObject({
      code: 'STORE_UNAVAILABLE',
      message: expect.stringContaining('no folder has that name'),
    });
  });
});

it('says that something may have changed when another connection has committed, and what this one notifies', async () => {
  const path = join(folder, 'notified.db');
  const clock = new VirtualClock();
  const [listening, other] = await Promise.all([
    openSqliteDatabase(path, { clock }),
    openSqliteDatabase(path),
  ]);
  const heard: (string | undefined)[] = [];
  const stop = listening.notifier.listen('task', (key) => heard.push(key));
  await clock.advance(1_000);
  expect(heard).toEqual([]);
  await other.migrate('notes', {
    one: { up: (db) => db.schema.createTable('notes').addColumn('n', 'text').execute() },
  });
  await clock.advance(1_000);
  expect(heard).toEqual([undefined]);
  await listening.notifier.notify('task', 'task_1');
  await listening.notifier.notify('other', 'x');
  expect(heard).toEqual([undefined, 'task_1']);
  stop();
  await other.write((db) => sql`insert into notes values ('a')`.execute(db).then(() => {}));
  await clock.advance(1_000);
  expect(heard).toHaveLength(2);
  await Promise.all([listening.close(), other.close()]);
});
