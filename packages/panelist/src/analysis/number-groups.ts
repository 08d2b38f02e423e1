import { quote } from '@panelist/toolkit';
import { PanelistError } from '../panelist-error.ts';
import { rounded } from './figures.ts';

/** How numbers become groups: by bands, or by quantiles of the weighted sample. */
export type NumberGroups =
  | { readonly kind: 'bands'; readonly bands: readonly NumberBand[] }
  | { readonly kind: 'quantiles'; readonly count: number };

/** Both ends belong to a band. */
export interface NumberBand {
  readonly label: string;
  /** `-Infinity` for an open end. */
  readonly low: number;
  /** `Infinity` for an open end. */
  readonly high: number;
}

const MAX_BANDS = 20;
const MAX_QUANTILES = 10;
const NUMBER = String.raw`-?\d{1,15}(?:\.\d{1,10})?`;
const bandText = new RegExp(`^(${NUMBER})?(-|–|\\.\\.)(${NUMBER})?$|^(${NUMBER})(\\+)?$`);

/**
 * Reads `18-29,30-44,45-` (`45+` is the same; a single number is a band too, and `-5..5` has a negative end), or `q4` for
 * four quantiles.
 *
 * @throws PanelistError `USAGE` for anything else, bands that overlap, and more than 20 bands or 10 quantiles
 */
export function readNumberGroups(text: string): NumberGroups {
  const quantiles = /^q(\d{1,4})$/.exec(text.trim());
  if (quantiles) {
    const count = Number(quantiles[1]);
    if (count < 2 || count > MAX_QUANTILES)
      throw usage(`${quote(text)} must name 2 to ${MAX_QUANTILES} quantiles, such as q4.`);
    return { kind: 'quantiles', count };
  }
  const bands = text.split(',').map(readBand);
  if (bands.length > MAX_BANDS)
    throw usage(`There are ${bands.length} bands; at most ${MAX_BANDS} can be shown.`);
  bands.sort((a, b) => a.low - b.low);
  for (const [place, band] of bands.entries()) {
    const before = bands[place - 1];
    if (before !== undefined && band.low <= before.high)
      throw usage(`The bands ${quote(before.label)} and ${quote(band.label)} overlap.`);
  }
  return { kind: 'bands', bands };
}

function readBand(text: string): NumberBand {
  const label = text.trim();
  const [, from, separator, to, single, plus] = bandText.exec(label) ?? [];
  const isRange = separator !== undefined && (from !== undefined || to !== undefined);
  if (!isRange && single === undefined)
    throw usage(
      `${quote(label)} isn't a band of numbers. Write bands as 18-29,30-44,45- or quantiles as q4.`,
    );
  const low = Number(from ?? single ?? Number.NEGATIVE_INFINITY);
  const high = plus === '+' ? Number.POSITIVE_INFINITY : Number(to ?? single ?? Number.POSITIVE_INFINITY);
  if (low > high) throw usage(`The band ${quote(label)} ends below its beginning.`);
  return { label, low, high };
}

/** The place of a number among bands in ascending order; −1 for none. A fraction counts as its whole number: 29.5 years are in 18-29. */
export function bandOf(bands: readonly NumberBand[], value: number): number {
  const place = bands.findLastIndex(({ low }) => value >= low);
  const high = bands[place]?.high ?? Number.NEGATIVE_INFINITY;
  return (Number.isInteger(high) ? Math.floor(value) : value) <= high ? place : -1;
}

/**
 * Groups of about equal weight; equal numbers are in one group, so there may be fewer than asked for. Each label is the
 * smallest and the largest number of its group.
 */
export function quantileBands(
  values: Iterable<readonly [value: number, weight: number]>,
  count: number,
): readonly NumberBand[] {
  const weights = new Map<number, number>();
  let total = 0;
  for (const [value, weight] of values) {
    weights.set(value, (weights.get(value) ?? 0) + weight);
    total += weight;
  }
  const groups: { low: number; high: number }[] = [];
  let below = 0;
  let last = -1;
  for (const [value, weight] of [...weights].sort(([a], [b]) => a - b)) {
    // The middle of the value's own weight decides.
    const group = Math.min(count - 1, Math.floor(((below + weight / 2) / total) * count));
    below += weight;
    if (group === last) groups.at(-1)!.high = value;
    else groups.push({ low: value, high: value });
    last = group;
  }
  return groups.map(({ low, high }) => ({
    label: low === high ? rounded(low, 2) : `${rounded(low, 2)}–${rounded(high, 2)}`,
    low,
    high,
  }));
}

function usage(message: string): PanelistError {
  return new PanelistError('USAGE', message);
}
