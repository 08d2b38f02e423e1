import { hash } from 'node:crypto';
import { shortened } from '../text/shortened.ts';

const maxExamples = 5;
/** Maximum length of one example, in characters. */
const maxLength = 300;

/**
 * Picks a few of many texts: those whose respondents' ids have the lowest hashes. That is as good as a random sample,
 * needs no seed, uses little memory, and does not depend on the order in which answers arrive.
 */
export class Examples {
  readonly #salt: string;
  #lowest: { readonly rank: string; readonly text: string }[] = [];

  constructor(salt: string) {
    this.#salt = salt;
  }

  add(id: string, text: string): void {
    const rank = hash('sha256', `${this.#salt}\n${id}`);
    const last = this.#lowest.at(-1);
    if (last && this.#lowest.length === maxExamples && rank > last.rank) return;
    this.#lowest.push({ rank, text: shortened(text, maxLength) });
    this.#lowest.sort((a, b) => (a.rank < b.rank ? -1 : 1));
    this.#lowest = this.#lowest.slice(0, maxExamples);
  }

  texts(): string[] {
    return this.#lowest.map(({ text }) => text);
  }
}
