import { seededUniform } from '../../random/seeded-uniform.ts';
import { INTERVAL_LEVEL, type Interval } from './intervals.ts';
import { drawMultinomial } from './multinomial.ts';

export interface TotalVariation {
  /** The share of answers that must change to make the distributions equal: 0 to 1. */
  readonly distance: number;
  /** Basic bootstrap interval. */
  readonly interval: Interval | null;
  /** The mean distance between samples of these sizes from one distribution: chance alone. */
  readonly byChance: number;
}

/** Half the sum of the absolute differences of the shares. */
export function totalVariationDistance(a: readonly number[], b: readonly number[]): number {
  return Math.min(1, a.reduce((sum, share, place) => sum + Math.abs(share - (b[place] ?? 0)), 0) / 2);
}

/**
 * The distance between two distributions over the same categories, given as shares. `nA` and `nB` are numbers of
 * respondents or effective sizes. The interval is a basic bootstrap (Davison & Hinkley, Bootstrap Methods, 1997, section
 * 5.2), drawn with `seed`; it corrects for samples having a larger distance on average than their populations.
 */
export function totalVariation(
  a: readonly number[],
  b: readonly number[],
  { nA, nB, seed, resamples = 1000 }: { nA: number; nB: number; seed: number; resamples?: number },
): TotalVariation {
  const distance = totalVariationDistance(a, b);
  const sizeA = Math.round(nA);
  const sizeB = Math.round(nB);
  if (sizeA < 1 || sizeB < 1) return { distance, interval: null, byChance: 1 };
  const uniform = seededUniform(seed);
  const draw = (sharesA: readonly number[], sharesB: readonly number[]): number =>
    totalVariationDistance(
      drawMultinomial(sizeA, sharesA, uniform).map((count) => count / sizeA),
      drawMultinomial(sizeB, sharesB, uniform).map((count) => count / sizeB),
    );
  const drawn = Array.from({ length: resamples }, () => draw(a, b)).sort((x, y) => x - y);
  const pooled = a.map((share, place) => (share * sizeA + (b[place] ?? 0) * sizeB) / (sizeA + sizeB));
  let byChance = 0;
  for (let time = 0; time < resamples; time++) byChance += draw(pooled, pooled) / resamples;
  const tail = Math.floor(((1 - INTERVAL_LEVEL) / 2) * resamples);
  const low = clamped(2 * distance - (drawn[resamples - 1 - tail] as number));
  const high = clamped(2 * distance - (drawn[tail] as number));
  return { distance, interval: { low, high }, byChance };
}

function clamped(distance: number): number {
  return Math.min(1, Math.max(0, distance));
}
