import { normalQuantile } from './distributions.ts';

/** From this variance, a binomial is approximated by a rounded normal. */
const largeVariance = 200;

/** Up to this many are drawn one by one, which is faster than a binomial for each category. */
const fewDraws = 500;

/** Draws `n` times from categories with the given shares, which add up to 1, and returns the counts. */
export function drawMultinomial(n: number, shares: readonly number[], uniform: () => number): number[] {
  if (n <= fewDraws) return drawOneByOne(n, shares, uniform);
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

function drawOneByOne(n: number, shares: readonly number[], uniform: () => number): number[] {
  const counts = new Array<number>(shares.length).fill(0);
  let last = 0;
  for (let place = 0; place < shares.length; place++) if ((shares[place] as number) > 0) last = place;
  for (let draw = 0; draw < n; draw++) {
    let left = uniform();
    let place = 0;
    while (place < last && left >= (shares[place] as number)) {
      left -= shares[place] as number;
      place += 1;
    }
    counts[place] = (counts[place] as number) + 1;
  }
  return counts;
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
