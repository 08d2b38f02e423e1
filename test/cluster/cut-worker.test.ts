import { setTimeout as sleep } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { Cluster, FACTOR } from './cluster.ts';
import { CuttableProxy } from './cuttable-proxy.ts';

const ITEMS = 600;
const IN_FLIGHT = 20;
const CUT_MS = 20_000 * FACTOR;

it('gives the items of one worker that is cut off to others, and refuses its late results', async () => {
  const cluster = await Cluster.start();
  const proxy = await CuttableProxy.to(cluster.postgres.port);
  const taskId = await cluster.submit(ITEMS);
  const how = { itemMs: 3_000, maxConcurrency: IN_FLIGHT };
  const cut = await cluster.addWorker({
    ...how,
    url: `postgres://postgres@127.0.0.1:${proxy.port}/postgres`,
  });
  await cluster.addWorkers(2, how);
  await cluster.untilRecorded(taskId, 40);
  cut.mayHaveLost = true;
  proxy.cut();
  const begunBefore = (await cut.begun()).length;
  await sleep(CUT_MS);
  proxy.restore();
  await cluster.untilEnded(taskId);
  await cluster.expectComplete(taskId, ITEMS);
  // It was working on as many, and recording as many.
  await cluster.expectNoNeedlessWork(ITEMS, 2 * IN_FLIGHT);
  // It goes on like the others afterwards.
  expect((await cut.begun()).length).toBeGreaterThan(begunBefore);
});
