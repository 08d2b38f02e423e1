import type { Client } from '../client.ts';

/** Retries of every contender that has such an option. */
export const RETRIES = 10;

/** Makes all of the client's calls, `CONCURRENCY` at once. Resolves to the number of successes when all have settled. */
export type Contender = (client: Client) => Promise<number>;

/** Waits until all promises have settled, and counts the fulfilled ones. */
export async function countFulfilled(promises: readonly Promise<unknown>[]): Promise<number> {
  const results = await Promise.allSettled(promises);
  return results.filter(({ status }) => status === 'fulfilled').length;
}
