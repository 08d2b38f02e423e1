import { quote } from '@panelist/toolkit';
import { closestMatch } from 'leven';

/** Longer texts aren't typing errors, and comparing them takes time. */
const maxLength = 100;

/** The known word that a misspelt one was most likely meant to be; `undefined` where none is close. */
export function closestTo(word: string, known: readonly string[]): string | undefined {
  if (word.length > maxLength) return undefined;
  const wanted = word.toLowerCase();
  const byLowerCase = new Map(known.map((each) => [each.toLowerCase(), each]));
  // About one slip in three letters, and letters that changed places are two; a single letter could be anything.
  const maxDistance = Math.min(3, Math.floor((wanted.length + 1) / 3));
  const found =
    byLowerCase.has(wanted) || maxDistance === 0
      ? wanted
      : closestMatch(wanted, [...byLowerCase.keys()], { maxDistance });
  return found === undefined ? undefined : byLowerCase.get(found);
}

/** ` Did you mean "rounds"?`, or nothing. */
export function didYouMean(word: string, known: readonly string[]): string {
  const found = closestTo(word, known);
  return found === undefined ? '' : ` Did you mean ${quote(found)}?`;
}
