import { seededUniform } from '../../packages/panelist/src/random/seeded-uniform.ts';

/** Numbers from 0 to below 1 that are the same for the same seed; neighbouring seeds have nothing in common. */
export function seededRandom(seed: number): () => number {
  return seededUniform(Math.imul(seed + 1, 0x9e3779b1));
}

/** A draw whose logarithm is normally distributed: most are small, a few are very large. */
export function lognormal(random: () => number, median: number, sigma: number): number {
  const normal = Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
  return median * Math.exp(sigma * normal);
}
