import { openPostgresDatabase } from '@panelist/toolkit/postgres';
import { openSqliteDatabase } from '@panelist/toolkit/sqlite';
import { sql } from 'kysely';
import { describe, expect, it } from 'vitest';
import { newPostgresDatabase } from '../../../toolkit/src/stores/postgres/fixtures/new-database.ts';
import { WorkerRegistry } from '../workers/sql-worker-registry.ts';
import { project } from './testing/project.ts';
import { runInProcess } from './testing/run-in-process.ts';

const database = (command: string, address: string, ...more: string[]) =>
  runInProcess(['database', command, '--database', address, ...more]);

async function change(address: string, statement: string): Promise<void> {
  const opened = address.startsWith('postgres')
    ? await openPostgresDatabase(address)
    : await openSqliteDatabase(address);
  await opened.write(async (transaction) => {
    await sql.raw(statement).execute(transaction);
  });
  await opened.close();
}

describe('panelist database check', () => {
  it('finds nothing wrong with a file, and counters that differ from their rows', async () => {
    await using at = await project();
    const file = at.path('panelist.db');
    const fine = await database('check', file);
    expect(fine).toMatchObject({ exitCode: 0, err: '' });
    expect(fine.out).toMatch(
      /^SQLite \d.*\nTables: answers 2, .*\nTasks: \d+\. At work: nobody\nNothing is wrong\.\n$/,
    );
    await change(file, `update tasks set completed_count = 1 where task_id = '${at.taskId}'`);
    const wrong = await database('check', file, '--json');
    expect(wrong.exitCode).toBe(7);
    expect(JSON.parse(wrong.out).findings).toEqual([
      { level: 'problem', code: 'COUNTERS_DIFFER', message: expect.stringContaining(at.taskId) },
    ]);
    expect((await database('check', at.path('no.db'))).err).toContain('[FILE_NOT_FOUND]');
  });

  it('warns where a server may lose what it has acknowledged, and changes nothing', async () => {
    const address = await newPostgresDatabase();
    const empty = JSON.parse((await database('check', address, '--json')).out);
    expect(empty.findings.map(({ code }: { code: string }) => code)).toContain('NO_TABLES');
    expect((await database('check', address)).exitCode).toBe(7);
    await database('migrate', address);
    const checked = await database('check', address);
    expect(checked.exitCode, checked.out).toBe(0);
    // The server of the tests runs without it.
    expect(checked.out).toContain("Warning [NOT_DURABLE]: The server's setting fsync is off");
    await change(
      address,
      `alter database ${new URL(address).pathname.slice(1)} set synchronous_commit = off`,
    );
    expect((await database('check', address)).out).toContain('setting synchronous_commit is off');
  });

  it('finds items that no job hands out', async () => {
    await using at = await project();
    const address = await newPostgresDatabase();
    await database('migrate', address);
    await runInProcess(['database', 'copy', '--from', at.path('panelist.db'), '--to', address]);
    expect((await database('check', address)).out).not.toContain('QUEUE_DIFFERS');
    await change(
      address,
      `delete from task_results where task_id = '${at.taskId}' and sequence = 3;
       update tasks set status = 'running', completed_count = 1, success_count = 1, finished_at = null
       where task_id = '${at.taskId}'`,
    );
    const checked = await database('check', address);
    expect(checked.out).toMatch(
      /Warning \[QUEUE_DIFFERS\]: Task "task_\w+" has 1 items without a result, and 0 jobs/,
    );
    expect(checked.exitCode).toBe(0);
  });

  it('says that a server cannot be reached, without its password', async () => {
    const { exitCode, err } = await database('check', 'postgres://ann:hush@127.0.0.1:1/x');
    expect(exitCode).toBe(7);
    expect(err).toContain('[STORE_UNAVAILABLE]');
    expect(err).not.toContain('hush');
  });
});

describe('panelist database migrate', () => {
  it('creates all tables, and does nothing where they are up to date', async () => {
    const address = await newPostgresDatabase();
    const first = JSON.parse((await database('migrate', address, '--json')).out);
    expect(first.components).toContainEqual({ component: 'tasks', known: 2, version: 2, oldest: 2 });
    expect((await database('migrate', address)).out).toMatch(
      /^Up to date: answers 2, written_files 1, tasks 2/,
    );
  });

  it('refuses tables of a later version, and says what to do about those of an earlier one', async () => {
    const address = await newPostgresDatabase();
    await database('migrate', address);
    await change(address, "update schema_versions set version = 9, oldest = 9 where component = 'tasks'");
    for (const command of ['migrate', 'check'])
      expect(await database(command, address)).toMatchObject({ exitCode: 7 });
    expect((await database('migrate', address)).err).toContain('[STORE_NEWER]');
    await change(address, "update schema_versions set version = 1, oldest = 1 where component = 'tasks'");
    const copied = await runInProcess(['database', 'copy', '--from', address, '--to', `${address}x`]);
    expect(copied.exitCode).toBe(7);
    const outdated = JSON.parse((await database('check', address, '--json')).out);
    expect(outdated.findings).toContainEqual(expect.objectContaining({ code: 'STORE_OUTDATED' }));
  });

  it('makes no change that a process at work could not go on with', async () => {
    const address = await newPostgresDatabase();
    await database('migrate', address);
    // As if the tables of files had another version before this one.
    const early = await openPostgresDatabase(address);
    const registry = await WorkerRegistry.open(early);
    const identity = { role: 'worker', jobs: null, maxConcurrency: null, schemaVersion: 1 } as const;
    const registration = await registry.register(identity, () => ({
      state: 'working',
      inFlight: 0,
      taskIds: [],
    }));
    await change(
      address,
      `update schema_versions set version = 0 where component = 'written_files';
       delete from written_files_migrations; drop table written_files`,
    );
    const refused = await database('migrate', address);
    expect(refused.exitCode).toBe(7);
    expect(refused.err).toContain('[WORKERS_ALIVE]');
    expect(refused.err).toContain(`process ${process.pid}`);
    await registration.end();
    expect((await database('migrate', address)).exitCode).toBe(0);
    await early.close();
  });
});
