import { once } from 'node:events';
import { expect, it } from 'vitest';
import { Cluster } from './cluster.ts';

const ITEMS = 500;
const SUBMITTERS = 4;

it('creates one task when several processes submit the same at once', async () => {
  const cluster = await Cluster.start();
  const how = { itemMs: 100, submits: { taskKey: 'same', items: ITEMS } };
  const submitters = await cluster.addWorkers(SUBMITTERS, how);
  const answers = Promise.all(
    submitters.map(
      async ({ process }) => (await once(process, 'message'))[0] as { taskId: string; isNew: boolean },
    ),
  );
  for (const { process } of submitters) process.send('go');
  const submitted = await answers;
  expect(new Set(submitted.map(({ taskId }) => taskId)).size).toBe(1);
  expect(submitted.filter(({ isNew }) => isNew)).toHaveLength(1);
  const { taskId } = submitted[0]!;
  await cluster.untilEnded(taskId);
  await cluster.expectComplete(taskId, ITEMS);
  expect(await cluster.expectNoNeedlessWork(ITEMS)).toBe(0);
});
