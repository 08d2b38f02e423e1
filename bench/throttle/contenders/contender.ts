import type { Client } from '../client.ts';

/** Retries of every contender that is asked for a number. */
export const RETRIES = 10;

/** Makes all of the client's calls, `CONCURRENCY` at once, and resolves to how many succeeded when all have settled. */
export type Contender = (client: Client) => Promise<number>;

/** How many of the promises are fulfilled, when all have settled. */
export async function countFulfilled(promises: readonly Promise<unknown>[]): Promise<number> {
  const results = await Promise.allSettled(promises);
  return results.filter(({ status }) => status === 'fulfilled').length;
}
