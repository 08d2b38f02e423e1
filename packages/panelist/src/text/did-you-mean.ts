import { quote } from '@panelist/toolkit';
import { closestMatch } from 'leven';

/** Longer texts aren't typing errors, and comparing them takes time. */
const maxLength = 100;

/** The known word that is closest to a misspelt one; `undefined` if none is close enough. */
export function closestTo(word: string, known: readonly string[]): string | undefined {
  if (word.length > maxLength) return undefined;
  const wanted = word.toLowerCase();
  const byLowerCase = new Map(known.map((each) => [each.toLowerCase(), each]));
  // About one edit per three letters (swapped letters are two edits); a single letter matches nothing.
  const maxDistance = Math.min(3, Math.floor((wanted.length + 1) / 3));
  const found =
    byLowerCase.has(wanted) || maxDistance === 0
      ? wanted
      : closestMatch(wanted, [...byLowerCase.keys()], { maxDistance });
  return found === undefined ? undefined : byLowerCase.get(found);
}

/** ` Did you mean "rounds"?`, or an empty text. */
export function didYouMean(word: string, known: readonly string[]): string {
  const found = closestTo(word, known);
  return found === undefined ? '' : ` Did you mean ${quote(found)}?`;
}
