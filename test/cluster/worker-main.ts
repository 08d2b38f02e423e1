/**
 * A worker process of the cluster's tests: works on everybody's items until SIGTERM. Each run of an item writes a line into
 * the process's own log before it begins, `begun KEY`, and before it returns, `ended KEY`.
 *
 * `node worker-main.ts URL LOG ITEM_MS MAX_CONCURRENCY RESULT_BYTES [TASK_KEY ITEMS]`: with a task key it submits that task
 * when it is told to, and works on nothing else. `PANELIST_LATER` makes it a later version of the program. It ends with 7 when the
 * tables become newer than it may work on, after it has sent the error.
 */
import { randomBytes } from 'node:crypto';
import { appendFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { isUnfit } from '../../packages/panelist/src/application/workers/run-worker.ts';
import { type LaterVersion, openCluster } from './open-cluster.ts';

/** How often it looks whether it may still work on the tables: as a worker of Panelist does with each heartbeat. */
const CHECK_MS = 500;

const [url = '', log = '', itemMs = '', maxConcurrency = '', resultBytes = '', taskKey, items] =
  process.argv.slice(2);
const { database, runner, close } = await openCluster(url, {
  maxConcurrency: Number(maxConcurrency),
  later: process.env.PANELIST_LATER as LaterVersion | undefined,
});
runner.register<string, unknown>('item', {
  async run(input, { itemKey, signal }) {
    appendFileSync(log, `begun ${itemKey}\n`);
    await sleep(Number(itemMs), undefined, { signal });
    appendFileSync(log, `ended ${itemKey}\n`);
    // Random, since PostgreSQL compresses.
    return { input, answer: randomBytes(Number(resultBytes)).toString('base64') };
  },
});
async function end(exitCode: number): Promise<never> {
  await runner.shutdown();
  await close();
  process.exit(exitCode);
}
process.once('SIGTERM', () => end(0));
const checking = setInterval(async () => {
  const error: unknown = await database.checkSchema().catch((reason: unknown) => reason);
  if (!isUnfit(error)) return;
  clearInterval(checking);
  process.send?.({ code: error.code, message: error.message });
  await end(7);
}, CHECK_MS);
// The test has ended.
process.once('disconnect', () => process.exit(1));
if (taskKey === undefined) {
  runner.serve();
  process.send?.('ready');
} else {
  process.send?.('ready');
  await new Promise<void>((go) => process.once('message', () => go()));
  const keys = Array.from({ length: Number(items) }, (_, index) => `item-${index}`);
  const { task, isNew } = await runner.submit({ job: 'item', taskKey, taskParams: {}, items: keys });
  process.send?.({ taskId: task.taskId, isNew });
}
