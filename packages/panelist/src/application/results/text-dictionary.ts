import { bytes, integers } from '../../analysis/growing-array.ts';

/** Texts are packed into blocks of this size, outside V8's heap. */
const BLOCK_BYTES = 1 << 20;

/**
 * Distinct texts, each with a tag, as UTF-8 beside each other: 100,000 answers of 150 characters take 17 MB, where a `Map`
 * of strings takes twice that and much of a collector's time.
 */
export class TextDictionary {
  readonly #blocks: Buffer[] = [];
  /** Where each entry begins: block × `BLOCK_BYTES` + offset. */
  readonly #starts = integers();
  readonly #lengths = integers();
  readonly #tags = bytes();
  /** Open addressing: entry + 1, or 0 for a free slot. Never more than half full. */
  #slots = new Int32Array(64);
  #hashes = integers();
  #used = 0;
  #scratch = Buffer.allocUnsafe(4_096);

  get size(): number {
    return this.#starts.length;
  }

  get bytes(): number {
    return this.#blocks.length * BLOCK_BYTES + this.#slots.byteLength + this.size * 13;
  }

  /**
   * The number of the entry, from 0 in the order of their first occurrence; the entry is added where it is missing.
   *
   * @param tag 0 to 255
   * @param text at most `BLOCK_BYTES` in UTF-8
   */
  codeOf(tag: number, text: string): number {
    const length = this.#encode(text);
    const hash = hashOf(tag, this.#scratch, length);
    const found = this.#find(hash, tag, length);
    return found >= 0 ? found : this.#add(hash, tag, length);
  }

  /** As `codeOf`, but −1 where the entry is missing. */
  existing(tag: number, text: string): number {
    const length = this.#encode(text);
    return this.#find(hashOf(tag, this.#scratch, length), tag, length);
  }

  text(code: number): string {
    const start = this.#starts.at(code);
    const block = this.#blocks[Math.floor(start / BLOCK_BYTES)] as Buffer;
    const from = start % BLOCK_BYTES;
    return block.toString('utf8', from, from + this.#lengths.at(code));
  }

  tag(code: number): number {
    return this.#tags.at(code);
  }

  #encode(text: string): number {
    const needed = text.length * 3;
    if (this.#scratch.length < needed) this.#scratch = Buffer.allocUnsafe(needed);
    return this.#scratch.write(text);
  }

  #find(hash: number, tag: number, length: number): number {
    const mask = this.#slots.length - 1;
    for (let slot = hash & mask; ; slot = (slot + 1) & mask) {
      const code = (this.#slots[slot] as number) - 1;
      if (code < 0) return -1;
      if (this.#hashes.at(code) === hash && this.#isEntry(code, tag, length)) return code;
    }
  }

  #isEntry(code: number, tag: number, length: number): boolean {
    if (this.#tags.at(code) !== tag || this.#lengths.at(code) !== length) return false;
    const start = this.#starts.at(code);
    const from = start % BLOCK_BYTES;
    const block = this.#blocks[Math.floor(start / BLOCK_BYTES)] as Buffer;
    return this.#scratch.compare(block, from, from + length, 0, length) === 0;
  }

  #add(hash: number, tag: number, length: number): number {
    if (this.#blocks.length === 0 || this.#used + length > BLOCK_BYTES) {
      this.#blocks.push(Buffer.allocUnsafeSlow(BLOCK_BYTES));
      this.#used = 0;
    }
    const block = this.#blocks.length - 1;
    this.#scratch.copy(this.#blocks[block] as Buffer, this.#used, 0, length);
    const code = this.size;
    this.#starts.push(block * BLOCK_BYTES + this.#used);
    this.#lengths.push(length);
    this.#tags.push(tag);
    this.#hashes.push(hash);
    this.#used += length;
    if ((code + 1) * 2 > this.#slots.length) this.#grow();
    else this.#put(code);
    return code;
  }

  #grow(): void {
    this.#slots = new Int32Array(this.#slots.length * 2);
    for (let code = 0; code < this.size; code += 1) this.#put(code);
  }

  #put(code: number): void {
    const mask = this.#slots.length - 1;
    let slot = this.#hashes.at(code) & mask;
    while (this.#slots[slot] !== 0) slot = (slot + 1) & mask;
    this.#slots[slot] = code + 1;
  }
}

/** FNV-1a. */
function hashOf(tag: number, text: Buffer, length: number): number {
  let hash = Math.imul(0x811c9dc5 ^ tag, 0x01000193);
  for (let at = 0; at < length; at += 1) hash = Math.imul(hash ^ (text[at] as number), 0x01000193);
  // The low bits choose the slot, and mix least.
  return hash ^ (hash >>> 15);
}
