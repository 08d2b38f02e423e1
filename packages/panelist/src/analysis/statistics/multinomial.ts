import { normalQuantile } from './distributions.ts';

/** From this variance, a binomial is approximated by a rounded normal. */
const largeVariance = 200;

/** Draws `n` times from categories with the given shares, which add up to 1, and returns the counts. */
export function drawMultinomial(n: number, shares: readonly number[], uniform: () => number): number[] {
  let left = n;
  let mass = 1;
  return shares.map((share, place) => {
    const p = place === shares.length - 1 || mass <= 0 ? 1 : Math.min(1, share / mass);
    const drawn = drawBinomial(left, p, uniform);
    left -= drawn;
    mass -= share;
    return drawn;
  });
}

function drawBinomial(n: number, p: number, uniform: () => number): number {
  if (n === 0 || p <= 0) return 0;
  if (p >= 1) return n;
  if (p > 0.5) return n - drawBinomial(n, 1 - p, uniform);
  const variance = n * p * (1 - p);
  if (variance > largeVariance) {
    const z = normalQuantile(Math.min(1 - 1e-12, Math.max(1e-12, uniform())));
    return Math.min(n, Math.max(0, Math.round(n * p + z * Math.sqrt(variance))));
  }
  // Waiting-time method: Devroye, Non-Uniform Random Variate Generation (1986), chapter X.4.
  let successes = 0;
  const step = Math.log1p(-p);
  for (let trial = 0; ; successes++) {
    trial += Math.floor(Math.log(1 - uniform()) / step) + 1;
    if (trial > n) return successes;
  }
}
