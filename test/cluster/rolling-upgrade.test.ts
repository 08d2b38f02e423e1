import { once } from 'node:events';
import { expect, it } from 'vitest';
import { Cluster, FACTOR } from './cluster.ts';
import { openCluster } from './open-cluster.ts';

const ITEMS = 2_000 * FACTOR;
const WORKERS = 3;
const HOW = { itemMs: 3_000, maxConcurrency: 50 };

it('replaces worker by worker with a later version while they work, and does nothing twice', async () => {
  const cluster = await Cluster.start();
  const taskId = await cluster.submit(ITEMS);
  const old = await cluster.addWorkers(WORKERS, HOW);
  await cluster.untilRecorded(taskId, ITEMS / 20);
  // It changes the tables under those that are at work.
  await cluster.addWorker({ ...HOW, later: 'compatible' });
  const begunBefore = await Promise.all(old.map(async (worker) => (await worker.begun()).length));
  await cluster.untilRecorded(taskId, (await cluster.recorded(taskId)) + ITEMS / 10);
  for (const [index, worker] of old.entries())
    expect((await worker.begun()).length).toBeGreaterThan(begunBefore[index]!);
  for (const worker of old) {
    expect(await worker.stop()).toBe(0);
    await cluster.addWorker({ ...HOW, later: 'compatible' });
  }
  expect(await cluster.recorded(taskId)).toBeLessThan(ITEMS);
  await cluster.untilEnded(taskId);
  await cluster.expectComplete(taskId, ITEMS);
  expect(await cluster.expectNoNeedlessWork(ITEMS)).toBe(0);
  const [changed] = await cluster.query(
    'select count(*)::int as rows from task_results where later is not null',
  );
  expect(changed).toEqual({ rows: ITEMS });
});

it('ends the workers that a change of the tables is not fit for, and leaves their items to later ones', async () => {
  const cluster = await Cluster.start();
  const taskId = await cluster.submit(ITEMS);
  const old = await cluster.addWorkers(WORKERS, HOW);
  await cluster.untilRecorded(taskId, ITEMS / 20);
  const ended = Promise.all(
    old.map(async ({ process }) => {
      const [[refusal], [exitCode]] = await Promise.all([once(process, 'message'), once(process, 'exit')]);
      return { refusal, exitCode };
    }),
  );
  const later = await cluster.addWorker({ ...HOW, later: 'incompatible' });
  for (const each of await ended)
    expect(each).toMatchObject({
      refusal: { code: 'STORE_NEWER', message: expect.stringMatching(/"tasks".* use a newer one/) },
      exitCode: 7,
    });
  // Nobody can come back to it either.
  await expect(openCluster(cluster.postgres.url)).rejects.toMatchObject({ code: 'STORE_NEWER' });
  expect(await cluster.recorded(taskId)).toBeLessThan(ITEMS);
  const begunByOld = (await Promise.all(old.map((worker) => worker.begun()))).flat().length;
  await cluster.addWorkers(WORKERS - 1, { ...HOW, later: 'incompatible' });
  await cluster.untilEnded(taskId);
  await cluster.expectComplete(taskId, ITEMS);
  expect(await cluster.expectNoNeedlessWork(ITEMS)).toBe(0);
  expect(begunByOld).toBeLessThan(ITEMS);
  expect((await later.begun()).length).toBeGreaterThan(0);
});
