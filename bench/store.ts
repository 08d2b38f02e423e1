/**
 * Measures the cost of durability: results of 2 KB recorded through `TaskManager.updateProgress` on SQLite by 100
 * concurrent callers, each acknowledged after its commit, compared with plain `node:sqlite`, which inserts the same rows
 * into the same table with 100 per transaction and the same pragmas. Rounds alternate, so that both run under the same
 * load.
 *
 *     node bench/store.ts [rows per round, default 20000] [rounds, default 7]
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { openSqliteTaskStore } from '../packages/toolkit/src/sqlite.ts';
import { TaskManager } from '../packages/toolkit/src/tasks/task-manager.ts';
import { median } from './median.ts';

const rows = Number(process.argv[2] ?? 20_000);
const rounds = Number(process.argv[3] ?? 7);
const CALLERS = 100;
const PER_TRANSACTION = 100;

const folder = await mkdtemp(join(tmpdir(), 'panelist-bench-'));
try {
  await throughManager(10_000, 'warm-up');
  await raw(10_000, 'warm-up-raw');
  const speeds = { manager: [] as number[], raw: [] as number[] };
  for (let round = 0; round < rounds; round += 1) {
    const order = round % 2 === 0 ? (['raw', 'manager'] as const) : (['manager', 'raw'] as const);
    for (const contender of order) {
      const run = contender === 'raw' ? raw : throughManager;
      speeds[contender].push(await run(rows, `${contender}-${round}`));
    }
  }
  const ratios = speeds.manager.map((speed, round) => speed / speeds.raw[round]!);
  console.log(`${rows} results of 2 KB a round, ${rounds} rounds, medians; Node ${process.version}`);
  console.table({
    'TaskManager.updateProgress, 100 callers': { 'rows/s': Math.round(median(speeds.manager)) },
    'node:sqlite, 100 rows a transaction': { 'rows/s': Math.round(median(speeds.raw)) },
  });
  console.log(
    `ratio ${median(ratios).toFixed(2)} (of rounds: ${ratios.map((ratio) => ratio.toFixed(2)).join(' ')})`,
  );
} finally {
  await rm(folder, { recursive: true });
}

async function throughManager(count: number, name: string): Promise<number> {
  const store = await openSqliteTaskStore(join(folder, `${name}.db`));
  const manager = new TaskManager({ store });
  const { task } = await manager.getOrCreateTask({ taskKey: name, totalCount: count });
  await manager.startTask(task.taskId);
  const start = performance.now();
  let next = 0;
  const caller = async (): Promise<void> => {
    while (next < count) {
      const item = next++;
      await manager.updateProgress(task.taskId, { itemKey: `item-${item}`, result: answer(item) });
    }
  };
  await Promise.all(Array.from({ length: CALLERS }, caller));
  const elapsedMs = performance.now() - start;
  if (task.completedCount !== count) throw new Error(`${task.completedCount} of ${count} recorded`);
  await store.close();
  return (count / elapsedMs) * 1_000;
}

async function raw(count: number, name: string): Promise<number> {
  const path = join(folder, `${name}.db`);
  const store = await openSqliteTaskStore(path);
  const { task } = await new TaskManager({ store }).getOrCreateTask({ taskKey: name, totalCount: count });
  await store.close();
  const database = new DatabaseSync(path);
  database.exec('pragma synchronous = full; pragma foreign_keys = on; pragma journal_size_limit = 67108864');
  const begin = database.prepare('begin immediate');
  const commit = database.prepare('commit');
  const insert = database.prepare(
    'insert into task_results (task_id, sequence, item_key, success, result, recorded_at) values (?, ?, ?, ?, ?, ?)',
  );
  const start = performance.now();
  for (let item = 0; item < count; ) {
    begin.run();
    const end = Math.min(count, item + PER_TRANSACTION);
    for (; item < end; item += 1) {
      insert.run(task.taskId, item + 1, `item-${item}`, 1, JSON.stringify(answer(item)), Date.now());
    }
    commit.run();
  }
  const elapsedMs = performance.now() - start;
  database.close();
  return (count / elapsedMs) * 1_000;
}

/** A result like the guide's: a few fields, 2 KB as JSON. */
function answer(item: number): { readonly item_id: number; readonly data: string } {
  return { item_id: item, data: `${item} `.padEnd(2_020, 'The quick brown fox. ') };
}
