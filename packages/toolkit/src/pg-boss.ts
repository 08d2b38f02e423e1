import type { PgBossQueue, PgBossQueueOptions } from './runners/pg-boss/pg-boss-queue.ts';
import { withPeers } from './stores/optional-peers.ts';
import type { PostgresDatabase } from './stores/postgres/postgres-database.ts';

export type {
  ClaimedItem,
  PgBossQueue,
  PgBossQueueOptions,
  QueueState,
} from './runners/pg-boss/pg-boss-queue.ts';
export {
  PgBossRunner,
  type PgBossRunnerOptions,
  type ServeOptions,
} from './runners/pg-boss/pg-boss-runner.ts';
export type { ItemQueue, QueuedItem } from './stores/sql/item-queue.ts';

/**
 * Opens pg-boss on a database, as the queue that a `SqlTaskStore` and a `PgBossRunner` share. Close it before the database.
 *
 * @throws ToolkitError `STORE_UNAVAILABLE` when a package is not installed or pg-boss's tables cannot be created,
 *   `INVALID_OPTION`.
 */
export async function openPgBossQueue(
  database: PostgresDatabase,
  options?: PgBossQueueOptions,
): Promise<PgBossQueue> {
  const module = await withPeers(
    '@panelist/toolkit/pg-boss',
    ['kysely', 'pg', 'pg-boss'],
    () => import('./runners/pg-boss/pg-boss-queue.ts'),
  );
  return module.PgBossQueue.open(database, options);
}
