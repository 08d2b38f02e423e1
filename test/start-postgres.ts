import type { TestProject } from 'vitest/node';
import { startEmbeddedPostgres } from '../scripts/embedded-postgres.ts';

/** One server for a project's tests. What they store needs not survive a power cut. */
export default async function startPostgres(project: TestProject): Promise<() => Promise<void>> {
  const server = await startEmbeddedPostgres({ settings: { fsync: 'off' } });
  project.provide('postgres', server.url);
  return () => server.stop();
}
