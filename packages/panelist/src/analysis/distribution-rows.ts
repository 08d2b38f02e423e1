import { terminalSafe } from '../text/terminal-safe.ts';
import { rounded } from './figures.ts';
import type { NumberSummary } from './number-summary.ts';
import type { Interval } from './statistics/intervals.ts';
import type { SurveyWords } from './survey-words.ts';
import type { QuestionTable } from './tabulate.ts';

/** One bar of a question's distribution. */
export interface DistributionRow {
  /** On one line, without terminal control characters. */
  readonly label: string;
  readonly count: number;
  /** 0 to 1. */
  readonly share: number;
  readonly interval: Interval | null;
  readonly meanRank: number | null;
}

/** Numbers with more distinct values than this are grouped into this many ranges. */
const maxRanges = 10;

/**
 * The rows of a question's chart: its options, or for numbers each value, or ranges of equal width if there are many.
 * Empty for texts.
 *
 * @param maxRows the rarest options beyond this number are combined in one last row
 */
export function distributionRows(
  { options, numbers }: QuestionTable,
  { readable, messages }: SurveyWords,
  maxRows: number,
): DistributionRow[] {
  if (!options) return numbers?.values ? ranges(numbers.values) : [];
  const rows = options.map(({ option, count, share, interval, meanRank }): DistributionRow => {
    const label = terminalSafe(readable(option.text)) || terminalSafe(String(option.value));
    return { label, count, share, interval, meanRank };
  });
  if (rows.length <= maxRows) return rows;
  const byShare = rows.toSorted((a, b) => b.share - a.share);
  const rest = byShare.slice(maxRows - 1);
  return [
    ...byShare.slice(0, maxRows - 1),
    { label: messages.figures.more(rest.length), ...sumOf(rest), ...noEstimate },
  ];
}

const noEstimate = { interval: null, meanRank: null };

function sumOf(rows: readonly { readonly count: number; readonly share: number }[]): {
  count: number;
  share: number;
} {
  return rows.reduce((sum, row) => ({ count: sum.count + row.count, share: sum.share + row.share }), {
    count: 0,
    share: 0,
  });
}

function ranges(values: NonNullable<NumberSummary['values']>): DistributionRow[] {
  if (values.length <= maxRanges)
    return values.map(([value, count, share]) => ({ label: rounded(value, 2), count, share, ...noEstimate }));
  const min = values[0]?.[0] ?? 0;
  const max = values.at(-1)?.[0] ?? 0;
  const whole = values.every(([value]) => Number.isInteger(value));
  const step = whole ? Math.ceil((max - min + 1) / maxRanges) : (max - min) / maxRanges;
  const places = whole ? Math.ceil((max - min + 1) / step) : maxRanges;
  const sums = Array.from({ length: places }, () => ({ count: 0, share: 0 }));
  for (const [value, count, share] of values) {
    const sum = sums[Math.min(Math.floor((value - min) / step), places - 1)] as (typeof sums)[number];
    sum.count += count;
    sum.share += share;
  }
  return sums.map((sum, place) => {
    const from = min + place * step;
    const to = whole ? Math.min(from + step - 1, max) : from + step;
    const label = from === to ? rounded(from, 2) : `${rounded(from, 2)} – ${rounded(to, 2)}`;
    return { label, ...sum, ...noEstimate };
  });
}
