/**
 * Measures queues for many worker processes: items without work and a result of 2 KB are submitted, drained by 1, 2 and 4
 * processes, and each result is recorded exactly once in PostgreSQL, whose commits are on disk before they are
 * acknowledged. Contenders take turns. A contender that loses an item or records one twice ends the benchmark.
 *
 * All workers have 50 items at once. Each library is used as its documentation recommends (`bench/cluster/contenders/`).
 * BullMQ needs `redis-server`, and is skipped where that is missing.
 *
 *     node bench/cluster.ts [--items 20000] [--rounds 3] [--workers 1,2,4] [--contenders a,b]
 */
import { parseArgs } from 'node:util';
import { contenders } from './cluster/contenders/index.ts';
import { drain, keysOf } from './cluster/drain.ts';
import { idealMs } from './cluster/item-ms.ts';
import { takeoverMs } from './cluster/killed-worker.ts';
import { pickUps } from './cluster/pick-up.ts';
import { Services } from './cluster/services.ts';
import { submitAndCancel } from './cluster/submit-and-cancel.ts';
import { median } from './median.ts';

const CONCURRENCY = 50;
const PICK_UPS = 20;
const TAKEOVER_LIMIT_MS = 60_000;
const UNEVEN_ITEMS = 1_000;
const LARGE_TASK = 100_000;

const { values } = parseArgs({
  options: {
    items: { type: 'string', default: '20000' },
    rounds: { type: 'string', default: '3' },
    workers: { type: 'string', default: '1,2,4' },
    contenders: { type: 'string', default: Object.keys(contenders).join(',') },
  },
});
const items = Number(values.items);
const rounds = Number(values.rounds);
const workerCounts = values.workers.split(',').map(Number);
const OURS = 'panelist';

const services = await Services.start();
try {
  const names = values.contenders.split(',').filter((name) => {
    const { title, needsRedis = false } = contenders[name]!;
    if (needsRedis && !services.hasRedis)
      console.log(`Skipped, since redis-server is not installed: ${title}`);
    return !needsRedis || services.hasRedis;
  });

  const rates = new Map<string, number[]>();
  for (let round = 0; round < rounds; round += 1) {
    for (const workers of workerCounts) {
      for (const contender of names) {
        const { itemsPerSecond } = await drain(services, {
          contender,
          items,
          workers,
          concurrency: CONCURRENCY,
        });
        const key = `${contender} ${workers}`;
        rates.set(key, [...(rates.get(key) ?? []), itemsPerSecond]);
        console.error(`round ${round + 1}, ${key}: ${itemsPerSecond.toFixed(0)} items/s`);
      }
    }
  }
  console.log(
    `${items} items a run, ${CONCURRENCY} at once in each worker: items per second, medians of ${rounds} rounds (beside ours)`,
  );
  console.table(
    Object.fromEntries(
      names.map((name) => [
        contenders[name]!.title,
        Object.fromEntries(
          workerCounts.map((workers) => {
            const theirs = rates.get(`${name} ${workers}`)!;
            const ours = rates.get(`${OURS} ${workers}`);
            const ratio = ours && median(theirs.map((rate, round) => rate / ours[round]!));
            const beside = ratio === undefined || name === OURS ? '' : ` (${ratio.toFixed(2)})`;
            return [
              workers === 1 ? '1 worker' : `${workers} workers`,
              `${median(theirs).toFixed(0)}${beside}`,
            ];
          }),
        ),
      ]),
    ),
  );

  const large: Awaited<ReturnType<typeof submitAndCancel>>[] = [];
  for (let round = 0; round < rounds; round += 1) large.push(await submitAndCancel(services, LARGE_TASK));
  const seconds = (of: keyof (typeof large)[number]): string =>
    `${(median(large.map((each) => each[of])) / 1_000).toFixed(2)} s`;
  console.log(
    `${LARGE_TASK} items of ours: submitted in ${seconds('submitMs')} (goal ≤ 5), cancelled in ${seconds('cancelMs')} (goal ≤ 3), out of the queue after ${seconds('removedMs')}`,
  );

  const others: Record<string, Record<string, string>> = {};
  for (const contender of names) {
    const times = await pickUps(services, { contender, submissions: PICK_UPS, concurrency: CONCURRENCY });
    const uneven = {
      contender,
      items: UNEVEN_ITEMS,
      workers: 1,
      concurrency: CONCURRENCY,
      mode: 'uneven',
    } as const;
    const { itemsPerSecond } = await drain(services, uneven);
    const ideal = (UNEVEN_ITEMS * 1_000) / idealMs(keysOf(UNEVEN_ITEMS), CONCURRENCY);
    others[contenders[contender]!.title] = {
      'slots used by items of 0.1 to 1 s': `${((100 * itemsPerSecond) / ideal).toFixed(0)} %`,
      'idle pick-up, median ms': median(times).toFixed(0),
      'at most': Math.max(...times).toFixed(0),
    };
  }
  const takeover = async (contender: string): Promise<void> => {
    const limitMs = TAKEOVER_LIMIT_MS;
    const ms = await takeoverMs(services, { contender, concurrency: CONCURRENCY, limitMs });
    others[contenders[contender]!.title]!['killed worker’s items go on after'] =
      ms === undefined ? `not in ${TAKEOVER_LIMIT_MS / 1_000} s` : `${(ms / 1_000).toFixed(1)} s`;
  };
  // They only wait. Redis is started again for each contender that needs it.
  await Promise.all(names.filter((name) => !contenders[name]!.needsRedis).map(takeover));
  for (const name of names) if (contenders[name]!.needsRedis) await takeover(name);
  console.table(others);
} finally {
  await services.stop();
}
