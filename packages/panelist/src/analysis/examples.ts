import { shortened } from '../survey/plain-text.ts';

const maxExamples = 5;
/** Characters of one example. */
const maxLength = 300;

/**
 * A few of many texts: those whose respondents' ids hash lowest. That is as good as a draw, needs no seed, keeps
 * nothing else in memory, and does not hang on the order in which answers arrive.
 */
export class Examples {
  readonly #salt: string;
  #kept: { readonly rank: number; readonly id: string; readonly text: string }[] = [];

  constructor(salt: string) {
    this.#salt = salt;
  }

  add(id: string, text: string): void {
    const rank = fnv1a(`${this.#salt}\n${id}`);
    const last = this.#kept.at(-1);
    if (last && this.#kept.length === maxExamples && rank > last.rank) return;
    this.#kept.push({ rank, id, text: shortened(text, maxLength) });
    this.#kept.sort((a, b) => a.rank - b.rank || (a.id < b.id ? -1 : 1));
    this.#kept = this.#kept.slice(0, maxExamples);
  }

  texts(): string[] {
    return this.#kept.map(({ text }) => text);
  }
}

/** 32-bit FNV-1a, with a final mix: ids often differ in their last character only. */
function fnv1a(text: string): number {
  let hash = 0x811c9dc5;
  for (let index = 0; index < text.length; index++) {
    hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193);
  }
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}
