import { PanelistError } from '../../panelist-error.ts';

/** One margin: the category of each unit, and the target share of each category. */
export interface Margin {
  readonly variable: string;
  readonly categories: readonly string[];
  /** For each unit, the index of its category. */
  readonly of: readonly number[];
  /** For each category; they add up to 1. */
  readonly shares: readonly number[];
}

const maxRounds = 1_000;
/** Largest accepted difference between a reached share and its target. */
const tolerance = 1e-6;

/**
 * Computes weights that give every margin its shares by iterative proportional fitting (Deming & Stephan, 1940), which
 * changes the initial weights as little as possible. The sum of the weights does not change.
 *
 * @param initial one per unit, at least 0
 * @param among who the units are, for the error
 * @throws PanelistError `RAKING_FAILED` if a category with a target has no units, or no weights meet all margins
 */
export function rake(
  initial: readonly number[],
  margins: readonly Margin[],
  among: 'people' | 'sample' = 'people',
): number[] {
  for (const margin of margins) refuseEmpty(margin, initial);
  const { weights, worst } = fit(initial, margins);
  if (worst.off <= tolerance) return weights;
  throw new PanelistError(
    'RAKING_FAILED',
    `No weights meet all targets: after ${maxRounds} rounds ${worst.name} is still off by ${(100 * worst.off).toFixed(2)} points. ${
      among === 'people'
        ? 'Two targets contradict each other among the people there are; merge categories or leave a variable out.'
        : 'Among the people drawn two targets contradict each other. Draw more people, or merge categories; another seed can help.'
    }`,
  );
}

/** As `rake`; undefined if no weights meet all margins. */
export function raked(initial: readonly number[], margins: readonly Margin[]): number[] | undefined {
  const { weights, worst } = fit(initial, margins);
  return worst.off <= tolerance ? weights : undefined;
}

function fit(
  initial: readonly number[],
  margins: readonly Margin[],
): { weights: number[]; worst: { off: number; name: string } } {
  const weights = Float64Array.from(initial);
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  let worst = { off: 0, name: '' };
  for (let round = 0; round < maxRounds; round += 1) {
    for (const { of, shares } of margins) {
      const sums = sumsOf(weights, of, shares.length);
      for (const [unit, category] of of.entries()) {
        const sum = sums[category] as number;
        if (sum > 0) weights[unit] = ((weights[unit] as number) * (shares[category] as number) * total) / sum;
      }
    }
    worst = worstOf(weights, margins, total);
    if (worst.off <= tolerance) break;
  }
  return { weights: [...weights], worst };
}

function refuseEmpty({ variable, categories, of, shares }: Margin, weights: readonly number[]): void {
  const sums = sumsOf(weights, of, shares.length);
  const empty = shares.findIndex((share, category) => share > 0 && (sums[category] as number) === 0);
  if (empty < 0) return;
  throw new PanelistError(
    'RAKING_FAILED',
    `Nobody is in ${JSON.stringify(categories[empty])} of ${JSON.stringify(variable)}, whose target is ${(100 * (shares[empty] as number)).toFixed(1)} %. Merge it with another category in the targets.`,
  );
}

function sumsOf(weights: ArrayLike<number>, of: readonly number[], count: number): Float64Array {
  const sums = new Float64Array(count);
  for (const [unit, category] of of.entries())
    sums[category] = (sums[category] as number) + (weights[unit] as number);
  return sums;
}

function worstOf(
  weights: ArrayLike<number>,
  margins: readonly Margin[],
  total: number,
): { off: number; name: string } {
  let worst = { off: 0, name: '' };
  for (const { variable, categories, of, shares } of margins) {
    const sums = sumsOf(weights, of, shares.length);
    for (const [category, share] of shares.entries()) {
      const off = Math.abs((sums[category] as number) / total - share);
      if (off > worst.off)
        worst = { off, name: `${JSON.stringify(categories[category])} of ${JSON.stringify(variable)}` };
    }
  }
  return worst;
}
