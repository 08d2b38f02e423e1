import { kolmogorovUpperTail } from './distributions.ts';

/** A distribution over points in ascending order; weights can have any sum. */
export type WeightedPoints = readonly (readonly [point: number, weight: number])[];

export interface KolmogorovSmirnovTest {
  /** The largest distance between the two cumulative distributions: 0 to 1. */
  readonly d: number;
  /** Two-sided p. */
  readonly p: number;
  /** True for fewer than 20 distinct values, as on a scale: then p is too large, and a difference easily missed. */
  readonly isConservative: boolean;
}

const MANY_VALUES = 20;

/**
 * Tests whether two samples come from the same distribution. `nA` and `nB` are numbers of respondents or effective sizes.
 * p is asymptotic with Stephens' correction for small samples (JRSS B 32 (1970)), as in Press et al., Numerical Recipes,
 * 3rd ed., section 14.3.3.
 */
export function kolmogorovSmirnovTest(
  a: WeightedPoints,
  b: WeightedPoints,
  nA: number,
  nB: number,
): KolmogorovSmirnovTest | null {
  const sumA = total(a);
  const sumB = total(b);
  if (!(sumA > 0 && sumB > 0 && nA > 0 && nB > 0)) return null;
  let d = 0;
  let belowA = 0;
  let belowB = 0;
  let distinct = 0;
  for (let i = 0, j = 0; i < a.length || j < b.length; ) {
    const point = Math.min(a[i]?.[0] ?? Infinity, b[j]?.[0] ?? Infinity);
    for (; i < a.length && a[i]?.[0] === point; i++) belowA += a[i]?.[1] ?? 0;
    for (; j < b.length && b[j]?.[0] === point; j++) belowB += b[j]?.[1] ?? 0;
    distinct += 1;
    d = Math.max(d, Math.abs(belowA / sumA - belowB / sumB));
  }
  d = Math.min(1, d);
  const size = Math.sqrt((nA * nB) / (nA + nB));
  const p = kolmogorovUpperTail((size + 0.12 + 0.11 / size) * d);
  return { d, p, isConservative: distinct < MANY_VALUES };
}

function total(points: WeightedPoints): number {
  return points.reduce((sum, [, weight]) => sum + weight, 0);
}
