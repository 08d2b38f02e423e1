import net from 'node:net';
import { setImmediate } from 'node:timers/promises';
import type { Transaction } from 'kysely';
import pg from 'pg';
import { afterEach, expect, it } from 'vitest';
import { openPgBossQueue, type PgBossQueue } from '../../pg-boss.ts';
import { openPostgresDatabase, type PostgresDatabase, SqlTaskStore } from '../../postgres.ts';
import { newPostgresDatabase } from '../../stores/postgres/fixtures/new-database.ts';
import { TaskManager } from '../../tasks/task-manager.ts';
import type { ItemClaim } from '../../tasks/task-store.ts';
import { VirtualClock } from '../../testing/virtual-clock.ts';

const closing: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

interface OpenQueue {
  readonly queue: PgBossQueue;
  readonly tasks: TaskManager;
  readonly clock: VirtualClock;
  readonly client: pg.Client;
  readonly database: PostgresDatabase;
}

/** A queue whose supervision follows a virtual clock. */
async function open(url?: string): Promise<OpenQueue> {
  const address = url ?? (await newPostgresDatabase());
  const clock = new VirtualClock();
  const database = await openPostgresDatabase(address);
  closing.push(() => database.close());
  const queue = await openPgBossQueue(database, { clock });
  closing.push(() => queue.close());
  const tasks = new TaskManager({ store: await SqlTaskStore.open(database, { queue }) });
  const client = new pg.Client(address);
  client.on('error', () => {});
  await client.connect();
  closing.push(() => client.end());
  return { queue, tasks, clock, client, database };
}

const request = { job: 'work', taskKey: 'key', taskParams: {} };

/** A second of the supervision, until it has looked. */
async function second({ clock, client }: OpenQueue): Promise<void> {
  await client.query('update pgboss.queue set monitor_on = null, monitor_claim_on = null');
  const timers = clock.pendingTimers;
  await clock.advance(1_000);
  while (clock.pendingTimers < timers) await setImmediate();
}

it('takes nobody for dead after the database has stood still, until all could say that they live', async () => {
  const opened = await open();
  const { queue, tasks, clock, client } = opened;
  const { task } = await tasks.getOrCreateTask({ ...request, items: [{ key: 'a', input: null }] });
  await tasks.startTask(task.taskId);
  await queue.fetch(task.taskId, 1, Number.POSITIVE_INFINITY);
  for (let seconds = 0; seconds < 6; seconds += 1) await second(opened);
  await client.query('begin');
  await client.query("update pgboss.job set heartbeat_on = now() - interval '1 hour'");
  await client.query('lock table pgboss.job_common in access exclusive mode');
  await client.query('update pgboss.queue set monitor_on = null, monitor_claim_on = null');
  const timers = clock.pendingTimers;
  await clock.advance(1_000);
  await clock.advance(14_000);
  await client.query('commit');
  while (clock.pendingTimers < timers) await setImmediate();
  const state = async (): Promise<string> =>
    (await client.query<{ state: string }>('select state from pgboss.job')).rows[0]!.state;
  for (let seconds = 0; seconds < 4; seconds += 1) {
    await second(opened);
    expect(await state()).toBe('active');
  }
  for (let seconds = 0; seconds < 10 && (await state()) === 'active'; seconds += 1) await second(opened);
  expect(await state()).toBe('retry');
});

it('takes nobody for dead while a process cannot say that it lives, as on a full disk', async () => {
  const url = await newPostgresDatabase();
  const { queue, tasks, client } = await open(url);
  // Has claimed nothing itself, and a job that it hands out finds room.
  const other = await open(url);
  const { task } = await tasks.getOrCreateTask({ ...request, items: [{ key: 'a', input: null }] });
  await tasks.startTask(task.taskId);
  const claimed = (await queue.fetch(task.taskId, 1, Number.POSITIVE_INFINITY)) ?? [];
  for (let seconds = 0; seconds < 6; seconds += 1) await second(other);
  await client.query(`
    create function refuse() returns trigger language plpgsql as $$ begin
      raise exception 'could not extend file: No space left on device' using errcode = 'disk_full';
    end $$;
    create trigger refuse before update of heartbeat_on on pgboss.job_common
      for each row when (current_setting('application_name') = 'panelist queue') execute function refuse()`);
  const state = async (): Promise<string> =>
    (await client.query<{ state: string }>('select state from pgboss.job')).rows[0]!.state;
  const claims = claimed.map(({ claim }) => claim);
  const full = expect.objectContaining({ code: 'STORE_FULL' });
  for (let seconds = 0; seconds < 20; seconds += 1) {
    await expect(queue.touch(task.taskId, claims)).rejects.toEqual(full);
    await second(other);
    expect(await state()).toBe('active');
    await client.query("update pgboss.job set heartbeat_on = now() - interval '1 hour'");
  }
  await client.query('drop trigger refuse on pgboss.job_common');
  for (let seconds = 0; seconds < 4; seconds += 1) {
    await second(other);
    expect(await state()).toBe('active');
  }
  for (let seconds = 0; seconds < 10 && (await state()) === 'active'; seconds += 1) await second(other);
  expect(await state()).toBe('retry');
});

