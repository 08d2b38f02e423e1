/** Drains items through worker processes, and counts what was recorded. */
import { setTimeout as sleep } from 'node:timers/promises';
import { contenders } from './contenders/index.ts';
import type { Services } from './services.ts';
import { WorkerProcess } from './worker-process.ts';

/** Between two looks at how many are recorded. */
const LOOK_MS = 50;
const LIMIT_MS = 600_000;

export interface DrainOptions {
  readonly contender: string;
  readonly items: number;
  readonly workers: number;
  readonly concurrency: number;
  /** @default 'drain' */
  readonly mode?: 'drain' | 'uneven';
}

export const keysOf = (items: number): readonly string[] =>
  Array.from({ length: items }, (_, index) => `item-${String(index).padStart(7, '0')}`);

export interface Drained {
  readonly submitMs: number;
  readonly itemsPerSecond: number;
}

/**
 * All items are submitted before the workers start; the clock starts with the first item.
 *
 * @throws {Error} when an item was lost or recorded twice.
 */
export async function drain(services: Services, options: DrainOptions): Promise<Drained> {
  const { contender, items, workers: processes, concurrency, mode = 'drain' } = options;
  const { title, measuredForSeconds, ...library } = contenders[contender]!;
  const at = await services.empty(library);
  const submitter = await library.open(at);
  const first = Promise.withResolvers<number>();
  const workers: WorkerProcess[] = [];
  try {
    const keys = keysOf(items);
    const submittedAt = performance.now();
    await submitter.submit(keys);
    const submitMs = performance.now() - submittedAt;
    for (let index = 0; index < processes; index += 1) {
      const name = `worker-${index}`;
      const onBegun = (_key: string, beganAt: number): void => first.resolve(beganAt);
      workers.push(await WorkerProcess.fork({ contender, at, name, concurrency, mode, onBegun }));
    }
    for (const worker of workers) worker.start();
    const start = await first.promise;
    const until = start + (measuredForSeconds === undefined ? LIMIT_MS : measuredForSeconds * 1_000);
    let count: number;
    do {
      await sleep(LOOK_MS);
      count = await submitter.count();
    } while (count < items && Date.now() < until);
    const seconds = (Date.now() - start) / 1_000;
    for (const worker of workers) await worker.stop();
    const { rows, distinctKeys } = await submitter.recorded();
    if (rows !== distinctKeys) throw new Error(`${title}: ${rows} results of ${distinctKeys} items`);
    if (rows !== items && measuredForSeconds === undefined)
      throw new Error(`${title}: ${rows} of ${items} items`);
    return { submitMs, itemsPerSecond: count / seconds };
  } finally {
    await Promise.all(workers.map((worker) => worker.stop()));
    await submitter.close();
    await services.drop(at);
  }
}
