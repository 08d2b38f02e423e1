import { styleText } from 'node:util';
import type { AnswerStatus } from '../survey/answer.ts';
import { clipped, displayWidth, fitted } from '../text/display-width.ts';
import { terminalSafe } from '../text/terminal-safe.ts';
import type { NumberSummary } from './number-tally.ts';
import type { QuestionTable, Tabulation } from './tabulate.ts';

export interface BarsOptions {
  /** Cells of the terminal; at least 40 are used. @default 80 */
  readonly width?: number | undefined;
  /** @default false */
  readonly colour?: boolean | undefined;
}

interface Row {
  readonly label: string;
  readonly count: number;
}

/** Numbers with more different values are shown in so many ranges. */
const maxRanges = 10;
/** Options beyond these are added up in one last row. */
const maxRows = 30;
const eighths = ['', '▏', '▎', '▍', '▌', '▋', '▊', '▉'];
const statusWords: readonly (readonly [AnswerStatus, string])[] = [
  ['refused', 'refused'],
  ['dont-know', "don't know"],
  ['skipped', 'not asked'],
  ['invalid', 'invalid'],
  ['failed', 'failed'],
];

/**
 * Each question's distribution as bars, for a terminal: shares of those who answered, then what became of the others.
 * No line is wider than `width`; texts from surveys and models can do nothing to the terminal.
 */
export function renderBars(tabulation: Tabulation, options: BarsOptions = {}): string {
  const width = Math.max(40, Math.floor(options.width ?? 80));
  const style: Style = (format, text) =>
    options.colour ? styleText(format, text, { validateStream: false }) : text;
  return tabulation.questions.map((table) => questionLines(table, width, style).join('\n')).join('\n\n');
}

type Style = (format: 'bold' | 'cyan' | 'dim', text: string) => string;

function questionLines(table: QuestionTable, width: number, style: Style): string[] {
  const { question, n, numbers } = table;
  const lines = [style('bold', clipped(terminalSafe(question.title) || terminalSafe(question.name), width))];
  const rows = rowsOf(table);
  if (rows.length > 0) lines.push(...barLines(rows, n, width, style));
  for (const text of table.examples) lines.push(clipped(`  “${terminalSafe(text)}”`, width));
  const notes = [`n = ${n}`];
  if (numbers) notes.push(...spread(numbers));
  const empty = table.statuses.answered - n;
  if (empty > 0) notes.push(`${empty} left empty`);
  for (const [status, word] of statusWords) {
    if (table.statuses[status] > 0) notes.push(`${table.statuses[status]} ${word}`);
  }
  if (table.unlisted > 0) notes.push(`${table.unlisted} of no listed option`);
  lines.push(style('dim', clipped(`  ${notes.join(' · ')}`, width)));
  return lines;
}

function rowsOf({ options, numbers }: QuestionTable): Row[] {
  if (!options) return numbers?.values ? ranges(numbers.values) : [];
  const rows = options.map(({ option, count }) => {
    const text = terminalSafe(option.text) || String(option.value);
    return { label: text, count };
  });
  if (rows.length <= maxRows) return rows;
  const byCount = rows.toSorted((a, b) => b.count - a.count);
  const rest = byCount.slice(maxRows - 1);
  const sum = rest.reduce((total, row) => total + row.count, 0);
  return [...byCount.slice(0, maxRows - 1), { label: `(${rest.length} more)`, count: sum }];
}

function barLines(rows: readonly Row[], n: number, width: number, style: Style): string[] {
  const labelWidth = Math.min(
    Math.max(...rows.map(({ label }) => displayWidth(label))),
    Math.floor(width * 0.4),
  );
  const countWidth = Math.max(...rows.map(({ count }) => String(count).length));
  // Two spaces, label, space, bar, space, count, space, share.
  const barWidth = width - labelWidth - countWidth - 10;
  return rows.map(({ label, count }) => {
    const share = n === 0 ? 0 : count / n;
    const percent = `${Math.round(share * 100)}%`.padStart(4);
    const filled = bar(share, barWidth);
    const space = ' '.repeat(barWidth - filled.length);
    return `  ${fitted(label, labelWidth)} ${style('cyan', filled)}${space} ${String(count).padStart(countWidth)} ${percent}`;
  });
}

/** Something is always seen of what is not nothing. */
function bar(share: number, width: number): string {
  const units = Math.min(width * 8, Math.round(share * width * 8));
  const drawn = share > 0 ? Math.max(1, units) : 0;
  return '█'.repeat(Math.floor(drawn / 8)) + (eighths[drawn % 8] as string);
}

/** Each value by itself while they are few, else ranges of one width. */
function ranges(values: readonly (readonly [number, number])[]): Row[] {
  if (values.length <= maxRanges) return values.map(([value, count]) => ({ label: figure(value), count }));
  const min = (values[0] as readonly [number, number])[0];
  const max = (values.at(-1) as readonly [number, number])[0];
  const whole = values.every(([value]) => Number.isInteger(value));
  const step = whole ? Math.ceil((max - min + 1) / maxRanges) : (max - min) / maxRanges;
  const counts = new Array<number>(whole ? Math.ceil((max - min + 1) / step) : maxRanges).fill(0);
  for (const [value, count] of values) {
    const place = Math.min(Math.floor((value - min) / step), counts.length - 1);
    counts[place] = (counts[place] as number) + count;
  }
  return counts.map((count, place) => {
    const from = min + place * step;
    const to = whole ? Math.min(from + step - 1, max) : from + step;
    return { label: from === to ? figure(from) : `${figure(from)} – ${figure(to)}`, count };
  });
}

function spread({ mean, sd, min, max }: NumberSummary): string[] {
  const deviation = sd === null ? [] : [`sd ${figure(sd)}`];
  return [`mean ${figure(mean)}`, ...deviation, `${figure(min)} to ${figure(max)}`];
}

/** Two decimals at most. */
function figure(value: number): string {
  return String(Math.round(value * 100) / 100);
}