it('closes within seconds while the database does not answer', async () => {
  const server = new URL(await newPostgresDatabase());
  let isCut = false;
  const sockets = new Set<net.Socket>();
  const proxy = net.createServer((socket) => {
    const target = net.connect(Number(server.port), server.hostname);
    for (const [from, to] of [
      [socket, target],
      [target, socket],
    ] as const) {
      sockets.add(from);
      from.on('error', () => {});
      from.on('data', (data) => isCut || to.write(data));
      from.on('close', () => isCut || to.destroy());
    }
  });
  await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve));
  const url = new URL(server);
  url.host = `127.0.0.1:${(proxy.address() as net.AddressInfo).port}`;
  closing.push(async () => proxy.close());
  const opened = await open(url.href);
  await second(opened);
  isCut = true;
  const { clock, queue } = opened;
  await clock.advance(6_000);
  const closed = queue.close();
  await clock.runUntilSettled(closed);
  closing.push(async () => {
    for (const socket of sockets) socket.destroy();
  });
});

it("adds items while all of pg-boss's connections wait for the same transaction", async () => {
  const { queue, tasks, client, database } = await open();
  const claims = new Map<string, readonly ItemClaim[]>();
  for (const taskKey of ['a', 'b', 'c']) {
    const { task } = await tasks.getOrCreateTask({ ...request, taskKey, items: [{ key: 'x', input: null }] });
    await tasks.startTask(task.taskId);
    const claimed = (await queue.fetch(task.taskId, 1, Number.POSITIVE_INFINITY)) ?? [];
    claims.set(
      task.taskId,
      claimed.map(({ claim }) => claim),
    );
  }
  await queue.prepare('new');
  const touches: Promise<unknown>[] = [];
  await database.write(async (transaction: Transaction<unknown>) => {
    for (const [taskId, its] of claims) await queue.settle(transaction, taskId, its);
    for (const [taskId, its] of claims) touches.push(queue.touch(taskId, its));
    const waiting =
      "select 1 from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'";
    while ((await client.query(waiting)).rows.length < 2);
    await queue.add(transaction, 'new', [{ key: 'y', position: 0 }]);
  });
  expect(await queue.size('new')).toBe(1);
  for (const touch of touches) expect(await touch).toEqual(new Set());
});

it('adds items whose queue has been removed since it was prepared', async () => {
  const { queue, tasks, client } = await open();
  const items = ['a', 'b'].map((key) => ({ key, input: null }));
  const { task } = await tasks.getOrCreateTask({ ...request, items });
  await tasks.startTask(task.taskId);
  await tasks.updateProgress(task.taskId, { itemKey: 'a', success: false, result: null });
  await client.query('delete from pgboss.job');
  await client.query('delete from pgboss.queue');
  expect(await tasks.resetFailed(task.taskId)).toBe(1);
  expect(await queue.size(task.taskId)).toBe(1);
  await queue.refill(task.taskId);
  expect(await queue.size(task.taskId)).toBe(2);
});

it('removes the queue of a task that has ended, and not of one that was reopened', async () => {
  const { queue, tasks } = await open();
  const items = ['a', 'b'].map((key) => ({ key, input: null }));
  const { task } = await tasks.getOrCreateTask({ ...request, items });
  expect(await queue.remove(task.taskId)).toBe(false);
  expect(await queue.size(task.taskId)).toBe(2);
  await tasks.cancelTask(task.taskId);
  expect(await queue.remove(task.taskId)).toBe(true);
  expect([await queue.size(task.taskId), await queue.taskIds()]).toEqual([0, []]);
  // Another process was quicker.
  expect(await queue.remove(task.taskId)).toBe(true);
});

it('tidies up the queues of tasks that something else has ended, at once', async () => {
  const { queue, tasks } = await open();
  const items = [{ key: 'a', input: null }];
  const { task } = await tasks.getOrCreateTask({ ...request, items });
  const { task: other } = await tasks.getOrCreateTask({ ...request, taskKey: 'other', items });
  await tasks.cancelTask(task.taskId);
  expect(await queue.tidy()).toBe(1);
  expect(await queue.taskIds()).toEqual([other.taskId]);
});

it('removes queues of unknown tasks after an hour', async () => {
  const { queue, tasks, client } = await open();
  const { task } = await tasks.getOrCreateTask({ ...request, items: [{ key: 'a', input: null }] });
  await queue.prepare('gone');
  await client.query("update pgboss.queue set created_on = now() - interval '61 minutes'");
  await queue.prepare('being created');
  expect(await queue.tidy()).toBe(1);
  expect(new Set(await queue.taskIds())).toEqual(new Set([task.taskId, 'being created']));
});

it('tells the planner of a thousand items that it has put into the queue', async () => {
  const { queue, tasks, client } = await open();
  const items = Array.from({ length: 1_000 }, (_, index) => ({ key: `item-${index}`, input: null }));
  const known = async (): Promise<unknown> =>
    (await client.query("select reltuples as rows from pg_class where oid = 'pgboss.job_common'::regclass"))
      .rows;
  const { task } = await tasks.getOrCreateTask({ ...request, items });
  expect(await known()).toEqual([{ rows: 1_000 }]);
  await client.query('delete from pgboss.job');
  await client.query('vacuum analyze pgboss.job_common');
  expect(await known()).toEqual([{ rows: 0 }]);
  await queue.refill(task.taskId);
  expect(await known()).toEqual([{ rows: 1_000 }]);
});

it('hands out no more items than may be worked on at once, however many processes ask at once', async () => {
  const url = await newPostgresDatabase();
  const members = [await open(url), await open(url), await open(url)];
  const items = Array.from({ length: 60 }, (_, index) => ({ key: `item-${index}`, input: null }));
  const { task } = await members[0]!.tasks.getOrCreateTask({ ...request, items });
  const asked = Array.from({ length: 18 }, (_, index) => members[index % 3]!.queue.fetch(task.taskId, 3, 4));
  const claimed = (await Promise.all(asked)).flatMap((each) => each ?? []);
  expect(claimed).toHaveLength(4);
});
