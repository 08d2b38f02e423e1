import { setTimeout as sleep } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { Cluster, FACTOR } from './cluster.ts';

const ITEMS = 2_000 * FACTOR;
const KILLS = 5 * FACTOR;

it('records every item once, and does none again, while the database server is killed', async () => {
  const cluster = await Cluster.start();
  const taskId = await cluster.submit(ITEMS);
  await cluster.addWorkers(3, { itemMs: 1_000 });
  for (let kill = 1; kill <= KILLS; kill += 1) {
    await cluster.untilRecorded(taskId, Math.floor((ITEMS * 0.9 * kill) / (KILLS + 1)));
    // At any point of a transaction.
    await sleep(Math.random() * 300);
    await cluster.postgres.kill();
    await sleep(500);
    await cluster.postgres.restart();
  }
  expect(await cluster.recorded(taskId)).toBeLessThan(ITEMS);
  await cluster.untilEnded(taskId);
  await cluster.expectComplete(taskId, ITEMS);
  expect(await cluster.expectNoNeedlessWork(ITEMS)).toBe(0);
});
