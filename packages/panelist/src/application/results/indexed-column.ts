import { TextDictionary } from './text-dictionary.ts';

type Codes = Uint8Array | Uint16Array | Uint32Array;

/** One column of a task's answers: for each row the number of its value among the column's distinct values. */
export class IndexedColumn {
  readonly #values = new TextDictionary();
  /** 0 for no value, else its number in the dictionary + 1. As narrow as the number of values allows. */
  #codes: Codes;

  constructor(rows: number) {
    this.#codes = new Uint8Array(rows);
  }

  get bytes(): number {
    return this.#codes.byteLength + this.#values.bytes;
  }

  /** How many different codes rows may have, no value included. */
  get size(): number {
    return this.#values.size + 1;
  }

  /** @param tag what kind of value it is, 0 to 255 */
  set(row: number, tag: number, text: string): void {
    const code = this.#values.codeOf(tag, text) + 1;
    if (code > 0xff && this.#codes instanceof Uint8Array) this.#codes = Uint16Array.from(this.#codes);
    if (code > 0xffff && this.#codes instanceof Uint16Array) this.#codes = Uint32Array.from(this.#codes);
    this.#codes[row] = code;
  }

  clear(row: number): void {
    this.#codes[row] = 0;
  }

  /** 0 for no value. */
  code(row: number): number {
    return this.#codes[row] as number;
  }

  /** The code of that text; −1 where no row has ever had it. */
  codeOf(tag: number, text: string): number {
    const found = this.#values.existing(tag, text);
    return found < 0 ? -1 : found + 1;
  }

  /** @param code from 1 */
  text(code: number): string {
    return this.#values.text(code - 1);
  }

  /** @param code from 1 */
  tag(code: number): number {
    return this.#values.tag(code - 1);
  }
}
