import { languages } from '../../languages/messages.ts';
import { wordsOf } from '../../text/count-words.ts';

/** Term weights, normalised to length 1; empty for a text without terms. */
export type TermVector = ReadonlyMap<string, number>;

/**
 * Turns texts into TF-IDF vectors with the weights (1 + ln tf) · ln(1 + N/df) (Salton & Buckley 1988, smoothed so that a
 * word in all texts still counts). Terms are the words found by the runtime's segmenter, without function words. There is
 * no stemming, so `market` and `markets` are two terms.
 */
export function termVectors(texts: readonly string[], language: string): TermVector[] {
  const counts = texts.map((text) => termCounts(text, language));
  const inTexts = new Map<string, number>();
  for (const terms of counts)
    for (const term of terms.keys()) inTexts.set(term, (inTexts.get(term) ?? 0) + 1);
  return counts.map((terms) => {
    const weights = new Map<string, number>();
    for (const [term, count] of terms) {
      const rarity = Math.log(1 + texts.length / (inTexts.get(term) as number));
      weights.set(term, (1 + Math.log(count)) * rarity);
    }
    return normalised(weights);
  });
}

/** The content words of a text, in order. */
export function termsOf(text: string, language: string): string[] {
  return wordsOf(text, language).filter(isContentWord);
}

/** Cosine similarity of two vectors of length 1: 0 (nothing in common) to 1. */
export function similarity(a: TermVector, b: TermVector): number {
  const [small, large] = a.size <= b.size ? [a, b] : [b, a];
  let sum = 0;
  for (const [term, weight] of small) sum += weight * (large.get(term) ?? 0);
  return Math.min(1, sum);
}

export function sumOf(vectors: readonly TermVector[]): Map<string, number> {
  const sum = new Map<string, number>();
  for (const vector of vectors)
    for (const [term, weight] of vector) sum.set(term, (sum.get(term) ?? 0) + weight);
  return sum;
}

export function normalised(weights: ReadonlyMap<string, number>): TermVector {
  const length = Math.sqrt(squared(weights));
  if (length < 1e-9) return new Map();
  return new Map(Array.from(weights, ([term, weight]) => [term, weight / length]));
}

export function squared(weights: ReadonlyMap<string, number>): number {
  let sum = 0;
  for (const weight of weights.values()) sum += weight * weight;
  return sum;
}

function termCounts(text: string, language: string): Map<string, number> {
  const counts = new Map<string, number>();
  for (const term of termsOf(text, language)) counts.set(term, (counts.get(term) ?? 0) + 1);
  return counts;
}

const stopWords: ReadonlySet<string> = new Set(
  languages.flatMap(({ focusGroup }) => focusGroup.stopWords.split(/\s+/)),
);

/** True if a lower-case word carries content; numbers and single letters do not. */
function isContentWord(word: string): boolean {
  if (stopWords.has(word) || !/\p{L}/u.test(word)) return false;
  return word.length > 1 || /\p{Script=Han}/u.test(word);
}
