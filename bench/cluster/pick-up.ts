/** How long an idle worker takes to begin what is submitted. */
import { setTimeout as sleep } from 'node:timers/promises';
import { contenders } from './contenders/index.ts';
import type { Services } from './services.ts';
import { WorkerProcess } from './worker-process.ts';

export interface PickUpOptions {
  readonly contender: string;
  readonly submissions: number;
  readonly concurrency: number;
}

/** @returns the milliseconds from each call of `submit`, one item each, until its item had begun. */
export async function pickUps(services: Services, options: PickUpOptions): Promise<number[]> {
  const { contender, submissions, concurrency } = options;
  const library = contenders[contender]!;
  const at = await services.empty(library);
  const submitter = await library.open(at);
  const waiting = new Map<string, (at: number) => void>();
  const worker = await WorkerProcess.fork({
    ...{ contender, at, name: 'worker-0', concurrency, mode: 'report' },
    onBegun: (key, beganAt) => waiting.get(key)?.(beganAt),
  });
  try {
    worker.start();
    const times: number[] = [];
    // The first is not counted: by then the worker has started.
    for (let index = 0; index <= submissions; index += 1) {
      const key = `item-${index}`;
      const begun = new Promise<number>((resolve) => waiting.set(key, resolve));
      const submittedAt = Date.now();
      await submitter.submit([key]);
      const time = (await begun) - submittedAt;
      if (index > 0) times.push(time);
      // Idle again, and at changing points of any poll's interval.
      await sleep(300 + ((index * 137) % 700));
    }
    return times;
  } finally {
    await worker.stop();
    await submitter.close();
    await services.drop(at);
  }
}
