import jstat from 'jstat';

/** P(X ≥ x) for F with `df` and `residualDf` degrees of freedom, which need not be integers. */
export function fisherUpperTail(x: number, df: number, residualDf: number): number {
  return x <= 0 ? 1 : clamped(jstat.ibeta(residualDf / (residualDf + df * x), residualDf / 2, df / 2));
}

export function normalCdf(z: number): number {
  return jstat.normal.cdf(z, 0, 1);
}

/** The `p` quantile of the standard normal distribution: 1.96 for 0.975. */
export function normalQuantile(p: number): number {
  return jstat.normal.inv(p, 0, 1);
}

function studentTCdf(t: number, df: number): number {
  return jstat.studentt.cdf(t, df);
}

/** The `p` quantile of Student's t distribution with `df` degrees of freedom. */
export function studentTQuantile(p: number, df: number): number {
  return jstat.studentt.inv(p, df);
}

/** P(|T| ≥ |t|); 0 for an infinite `t`. */
export function studentTTwoSided(t: number, df: number): number {
  return Number.isFinite(t) ? clamped(2 * studentTCdf(-Math.abs(t), df)) : 0;
}

/** P(|Z| ≥ |z|). */
export function normalTwoSided(z: number): number {
  return clamped(2 * normalCdf(-Math.abs(z)));
}

/**
 * P(K ≥ x) for Kolmogorov's distribution: 2 Σ (−1)^(j−1) e^(−2j²x²). Smirnov, "Table for estimating the goodness of
 * fit of empirical distributions", Ann. Math. Statist. 19 (1948).
 */
export function kolmogorovUpperTail(x: number): number {
  // Below 0.2 the result is 1 to twelve digits, and the series converges slowly.
  if (x < 0.2) return 1;
  let sum = 0;
  for (let j = 1; j <= 100; j++) {
    const term = Math.exp(-2 * j * j * x * x);
    sum += j % 2 === 1 ? term : -term;
    if (term < 1e-16) break;
  }
  return clamped(2 * sum);
}

function clamped(p: number): number {
  return Math.min(1, Math.max(0, p));
}
