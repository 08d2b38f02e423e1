/** Items that take as different times as calls of a language model do: 0.1 to 1 s, the same for the same key. */
import { createHash } from 'node:crypto';

const SHORTEST_MS = 100;
const LONGEST_MS = 1_000;

export function itemMs(key: string): number {
  const share = createHash('sha256').update(key).digest().readUInt32BE(0) / 2 ** 32;
  return SHORTEST_MS + share * (LONGEST_MS - SHORTEST_MS);
}

/** The shortest time in which that many slots can do the items: none of them is ever empty while items are left. */
export function idealMs(keys: readonly string[], slots: number): number {
  const freeAt = new Array<number>(slots).fill(0);
  for (const key of keys) {
    const first = freeAt.indexOf(Math.min(...freeAt));
    freeAt[first]! += itemMs(key);
  }
  return Math.max(...freeAt);
}
