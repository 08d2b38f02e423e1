import { sql } from 'kysely';
import { afterEach, describe, expect, it } from 'vitest';
import { copyTask, openPostgresDatabase, type SqlDatabase, SqlTaskStore } from '../../postgres.ts';
import { openSqliteDatabase } from '../../sqlite.ts';
import type { TaskStore } from '../../tasks/task-store.ts';
import { newPostgresDatabase } from '../postgres/fixtures/new-database.ts';

type Dialect = 'SQLite' | 'PostgreSQL';

const opened: SqlDatabase[] = [];
afterEach(async () => {
  for (const database of opened.splice(0)) await database.close();
});

interface Opened {
  readonly database: SqlDatabase;
  readonly store: TaskStore;
}

async function open(dialect: Dialect): Promise<Opened> {
  const database =
    dialect === 'SQLite'
      ? await openSqliteDatabase(':memory:')
      : await openPostgresDatabase(await newPostgresDatabase());
  opened.push(database);
  return { database, store: await SqlTaskStore.open(database) };
}

const ITEMS = 450;

/** A task that is half done: more rows than are read at once, text that is hard to store, and failures. */
async function halfDone({ store }: Opened, taskId = 'task_1'): Promise<void> {
  await store.create({
    taskId,
    taskKey: 'survey_茶',
    fingerprint: 'f'.repeat(64),
    taskParams: { title: 'Tea “茶” \u0000 \\u0000', list: [1, 2.5, null] },
    job: 'survey',
    totalCount: ITEMS,
    items: Array.from({ length: ITEMS }, (_, index) => ({ key: `k${index}`, input: { index, text: '\0' } })),
    settings: { maxConcurrency: 3, owner: 'ann' },
    createdAt: 1_700_000_000_000,
  });
  await store.transition(taskId, 'running', { at: 1_700_000_000_100 });
  await record({ store }, 0, 230, taskId);
}

async function record(
  { store }: Pick<Opened, 'store'>,
  from: number,
  to: number,
  taskId = 'task_1',
): Promise<void> {
  for (let index = from; index < to; index += 1) {
    await store.record(taskId, {
      itemKey: `k${index}`,
      success: index % 7 !== 0,
      result: { text: `answer ${index}` },
      recordedAt: 1_700_000_001_000 + index,
    });
  }
}

async function everything({ database }: Opened): Promise<unknown> {
  const db = database.kysely<Record<string, unknown>>();
  const read = async (query: string): Promise<unknown> => (await sql.raw(query).execute(db)).rows;
  return {
    tasks: await read(
      'select task_id, task_key, status, revision, completed_count, failed_count, settings, lease_owner from tasks',
    ),
    params: await read('select params from task_params'),
    items: await read('select position, item_key, input from task_items order by position'),
    results: await read(
      'select sequence, item_key, success, result, recorded_at from task_results order by sequence',
    ),
  };
}

const pairs: readonly (readonly [Dialect, Dialect])[] = [
  ['SQLite', 'PostgreSQL'],
  ['PostgreSQL', 'SQLite'],
  ['SQLite', 'SQLite'],
];

