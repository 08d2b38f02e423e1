import { styleText } from 'node:util';
import type { Messages } from '../languages/messages.ts';
import type { Questionnaire } from '../survey/questionnaire.ts';
import { displayWidth, padded, wrapped } from '../text/display-width.ts';
import { terminalSafe } from '../text/terminal-safe.ts';
import { absenceNotes, effectiveText, scoresNote } from './answer-notes.ts';
import { boxNotes } from './box-notes.ts';
import { type DistributionRow, distributionRows } from './distribution-rows.ts';
import { percent, rounded, shareText } from './figures.ts';
import type { NumberSummary } from './number-summary.ts';
import { fullTitle, type SurveyWords, surveyWords } from './survey-words.ts';
import type { QuestionTable, Tabulation } from './tabulate.ts';

export interface BarsOptions {
  /** Width in terminal cells, at least 40. Longer texts are wrapped; `Infinity` turns that off. @default 80 */
  readonly width?: number | undefined;
  /** @default false */
  readonly colour?: boolean | undefined;
  /** Adds the intervals of shares and means, and a note on what they cover. @default false */
  readonly intervals?: boolean | undefined;
}

/** Options beyond these are combined in one last row. */
const maxRows = 30;
/** The longest chart, even if the terminal is wider. */
const MAX_CHART_WIDTH = 100;
const eighths = ['', '▏', '▎', '▍', '▌', '▋', '▊', '▉'];

/**
 * Draws each question's distribution as bars for a terminal: shares of those who answered, then notes on the other
 * interviews. No line is wider than `width`, and no text is cut. Texts from surveys and models cannot control the terminal.
 */
export function renderBars(
  tabulation: Pick<Tabulation, 'questions'>,
  questionnaire: Questionnaire,
  options: BarsOptions = {},
): string {
  const width = Math.max(40, Math.floor(options.width ?? 80));
  const style: Style = (format, text) =>
    options.colour ? styleText(format, text, { validateStream: false }) : text;
  const intervals = options.intervals ?? false;
  const words = surveyWords(questionnaire);
  return tabulation.questions
    .map((table) => questionLines(table, { width, style, intervals, words }).join('\n'))
    .join('\n\n');
}

interface Layout {
  readonly width: number;
  readonly style: Style;
  readonly intervals: boolean;
  readonly words: SurveyWords;
}

type Style = (format: 'bold' | 'cyan' | 'dim', text: string) => string;

function questionLines(table: QuestionTable, layout: Layout): string[] {
  const { question, n, numbers, answers } = table;
  const { width, style, intervals, words } = layout;
  const { messages } = words;
  const lines = wrapped(fullTitle(question, words), width).map((line) => style('bold', line));
  const rows = distributionRows(table, words, maxRows);
  if (rows.length > 0) lines.push(...barLines(rows, n, layout));
  for (const text of table.examples) lines.push(...wrapped(`  “${terminalSafe(text)}”`, width, '   '));
  const notes = [`n = ${n}`];
  if (Math.abs(table.effectiveN - n) > 1e-6 * n) notes.push(effectiveText(table, messages));
  if (answers !== n) notes.push(messages.figures.answers(answers));
  if (numbers) notes.push(...spread(numbers, intervals, messages));
  notes.push(...boxNotes(table, intervals ? messages.figures.bounds : () => '', words));
  const scores = numbers && scoresNote(table, words);
  if (scores) notes.push(scores);
  notes.push(...absenceNotes(table, messages));
  const written = noteLines(notes, width);
  if (intervals && n > 0 && (rows.some(({ interval }) => interval) || numbers?.interval))
    written.push(
      ...wrapped(`  [ ] ${messages.figures.interval}: ${messages.figures.intervalCovers}`, width, '  '),
    );
  return [...lines, ...written.map((line) => style('dim', line))];
}

/** Packs notes into lines; a note that fits on one line is not broken. */
function noteLines(notes: readonly string[], width: number): string[] {
  const lines: string[] = [];
  for (const note of notes) {
    const last = lines.at(-1);
    const longer = `${last} · ${note}`;
    if (last !== undefined && displayWidth(longer) <= width) lines[lines.length - 1] = longer;
    else lines.push(...wrapped(`  ${note}`, width, '  '));
  }
  return lines;
}

function barLines(
  rows: readonly DistributionRow[],
  n: number,
  { width: textWidth, style, intervals, words }: Layout,
): string[] {
  const width = Math.min(textWidth, MAX_CHART_WIDTH);
  const countWidth = Math.max(...rows.map(({ count }) => String(count).length));
  // Two spaces, label, space, bar, space, count, space, share.
  const besides = countWidth + 10;
  const allEnds = rows.map((row) => lineEnd(row, intervals, words.messages));
  const widestEnd = Math.max(...allEnds.map(displayWidth));
  // Where bar and interval do not both fit, the interval is left out.
  const endWidth = width - besides - widestEnd >= 5 ? widestEnd : 0;
  const ends = endWidth > 0 ? allEnds : rows.map(() => '');
  const widestLabel = Math.max(...rows.map(({ label }) => displayWidth(label)));
  const room = Math.min(Math.floor(width * 0.4), width - besides - endWidth - 1);
  const labelWidth = Number.isFinite(textWidth) ? Math.min(widestLabel, room) : widestLabel;
  const barWidth = width - Math.min(labelWidth, room) - besides - endWidth;
  return rows.flatMap(({ label, count, share }, place) => {
    const filled = bar(share, barWidth);
    const space = ' '.repeat(barWidth - filled.length);
    const figures = `${String(count).padStart(countWidth)} ${shareText(share, n).padStart(4)}`;
    const [first = '', ...more] = wrapped(label, labelWidth);
    return [
      `  ${padded(first, labelWidth)} ${style('cyan', filled)}${space} ${figures}${ends[place]}`,
      ...more.map((line) => `  ${line}`),
    ];
  });
}

function lineEnd({ interval, meanRank }: DistributionRow, intervals: boolean, { figures }: Messages): string {
  const rank = meanRank === null ? '' : ` ${figures.rank} ${meanRank.toFixed(1)}`;
  if (!intervals || !interval) return rank;
  return ` [${percent(interval.low)}, ${percent(interval.high)}]${rank}`;
}

/** A share above 0 is always visible. */
function bar(share: number, width: number): string {
  const units = Math.min(width * 8, Math.round(share * width * 8));
  const drawn = share > 0 ? Math.max(1, units) : 0;
  return '█'.repeat(Math.floor(drawn / 8)) + (eighths[drawn % 8] as string);
}

function spread(
  { mean, sd, min, max, interval }: NumberSummary,
  intervals: boolean,
  { figures }: Messages,
): string[] {
  const deviation = sd === null ? [] : [`${figures.sd} ${figure(sd)}`];
  const bounds = intervals && interval ? ` [${figure(interval.low)}, ${figure(interval.high)}]` : '';
  return [`${figures.mean} ${figure(mean)}${bounds}`, ...deviation, figures.range(figure(min), figure(max))];
}

/** At most two decimals. */
function figure(value: number): string {
  return rounded(value, 2);
}
