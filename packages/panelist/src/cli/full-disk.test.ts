import pg from 'pg';
import { expect, it, vi } from 'vitest';
import { newPostgresDatabase } from '../../../toolkit/src/stores/postgres/fixtures/new-database.ts';
import { project } from './testing/project.ts';
import { runInProcess } from './testing/run-in-process.ts';

it('waits with replies that are paid for until a shared database has room, and fails nobody', async () => {
  await using at = await project();
  const address = await newPostgresDatabase();
  await runInProcess(['database', 'migrate', '--database', address]);
  const client = new pg.Client(address);
  await client.connect();
  // A sequence counts what is rolled back, too.
  await client.query(`create sequence refused;
    create function refuse() returns trigger language plpgsql as $$ begin
      perform nextval('refused'); raise exception 'no room' using errcode = 'disk_full'; end $$;
    create trigger full_disk before insert on replies execute function refuse()`);
  const deploying = runInProcess([...at.deploy, '--out', at.path('again'), '--json', '--database', address]);
  await vi.waitFor(
    async () => {
      const { rows } = await client.query('select last_value::int as refusals from refused');
      expect(rows[0].refusals).toBeGreaterThan(2);
    },
    { timeout: 20_000 },
  );
  await client.query('drop trigger full_disk on replies');
  const { exitCode, out, err } = await deploying;
  expect(exitCode, err).toBe(0);
  expect(JSON.parse(out)).toMatchObject({ status: 'completed', successCount: 2, failedCount: 0 });
  const { rows } = await client.query('select count(*)::int as replies from replies');
  expect(rows[0].replies).toBe(2);
  await client.end();
});
