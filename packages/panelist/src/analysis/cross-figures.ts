import type { Messages } from '../languages/messages.ts';
import type { CrossCell, CrossGroup, CrossTest } from './cross-table.ts';
import { chiSquareText, percent, pTexts, rounded } from './figures.ts';
import type { MeansTest } from './statistics/group-differences.ts';
import type { Adjusted } from './statistics/holm.ts';

/** `25% (12) AC`: share, number of interviews, and the groups whose share is lower; `*` marks few expected. */
export function cellText({ share, interval, count, isLow, higherThan }: CrossCell): string {
  // Nobody of the group answered.
  if (interval === null) return '–';
  return [`${percent(share)}${isLow ? '*' : ''} (${count})`, ...letters(higherThan)].join(' ');
}

/** `3.12 AC`; a dash where nobody gave a number. */
export function meanText(numbers: CrossGroup['numbers'], higherThan: readonly string[] = []): string {
  return numbers === null ? '–' : [rounded(numbers.mean, 2), ...letters(higherThan)].join(' ');
}

function letters(higherThan: readonly string[]): readonly string[] {
  return higherThan.length === 0 ? [] : [higherThan.join('')];
}

/** A table's test in one line, with its effect size and a warning where p is rough. */
export function chiSquareTestText(test: CrossTest, messages: Messages): string {
  const { lowExpected, cramersV } = messages.summary;
  const low = test.lowExpected > 0 ? lowExpected(test.lowExpected) : '';
  const figures = `${chiSquareText(test)}, ${pTexts(test, messages)}`;
  return `${figures}, ${cramersV} = ${rounded(test.cramersV, 2)}${low}`;
}

export function meansTestText(
  { f, df, residualDf, ...test }: Adjusted<MeansTest>,
  messages: Messages,
): string {
  const figures = `Welch F(${df}, ${rounded(residualDf, 1)}) = ${rounded(f, 2)}`;
  return `${messages.summary.meansTest}${figures}, ${pTexts(test, messages)}`;
}
