import { createHash } from 'node:crypto';

/** The items in an order determined by the seed, the same on any machine. */
export function shuffled<T>(items: readonly T[], seed: string): T[] {
  const draw = new SeededDraw(seed);
  const all = [...items];
  for (let index = all.length - 1; index > 0; index -= 1) {
    const other = draw.below(index + 1);
    [all[index], all[other]] = [all[other] as T, all[index] as T];
  }
  return all;
}

/** Numbers from SHA-256 over a seed and a counter. */
export class SeededDraw {
  readonly #seed: string;
  #block: Buffer = Buffer.alloc(0);
  #offset = 0;
  #count = 0;

  constructor(seed: string) {
    this.#seed = seed;
  }

  /** A whole number from 0 to `bound` − 1. For up to a few hundred options, the bias of 32 bits is below 1e-7. */
  below(bound: number): number {
    if (this.#offset >= this.#block.length) {
      this.#block = createHash('sha256').update(`${this.#count}\n${this.#seed}`).digest();
      this.#count += 1;
      this.#offset = 0;
    }
    const drawn = this.#block.readUInt32BE(this.#offset);
    this.#offset += 4;
    return Math.floor((drawn / 2 ** 32) * bound);
  }
}
