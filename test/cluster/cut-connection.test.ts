import { setTimeout as sleep } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { Cluster, FACTOR } from './cluster.ts';
import { CuttableProxy } from './cuttable-proxy.ts';

const ITEMS = 600;
const CUT_MS = 20_000 * FACTOR;

it('does nothing again when all workers are cut off from the database for a while', async () => {
  const cluster = await Cluster.start();
  const proxy = await CuttableProxy.to(cluster.postgres.port);
  const url = `postgres://postgres@127.0.0.1:${proxy.port}/postgres`;
  const taskId = await cluster.submit(ITEMS);
  await cluster.addWorkers(3, { itemMs: 3_000, maxConcurrency: 50, url });
  await cluster.untilRecorded(taskId, 50);
  proxy.cut();
  const atCut = await cluster.recorded(taskId);
  await sleep(CUT_MS);
  expect(await cluster.recorded(taskId)).toBe(atCut);
  proxy.restore();
  await cluster.untilEnded(taskId);
  await cluster.expectComplete(taskId, ITEMS);
  expect(await cluster.expectNoNeedlessWork(ITEMS)).toBe(0);
});
