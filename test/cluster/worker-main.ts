/**
 * A worker process of the cluster's tests: works on everybody's items until SIGTERM. Each run of an item writes a line into
 * the process's own log before it begins, `begun KEY`, and before it returns, `ended KEY`.
 *
 * `node worker-main.ts URL LOG ITEM_MS MAX_CONCURRENCY RESULT_BYTES [TASK_KEY ITEMS]`: with a task key it submits that task
 * when it is told to, and works on nothing else.
 */
import { randomBytes } from 'node:crypto';
import { appendFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { openCluster } from './open-cluster.ts';

const [url = '', log = '', itemMs = '', maxConcurrency = '', resultBytes = '', taskKey, items] =
  process.argv.slice(2);
const { runner, close } = await openCluster(url, { maxConcurrency: Number(maxConcurrency) });
runner.register<string, unknown>('item', {
  async run(input, { itemKey, signal }) {
    appendFileSync(log, `begun ${itemKey}\n`);
    await sleep(Number(itemMs), undefined, { signal });
    appendFileSync(log, `ended ${itemKey}\n`);
    // Random, since PostgreSQL compresses.
    return { input, answer: randomBytes(Number(resultBytes)).toString('base64') };
  },
});
process.once('SIGTERM', async () => {
  await runner.shutdown();
  await close();
  process.exit(0);
});
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
