import { holmAdjusted } from './statistics/holm.ts';

/** The level of the differences that letters mark: for all shares of one table together, and for all means. */
const LETTER_ALPHA = 0.05;

/** `A` for the first column, `B` for the second … `Z`, `AA`. */
export function columnLetter(column: number): string {
  const rest = Math.floor(column / 26);
  return (rest > 0 ? columnLetter(rest - 1) : '') + String.fromCharCode(65 + (column % 26));
}

/**
 * For each row and column, the letters of the columns whose figure in that row is lower, by a test that is adjusted by
 * Holm's method for all pairs of all rows.
 *
 * @param pOf the two-sided p-value of a pair of columns in a row; `null` where it is not tested
 */
export function columnLetters(
  figures: readonly (readonly number[])[],
  pOf: (row: number, a: number, b: number) => number | null,
): readonly (readonly (readonly string[])[])[] {
  const pairs: {
    readonly row: number;
    readonly higher: number;
    readonly lower: number;
    readonly p: number;
  }[] = [];
  for (const [row, values] of figures.entries()) {
    for (let a = 0; a < values.length; a++) {
      for (let b = a + 1; b < values.length; b++) {
        const p = pOf(row, a, b);
        const isHigher = (values[a] as number) > (values[b] as number);
        if (p !== null) pairs.push({ row, higher: isHigher ? a : b, lower: isHigher ? b : a, p });
      }
    }
  }
  const letters = figures.map((values) => values.map((): number[] => []));
  const adjusted = holmAdjusted(pairs.map(({ p }) => p));
  for (const [place, { row, higher, lower }] of pairs.entries())
    if ((adjusted[place] as number) < LETTER_ALPHA) letters[row]?.[higher]?.push(lower);
  return letters.map((cells) => cells.map((lower) => lower.toSorted((a, b) => a - b).map(columnLetter)));
}
