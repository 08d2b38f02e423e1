/**
 * The number of equally weighted respondents with the same precision: (Σw)² / Σw², at most the actual number; 0 for none.
 * Kish, Survey Sampling (1965), section 11.7.
 */
export function effectiveSize(weights: Iterable<number>): number {
  let sum = 0;
  let squares = 0;
  for (const weight of weights) {
    sum += weight;
    squares += weight * weight;
  }
  return squares === 0 ? 0 : (sum * sum) / squares;
}
