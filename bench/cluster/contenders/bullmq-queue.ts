/** What BullMQ's contenders share. */
import type { Queue } from 'bullmq';
import type { ClusterWorker } from '../contender.ts';

export const QUEUE = 'items';

/** `addBulk` sends one transaction: of bounded size, since Redis does nothing else meanwhile. */
const PER_BULK = 5_000;

export async function addInBulk(queue: Pick<Queue, 'addBulk'>, keys: readonly string[]): Promise<void> {
  for (let start = 0; start < keys.length; start += PER_BULK) {
    const part = keys.slice(start, start + PER_BULK);
    await queue.addBulk(part.map((key) => ({ name: 'item', data: { key }, opts: { jobId: key } })));
  }
}

/** A `Worker` of BullMQ, on Redis or PostgreSQL. */
interface BullWorker {
  on(event: 'error', listener: (error: Error) => void): unknown;
  waitUntilReady(): Promise<unknown>;
  run(): Promise<void>;
  close(): Promise<void>;
}

export async function startedWorker(
  worker: BullWorker,
  closed: () => Promise<void> = async () => {},
): Promise<ClusterWorker> {
  worker.on('error', console.error);
  await worker.waitUntilReady();
  return {
    async start() {
      void worker.run();
    },
    async stop() {
      await worker.close();
      await closed();
    },
  };
}
