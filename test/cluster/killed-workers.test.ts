import { setTimeout as sleep } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { Cluster, FACTOR } from './cluster.ts';

const ITEMS = 2_000 * FACTOR;
const KILLS = 20 * FACTOR;

it('records every item once while workers are killed', async () => {
  const cluster = await Cluster.start();
  const taskId = await cluster.submit(ITEMS);
  const how = { itemMs: 1_000 };
  let alive = [...(await cluster.addWorkers(3, how))];
  for (let kill = 0; kill < KILLS; kill += 1) {
    const victim = alive[Math.floor(Math.random() * alive.length)]!;
    await sleep(Math.random() * 700);
    await victim.kill();
    alive = [...alive.filter((worker) => worker !== victim), await cluster.addWorker(how)];
  }
  expect(await cluster.recorded(taskId)).toBeLessThan(ITEMS);
  await cluster.untilEnded(taskId);
  await cluster.expectComplete(taskId, ITEMS);
  const again = await cluster.expectNoNeedlessWork(ITEMS);
  expect(again).toBeGreaterThan(0);
});
