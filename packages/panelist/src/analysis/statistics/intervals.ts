import { normalQuantile, studentTQuantile } from './distributions.ts';

/**
 * What every interval of synthetic answers covers: how much results vary if the same model answers again with as many
 * respondents. It does not cover how far the model is from people, which more respondents do not reduce.
 */
export const INTERVAL_LABEL = 'model sampling error only';

/** The confidence level of all intervals. */
export const INTERVAL_LEVEL = 0.95;

export interface Interval {
  readonly low: number;
  readonly high: number;
}

/** Wilson's interval of a share of `n` answers; `n` may be an effective size. JASA 22 (1927). `null` for `n` = 0. */
export function wilsonInterval(share: number, n: number, level: number = INTERVAL_LEVEL): Interval | null {
  if (!(n > 0)) return null;
  const z = normalQuantile((1 + level) / 2);
  const scale = 1 + (z * z) / n;
  const middle = (share + (z * z) / (2 * n)) / scale;
  const half = (z / scale) * Math.sqrt((share * (1 - share)) / n + (z * z) / (4 * n * n));
  // At the ends the bound is exact; rounding would leave a trace.
  return {
    low: share <= 0 ? 0 : Math.max(0, middle - half),
    high: share >= 1 ? 1 : Math.min(1, middle + half),
  };
}

/**
 * The first share minus the second, of independent samples, with Wilson's interval for each: Newcombe, Statistics in
 * Medicine 17 (1998), 873–890, method 10.
 */
export function shareDifferenceInterval(
  a: { readonly share: number; readonly interval: Interval | null },
  b: { readonly share: number; readonly interval: Interval | null },
): Interval | null {
  if (a.interval === null || b.interval === null) return null;
  const difference = a.share - b.share;
  return {
    low: difference - Math.hypot(a.share - a.interval.low, b.interval.high - b.share),
    high: difference + Math.hypot(a.interval.high - a.share, b.share - b.interval.low),
  };
}

/** Student's interval of an estimate; `null` without a degree of freedom. */
export function studentInterval(
  estimate: number,
  standardError: number,
  df: number,
  level: number = INTERVAL_LEVEL,
): Interval | null {
  if (!(df > 0) || !Number.isFinite(standardError)) return null;
  const half = standardError === 0 ? 0 : studentTQuantile((1 + level) / 2, df) * standardError;
  return { low: estimate - half, high: estimate + half };
}

/** The mean of one sample, for Welch's method. */
export interface SampleMean {
  readonly mean: number;
  readonly standardError: number;
  /** Number of respondents, or the effective size. */
  readonly n: number;
}

export interface MeanDifference {
  /** The first mean minus the second. */
  readonly difference: number;
  readonly standardError: number;
  readonly df: number;
  readonly interval: Interval | null;
}

/** Compares two means with unequal variances. Welch, Biometrika 34 (1947); degrees of freedom by Satterthwaite (1946). */
export function welchDifference(a: SampleMean, b: SampleMean): MeanDifference | null {
  if (!(a.n > 1 && b.n > 1)) return null;
  const ofA = a.standardError ** 2;
  const ofB = b.standardError ** 2;
  const sum = ofA + ofB;
  const df = sum === 0 ? a.n + b.n - 2 : sum ** 2 / (ofA ** 2 / (a.n - 1) + ofB ** 2 / (b.n - 1));
  const difference = a.mean - b.mean;
  const standardError = Math.sqrt(sum);
  return { difference, standardError, df, interval: studentInterval(difference, standardError, df) };
}
