import { setTimeout as sleep } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { Cluster, FACTOR, HEARTBEAT_SECONDS } from './cluster.ts';

const ITEMS = 600;

it('gives a stopped worker’s items to others, and refuses its late results', async () => {
  const cluster = await Cluster.start();
  const taskId = await cluster.submit(ITEMS);
  const how = { itemMs: 3_000, maxConcurrency: 20 };
  const [stopped] = await cluster.addWorkers(3, how);
  await cluster.untilRecorded(taskId, 20);
  stopped!.mayHaveLost = true;
  stopped!.process.kill('SIGSTOP');
  const begunBefore = await stopped!.begun();
  const inFlight = await cluster.query<{ key: string }>(
    `select item_key as key from task_items i where task_id = $1 and item_key = any($2) and not exists
       (select from task_results r where r.task_id = i.task_id and r.item_key = i.item_key)`,
    [taskId, begunBefore],
  );
  expect(inFlight.length).toBeGreaterThan(0);
  await sleep((HEARTBEAT_SECONDS + 5) * 1_000 * FACTOR);
  // Others have them by now.
  const elsewhere = (await Promise.all(cluster.workers.slice(1).map((worker) => worker.begun()))).flat();
  expect(inFlight.filter(({ key }) => !elsewhere.includes(key))).toEqual([]);
  stopped!.process.kill('SIGCONT');
  await cluster.untilEnded(taskId);
  await cluster.expectComplete(taskId, ITEMS);
  await cluster.expectNoNeedlessWork(ITEMS, inFlight.length);
  // It goes on like the others afterwards.
  expect((await stopped!.begun()).length).toBeGreaterThan(begunBefore.length);
});