describe.each(pairs)('copyTask from %s to %s', (one, other) => {
  it('copies all of a task, and copying it again changes nothing', async () => {
    const [from, to] = [await open(one), await open(other)];
    await halfDone(from);
    const seen: number[] = [];
    const copied = await copyTask(from.database, to.database, 'task_1', {
      onProgress: ({ done }) => void seen.push(done),
    });
    expect(copied).toEqual({
      outcome: 'copied',
      items: ITEMS,
      results: 230,
      sha256: expect.stringMatching(/^[0-9a-f]{64}$/),
    });
    expect(seen.at(-1)).toBe(ITEMS + 230);
    expect(await everything(to)).toEqual(await everything(from));
    expect(await copyTask(from.database, to.database, 'task_1')).toEqual({ ...copied, outcome: 'present' });
    expect(await everything(to)).toEqual(await everything(from));
  });

  it('brings an earlier state up to date, with failures that were taken back', async () => {
    const [from, to] = [await open(one), await open(other)];
    await halfDone(from);
    await copyTask(from.database, to.database, 'task_1');
    expect(await from.store.resetFailed('task_1')).toBe(33);
    await record(from, 230, 240);
    expect(await copyTask(from.database, to.database, 'task_1')).toMatchObject({
      outcome: 'updated',
      results: 207,
    });
    expect(await everything(to)).toEqual(await everything(from));
    // The other way round the target is ahead.
    await record(to, 240, 241);
    await expect(copyTask(from.database, to.database, 'task_1')).rejects.toMatchObject({
      code: 'TASK_DIFFERS',
    });
    expect(await copyTask(to.database, from.database, 'task_1')).toMatchObject({ outcome: 'updated' });
  });

  it('leaves a target as it is where both have gone on', async () => {
    const [from, to] = [await open(one), await open(other)];
    await halfDone(from);
    await copyTask(from.database, to.database, 'task_1');
    await record(from, 231, 240);
    await record(to, 230, 232);
    const before = await everything(to);
    await expect(copyTask(from.database, to.database, 'task_1')).rejects.toMatchObject({
      code: 'TASK_DIFFERS',
    });
    expect(await everything(to)).toEqual(before);
  });

  it('refuses a task that a process works on, and one that changes meanwhile, and writes nothing', async () => {
    const [from, to] = [await open(one), await open(other)];
    await halfDone(from);
    const lease = { owner: 'other/1/x', now: Date.now(), ttlMs: 600_000 };
    await from.store.acquireLease('task_1', lease);
    await expect(copyTask(from.database, to.database, 'task_1')).rejects.toMatchObject({ code: 'TASK_BUSY' });
    const isDead = (owner: string) => owner === lease.owner;
    const third = await open(other);
    expect(await copyTask(from.database, third.database, 'task_1', { isDead })).toMatchObject({
      outcome: 'copied',
    });
    await from.store.releaseLease('task_1', lease.owner);
    await expect(
      copyTask(from.database, to.database, 'task_1', {
        onProgress: async ({ done }) => {
          await from.store.configure('task_1', { maxConcurrency: done });
        },
      }),
    ).rejects.toMatchObject({ code: 'TASK_BUSY' });
    expect(await to.store.list()).toEqual([]);
    // A lease that has lapsed is nobody's, and is not copied.
    await from.store.acquireLease('task_1', lease);
    await from.database.write(async (transaction) => {
      await sql`update tasks set lease_expires_at = 1`.execute(transaction);
    });
    await copyTask(from.database, to.database, 'task_1');
    expect((await to.store.get('task_1'))?.lease).toBeNull();
  });

  it('refuses an active task where the target has the same under another id', async () => {
    const [from, to] = [await open(one), await open(other)];
    await halfDone(from);
    await halfDone(to, 'task_2');
    await expect(copyTask(from.database, to.database, 'task_1')).rejects.toMatchObject({
      code: 'TASK_DIFFERS',
      message: expect.stringContaining('task_2'),
    });
    await to.store.transition('task_2', 'cancelled', { at: 1 });
    expect(await copyTask(from.database, to.database, 'task_1')).toMatchObject({ outcome: 'copied' });
  });

  it('leaves nothing when it is aborted', async () => {
    const [from, to] = [await open(one), await open(other)];
    await halfDone(from);
    const controller = new AbortController();
    await expect(
      copyTask(from.database, to.database, 'task_1', {
        signal: controller.signal,
        onProgress: () => controller.abort(new Error('enough')),
      }),
    ).rejects.toThrow('enough');
    expect(await to.store.list()).toEqual([]);
    await expect(copyTask(from.database, to.database, 'task_9')).rejects.toMatchObject({
      code: 'TASK_NOT_FOUND',
    });
  });
});
