/**
 * `npm run demo:cluster`: many machines in one. Starts a real PostgreSQL, the page and three workers, sends a survey out to
 * 2,000 simulated respondents, kills a worker in the middle, and ends by counting that every interview was recorded once.
 * Nothing needs to be installed, no key is needed, nothing is kept. It exits with 1 if a count is wrong.
 *
 * `--respondents N`, `--keep` (leave everything running until Ctrl-C).
 */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import pg from 'pg';
import { startEmbeddedPostgres } from './embedded-postgres.ts';

const { values } = parseArgs({
  options: { respondents: { type: 'string', default: '2000' }, keep: { type: 'boolean', default: false } },
});
const RESPONDENTS = Number(values.respondents);
const WORKERS = 3;
const PER_WORKER = 50;
const MODEL = 'simulator?latency=200-800&server-error=0.03';
const root = (path: string): string => fileURLToPath(new URL(`../${path}`, import.meta.url));

if (!existsSync(root('packages/panelist/dist/page/index.html'))) {
  console.log('Building the page …');
  spawnSync('npm', ['run', 'build', '--silent', '--workspace', 'packages/dashboard'], {
    cwd: root('.'),
    stdio: ['ignore', 'ignore', 'inherit'],
  });
}

const children = new Set<ChildProcess>();
const panelist = (args: readonly string[]): ChildProcess => {
  const child = spawn(process.execPath, [root('packages/panelist/bin/panelist.js'), ...args], {
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  children.add(child);
  child.once('exit', () => children.delete(child));
  return child;
};

const say = (text: string): void => console.log(text);
const postgres = await startEmbeddedPostgres();
process.on('exit', () => {
  for (const child of children) child.kill('SIGKILL');
});
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(130));
say(`PostgreSQL is at ${postgres.url}`);

const server = panelist(['serve', '--database', postgres.url, '--port', '0', '--model', MODEL]);
const url = await addressOf(server);
say(`The page is at ${url}`);
const workers = Array.from({ length: WORKERS }, () =>
  panelist(['worker', '--database', postgres.url, '--max-concurrency', String(PER_WORKER)]),
);
say(
  `${WORKERS} workers: processes ${workers.map(({ pid }) => pid).join(', ')}, ${PER_WORKER} interviews at once each`,
);

const taskId = await deploy(url);
say(`Survey ${taskId} goes to ${RESPONDENTS} respondents: ${url}/tasks/${taskId}\n`);

const database = new pg.Client(postgres.url);
await database.connect();
const started = performance.now();
let isKilled = false;
for (;;) {
  const { status, done } = await progress();
  const seconds = ((performance.now() - started) / 1_000).toFixed(0);
  say(`${seconds.padStart(4)} s  ${String(done).padStart(5)} of ${RESPONDENTS}  ${await whoWorks()}`);
  if (status !== 'running' && status !== 'pending') break;
  if (!isKilled && done > RESPONDENTS / 3) {
    isKilled = true;
    const [victim] = workers;
    victim!.kill('SIGKILL');
    say(`      kill -9 ${victim!.pid}: what it was doing goes to the others in some ten seconds`);
  }
  await new Promise((resolve) => setTimeout(resolve, 1_000));
}

const proof = await count();
say('\nIn the database:');
for (const { what, found, expected } of proof)
  say(
    `  ${found === expected ? 'ok   ' : 'WRONG'} ${what}: ${found}${found === expected ? '' : `, not ${expected}`}`,
  );
const isRight = proof.every(({ found, expected }) => found === expected);
say(isRight ? '\nEvery interview was recorded exactly once.' : '\nSomething was lost or doubled.');
if (values.keep) {
  say(`Everything goes on until Ctrl-C. Look at ${url}`);
  await once(server, 'exit');
}
await database.end();
const ending = [...children].map((child) => once(child, 'exit'));
for (const child of children) child.kill('SIGTERM');
await Promise.all(ending);
await postgres.stop();
process.exit(isRight ? 0 : 1);

async function addressOf(served: ChildProcess): Promise<string> {
  let said = '';
  for await (const part of served.stdout!) {
    said += String(part);
    const found = /at (http\S+)/.exec(said)?.[1];
    if (found !== undefined) return found;
  }
  throw new Error(`The server did not start:\n${said}`);
}

/** The demo's residents, over and over, each with a number of its own. */
async function deploy(address: string): Promise<string> {
  const [header = '', ...residents] = (await readFile(root('examples/residents.csv'), 'utf8'))
    .trim()
    .split('\n');
  const rows = Array.from({ length: RESPONDENTS }, (_, index) => {
    const [, ...rest] = residents[index % residents.length]!.split(',');
    return [`r${index + 1}`, ...rest].join(',');
  });
  const response = await fetch(`${address}/api/surveys`, {
    method: 'POST',
    headers: { 'Panelist-Request': '1', 'Content-Type': 'application/json' },
    body: JSON.stringify({
      survey: {
        name: 'weekly-market.survey.json',
        text: await readFile(root('examples/weekly-market.survey.json'), 'utf8'),
      },
      audience: { name: 'residents.csv', text: [header, ...rows].join('\n') },
      model: MODEL,
      limits: { maxConcurrency: WORKERS * PER_WORKER },
    }),
  });
  if (!response.ok) throw new Error(await response.text());
  return ((await response.json()) as { readonly taskId: string }).taskId;
}

async function progress(): Promise<{ readonly status: string; readonly done: number }> {
  const { rows } = await database.query<{ status: string; done: string }>(
    'select status, completed_count as done from tasks where task_id = $1',
    [taskId],
  );
  return { status: rows[0]?.status ?? 'missing', done: Number(rows[0]?.done) };
}

async function whoWorks(): Promise<string> {
  const response = await fetch(`${url}/api/workers`);
  const { workers: found } = (await response.json()) as {
    readonly workers: readonly { readonly pid: number; readonly state: string; readonly inFlight: number }[];
  };
  return found
    .map(({ pid, state, inFlight }) => (state === 'gone' ? `${pid} gone` : `${pid}: ${inFlight}`))
    .join('  ');
}

interface Count {
  readonly what: string;
  readonly found: number;
  readonly expected: number;
}

async function count(): Promise<readonly Count[]> {
  const number = async (what: string, sql: string, expected = RESPONDENTS): Promise<Count> => {
    const { rows } = await database.query<{ found: string }>(`select ${sql} as found`, [taskId]);
    return { what, found: Number(rows[0]?.found), expected };
  };
  return [
    await number('respondents', '(select count(*) from task_items where task_id = $1)'),
    await number('interviews recorded', '(select count(*) from task_results where task_id = $1)'),
    await number(
      'respondents with an interview',
      '(select count(distinct item_key) from task_results where task_id = $1)',
    ),
    await number(
      'interviews of nobody',
      '(select count(*) from task_results r where task_id = $1 and not exists (select from task_items i where i.task_id = r.task_id and i.item_key = r.item_key))',
      0,
    ),
    await number("the task's own counter", '(select completed_count from tasks where task_id = $1)'),
    await number(
      'replies that the same interview has twice',
      '(select count(*) - count(distinct (item_key, request_hash)) from replies where task_id = $1)',
      0,
    ),
  ];
}
