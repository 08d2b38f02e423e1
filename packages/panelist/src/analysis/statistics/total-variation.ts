import { seededUniform } from '../../random/seeded-uniform.ts';
import { INTERVAL_LEVEL, type Interval } from './intervals.ts';
import { drawMultinomial } from './multinomial.ts';

export interface TotalVariation {
  /** The share of answers that must change to make the distributions equal: 0 to 1. Larger than the populations' on average. */
  readonly distance: number;
  /**
   * 95 %, of the distance between the populations; corrected for `distance` being too large on average. Contains `distance`,
   * and 0 exactly if `p` is at least 0.05. `null` if all gave the same answer.
   */
  readonly interval: Interval | null;
  /** The mean distance between samples of these sizes from one distribution: chance alone. */
  readonly byChance: number;
  /** The share of such samples whose distance is this large or larger: tests whether the distributions are equal. */
  readonly p: number;
}

/** Half the sum of the absolute differences of the shares. */
export function totalVariationDistance(a: readonly number[], b: readonly number[]): number {
  return Math.min(1, a.reduce((sum, share, place) => sum + Math.abs(share - (b[place] ?? 0)), 0) / 2);
}

/** Samples that are drawn from each distribution. */
const DRAWS = 999;
/** Each sample of one side is compared with so many of the other: a p that Holm's adjustment multiplies must be small. */
const PAIRS = 10;

/**
 * The distance between two distributions over the same categories, given as shares. `nA` and `nB` are numbers of
 * respondents or effective sizes. All draws depend on `seed` alone.
 *
 * p is a Monte Carlo test with draws from the pooled shares: Davison & Hinkley, Bootstrap Methods and their Application
 * (1997), section 4.2. The interval inverts tests of each distance (ibid., section 5.6), for which the populations are
 * moved apart along the observed difference. By how much samples are further apart than their populations depends on the
 * populations, so the lower end is corrected for the most (small differences taken to be smaller still), the upper end
 * for none. The upper end is at least that of a distance which is the median by chance (Cowan et al., "Power-constrained
 * limits", arXiv:1105.3166); up to there no upper end errs, so that the lower end has the whole error of 5 %.
 *
 * @returns `null` without a respondent on each side
 */
export function totalVariation(
  a: readonly number[],
  b: readonly number[],
  { nA, nB, seed }: { nA: number; nB: number; seed: number },
): TotalVariation | null {
  const sizeA = Math.round(nA);
  const sizeB = Math.round(nB);
  if (sizeA < 1 || sizeB < 1) return null;
  const distance = totalVariationDistance(a, b);
  const uniform = seededUniform(seed);
  const pooled = a.map((share, place) => (share * sizeA + (b[place] ?? 0) * sizeB) / (sizeA + sizeB));
  const errors = (size: number, shares: readonly number[]): Float64Array[] =>
    Array.from({ length: DRAWS }, () => {
      const counts = drawMultinomial(size, shares, uniform);
      return Float64Array.from(counts, (count, place) => count / size - (shares[place] as number));
    });
  const apart = differences(errors(sizeA, a), errors(sizeB, b));
  const [equalA, equalB] = [errors(sizeA, pooled), errors(sizeB, pooled)];
  const equal = differences(equalA, equalB);
  const chance = equal.map(half).sort((x, y) => x - y);
  const byChance = chance.reduce((sum, each) => sum + each, 0) / DRAWS;
  let beyond = 0;
  for (let shift = 0; shift < PAIRS; shift++) {
    for (const each of differences(equalA, equalB, shift)) if (half(each) >= distance - 1e-12) beyond += 1;
  }
  const p = (beyond + 1) / (PAIRS * DRAWS + 1);
  const difference = a.map((share, place) => share - (b[place] ?? 0));
  const family = { distance, apart, equal, direction: directionOf(difference, pooled) };
  const certain = shrunken(difference, pooled, 1 / sizeA + 1 / sizeB);
  const least = { ...family, direction: directionOf(certain, pooled) };
  return { distance, interval: byChance === 0 ? null : intervalOf(family, least, chance, p), byChance, p };
}

/** Of each sample's errors, and those of the sample `shift` places further on the other side. */
function differences(a: readonly Float64Array[], b: readonly Float64Array[], shift = 0): Float64Array[] {
  return a.map((errors, draw) => {
    const others = b[(draw + shift) % b.length] as Float64Array;
    return errors.map((error, place) => error - (others[place] as number));
  });
}

