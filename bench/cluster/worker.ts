/**
 * A worker process of `bench/cluster.ts`: connects, waits to be started, and works on items until it is stopped.
 *
 * Started by `worker-process.ts` with contender, name, concurrency, mode, PostgreSQL's address and Redis's.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { contenders } from './contenders/index.ts';
import { itemMs } from './item-ms.ts';
import { resultOf } from './item-result.ts';
import type { FromWorker, ToWorker, WorkerMode } from './worker-process.ts';

const [contender, name, concurrency, mode, postgres, redis] = process.argv.slice(2) as [
  string,
  string,
  string,
  WorkerMode,
  string,
  string?,
];
const send = (message: FromWorker): void => void process.send!(message);
let begun = 0;

async function workOnItem(key: string): Promise<string> {
  begun += 1;
  // In a drain only the first is reported: it starts the clock.
  if (mode === 'report' || mode === 'hang' || begun === 1) send({ type: 'begun', key, at: Date.now() });
  if (mode === 'uneven') await sleep(itemMs(key));
  if (mode === 'hang') await new Promise(() => {});
  return resultOf(key);
}

const worker = await contenders[contender]!.work(
  { postgres, redis },
  { name, concurrency: Number(concurrency) },
  workOnItem,
);
process.on('message', async (message: ToWorker) => {
  if (message === 'start') await worker.start();
  else {
    await worker.stop();
    process.exit(0);
  }
});
// Its benchmark has ended.
process.on('disconnect', () => process.exit(1));
send({ type: 'ready' });
