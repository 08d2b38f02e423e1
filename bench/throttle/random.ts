import { seededUniform } from '../../packages/panelist/src/random/seeded-uniform.ts';

/** Numbers in [0, 1) that are the same for the same seed; neighbouring seeds give unrelated numbers. */
export function seededRandom(seed: number): () => number {
  return seededUniform(Math.imul(seed + 1, 0x9e3779b1));
}

/** A log-normal draw: most values are small, a few are very large. */
export function lognormal(random: () => number, median: number, sigma: number): number {
  const normal = Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
  return median * Math.exp(sigma * normal);
}
