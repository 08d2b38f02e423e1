import { readFile, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import pg from 'pg';
import { expect, it } from 'vitest';
import { startSimulator } from '../packages/panelist/src/simulator/server.ts';
import { newPostgresDatabase } from '../packages/toolkit/src/stores/postgres/fixtures/new-database.ts';
import { PanelistProcess, runPanelist, temporaryFolder } from './panelist-process.ts';

const SURVEY = new URL('../examples/weekly-market.survey.json', import.meta.url).pathname;
const RESPONDENTS = 30;

async function audience(folder: string): Promise<string> {
  const path = join(folder, 'people.csv');
  const people = Array.from({ length: RESPONDENTS }, (_, index) => `P${index},${18 + index}`);
  await writeFile(path, `id,age\n${people.join('\n')}\n`);
  return path;
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  return typeof address === 'object' && address !== null ? address.port : 0;
}

/** The messages of a log, each line of which must be JSON. */
function messagesIn(log: string): string[] {
  const lines = log.split('\n').filter((line) => line !== '');
  return lines.map((line) => (JSON.parse(line) as { msg: string }).msg);
}

it('goes on with what a killed process has submitted, says so, and drains at SIGTERM', async () => {
  await using folder = await temporaryFolder();
  const database = await newPostgresDatabase();
  const simulator = await startSimulator({ latency: { minMs: 500, maxMs: 1_500 } });
  const port = await freePort();
  const worker = new PanelistProcess(
    [
      ...['worker', '--database', database, '--max-concurrency', '5', '--jobs', 'survey'],
      ...['--listen', `127.0.0.1:${port}`, '--base-url', simulator.url, '--log-level', 'debug'],
    ],
    { cwd: folder.path, env: { OPENAI_COMPATIBLE_API_KEY: 'key-that-nobody-may-see' } },
  );
  await worker.says(/"started"/);
  const ask = async (path: string) => (await fetch(`http://127.0.0.1:${port}${path}`)).text();
  expect(await ask('/readyz')).toBe('ready\n');
  const listed = JSON.parse(
    (await runPanelist(['workers', '--json', '--database', database], { cwd: folder.path })).out,
  );
  expect(listed).toMatchObject([{ pid: worker.pid, role: 'worker', jobs: ['survey'], maxConcurrency: 5 }]);

  const deploy = new PanelistProcess(
    [
      ...['survey', 'deploy', SURVEY, '--audience', await audience(folder.path), '--database', database],
      ...['--model', 'openai-compatible/simulator', '--base-url', simulator.url, '--max-concurrency', '8'],
    ],
    { cwd: folder.path },
  );
  await worker.says(/"task picked up"/);
  // The worker has five at most: the others are the deploying process's.
  const client = new pg.Client(database);
  await client.connect();
  for (let active = 0; active < 7; )
    active = Number(
      (await client.query("select count(*) as n from pgboss.job_common where state = 'active'")).rows[0].n,
    );
  await client.end();
  deploy.kill('SIGKILL');
  await deploy.finished;
  await worker.says(/"item taken over"/);
  // The deploying process may have had all eight: then the worker's first item of its own comes after theirs.
  await worker.says(/"item begun"/);
  await worker.says(/"item done"/);
  expect(await ask('/metrics')).toMatch(/panelist_items_total\{job="survey",outcome="succeeded"\} [1-9]/);
  worker.kill('SIGTERM');
  const ended = await worker.finished;
  expect(ended.exitCode, ended.err).toBe(0);
  const messages = messagesIn(ended.err);
  expect(messages).toEqual(expect.arrayContaining(['task picked up', 'item begun', 'draining']));
  expect(messages.at(-1)).toBe('ended');
  // What was in flight was finished, or left between two pages; nothing was cut off. No key is in the log.
  const count = (...named: string[]): number => messages.filter((each) => named.includes(each)).length;
  expect(count('item done', 'item left for later')).toBe(count('item begun', 'item taken over'));
  expect(ended.err).not.toContain('key-that-nobody-may-see');

  const finished = await runPanelist(
    ['tasks', 'resume', 'last', '--database', database, '--base-url', simulator.url],
    { cwd: folder.path },
  );
  expect(finished.exitCode, finished.err).toBe(0);
  const checked = await runPanelist(['database', 'check', '--database', database], { cwd: folder.path });
  expect(checked.exitCode, checked.out).toBe(0);
  await simulator.close();
});

it('drains and ends when the tables were changed so that it would harm them', async () => {
  await using folder = await temporaryFolder();
  const database = await newPostgresDatabase();
  const worker = new PanelistProcess(['worker', '--database', database], { cwd: folder.path });
  await worker.says(/"started"/);
  const client = new pg.Client(database);
  await client.connect();
  await client.query("update schema_versions set version = 99, oldest = 99 where component = 'tasks'");
  await client.end();
  const { exitCode, err } = await worker.finished;
  expect(exitCode).toBe(7);
  expect(err).toContain('draining: this program is outdated');
  expect(err).toContain('[STORE_NEWER]');
});

it('refuses a file, and an address that it cannot listen on', async () => {
  await using folder = await temporaryFolder();
  const onFile = await runPanelist(['worker'], { cwd: folder.path });
  expect(onFile).toMatchObject({ exitCode: 2, err: expect.stringContaining('[POSTGRES_NEEDED]') });
  expect(onFile.err).toContain('panelist database copy');
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as { port: number };
  const taken = await runPanelist(
    ['worker', '--database', await newPostgresDatabase(), '--listen', `127.0.0.1:${port}`],
    { cwd: folder.path },
  );
  expect(taken).toMatchObject({ exitCode: 2, err: expect.stringContaining('EADDRINUSE') });
  server.close();
});

it('goes on with a copy that was killed, and with a half-finished survey in the other database', async () => {
  await using folder = await temporaryFolder();
  const simulator = await startSimulator({ latency: { minMs: 100, maxMs: 200 }, seed: 3 });
  const people = await audience(folder.path);
  const deployTo = (database: string): string[] => [
    ...['survey', 'deploy', SURVEY, '--audience', people, '--database', database, '--seed', '4'],
    ...[
      '--model',
      'openai-compatible/simulator',
      '--base-url',
      simulator.url,
      '--out',
      `${database.slice(-6)}.out`,
    ],
  ];
  const whole = await runPanelist(deployTo('whole.db'), { cwd: folder.path });
  expect(whole.exitCode, whole.err).toBe(0);
  const half = new PanelistProcess([...deployTo('half.db'), '--max-concurrency', '5'], {
    cwd: folder.path,
  });
  const before = simulator.requests().total;
  await half.until(() => simulator.requests().total >= before + 60);
  half.kill('SIGKILL');
  await half.finished;

  const database = await newPostgresDatabase();
  const copy = ['database', 'copy', '--from', 'half.db', '--to', database];
  await runPanelist(['database', 'migrate', '--database', database], { cwd: folder.path });
  const client = new pg.Client(database);
  await client.connect();
  // It waits in the middle of its transaction, with the task written and no items.
  await client.query('begin; lock table task_items in exclusive mode');
  const killed = new PanelistProcess(copy, { cwd: folder.path });
  for (let waiting = 0; waiting === 0; )
    waiting = Number((await client.query('select count(*) as n from pg_locks where not granted')).rows[0].n);
  killed.kill('SIGKILL');
  await killed.finished;
  await client.query('rollback');
  expect((await client.query('select * from tasks')).rows).toEqual([]);
  await client.end();
  const copied = await runPanelist(copy, { cwd: folder.path });
  expect(copied.exitCode, copied.err).toBe(0);
  expect(copied.out).toContain('Go on with each in one of them only');

  const resumed = await runPanelist(
    [
      ...['tasks', 'resume', 'last', '--database', database],
      ...['--base-url', simulator.url, '--out', 'resumed.out'],
    ],
    { cwd: folder.path },
  );
  expect(resumed.exitCode, resumed.err).toBe(0);
  const answers = (out: string) => readFile(join(folder.path, out, 'answers.csv'), 'utf8');
  expect(await answers('resumed.out')).toBe(await answers('ole.db.out'));
  await simulator.close();
});
