import type { Messages } from '../languages/messages.ts';
import type { Questionnaire } from '../survey/questionnaire.ts';
import { wrapped } from '../text/display-width.ts';
import { terminalSafe } from '../text/terminal-safe.ts';
import { renderBars } from './bars.ts';
import type { ConsistencyReport } from './consistency.ts';
import { cellText, meansTestText, meanText } from './cross-figures.ts';
import type { CrossTable } from './cross-table.ts';
import { chiSquareText, percent, points, pText, rounded } from './figures.ts';
import type { OrderEffectReport, PositionEffect } from './order-effect.ts';
import { plainTable } from './plain-table.ts';
import type { SurveySummary } from './survey-summary.ts';
import { type SurveyWords, surveyWords } from './survey-words.ts';

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
    ...(isWeighted ? [said.weighted(rounded(effectiveN, 1))] : []),
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
  return [wrapped(said.by(terminalSafe(by)), width).join('\n'), ...texts, lines(said.chiSquare, width)].join(
    '\n\n',
  );
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
    table.push([own ? `${label} (${pText(own.p, messages)})` : label, ...figures]);
  }
  if (groups.some(({ numbers }) => numbers !== null))
    table.push([
      messages.figures.mean,
      ...groups.map(({ numbers }, place) => meanText(numbers, means?.higherThan[place])),
    ]);
  table.push(['n', ...groups.map(({ n }) => String(n))]);
  const lines = wrapped(terminalSafe(readable(question.title)) || terminalSafe(question.name), width);
  lines.push(...plainTable(table, width));
  if (test) {
    const { lowExpected, cramersV } = messages.summary;
    const low = test.lowExpected > 0 ? lowExpected(test.lowExpected) : '';
    const figures = `${chiSquareText(test)}, ${pText(test.p, messages)}`;
    lines.push(...wrapped(`  ${figures}, ${cramersV} = ${rounded(test.cramersV, 2)}${low}`, width, '  '));
  }
  if (means?.test) lines.push(...wrapped(`  ${meansTestText(means.test, messages)}`, width, '  '));
  return lines;
}

function orderText(
  { pooled, questions, alpha }: OrderEffectReport,
  messages: Messages,
  width: number,
): string {
  const { summary: said, figures } = messages;
  if (pooled === null) return lines(`${said.order}\n${said.orderUnknown}`, width);
  const verdict = (['first', 'last'] as const).map((position) => verdictText(pooled[position], messages));
  const reported = questions.flatMap(({ question, first, last }) =>
    [first, last].filter(({ isReported }) => isReported).map((effect) => [question, effect] as const),
  );
  const rows = [
    ['', said.shown, said.chosen, said.expected, said.points, said.pAdjusted],
    ...reported.map(([question, { position, observed, expected, bias, adjustedP }]) => [
      terminalSafe(question),
      figures[position],
      percent(observed),
      percent(expected),
      points(bias),
      pText(adjustedP, messages),
    ]),
  ];
  const list =
    reported.length > 0 ? plainTable(rows, width) : [lines(said.noQuestion(questions.length), width)];
  const head = [said.order, ...verdict].map((text) => lines(text, width));
  return [...head, ...list, lines(said.reported(alpha), width)].join('\n');
}

function verdictText(effect: PositionEffect, messages: Messages): string {
  const { summary: said, figures } = messages;
  const { position, bias, interval, byPosition, n, p, isReported } = effect;
  const where = figures[position];
  if (p === null) return said.cannotTell(where, rounded(n * effect.expected, 1), n);
  const bounds = interval ? ` [${points(interval.low)}, ${points(interval.high)}]` : '';
  const extent = said.effect(points(bias), bounds, pText(p, messages), n);
  if (!isReported) return said.noEffect(where, extent);
  return bias > 0 ? said.tooOften(where, extent, percent(byPosition)) : said.tooSeldom(where, extent);
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
