import type { Messages } from '../languages/messages.ts';
import type { Questionnaire } from '../survey/questionnaire.ts';
import { wrapped } from '../text/display-width.ts';
import { terminalSafe } from '../text/terminal-safe.ts';
import { missingRows } from './answer-notes.ts';
import type { HumanComparison, QuestionComparison } from './compare-humans.ts';
import { chiSquareText, pointsInterval, pTexts, rounded, shareDifference, shareText } from './figures.ts';
import { plainTable } from './plain-table.ts';
import { fullTitle, type SurveyWords, surveyWords } from './survey-words.ts';

/** Unmatched values to list; the JSON has all of them. */
const maxListed = 10;
/** Columns to list. */
const MAX_UNUSED = 40;

/** Renders a comparison for a terminal. Texts from files and models cannot control it. */
export function renderComparison(
  comparison: HumanComparison,
  questionnaire: Questionnaire,
  options: { readonly width?: number } = {},
): string {
  const words = surveyWords(questionnaire);
  const width = Math.max(40, Math.floor(options.width ?? 80));
  const said = words.messages.comparison;
  const { syntheticRespondents, humanRows, humanRowsWithoutWeight, questions, tests } = comparison;
  const left = humanRowsWithoutWeight > 0 ? said.leftOut(humanRowsWithoutWeight) : '';
  const missing = notComparedText(comparison, words.messages);
  const sections = [
    `${said.beside(syntheticRespondents, humanRows, left)} ${weightsText(comparison, words.messages)}`,
    ...questions.map((question) => questionLines(question, words, width).join('\n')),
    ...(missing === null ? [] : [missing]),
    ...(unusedText(comparison, words.messages) ?? []),
    said.intervals(said.intervalCovers),
    ...(tests > 0 ? [said.adjusted(tests)] : []),
  ];
  return `${sections.join('\n\n')}\n`;
}

function questionLines(
  comparison: QuestionComparison,
  { readable, messages }: SurveyWords,
  width: number,
): string[] {
  const { question, synthetic, human } = comparison;
  const { comparison: said, figures } = messages;
  const table = [['', said.synthetic, said.human, said.points, figures.interval]];
  for (const [place, { option, share }] of (synthetic.options ?? []).entries()) {
    const ofPeople = human.options?.[place]?.share ?? 0;
    const name = terminalSafe(readable(option.text)) || terminalSafe(String(option.value));
    const { interval, test } = comparison.options?.[place] ?? { interval: null, test: null };
    const label = test ? `${name} (${pTexts(test, messages)})` : name;
    const [a, b] = [
      { share, n: synthetic.n },
      { share: ofPeople, n: human.n },
    ] as const;
    table.push([
      label,
      shareText(a.share, a.n),
      shareText(b.share, b.n),
      shareDifference(a, b),
      pointsInterval(interval),
    ]);
  }
  if (synthetic.numbers || human.numbers) {
    const pair = (of: 'mean' | 'sd'): string[] =>
      [synthetic, human].map(({ numbers }) => (numbers?.[of] == null ? '–' : rounded(numbers[of], 2)));
    table.push([figures.mean, ...pair('mean')], [figures.sd, ...pair('sd')]);
  }
  table.push(['n', String(synthetic.n), String(human.n)], ...missingRows([synthetic, human], messages));
  const lines = [
    ...wrapped(fullTitle(question, { readable }), width),
    ...plainTable(table, width),
    ...testLines(comparison, messages).flatMap((line) => wrapped(`  ${line}`, width, '  ')),
  ];
  const unmatched = unmatchedText(comparison, messages);
  if (unmatched !== null) lines.push(...wrapped(`  ${unmatched}`, width, '  '));
  return lines;
}

/** Whether the figures of each side are weighted. */
export function weightsText({ isWeighted }: HumanComparison, { comparison: said }: Messages): string {
  return said.weights(isWeighted.synthetic, isWeighted.human);
}

/** The questions that were left out, with the reasons; `null` if there are none. */
export function notComparedText(
  { notCompared }: HumanComparison,
  { comparison: said }: Messages,
): string | null {
  if (notCompared.length === 0) return null;
  const listed = notCompared.map(({ question, reason }) =>
    said.notComparedFor(terminalSafe(question), said.reasons[reason]),
  );
  return said.notCompared(listed.join(said.separator));
}

/** The columns of the file that were not used; `null` if there are none. */
export function unusedText(
  { unusedColumns }: HumanComparison,
  { comparison: said }: Messages,
): readonly [string] | null {
  if (unusedColumns.length === 0) return null;
  const listed = unusedColumns.slice(0, MAX_UNUSED).map((column) => terminalSafe(column));
  const more = unusedColumns.length > MAX_UNUSED ? said.moreUnused(unusedColumns.length - MAX_UNUSED) : '';
  return [said.unused(listed.join(said.separator) + more)];
}

/** The values of the file that match no answer; `null` if there are none. */
export function unmatchedText(
  { unmatched }: QuestionComparison,
  { comparison: said }: Messages,
): string | null {
  if (unmatched.length === 0) return null;
  const listed = unmatched
    .slice(0, maxListed)
    .map(([value, count]) => said.unmatchedValue(terminalSafe(value), count));
  const rows = unmatched.reduce((sum, [, count]) => sum + count, 0);
  const more = unmatched.length > maxListed ? said.moreUnmatched(unmatched.length - maxListed) : '';
  return said.unmatched(rows, listed.join(said.separator) + more);
}

/** The tests of a question, one a line. */
export function testLines(
  { totalVariation, chiSquare, kolmogorovSmirnov, meanDifference, sdRatio }: QuestionComparison,
  messages: Messages,
): string[] {
  const { comparison: said } = messages;
  const lines: string[] = [];
  if (totalVariation) {
    const { distance, interval, byChance } = totalVariation;
    const bounds = interval ? ` [${rounded(interval.low, 3)}, ${rounded(interval.high, 3)}]` : '';
    lines.push(
      said.totalVariation(
        rounded(distance, 3),
        bounds,
        rounded(byChance, 3),
        pTexts(totalVariation, messages),
      ),
    );
  }
  if (kolmogorovSmirnov) {
    const { d, isConservative } = kolmogorovSmirnov;
    const figures = `Kolmogorov–Smirnov D = ${rounded(d, 3)}, ${pTexts(kolmogorovSmirnov, messages)}`;
    lines.push(`${figures}${isConservative ? said.conservative : ''}`);
  }
  if (meanDifference) {
    const { difference, interval, df } = meanDifference;
    const bounds = interval ? ` [${rounded(interval.low, 2)}, ${rounded(interval.high, 2)}]` : '';
    lines.push(said.meanDifference(rounded(difference, 2), bounds, rounded(df, 1)));
  }
  if (sdRatio !== null) lines.push(said.sdRatio(rounded(sdRatio, 2)));
  if (chiSquare) {
    const low = chiSquare.lowExpected > 0 ? said.lowExpected(chiSquare.lowExpected) : '';
    lines.push(`${chiSquareText(chiSquare)}, ${pTexts(chiSquare, messages)}${low}`);
  }
  return lines;
}
