import type { Messages } from '../languages/messages.ts';
import type { Questionnaire } from '../survey/questionnaire.ts';
import { wrapped } from '../text/display-width.ts';
import { terminalSafe } from '../text/terminal-safe.ts';
import { renderBars } from './bars.ts';
import type { ConsistencyReport } from './consistency.ts';
import { cellText, chiSquareTestText, meansTestText, meanText } from './cross-figures.ts';
import { type CrossTable, testsOf } from './cross-table.ts';
import { percent, points, pText, pTexts, rounded } from './figures.ts';
import type { OrderEffectReport } from './order-effect.ts';
import { missedInQuestions, orderVerdicts, signed } from './order-text.ts';
import { plainTable } from './plain-table.ts';
import type { SurveySummary } from './survey-summary.ts';
import { fullTitle, type SurveyWords, surveyWords } from './survey-words.ts';

export interface SummaryTextOptions {
  /** Width in terminal cells, at least 40. @default 80 */
  readonly width?: number | undefined;
  /** @default false */
  readonly colour?: boolean | undefined;
}

/** Renders a summary for a terminal. Texts from surveys and models cannot control it. */
export function renderSummary(
  summary: SurveySummary,
  questionnaire: Questionnaire,
  options: SummaryTextOptions = {},
): string {
  const words = surveyWords(questionnaire);
  const width = Math.max(40, Math.floor(options.width ?? 80));
  const { messages } = words;
  const { title, interviews, respondents, effectiveN, isWeighted, replicates } = summary;
  const said = messages.summary;
  const counts = [
    said.respondents(respondents),
    ...(replicates > 1 ? [said.interviews(interviews, replicates)] : []),
    isWeighted ? said.weighted(rounded(effectiveN, 1)) : said.unweighted,
  ];
  const sections = [
    [terminalSafe(title), counts.join(said.separator)]
      .filter((line) => line !== '')
      .flatMap((line) => wrapped(line, width))
      .join('\n'),
    renderBars(summary, questionnaire, { width, intervals: true, colour: options.colour }),
    ...summary.crossTables.map(({ by, tables }) => crossTablesText(by, tables, words, width)),
    orderText(summary.orderEffects, messages, width),
    ...(summary.consistency ? [consistencyText(summary.consistency, messages, width)] : []),
    lines(said.intervals(messages.figures.intervalCovers), width),
  ];
  return `${sections.join('\n\n')}\n`;
}

/** Wraps each line. */
function lines(text: string, width: number): string {
  return text
    .split('\n')
    .flatMap((line) => wrapped(line, width, /^ */.exec(line)?.[0]))
    .join('\n');
}

function crossTablesText(
  by: string,
  tables: readonly CrossTable[],
  words: SurveyWords,
  width: number,
): string {
  const texts = tables.map((table) => crossTableLines(table, words, width).join('\n'));
  const said = words.messages.summary;
  const count = tables.flatMap(testsOf).filter((test) => test !== null).length;
  const head = wrapped(said.by(terminalSafe(by)), width).join('\n');
  return [head, ...texts, ...(count > 0 ? [lines(said.chiSquare(count), width)] : [])].join('\n\n');
}

function crossTableLines(
  { question, groups, rows, test, means }: CrossTable,
  { readable, messages }: SurveyWords,
  width: number,
): string[] {
  const table = [['', ...groups.map(({ label, letter }) => `${terminalSafe(label)} (${letter})`)]];
  for (const { option, cells, test: own } of rows ?? []) {
    const label = terminalSafe(readable(option.text)) || terminalSafe(String(option.value));
    const figures = cells.map((cell) => cellText(cell));
    table.push([own ? `${label} (${pTexts(own, messages)})` : label, ...figures]);
  }
  if (groups.some(({ numbers }) => numbers !== null))
    table.push([
      messages.figures.mean,
      ...groups.map(({ numbers }, place) => meanText(numbers, means?.higherThan[place])),
    ]);
  table.push(['n', ...groups.map(({ n }) => String(n))]);
  const lines = wrapped(fullTitle(question, { readable }), width);
  lines.push(...plainTable(table, width));
  if (test) lines.push(...wrapped(`  ${chiSquareTestText(test, messages)}`, width, '  '));
  if (means?.test) lines.push(...wrapped(`  ${meansTestText(means.test, messages)}`, width, '  '));
  return lines;
}

function orderText(report: OrderEffectReport, messages: Messages, width: number): string {
  const { pooled, pooledScales, questions, scales, alpha } = report;
  const { summary: said, figures, order } = messages;
  if (pooled === null && pooledScales === null) return lines(`${said.order}\n${said.orderUnknown}`, width);
  const reported = questions.flatMap(({ question, first, last }) =>
    [first, last].filter(({ isReported }) => isReported).map((effect) => [question, effect] as const),
  );
  const ofLists = reported.map(([question, { position, observed, expected, bias, adjustedP }]) => [
    terminalSafe(question),
    figures[position],
    percent(observed),
    percent(expected),
    points(bias),
    pText(adjustedP, messages),
  ]);
  const ofScales = scales
    .filter(({ isReported }) => isReported)
    .map(({ question, forwards, backwards, adjustedP }) => [
      terminalSafe(question),
      rounded(forwards.mean, 2),
      rounded(backwards.mean, 2),
      signed(backwards.mean - forwards.mean),
      pText(adjustedP, messages),
    ]);
  const listHead = ['', said.shown, said.chosen, said.expected, said.points, said.pAdjusted];
  const scaleHead = ['', order.forwards, order.backwards, order.difference, said.pAdjusted];
  const none = ofLists.length + ofScales.length === 0;
  const texts = [said.order, ...orderVerdicts(report, messages).map((text) => `  ${text}`)];
  const after = [...missedInQuestions(report, messages), order.missing].map((text) => `  ${text}`);
  return [
    ...texts.map((text) => lines(text, width)),
    ...(ofLists.length > 0 ? plainTable([listHead, ...ofLists], width) : []),
    ...(ofScales.length > 0 ? plainTable([scaleHead, ...ofScales], width) : []),
    ...[
      ...(none ? [said.noQuestion(questions.length + scales.length)] : []),
      ...after,
      said.reported(alpha),
    ].map((text) => lines(text, width)),
  ].join('\n');
}

function consistencyText(
  { replicates, questions }: ConsistencyReport,
  { summary: said }: Messages,
  width: number,
): string {
  const figure = (value: number | null): string => (value === null ? '–' : value.toFixed(2));
  const rows = [
    ['', 'n', said.same, said.alpha, said.icc, said.sdWithin],
    ...questions.map(({ question, n, exactAgreement, alpha, icc, withinSd }) => [
      terminalSafe(question),
      String(n),
      percent(exactAgreement),
      figure(alpha),
      figure(icc),
      figure(withinSd),
    ]),
  ];
  const [head, note] = [said.consistency(replicates), said.consistencyNote].map((text) => lines(text, width));
  return [head, ...plainTable(rows, width), note].join('\n');
}
