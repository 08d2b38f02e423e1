import { effectiveSize } from '../../analysis/statistics/effective-size.ts';

/** How uneven the weights of a sample are. */
export interface WeightSpread {
  readonly least: number;
  readonly greatest: number;
  /** The share of all weight that the heaviest 1 % have (one person at least): 0.01 if all weigh the same. */
  readonly topShare: number;
  /** How many the heaviest 1 % are. */
  readonly topPeople: number;
  /** Kish's effective sample size. */
  readonly effectiveSize: number;
}

export function weightSpread(weights: readonly number[]): WeightSpread {
  const falling = [...weights].sort((a, b) => b - a);
  const topPeople = Math.max(1, Math.round(falling.length / 100));
  return {
    least: falling.at(-1) as number,
    greatest: falling[0] as number,
    topShare: sum(falling.slice(0, topPeople)) / sum(falling),
    topPeople,
    effectiveSize: effectiveSize(weights),
  };
}

/** The weights with a mean of 1. */
export function withMeanOne(weights: readonly number[]): number[] {
  const mean = sum(weights) / weights.length;
  return weights.map((weight) => weight / mean);
}

/**
 * Sets weights above `greatest` to it, and spreads what that removes over the others in proportion, so that the mean
 * remains 1 (Potter & Zheng, "Methods and issues in trimming extreme weights", Proceedings of the Survey Research Methods
 * Section, ASA, 2015). It trades bias for variance: margins that were met are met no more.
 *
 * @param weights their mean is 1
 * @param greatest at least 1
 * @returns the weights, and how many were trimmed
 */
export function trimmedWeights(
  weights: readonly number[],
  greatest: number,
): { readonly weights: number[]; readonly trimmed: number } {
  const cut = new Set<number>();
  for (;;) {
    const open = sum(weights.filter((_, person) => !cut.has(person)));
    const left = weights.length - cut.size * greatest;
    const now = weights.map((weight, person) => (cut.has(person) ? greatest : (weight * left) / open));
    const over = now.flatMap((weight, person) =>
      !cut.has(person) && weight > greatest * (1 + 1e-9) ? [person] : [],
    );
    if (over.length === 0) return { weights: now, trimmed: cut.size };
    for (const person of over) cut.add(person);
  }
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
