import type { WorkerRegistry } from '../../workers/sql-worker-registry.ts';
import type { Worker } from '../../workers/worker.ts';

/** A process that works on tasks, for people. */
export interface WorkerView extends Omit<Worker, 'startedAt' | 'seenAt'> {
  /** ISO 8601, by the database's clock. */
  readonly startedAt: string;
  readonly seenAt: string;
}

/** Which processes work on the tasks of a database, and those that have gone lately without a word. */
export async function workersIn(registry: WorkerRegistry): Promise<readonly WorkerView[]> {
  return (await registry.list()).map(({ startedAt, seenAt, ...worker }) => ({
    ...worker,
    startedAt: new Date(startedAt).toISOString(),
    seenAt: new Date(seenAt).toISOString(),
  }));
}
