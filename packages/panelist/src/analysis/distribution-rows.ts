import type { OptionValue, Question } from '../survey/questionnaire.ts';
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
 * The rows of a question's chart: its options, or for numbers each value, or ranges of equal width if there are many. The
 * ends of a rating have their meaning beside them.
 * Empty for texts.
 *
 * @param maxRows the rarest options beyond this number are combined in one last row
 */
export function distributionRows(
  { question, options, numbers }: QuestionTable,
  { readable, messages }: SurveyWords,
  maxRows: number,
): DistributionRow[] {
  if (!options) return numbers?.values ? ranges(numbers.values) : [];
  const meaningOf = endMeanings(question);
  const rows = options.map(({ option, count, share, interval, meanRank }): DistributionRow => {
    const text = terminalSafe(readable(option.text)) || terminalSafe(String(option.value));
    const meaning = terminalSafe(readable(meaningOf.get(option.value) ?? ''));
    return { label: meaning === '' ? text : `${text} (${meaning})`, count, share, interval, meanRank };
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

/** What the ends of a rating mean, by their values. */
function endMeanings(question: Question): ReadonlyMap<OptionValue, string> {
  if (question.kind !== 'rating') return new Map();
  const points = question.options.filter(({ role }) => role === 'plain');
  const [first, last] = [points[0], points.at(-1)];
  if (first === undefined || last === undefined) return new Map();
  return new Map([
    [first.value, question.minDescription],
    [last.value, question.maxDescription],
  ]);
}

function ranges(values: NonNullable<NumberSummary['values']>): DistributionRow[] {
  if (values.length <= maxRanges)
    return values.map(([value, count, share]) => ({ label: rounded(value, 2), count, share, ...noEstimate }));
  const { start, width, step, places } = binning(values.map(([value]) => value));
  const sums = Array.from({ length: places }, () => ({ count: 0, share: 0 }));
  for (const [value, count, share] of values) {
    // The small addend keeps a number that is a multiple of the width, such as 0.3, out of the bin below.
    const place = Math.floor((value - start) / width + 1e-9);
    const sum = sums[Math.min(places - 1, Math.max(0, place))] as (typeof sums)[number];
    sum.count += count;
    sum.share += share;
  }
  return sums.map((sum, place) => {
    const from = start + place * width;
    const to = from + width - step;
    const decimals = Math.max(2, Math.ceil(-Math.log10(width)) + 1);
    const label =
      step === width ? rounded(from, decimals) : `${rounded(from, decimals)} – ${rounded(to, decimals)}`;
    return { label, ...sum, ...noEstimate };
  });
}

/** Answers with more decimals than this are taken as continuous. */
const MAX_STEP_DECIMALS = 3;

interface Bins {
  readonly start: number;
  readonly width: number;
  /** Between the numbers; 0 for continuous ones. */
  readonly step: number;
  readonly places: number;
}

/**
 * At most `maxRanges` bins that begin at a multiple of their width, which is a multiple of the step between the numbers, so
 * that each bin can hold as many different answers as the others: 1, 2 or 5 times a power of ten where that fits, or else
 * as many steps.
 */
function binning(ascending: readonly number[]): Bins {
  const step = stepOf(ascending);
  const round = narrowest(ascending, step, 1);
  const ofSteps = step === 0 ? null : narrowest(ascending, step, step);
  if (round !== null && (ofSteps === null || round.width <= 2 * ofSteps.width)) return round;
  // Numbers so close that floating point has no width between them are in one bin.
  return ofSteps ?? oneBin(ascending);
}

function oneBin(ascending: readonly number[]): Bins {
  const [min, max] = [ascending[0] ?? 0, ascending.at(-1) ?? 0];
  return { start: min, width: Math.max(max - min, Number.MIN_VALUE), step: 0, places: 1 };
}

/** With a width of 1, 2 or 5 times a power of ten units; `null` if none of about the right size is a multiple of the step. */
function narrowest(ascending: readonly number[], step: number, unit: number): Bins | null {
  const [min, max] = [ascending[0] ?? 0, ascending.at(-1) ?? 0];
  const from = Math.floor(Math.log10((max / maxRanges - min / maxRanges) / unit)) - 1;
  // The first width with few enough bins is within these powers, unless the step rules it out.
  for (let power = from; power < from + 4; power += 1) {
    for (const digit of [1, 2, 5]) {
      const width = digit * 10 ** power * unit;
      if (step > 0 && (width < step * 0.999 || !isNearlyWhole(width / step))) continue;
      const first = Math.floor(min / width + 1e-9);
      const places = Math.floor(max / width + 1e-9) - first + 1;
      if (places <= maxRanges) return { start: first * width, width, step, places };
    }
  }
  return null;
}

/** The largest number that all others are multiples of, such as 1, 5 or 0.25; 0 if they have many decimals. */
function stepOf(values: readonly number[]): number {
  const scale = 10 ** MAX_STEP_DECIMALS;
  let step = 0;
  for (const value of values) {
    const units = Math.round(value * scale);
    if (!isNearlyWhole(value * scale) || !Number.isSafeInteger(units)) return 0;
    step = greatestCommonDivisor(step, Math.abs(units));
  }
  return step / scale;
}

function isNearlyWhole(value: number): boolean {
  return Math.abs(value - Math.round(value)) <= 1e-6;
}

function greatestCommonDivisor(a: number, b: number): number {
  return b === 0 ? a : greatestCommonDivisor(b, a % b);
}
