import type { Questionnaire } from '../survey/questionnaire.ts';
import { wrapped } from '../text/display-width.ts';
import { terminalSafe } from '../text/terminal-safe.ts';
import type { HumanComparison, QuestionComparison } from './compare-humans.ts';
import { percent, points, pText, rounded } from './figures.ts';
import { plainTable } from './plain-table.ts';
import { type SurveyWords, surveyWords } from './survey-words.ts';

/** Unmatched values that are shown; the JSON has all of them. */
const maxShown = 10;

/** A comparison for a terminal. Texts from files and models can do nothing to it. */
export function renderComparison(
  comparison: HumanComparison,
  questionnaire: Questionnaire,
  options: { readonly width?: number } = {},
): string {
  const words = surveyWords(questionnaire);
  const width = Math.max(40, Math.floor(options.width ?? 80));
  const { syntheticRespondents, humanRows, humanRowsWithoutWeight, questions, notCompared, intervals } =
    comparison;
  const left =
    humanRowsWithoutWeight > 0 ? `, ${humanRowsWithoutWeight} of them left out with a weight of 0` : '';
  const sections = [
    `${syntheticRespondents} synthetic respondents beside ${humanRows} rows of human answers${left}.`,
    ...questions.map((question) => questionLines(question, words, width).join('\n')),
    ...(notCompared.length > 0
      ? [
          `Not compared: ${notCompared.map(({ question, reason }) => `${terminalSafe(question)} (${reason})`).join(', ')}.`,
        ]
      : []),
    `Intervals, 95 %: ${intervals.label}.`,
  ];
  return `${sections.join('\n\n')}\n`;
}

function questionLines(comparison: QuestionComparison, { readable }: SurveyWords, width: number): string[] {
  const { question, synthetic, human, unmatched } = comparison;
  const table = [['', 'synthetic', 'human', 'points']];
  for (const [place, { option, share }] of (synthetic.options ?? []).entries()) {
    const ofPeople = human.options?.[place]?.share ?? 0;
    const label = terminalSafe(readable(option.text)) || terminalSafe(String(option.value));
    table.push([label, percent(share), percent(ofPeople), points(share - ofPeople)]);
  }
  if (synthetic.numbers || human.numbers) {
    const pair = (of: 'mean' | 'sd'): string[] =>
      [synthetic, human].map(({ numbers }) => (numbers?.[of] == null ? '–' : rounded(numbers[of], 2)));
    table.push(['mean', ...pair('mean')], ['sd', ...pair('sd')]);
  }
  table.push(['n', String(synthetic.n), String(human.n)]);
  const lines = [
    ...wrapped(terminalSafe(readable(question.title)) || terminalSafe(question.name), width),
    ...plainTable(table, width),
    ...testLines(comparison).flatMap((line) => wrapped(`  ${line}`, width, '  ')),
  ];
  if (unmatched.length > 0) {
    const shown = unmatched.slice(0, maxShown).map(([value, count]) => `“${terminalSafe(value)}” (${count})`);
    const rows = unmatched.reduce((sum, [, count]) => sum + count, 0);
    const more = unmatched.length > maxShown ? ` and ${unmatched.length - maxShown} more, see --json` : '';
    lines.push(`  Not matched, ${rows} rows: ${shown.join(', ')}${more}`);
  }
  return lines;
}

function testLines({
  totalVariation,
  chiSquare,
  kolmogorovSmirnov,
  meanDifference,
  sdRatio,
}: QuestionComparison): string[] {
  const lines: string[] = [];
  if (totalVariation) {
    const { distance, interval, byChance } = totalVariation;
    const bounds = interval ? ` [${rounded(interval.low, 3)}, ${rounded(interval.high, 3)}]` : '';
    lines.push(
      `total variation ${rounded(distance, 3)}${bounds}; chance alone gives ${rounded(byChance, 3)}`,
    );
  }
  if (kolmogorovSmirnov)
    lines.push(`Kolmogorov–Smirnov D = ${rounded(kolmogorovSmirnov.d, 3)}, ${pText(kolmogorovSmirnov.p)}`);
  if (meanDifference) {
    const { difference, interval, df } = meanDifference;
    const bounds = interval ? ` [${rounded(interval.low, 2)}, ${rounded(interval.high, 2)}]` : '';
    lines.push(`mean difference ${rounded(difference, 2)}${bounds} (Welch, df = ${rounded(df, 1)})`);
  }
  if (sdRatio !== null) lines.push(`synthetic sd / human sd ${rounded(sdRatio, 2)}`);
  if (chiSquare) {
    const { statistic, df, p, cramersV, lowExpected } = chiSquare;
    const low = lowExpected > 0 ? `; ${lowExpected} cells with fewer than 5 expected` : '';
    lines.push(
      `χ² = ${rounded(statistic, 2)}, df = ${df}, ${pText(p)}, Cramér's V = ${rounded(cramersV, 2)}${low}`,
    );
  }
  return lines;
}
