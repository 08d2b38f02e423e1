/**
 * Measures how well several processes keep to one limit of an account: three workers, each with 40 calls under way or
 * waiting, against `panelist simulate` with a limit of 600 requests per minute that it does not report. Every worker is given the
 * limit, and shares the account by a database: an embedded PostgreSQL, then a SQLite file. Halfway one worker is killed
 * with SIGKILL, and another starts.
 *
 *     node bench/account-limit.ts [minutes=2] [rpm=600] [postgres,sqlite]
 *
 * The simulator's own log is the judge: requests in the busiest 60 seconds, wherever they begin, and in all.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { startEmbeddedPostgres } from '../scripts/embedded-postgres.ts';
import { startSimulatorProcess } from './throttle-live/simulator-process.ts';

const [minutes = 2, perMinute = 600] = process.argv.slice(2, 4).map(Number);
const databases = (process.argv[4] ?? 'postgres,sqlite').split(',');
const WORKERS = 3;
const worker = new URL('./account-limit/worker.ts', import.meta.url).pathname;

/** Resolves when its first call has been answered. */
async function startWorker(database: string, url: string): Promise<ChildProcess> {
  const child = spawn(process.execPath, [worker, database, url, String(perMinute)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  await once(child.stdout, 'data');
  return child;
}

async function measure(database: string): Promise<Record<string, number | string>> {
  await using simulator = await startSimulatorProcess([
    ...['--rpm', String(perMinute), '--rate-limit-headers', 'none', '--latency', '200-800'],
  ]);
  const workers = await Promise.all(
    Array.from({ length: WORKERS }, () => startWorker(database, simulator.url)),
  );
  try {
    // What the bucket held in the beginning has been sent.
    await sleep(5_000);
    const before = await simulator.requests();
    const startedAt = performance.now();
    await sleep(minutes * 30_000);
    workers.pop()?.kill('SIGKILL');
    workers.push(await startWorker(database, simulator.url));
    await sleep(startedAt + minutes * 60_000 - performance.now());
    const after = await simulator.requests();
    const share = (after.total - before.total) / ((perMinute * (performance.now() - startedAt)) / 60_000);
    const met = share >= 0.95 && after.maxPerMinute <= perMinute * 1.01;
    return {
      'requests in all': after.total,
      'share of the limit used': Number(share.toFixed(3)),
      'busiest 60 seconds': after.maxPerMinute,
      refused: after.rateLimited,
      'goal (≥ 95 %, ≤ 101 %)': met ? 'met' : 'MISSED',
    };
  } finally {
    for (const child of workers) child.kill('SIGKILL');
  }
}

const rows: Record<string, Record<string, number | string>> = {};
for (const database of databases) {
  if (database === 'postgres') {
    const server = await startEmbeddedPostgres();
    try {
      rows.PostgreSQL = await measure(server.url);
    } finally {
      await server.stop();
    }
  } else {
    const folder = await mkdtemp(join(tmpdir(), 'account-limit-'));
    try {
      rows.SQLite = await measure(join(folder, 'shared.db'));
    } finally {
      await rm(folder, { recursive: true });
    }
  }
}
console.log(
  `${WORKERS} processes, ${perMinute} requests per minute, ${minutes} minutes; Node ${process.version}`,
);
console.table(rows);
