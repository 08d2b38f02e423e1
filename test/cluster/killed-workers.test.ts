import { setTimeout as sleep } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { Cluster, FACTOR } from './cluster.ts';

const ITEMS = 2_000 * FACTOR;
const KILLS = 20 * FACTOR;

it('records every item once while workers are killed', async () => {
  const cluster = await Cluster.start();
  const taskId = await cluster.submit(ITEMS);
  const how = { itemMs: 1_000 };
  const alive = new Set(await cluster.addWorkers(3, how));
  const replacements: Promise<unknown>[] = [];
  for (let kill = 1; kill <= KILLS; kill += 1) {
    await cluster.untilRecorded(taskId, Math.floor((ITEMS * 0.6 * kill) / KILLS));
    while (alive.size === 0) await sleep(100);
    const victim = [...alive][Math.floor(Math.random() * alive.size)]!;
    alive.delete(victim);
    await victim.kill();
    replacements.push(cluster.addWorker(how).then((worker) => alive.add(worker)));
  }
  await Promise.all(replacements);
  expect(await cluster.recorded(taskId)).toBeLessThan(ITEMS);
  await cluster.untilEnded(taskId);
  await cluster.expectComplete(taskId, ITEMS);
  const again = await cluster.expectNoNeedlessWork(ITEMS);
  expect(again).toBeGreaterThan(0);
});
