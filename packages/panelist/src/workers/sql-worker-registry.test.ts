import { openPostgresDatabase } from '@panelist/toolkit/postgres';
import { openSqliteDatabase, type SqlDatabase } from '@panelist/toolkit/sqlite';
import { VirtualClock } from '@panelist/toolkit/testing';
import { sql } from 'kysely';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { newPostgresDatabase } from '../../../toolkit/src/stores/postgres/fixtures/new-database.ts';
import { WorkerRegistry } from './sql-worker-registry.ts';
import type { WorkerFigures, WorkerIdentity } from './worker.ts';

const identity: WorkerIdentity = {
  role: 'worker',
  jobs: ['survey'],
  maxConcurrency: 50,
  schemaVersion: 7,
};
const working: WorkerFigures = { state: 'working', inFlight: 3, taskIds: ['task_a', 'task_b'] };

const dialects: readonly (readonly [string, () => Promise<SqlDatabase>])[] = [
  ['SQLite', () => openSqliteDatabase(':memory:')],
  ['PostgreSQL', async () => openPostgresDatabase(await newPostgresDatabase())],
];

describe.each(dialects)('workers on %s', (_, open) => {
  let database: SqlDatabase;
  let registry: WorkerRegistry;
  beforeEach(async () => {
    database = await open();
    registry = await WorkerRegistry.open(database);
  });
  afterEach(() => database.close());

  /** Lets `ms` pass since the process was last seen. */
  async function lookLater(ms: number): Promise<void> {
    await database.write(async (transaction) => {
      await sql`update workers set seen_at = seen_at - ${ms}, started_at = started_at - ${ms}`.execute(
        transaction,
      );
    });
  }

  it('lists a process with what it does, until it ends', async () => {
    const before = Date.now();
    const registration = await registry.register(identity, () => working);
    const [worker, ...others] = await registry.list();
    expect(others).toEqual([]);
    expect(worker).toEqual({
      ...identity,
      ...working,
      workerId: registration.workerId,
      host: expect.stringMatching(/./),
      pid: process.pid,
      version: expect.stringMatching(/^\d+\.\d+/),
      startedAt: expect.any(Number),
      seenAt: expect.any(Number),
    });
    expect(Math.abs(worker!.startedAt - before)).toBeLessThan(60_000);
    await registration.end();
    expect(await registry.list()).toEqual([]);
  });

  it('says every five seconds what it does now, and from when it works', async () => {
    const clock = new VirtualClock();
    let figures = working;
    const beats: number[] = [];
    const registration = await registry.register(identity, () => figures, {
      clock,
      onBeat: async () => void beats.push(clock.now()),
    });
    const [first] = await registry.list();
    await lookLater(10_000);
    figures = { state: 'draining', inFlight: 0, taskIds: [] };
    const beat = beats.length + 1;
    await clock.advance(4_999);
    expect(beats.length).toBe(beat - 1);
    await clock.advance(1);
    while (beats.length < beat) await new Promise((resolve) => setImmediate(resolve));
    const [second] = await registry.list();
    expect(second).toMatchObject({ state: 'draining', inFlight: 0, taskIds: [] });
    expect(second!.startedAt).toBe(first!.startedAt - 10_000);
    expect(second!.seenAt).toBeGreaterThanOrEqual(first!.seenAt);
    await registration.end();
  });

  it('calls a process gone that has not been seen for 20 seconds, and forgets it after an hour', async () => {
    const clock = new VirtualClock();
    const gone = await registry.register(identity, () => working, { clock });
    await lookLater(19_000);
    expect((await registry.list())[0]?.state).toBe('working');
    await lookLater(2_000);
    expect((await registry.list())[0]).toMatchObject({ workerId: gone.workerId, state: 'gone' });
    await lookLater(3_600_000);
    const other = await registry.register({ ...identity, jobs: null }, () => working, { clock });
    expect((await registry.list()).map(({ workerId, jobs }) => [workerId, jobs])).toEqual([
      [other.workerId, null],
    ]);
  });

  it('refuses a row that something else has changed', async () => {
    await registry.register(identity, () => working, { clock: new VirtualClock() });
    await database.write(async (transaction) => {
      await sql`update workers set task_ids = '{"a":1}'`.execute(transaction);
    });
    await expect(registry.list()).rejects.toMatchObject({ code: 'ROW_INVALID' });
  });
});
