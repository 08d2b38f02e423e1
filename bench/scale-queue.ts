/**
 * Measures what grows with the size of a task on PostgreSQL: claiming 50 items, pg-boss's look for dead workers, and the bytes of an
 * item before and after its result of 2 KB is recorded. `docs/scale.md` has the figures.
 *
 * `node bench/scale-queue.ts [sizes, default 10000,100000]`
 */
import { Pool } from 'pg';
import { PgBoss } from 'pg-boss';
import { openCluster } from './cluster/contenders/panelist.ts';
import { resultOf } from './cluster/item-result.ts';
import { Services } from './cluster/services.ts';
import { median } from './median.ts';

const sizes = (process.argv[2] ?? '10000,100000').split(',').map(Number);
const CLAIMS = 20;
const PER_CLAIM = 50;

const services = await Services.start();
const table: Record<string, Record<string, string>> = {};
try {
  for (const size of sizes) {
    const at = await services.empty({});
    const { tasks, queue, close } = await openCluster(at.postgres);
    const pool = new Pool({ connectionString: at.postgres });
    const bytes = async (): Promise<number> =>
      Number((await pool.query('select pg_database_size(current_database()) as size')).rows[0].size);
    const written = async (): Promise<number> =>
      Number((await pool.query("select pg_wal_lsn_diff(pg_current_wal_lsn(), '0/0') as lsn")).rows[0].lsn);
    const boss = new PgBoss({
      connectionString: at.postgres,
      supervise: false,
      schedule: false,
      monitorIntervalSeconds: 1,
    });
    try {
      const empty = await bytes();
      const items = Array.from({ length: size }, (_, index) => ({
        key: `item-${index}`,
        input: `item-${index}`,
      }));
      const { task } = await tasks.getOrCreateTask({ job: 'item', taskKey: 'task', items });
      const submitted = await bytes();
      await tasks.startTask(task.taskId);
      await boss.start();
      await boss.supervise();
      // Each queue is looked at by one process every two seconds; here by this one, now.
      await pool.query('update pgboss.queue set monitor_claim_on = null');
      const supervisedAt = performance.now();
      await boss.supervise();
      const superviseMs = performance.now() - supervisedAt;
      const claimMs: number[] = [];
      const logBefore = await written();
      for (let claim = 0; claim < CLAIMS; claim += 1) {
        const startedAt = performance.now();
        const claimed = await queue.fetch(task.taskId, PER_CLAIM, Number.POSITIVE_INFINITY);
        claimMs.push(performance.now() - startedAt);
        await Promise.all(
          claimed!.map(({ key, claim }) =>
            tasks.updateProgress(task.taskId, { itemKey: key, claim, result: resultOf(key) }),
          ),
        );
      }
      const done = CLAIMS * PER_CLAIM;
      const results = (await pool.query("select pg_total_relation_size('task_results') as size")).rows[0]
        .size;
      table[`${size} items`] = {
        'claim of 50, ms': median(claimMs).toFixed(1),
        'look for dead workers, ms': superviseMs.toFixed(0),
        'bytes of an item': ((submitted - empty) / size).toFixed(0),
        'of its result': (Number(results) / done).toFixed(0),
        'log written for a result': (((await written()) - logBefore) / done).toFixed(0),
      };
    } finally {
      await boss.stop({ graceful: false }).catch(() => {});
      await pool.end();
      await close();
      await services.drop(at);
    }
  }
  console.table(table);
} finally {
  await services.stop();
}
