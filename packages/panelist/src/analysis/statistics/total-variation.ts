import { seededUniform } from '../../random/seeded-uniform.ts';
import { INTERVAL_LEVEL, type Interval } from './intervals.ts';
import { drawMultinomial } from './multinomial.ts';

export interface TotalVariation {
  /** What share of the answers would have to be others for the distributions to be equal: 0 to 1. */
  readonly distance: number;
  /** By the basic bootstrap. */
  readonly interval: Interval | null;
  /** What samples of these sizes from one and the same distribution show on average: chance alone. */
  readonly byChance: number;
}

/** Half the sum of the differences of the shares. */
export function totalVariationDistance(a: readonly number[], b: readonly number[]): number {
  return Math.min(1, a.reduce((sum, share, place) => sum + Math.abs(share - (b[place] ?? 0)), 0) / 2);
}

/**
 * The distance of two distributions over the same categories, given as shares. `nA` and `nB` are respondents, or their
 * effective numbers. The interval is the basic bootstrap's (Davison & Hinkley, Bootstrap Methods, 1997, section 5.2),
 * drawn by `seed`; it allows for the distance of samples being larger on average than that of what they are drawn from.
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