/** Populations at any distance, along one direction, and the errors of samples from them. */
interface Family {
  readonly distance: number;
  /** The difference of the shares at a distance of 1. */
  readonly direction: Float64Array;
  /** Sampling errors of the difference if the populations are as observed. */
  readonly apart: readonly Float64Array[];
  /** Sampling errors if both populations are the pooled one. */
  readonly equal: readonly Float64Array[];
}

/** The difference at a distance of 1; if there is none, between the two most frequent categories: there errors are largest. */
function directionOf(difference: readonly number[], pooled: readonly number[]): Float64Array {
  const length = half(Float64Array.from(difference));
  if (length > 1e-9) return Float64Array.from(difference, (each) => each / length);
  const [first, second] = [...pooled.keys()].sort((i, j) => (pooled[j] as number) - (pooled[i] as number));
  return Float64Array.from(pooled, (_, place) => (place === first ? 1 : place === second ? -1 : 0));
}

/** Each category's difference brought nearer to 0 by its standard error. */
function shrunken(difference: readonly number[], pooled: readonly number[], perRespondent: number): number[] {
  return difference.map((each, place) => {
    const share = pooled[place] as number;
    return Math.sign(each) * Math.max(0, Math.abs(each) - Math.sqrt(share * (1 - share) * perRespondent));
  });
}

function intervalOf(family: Family, least: Family, chance: readonly number[], p: number): Interval {
  const { distance } = family;
  const error = 1 - INTERVAL_LEVEL;
  const isNotTooSmall = (sample: number) => (population: number) =>
    shareOfDraws(family, population, (drawn) => drawn <= sample + 1e-12) >= error / 2;
  const isNotTooLarge = (tail: number) => (population: number) =>
    population > 0 && shareOfDraws(least, population, (drawn) => drawn >= distance - 1e-12) >= tail;
  const median = chance[chance.length >> 1] as number;
  const high = Math.max(
    upperWithoutBias(family, error / 2),
    changeBetween(0, 1, isNotTooSmall(Math.max(distance, median))),
  );
  if (p >= error) return { low: 0, high };
  const unbound = Math.min(distance, changeBetween(0, 1, isNotTooSmall(median)));
  const low = isNotTooLarge(error)(unbound)
    ? changeBetween(unbound, 0, isNotTooLarge(error))
    : changeBetween(distance, unbound, isNotTooLarge(error / 2));
  return { low, high };
}

/** How much the distance is too large depends on the populations; here it is taken to be right. */
function upperWithoutBias({ distance, direction, apart }: Family, tail: number): number {
  const drawn = apart.map((errors) =>
    half(errors.map((error, place) => error + distance * (direction[place] as number))),
  );
  drawn.sort((x, y) => x - y);
  const mean = drawn.reduce((sum, each) => sum + each, 0) / drawn.length;
  return Math.min(1, distance + mean - (drawn[Math.floor(tail * drawn.length)] as number));
}

/** The distance last found from `inside` towards `outside` for which `holds` is true; by bisection. */
function changeBetween(inside: number, outside: number, holds: (population: number) => boolean): number {
  if (holds(outside)) return outside;
  let [yes, no] = [inside, outside];
  for (let step = 0; step < 12; step++) {
    const middle = (yes + no) / 2;
    if (holds(middle)) yes = middle;
    else no = middle;
  }
  return yes;
}

/** Between equal and observed populations, the variance of the errors lies between theirs. */
function shareOfDraws(
  { distance, direction, apart, equal }: Family,
  population: number,
  counts: (drawn: number) => boolean,
): number {
  const mixed = distance > 0 ? Math.min(1, population / distance) : 1;
  const [ofApart, ofEqual] = [Math.sqrt(mixed), Math.sqrt(1 - mixed)];
  let count = 0;
  for (let draw = 0; draw < apart.length; draw++) {
    const errors = apart[draw] as Float64Array;
    const others = equal[draw] as Float64Array;
    let sum = 0;
    for (let place = 0; place < direction.length; place++) {
      const error = ofApart * (errors[place] as number) + ofEqual * (others[place] as number);
      sum += Math.abs(population * (direction[place] as number) + error);
    }
    if (counts(sum / 2)) count += 1;
  }
  return count / apart.length;
}

function half(errors: Float64Array): number {
  let sum = 0;
  for (let place = 0; place < errors.length; place++) sum += Math.abs(errors[place] as number);
  return sum / 2;
}
