import { readFile, writeFile } from 'node:fs/promises';
import { openSqliteTaskStore } from '@panelist/toolkit/sqlite';
import { expect, it } from 'vitest';
import { newPostgresDatabase } from '../../../toolkit/src/stores/postgres/fixtures/new-database.ts';
import { project } from './testing/project.ts';
import { runInProcess } from './testing/run-in-process.ts';

const copy = (from: string, to: string, ...more: string[]) =>
  runInProcess(['database', 'copy', '--from', from, '--to', to, ...more]);

it('brings a survey and a group to PostgreSQL and back, with the same exports, prompts and spending', async () => {
  await using at = await project();
  const server = await newPostgresDatabase();
  const there = await copy(at.path('panelist.db'), server, '--json');
  expect(there.exitCode, there.err).toBe(0);
  const back = await copy(server, at.path('back.db'));
  expect(back.exitCode, back.err).toBe(0);
  expect(back.out).toMatch(/2 items, 2 results, 2 replies, SHA-256 [0-9a-f]{64} on both sides/);
  expect(back.out).toMatch(/Tasks: (\d) copied, 0 brought up to date, 0 were there, 0 refused\./);
  const exported = async (database: string, format: string): Promise<string> => {
    const out = at.path(`${database}.${format}`);
    const ran = await runInProcess([
      ...['results', 'export', at.taskId, '--database', at.path(database), '--out', out],
    ]);
    expect(ran.exitCode, ran.err).toBe(0);
    return readFile(out, 'utf8');
  };
  for (const format of ['csv', 'jsonl'])
    expect(await exported('back.db', format)).toBe(await exported('panelist.db', format));
  const said = async (database: string, ...words: string[]): Promise<string> => {
    const ran = await runInProcess([...words, '--database', at.path(database)]);
    expect(ran.exitCode, ran.err).toBe(0);
    return ran.out;
  };
  for (const words of [
    ['results', 'prompt', at.taskId, '1', 'tea', '--json'],
    ['results', 'summary', at.taskId, '--json'],
    ['focus-group', 'show', 'lunch', '--json'],
    ['tasks', '--json'],
  ])
    expect(await said('back.db', ...words)).toBe(await said('panelist.db', ...words));

  const again = JSON.parse((await copy(at.path('panelist.db'), server, '--json')).out);
  const first = JSON.parse(there.out);
  expect(again.tasks.map(({ outcome }: { outcome: string }) => outcome)).toEqual(
    first.tasks.map(() => 'present'),
  );
  expect(again.tasks.map(({ sha256 }: { sha256: string }) => sha256)).toEqual(
    first.tasks.map(({ sha256 }: { sha256: string }) => sha256),
  );
});

it('copies one task with what its answers came from, and a group with all its turns', async () => {
  await using at = await project();
  const database = at.path('panelist.db');
  // The same people: this run only replays what the first one has paid for.
  const repeated = await at.run(...at.deploy, '--fresh', '--json');
  const { taskId } = JSON.parse(repeated.out) as { taskId: string };
  const one = await copy(database, at.path('one.db'), '--task', taskId.slice(0, -1));
  expect(one.exitCode, one.err).toBe(0);
  const prompt = ['results', 'prompt', taskId, '2', 'tea', '--json', '--database'];
  expect((await runInProcess([...prompt, at.path('one.db')])).out).toBe(
    (await runInProcess([...prompt, database])).out,
  );
  expect(
    JSON.parse((await runInProcess(['tasks', '--json', '--database', at.path('one.db')])).out),
  ).toHaveLength(1);
  const turn = JSON.parse((await at.run('tasks', '--json')).out).find(
    ({ title }: { title: string }) => title === 'Lunch (round-1)',
  );
  await copy(database, at.path('group.db'), '--task', turn.taskId);
  const show = ['focus-group', 'show', 'lunch', '--json', '--database'];
  expect((await runInProcess([...show, at.path('group.db')])).out).toBe(
    (await runInProcess([...show, database])).out,
  );
});

it('refuses a task that runs, copies the others, and says so by its exit code', async () => {
  await using at = await project();
  const store = await openSqliteTaskStore(at.path('panelist.db'));
  await store.create({
    taskId: 'task_busy',
    taskKey: 'other',
    fingerprint: 'f',
    taskParams: {},
    job: null,
    totalCount: 1,
    createdAt: Date.now(),
  });
  await store.transition('task_busy', 'running', { at: Date.now() });
  await store.acquireLease('task_busy', { owner: 'elsewhere/1/x', ttlMs: 600_000, now: Date.now() });
  await store.close();
  const copied = await copy(at.path('panelist.db'), at.path('to.db'), '--json');
  expect(copied.exitCode).toBe(6);
  const { tasks, refused } = JSON.parse(copied.out);
  expect(tasks.length).toBeGreaterThan(1);
  expect(refused).toEqual([{ taskId: 'task_busy', code: 'TASK_BUSY', message: expect.any(String) }]);
});

it('refuses a file that is not there, and a copy into itself', async () => {
  await using at = await project();
  expect(await copy(at.path('no.db'), at.path('to.db'))).toMatchObject({
    exitCode: 3,
    err: expect.stringContaining('[FILE_NOT_FOUND]'),
  });
  expect((await copy(at.path('panelist.db'), at.path('panelist.db'))).exitCode).toBe(2);
  await writeFile(at.path('not.db'), 'not a database at all, but a text of some length\n'.repeat(100));
  expect((await copy(at.path('not.db'), at.path('to.db'))).exitCode).toBe(7);
});
