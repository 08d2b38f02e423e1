import { quote } from '@panelist/toolkit';
import { PanelistError } from '../../panelist-error.ts';

/** A band of numbers: from `from` up to `to`. */
interface Band {
  readonly category: string;
  readonly from: number;
  readonly to: number;
  readonly includes: (number: number) => boolean;
}

/** Numbers between two bands, or outside all of them. */
export interface BandGap {
  /** In words: `from 30 to under 35`. */
  readonly gap: string;
  readonly includes: (number: number) => boolean;
  /** Whether it is between two bands and a whole number is in it, so that it may be a mistake. */
  readonly isSuspicious: boolean;
}

/** A number in a persona or a category; `null` for any other text. */
export function numberIn(text: string): number | null {
  return /^-?\d+(?:\.\d+)?$/.test(text.trim()) ? Number(text) : null;
}

/**
 * Bands are `18-29` or `18–29` (both ends included), `65+` or `65-`, `under 18`, `<18`, `over 65`, `>65`, and single numbers.
 * 29.5 years count as 29.
 */
export function bandOf(category: string): Band | null {
  const text = category.trim().toLowerCase();
  const single = numberIn(text);
  if (single !== null) return { category, from: single, to: single, includes: (number) => number === single };
  const range = /^(\d+(?:\.\d+)?)\s*(?:-|–|—|to)\s*(\d+(?:\.\d+)?)$/.exec(text);
  if (range) return band(category, Number(range[1]), endOf(range[2]));
  const least = /^(\d+(?:\.\d+)?)\s*(?:\+|-|–|and over|or older|and older|or more)$/.exec(text);
  if (least) return band(category, Number(least[1]), { to: Number.POSITIVE_INFINITY, isIn: false });
  const under = /^(?:under|below|<)\s*(\d+(?:\.\d+)?)$/.exec(text);
  if (under) return band(category, Number.NEGATIVE_INFINITY, { to: Number(under[1]), isIn: false });
  const over = /^(?:over|above|>)\s*(\d+(?:\.\d+)?)$/.exec(text);
  if (!over) return null;
  const { to: from, isIn } = endOf(over[1]);
  return {
    category,
    from,
    to: Number.POSITIVE_INFINITY,
    includes: (number) => (isIn ? number > from : number >= from),
  };
}

/** The end of a band whose last number is `text`: a whole number lasts until the next one. */
function endOf(text: string | undefined): { to: number; isIn: boolean } {
  const last = Number(text);
  return Number.isInteger(last) ? { to: last + 1, isIn: false } : { to: last, isIn: true };
}

function band(category: string, from: number, { to, isIn }: { to: number; isIn: boolean }): Band {
  return {
    category,
    from,
    to,
    includes: (number) => number >= from && (isIn ? number <= to : number < to),
  };
}

/**
 * The gaps between the bands of a variable, lowest first, with what lies below and above all of them.
 *
 * @throws PanelistError `TARGETS_INVALID` if a number is in two bands
 */
export function gapsBetween(variable: string, categories: readonly string[]): BandGap[] {
  const bands = categories
    .map(bandOf)
    .filter((each) => each !== null)
    .sort((a, b) => a.from - b.from || a.to - b.to);
  // Numbers alone, such as 1, 2, 3, are codes and have nothing between them.
  if (bands.every(({ from, to }) => from === to)) return [];
  const gaps: BandGap[] = [];
  for (const [index, next] of [...bands, undefined].entries()) {
    const before = bands[index - 1];
    const [from, to] = [before?.to ?? Number.NEGATIVE_INFINITY, next?.from ?? Number.POSITIVE_INFINITY];
    if (before !== undefined && next !== undefined) {
      if (to < from || (to === from && before.includes(to) && next.includes(to)))
        refuseOverlap(variable, before, next);
      if (to === from && (before.includes(to) || next.includes(to))) continue;
    }
    if (from < to || before !== undefined) gaps.push(gapOf(before, next, from, to));
  }
  return gaps.filter(({ gap }) => gap !== '');
}

function gapOf(before: Band | undefined, next: Band | undefined, from: number, to: number): BandGap {
  const start = Number.isFinite(from) ? (before?.includes(from) ? `above ${from}` : `from ${from}`) : '';
  const end = Number.isFinite(to) ? (next?.includes(to) ? `under ${to}` : `up to ${to}`) : '';
  const includes = (number: number): boolean =>
    number >= from && number <= to && !before?.includes(number) && !next?.includes(number);
  return {
    gap: start !== '' && end !== '' ? `${start} ${end.startsWith('up') ? end : `to ${end}`}` : start + end,
    includes,
    isSuspicious: start !== '' && end !== '' && (includes(Math.ceil(from)) || includes(Math.floor(from) + 1)),
  };
}

function refuseOverlap(variable: string, first: Band, second: Band): never {
  throw new PanelistError(
    'TARGETS_INVALID',
    `The bands ${quote(first.category)} and ${quote(second.category)} of ${quote(variable)} overlap: ${Number.isFinite(second.from) ? second.from : first.to - 1} is in both. Write bands that do not overlap, such as 18-29 and 30-44.`,
  );
}
