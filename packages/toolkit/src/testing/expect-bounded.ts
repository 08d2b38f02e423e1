import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { expect } from 'vitest';

export interface BoundedOptions {
  /** How often `add` is called for the measurement, and before it once more, so that what is bounded is full. */
  readonly rounds?: number;
  /** The most that each round may add to the heap, bytes: far less than what it would keep if it were kept. */
  readonly bytesARound?: number;
}

setFlagsFromString('--expose-gc');
/** A full garbage collection. */
export const collectGarbage: () => void = runInNewContext('gc') as () => void;

/**
 * For tests of bounds that comments promise: calls `add` again and again, and expects the live heap to grow by next to
 * nothing once what is bounded is full. What `add` works on must be held by the test.
 */
export async function expectBounded(
  add: (round: number) => unknown,
  { rounds = 20_000, bytesARound = 10 }: BoundedOptions = {},
): Promise<void> {
  for (let round = 0; round < rounds; round += 1) await add(round);
  const before = await liveBytes();
  for (let round = rounds; round < 2 * rounds; round += 1) await add(round);
  const grown = (await liveBytes()) - before;
  expect(grown / rounds, `bytes that each of ${rounds} rounds left behind`).toBeLessThan(bytesARound);
}

/** After what weak references and finalizers hold back has been let go. */
async function liveBytes(): Promise<number> {
  for (let turn = 0; turn < 3; turn += 1) {
    collectGarbage();
    await new Promise((resolve) => setImmediate(resolve));
  }
  return process.memoryUsage().heapUsed;
}
