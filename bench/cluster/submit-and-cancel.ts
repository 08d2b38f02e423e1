/** How long a large task takes to be submitted, and a large running task to be cancelled. Ours only. */
import { setTimeout as sleep } from 'node:timers/promises';
import { openCluster } from './contenders/panelist.ts';
import type { Services } from './services.ts';

export interface SubmitAndCancel {
  readonly submitMs: number;
  /** Until the call of `cancel` has returned: no process begins an item of it after that. */
  readonly cancelMs: number;
  /** Until nothing of it is left in the queue, which is removed in the background. */
  readonly removedMs: number;
}

export async function submitAndCancel(services: Services, count: number): Promise<SubmitAndCancel> {
  const at = await services.empty({});
  const { runner, queue, close } = await openCluster(at.postgres);
  const begun = Promise.withResolvers<void>();
  runner.register<string, unknown>('item', {
    run(_input, { signal }) {
      begun.resolve();
      return sleep(1e9, undefined, { signal });
    },
  });
  try {
    const items = Array.from({ length: count }, (_, index) => `item-${index}`);
    let start = performance.now();
    const { task } = await runner.submit({ job: 'item', taskKey: 'task', taskParams: {}, items });
    const submitMs = performance.now() - start;
    await begun.promise;
    start = performance.now();
    await runner.cancel(task.taskId);
    const cancelMs = performance.now() - start;
    while ((await queue.size(task.taskId)) > 0) await sleep(20);
    return { submitMs, cancelMs, removedMs: performance.now() - start };
  } finally {
    await close();
    await services.drop(at);
  }
}
