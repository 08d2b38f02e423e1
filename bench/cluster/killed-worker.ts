/** How long the items of a worker that was killed wait until another worker begins them. */
import { setTimeout as sleep } from 'node:timers/promises';
import { contenders } from './contenders/index.ts';
import type { Services } from './services.ts';
import { WorkerProcess } from './worker-process.ts';

export interface KilledWorkerOptions {
  readonly contender: string;
  readonly concurrency: number;
  /** Waited for at most. */
  readonly limitMs: number;
}

/** @returns milliseconds from the kill until the last of the worker's items had begun, or undefined after the limit. */
export async function takeoverMs(
  services: Services,
  options: KilledWorkerOptions,
): Promise<number | undefined> {
  const { contender, concurrency, limitMs } = options;
  const library = contenders[contender]!;
  const at = await services.empty(library);
  const submitter = await library.open(at);
  const keys = Array.from({ length: concurrency }, (_, index) => `item-${index}`);
  const fork = async (name: string, mode: 'hang' | 'report') => {
    const left = new Set(keys);
    const all = Promise.withResolvers<number>();
    const onBegun = (key: string, beganAt: number): void => {
      if (left.delete(key) && left.size === 0) all.resolve(beganAt);
    };
    const worker = await WorkerProcess.fork({ contender, at, name, concurrency, mode, onBegun });
    return { worker, begun: all.promise };
  };
  await submitter.submit(keys);
  const first = await fork('worker-0', 'hang');
  let second: Awaited<ReturnType<typeof fork>> | undefined;
  try {
    first.worker.start();
    await first.begun;
    second = await fork('worker-1', 'report');
    second.worker.start();
    // It has looked, and found nothing to do.
    await sleep(3_000);
    const killedAt = Date.now();
    await first.worker.kill();
    const limit = sleep(limitMs, undefined, { ref: false });
    const begunAt = await Promise.race([second.begun, limit]);
    return begunAt === undefined ? undefined : begunAt - killedAt;
  } finally {
    await first.worker.kill();
    await second?.worker.stop();
    await submitter.close();
    await services.drop(at);
  }
}
