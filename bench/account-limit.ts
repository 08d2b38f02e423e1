/**
 * Measures how well several processes keep to one limit of an account: three workers, each with 40 calls under way or
 * waiting, against `panelist simulate` with a limit of 600 requests per minute. They share the account by a database: an
 * embedded PostgreSQL, then a SQLite file. Halfway one worker is killed with SIGKILL, and another starts.
 *
 *     node bench/account-limit.ts [minutes=2] [rpm=600] [postgres,sqlite] [given,learned,told]
 *
 * - given: every worker is given the limit, and the simulator does not report it
 * - learned: no worker is given it; each reads the headers of its responses
 * - told: only the first reads headers; the others know what it reports
 *
 * The simulator's own log is the judge: requests in the busiest 60 seconds, wherever they begin, and in all. Where the limit is
 * not given, they are counted from the sixth second on.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { RequestSummary } from '../packages/panelist/src/simulator/request-log.ts';
import { startEmbeddedPostgres } from '../scripts/embedded-postgres.ts';
import { type SimulatorProcess, startSimulatorProcess } from './throttle-live/simulator-process.ts';

const [minutes = 2, perMinute = 600] = process.argv.slice(2, 4).map(Number);
const databases = (process.argv[4] ?? 'postgres,sqlite').split(',');
const ways = (process.argv[5] ?? 'given,learned,told').split(',');
const WORKERS = 3;
const worker = new URL('./account-limit/worker.ts', import.meta.url).pathname;

/** Resolves when its first call has been answered. */
async function startWorker(database: string, url: string, knows: string): Promise<ChildProcess> {
  const child = spawn(process.execPath, [worker, database, url, knows], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  await once(child.stdout, 'data');
  return child;
}

async function measure(database: string, way: string): Promise<Record<string, number | string>> {
  await using simulator = await startSimulatorProcess([
    ...['--rpm', String(perMinute), '--latency', '200-800'],
    // What it reports counts from its first request on: it must not let a whole minute's requests in at once.
    ...(way === 'given' ? ['--rate-limit-headers', 'none'] : ['--burst-ms', '1000']),
  ]);
  const first = way === 'given' ? String(perMinute) : 'headers';
  const others = way === 'told' ? 'nothing' : first;
  const workers = await Promise.all(
    Array.from({ length: WORKERS }, (_, index) =>
      startWorker(database, simulator.url, index === 0 ? first : others),
    ),
  );
  try {
    // What the bucket held in the beginning has been sent.
    await sleep(5_000);
    const before = await simulator.requests();
    const startedAt = performance.now();
    const replaced = sleep(minutes * 30_000).then(async () => {
      workers.pop()?.kill('SIGKILL');
      workers.push(await startWorker(database, simulator.url, others));
    });
    const busiest = await busiestMinute(simulator, startedAt + minutes * 60_000);
    await replaced;
    const after = await simulator.requests();
    const served = ({ total, rateLimited }: RequestSummary) => total - rateLimited;
    const share = (served(after) - served(before)) / ((perMinute * (performance.now() - startedAt)) / 60_000);
    // Before the first response nobody knows the limit.
    const most = way === 'given' ? after.maxPerMinute : busiest;
    return {
      'requests in all': after.total,
      'share of the limit used': Number(share.toFixed(3)),
      'busiest 60 seconds': most,
      'refused in the first 5 s': before.rateLimited,
      'refused later': after.rateLimited - before.rateLimited,
      'goal (≥ 95 %, ≤ 101 %)': share >= 0.95 && most <= perMinute * 1.01 ? 'met' : 'MISSED',
    };
  } finally {
    for (const child of workers) child.kill('SIGKILL');
  }
}

/** The most requests that arrived within 60 seconds from now on. */
async function busiestMinute(simulator: SimulatorProcess, end: number): Promise<number> {
  const samples: { readonly at: number; readonly total: number }[] = [];
  let most = 0;
  while (performance.now() < end) {
    const at = performance.now();
    const { total } = await simulator.requests();
    samples.push({ at, total });
    const first = samples.find((each) => each.at >= at - 60_000)!;
    most = Math.max(most, total - first.total);
    await sleep(20);
  }
  return most;
}

/** A database for each, or else a run would begin with what the one before has left. */
async function onNewDatabase<T>(kind: string, use: (location: string) => Promise<T>): Promise<T> {
  if (kind === 'postgres') {
    const server = await startEmbeddedPostgres();
    try {
      return await use(server.url);
    } finally {
      await server.stop();
    }
  }
  const folder = await mkdtemp(join(tmpdir(), 'account-limit-'));
  try {
    return await use(join(folder, 'shared.db'));
  } finally {
    await rm(folder, { recursive: true });
  }
}

const NAMES: Readonly<Record<string, string>> = { postgres: 'PostgreSQL', sqlite: 'SQLite' };
const rows: Record<string, Record<string, number | string>> = {};
for (const database of databases)
  for (const way of ways)
    rows[`${NAMES[database] ?? database}, ${way}`] = await onNewDatabase(database, (location) =>
      measure(location, way),
    );
console.log(
  `${WORKERS} processes, ${perMinute} requests per minute, ${minutes} minutes; Node ${process.version}`,
);
console.table(rows);
