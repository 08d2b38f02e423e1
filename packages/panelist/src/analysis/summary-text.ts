import type { Questionnaire } from '../survey/questionnaire.ts';
import { wrapped } from '../text/display-width.ts';
import { terminalSafe } from '../text/terminal-safe.ts';
import { renderBars } from './bars.ts';
import type { ConsistencyReport } from './consistency.ts';
import { CHI_SQUARE_METHOD, type CrossTable } from './cross-table.ts';
import { percent, points, pText, rounded } from './figures.ts';
import type { OrderEffectReport, PositionEffect } from './order-effect.ts';
import { plainTable } from './plain-table.ts';
import { INTERVAL_LABEL } from './statistics/intervals.ts';
import type { SurveySummary } from './survey-summary.ts';
import { type SurveyWords, surveyWords } from './survey-words.ts';

export interface SummaryTextOptions {
  /** Cells of the terminal; at least 40 are used. @default 80 */
  readonly width?: number | undefined;
  /** @default false */
  readonly colour?: boolean | undefined;
}

/** A summary for a terminal. Texts from surveys and models can do nothing to it. */
export function renderSummary(
  summary: SurveySummary,
  questionnaire: Questionnaire,
  options: SummaryTextOptions = {},
): string {
  const words = surveyWords(questionnaire);
  const width = Math.max(40, Math.floor(options.width ?? 80));
  const { title, interviews, respondents, effectiveN, isWeighted, replicates } = summary;
  const counts = [
    `${respondents} synthetic respondents`,
    ...(replicates > 1 ? [`${interviews} interviews, up to ${replicates} each`] : []),
    ...(isWeighted ? [`weighted, effective n ${rounded(effectiveN, 1)}`] : []),
  ];
  const sections = [
    [terminalSafe(title), counts.join('; ')]
      .filter((line) => line !== '')
      .flatMap((line) => wrapped(line, width))
      .join('\n'),
    renderBars(summary, questionnaire, { width, intervals: true, colour: options.colour }),
    ...(summary.crossTables
      ? [crossTablesText(summary.crossTables.by, summary.crossTables.tables, words, width)]
      : []),
    orderText(summary.orderEffects, width),
    ...(summary.consistency ? [consistencyText(summary.consistency, width)] : []),
    `All intervals, 95 %: ${INTERVAL_LABEL}. They say how much the same model's answers would vary,\nand nothing of how far they are from people's.`,
  ];
  return `${sections.join('\n\n')}\n`;
}

function crossTablesText(
  by: string,
  tables: readonly CrossTable[],
  words: SurveyWords,
  width: number,
): string {
  const texts = tables.map((table) => crossTableLines(table, words, width).join('\n'));
  const notes = `${CHI_SQUARE_METHOD}. *: fewer than 5 expected.`;
  return [wrapped(`By ${terminalSafe(by)}`, width).join('\n'), ...texts, notes].join('\n\n');
}

function crossTableLines(
  { question, groups, rows, test }: CrossTable,
  { readable }: SurveyWords,
  width: number,
): string[] {
  const table = [['', ...groups.map(({ label }) => terminalSafe(label))]];
  for (const { option, cells, test: own } of rows ?? []) {
    const label = terminalSafe(readable(option.text)) || terminalSafe(String(option.value));
    const figures = cells.map(({ share, isLow }) => `${percent(share)}${isLow ? '*' : ' '}`);
    table.push([own ? `${label} (${pText(own.p)})` : label, ...figures]);
  }
  if (groups.some(({ numbers }) => numbers !== null))
    table.push(['mean', ...groups.map(({ numbers }) => (numbers ? rounded(numbers.mean, 2) : '–'))]);
  table.push(['n', ...groups.map(({ n }) => String(n))]);
  const lines = wrapped(terminalSafe(readable(question.title)) || terminalSafe(question.name), width);
  lines.push(...plainTable(table, width));
  if (test) {
    const low =
      test.lowExpected > 0 ? `; ${test.lowExpected} cells with fewer than 5 expected: p is rough` : '';
    lines.push(
      ...wrapped(
        `  χ² = ${rounded(test.statistic, 2)}, df = ${test.df}, ${pText(test.p)}, Cramér's V = ${rounded(test.cramersV, 2)}${low}`,
        width,
        '  ',
      ),
    );
  }
  return lines;
}

function orderText({ pooled, questions, alpha }: OrderEffectReport, width: number): string {
  const title = 'Order of options: is what is shown first, or last, chosen more often than it should be?';
  if (pooled === null)
    return `${title}\n  Not known: all saw the same order. Run the survey with --randomize-options to find out.`;
  const verdict = (['first', 'last'] as const).map((position) => verdictText(pooled[position]));
  const reported = questions.flatMap(({ question, first, last }) =>
    [first, last].filter(({ isReported }) => isReported).map((effect) => [question, effect] as const),
  );
  const rows = [
    ['', 'shown', 'chosen', 'expected', 'points', 'p adjusted'],
    ...reported.map(([question, { position, observed, expected, bias, adjustedP }]) => [
      terminalSafe(question),
      position,
      percent(observed),
      percent(expected),
      points(bias),
      pText(adjustedP),
    ]),
  ];
  const list =
    reported.length > 0
      ? plainTable(rows, width)
      : [`  None of ${questions.length} questions shows it by itself.`];
  const note = `  Reported where the adjusted p is below ${alpha}, for all tests together.`;
  return [title, ...verdict, ...list, note].join('\n');
}

function verdictText(effect: PositionEffect): string {
  const { position, bias, interval, byPosition, n, p, isReported } = effect;
  if (p === null)
    return `  The ${position}: cannot be told, it is expected in ${rounded(n * effect.expected, 1)} of ${n} answers.`;
  const bounds = interval ? ` [${points(interval.low)}, ${points(interval.high)}]` : '';
  const figures = `${points(bias)} points${bounds}, ${pText(p)}, ${n} answers`;
  if (!isReported) return `  The ${position}: no effect found (${figures}).`;
  return (
    `  The ${position}: chosen too ${bias > 0 ? 'often' : 'seldom'}, ${figures}` +
    `${bias > 0 ? `; as if ${percent(byPosition)} of the answers were given for the place alone` : ''}.`
  );
}

function consistencyText({ replicates, questions }: ConsistencyReport, width: number): string {
  const figure = (value: number | null): string => (value === null ? '–' : value.toFixed(2));
  const rows = [
    ['', 'n', 'same', 'alpha', 'ICC(1)', 'sd within'],
    ...questions.map(({ question, n, exactAgreement, alpha, icc, withinSd }) => [
      terminalSafe(question),
      String(n),
      percent(exactAgreement),
      figure(alpha),
      figure(icc),
      figure(withinSd),
    ]),
  ];
  return [
    `Consistency of one respondent's answers, up to ${replicates} interviews each`,
    ...plainTable(rows, width),
    "  same: pairs of answers that are equal; alpha: Krippendorff's, nominal; ICC(1): Shrout & Fleiss.",
  ].join('\n');
}
