import { hash } from 'node:crypto';
import { shortened } from '../text/shortened.ts';

const maxExamples = 5;
/** Characters of one example. */
const maxLength = 300;

/**
 * A few of many texts: those whose respondents' ids hash lowest. That is as good as a draw, needs no seed, keeps
 * nothing else in memory, and does not hang on the order in which answers arrive.
 */
export class Examples {
  readonly #salt: string;
  #kept: { readonly rank: string; readonly text: string }[] = [];

  constructor(salt: string) {
    this.#salt = salt;
  }

  add(id: string, text: string): void {
    const rank = hash('sha256', `${this.#salt}\n${id}`);
    const last = this.#kept.at(-1);
    if (last && this.#kept.length === maxExamples && rank > last.rank) return;
    this.#kept.push({ rank, text: shortened(text, maxLength) });
    this.#kept.sort((a, b) => (a.rank < b.rank ? -1 : 1));
    this.#kept = this.#kept.slice(0, maxExamples);
  }

  texts(): string[] {
    return this.#kept.map(({ text }) => text);
  }
}
