import { normalQuantile, studentTQuantile } from './distributions.ts';

/**
 * What every interval of synthetic answers covers, and all that it covers: how much they would vary were the same
 * model asked again of as many. How far the model is from people is not in it, and more respondents do not make it less.
 */
export const INTERVAL_LABEL = 'model sampling error only';

/** The confidence level of all intervals. */
export const INTERVAL_LEVEL = 0.95;

export interface Interval {
  readonly low: number;
  readonly high: number;
}

/** Of a share from `n` answers, which may be an effective number. Wilson, JASA 22 (1927). `null` for `n` = 0. */
export function wilsonInterval(share: number, n: number, level: number = INTERVAL_LEVEL): Interval | null {
  if (!(n > 0)) return null;
  const z = normalQuantile((1 + level) / 2);
  const scale = 1 + (z * z) / n;
  const middle = (share + (z * z) / (2 * n)) / scale;
  const half = (z / scale) * Math.sqrt((share * (1 - share)) / n + (z * z) / (4 * n * n));
  return { low: Math.max(0, middle - half), high: Math.min(1, middle + half) };
}

/** Student's interval about an estimate; `null` where there is no degree of freedom. */
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

/** The mean of one sample, as Welch's method needs it. */
export interface SampleMean {
  readonly mean: number;
  readonly standardError: number;
  /** Respondents, or their effective number. */
  readonly n: number;
}

export interface MeanDifference {
  /** The first mean less the second. */
  readonly difference: number;
  readonly standardError: number;
  readonly df: number;
  readonly interval: Interval | null;
}

/** Two means whose spreads may differ. Welch, Biometrika 34 (1947); degrees of freedom by Satterthwaite (1946). */
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
