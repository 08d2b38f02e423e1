import { fisherUpperTail, normalTwoSided, studentTTwoSided } from './distributions.ts';
import { type SampleMean, welchDifference } from './intervals.ts';

export interface MeansTest {
  readonly f: number;
  /** Number of groups compared, less one. */
  readonly df: number;
  readonly residualDf: number;
  /** P(F this large or larger) if all means are equal. */
  readonly p: number;
}

/**
 * Whether several means are equal, with unequal variances: Welch, Biometrika 38 (1951), 330–336; R's `oneway.test`. Groups
 * of fewer than two respondents, or whose answers are all the same, are left out. `null` if fewer than two remain.
 */
export function welchTest(groups: readonly SampleMean[]): MeansTest | null {
  const used = groups.filter(({ n, standardError }) => n > 1 && standardError > 0);
  const count = used.length;
  if (count < 2) return null;
  const weights = used.map(({ standardError }) => 1 / standardError ** 2);
  const total = weights.reduce((a, b) => a + b, 0);
  const centre = used.reduce((sum, { mean }, place) => sum + (weights[place] as number) * mean, 0) / total;
  let between = 0;
  let correction = 0;
  for (const [place, { mean, n }] of used.entries()) {
    const weight = weights[place] as number;
    between += weight * (mean - centre) ** 2;
    correction += (1 - weight / total) ** 2 / (n - 1);
  }
  const f = between / (count - 1) / (1 + (2 * (count - 2) * correction) / (count ** 2 - 1));
  const residualDf = (count ** 2 - 1) / (3 * correction);
  return { f, df: count - 1, residualDf, p: fisherUpperTail(f, count - 1, residualDf) };
}

/** Two-sided, by Welch's t; `null` where a mean has no standard error. */
export function meanDifferenceP(a: SampleMean, b: SampleMean): number | null {
  const difference = welchDifference(a, b);
  if (difference === null || difference.standardError === 0) return null;
  return studentTTwoSided(difference.difference / difference.standardError, difference.df);
}

export interface SampleShare {
  readonly share: number;
  /** Number of independent answers of the same precision. */
  readonly size: number;
}

/**
 * Two-sided: the z-test of two shares with the variance of the pooled share (Fleiss, Levin & Paik, Statistical Methods for
 * Rates and Proportions, 3rd ed. 2003, section 3.2, without correction for continuity). `null` where the shares are both 0
 * or both 1.
 */
export function shareDifferenceP(a: SampleShare, b: SampleShare): number | null {
  const pooled = (a.share * a.size + b.share * b.size) / (a.size + b.size);
  const variance = pooled * (1 - pooled) * (1 / a.size + 1 / b.size);
  return variance > 0 ? normalTwoSided((a.share - b.share) / Math.sqrt(variance)) : null;
}
