import { execFileSync } from 'node:child_process';
import { chownSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, it, onTestFinished } from 'vitest';
import { startEmbeddedPostgres } from '../../scripts/embedded-postgres.ts';
import { Cluster } from './cluster.ts';

const ITEMS = 600;
const IN_FLIGHT = 20;
const WORKERS = 2;
const RESULT_BYTES = 100_000;
/** Holds the empty database, and a part of the results. */
const SMALL = '40m';
const LARGE = '400m';
/** PostgreSQL runs as this user if the test runs as root, and only root may mount. */
const NOBODY = 65_534;

/** A file system of its own, in memory; `undefined` where this user may not make one. */
function mountSmallDisk(): string | undefined {
  if (process.platform !== 'linux' || process.getuid?.() !== 0) return undefined;
  const folder = mkdtempSync(join(tmpdir(), 'panelist-disk-'));
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${SMALL}`, 'tmpfs', folder], { stdio: 'ignore' });
  } catch {
    rmSync(folder, { recursive: true });
    return undefined;
  }
  return folder;
}

const disk = mountSmallDisk();

it.skipIf(disk === undefined)('waits for room on a full disk, and then records every item once', async () => {
  const folder = disk!;
  onTestFinished(() => {
    execFileSync('umount', ['--lazy', folder]);
    rmSync(folder, { recursive: true });
  });
  const data = join(folder, 'data');
  mkdirSync(data);
  chownSync(data, NOBODY, NOBODY);
  const postgres = await startEmbeddedPostgres();
  const server = await Cluster.on(postgres, postgres.url);
  await server.query(`create tablespace small location '${data}'`);
  await server.query('create database small tablespace small');
  const cluster = await Cluster.on(postgres, postgres.urlOf('small'));
  const taskId = await cluster.submit(ITEMS);
  await cluster.addWorkers(WORKERS, { itemMs: 200, maxConcurrency: IN_FLIGHT, resultBytes: RESULT_BYTES });
  // Until nothing is recorded any more.
  let recorded = 0;
  for (let before = -1; recorded === 0 || recorded > before; ) {
    before = recorded;
    await sleep(3_000);
    recorded = await cluster.recorded(taskId);
  }
  expect(recorded).toBeLessThan(ITEMS);
  await sleep(10_000);
  execFileSync('mount', ['-o', `remount,size=${LARGE}`, folder]);
  await cluster.untilEnded(taskId);
  await cluster.expectComplete(taskId, ITEMS);
  // The results were held meanwhile, and nothing more was begun.
  expect(await cluster.expectNoNeedlessWork(ITEMS)).toBe(0);
});
