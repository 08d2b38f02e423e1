/** The mean of `values`, each with its weight; exact where all are equal, so that rounding is not taken for variance. */
export function weightedMean(values: readonly number[], weights: readonly number[]): number {
  const first = values[0] ?? Number.NaN;
  if (values.every((value) => value === first)) return first;
  let [sum, total] = [0, 0];
  for (const [index, value] of values.entries()) {
    sum += value * (weights[index] as number);
    total += weights[index] as number;
  }
  return sum / total;
}

/** The variance of `weightedMean`, linearised: Lohr, Sampling: Design and Analysis (2nd ed.), section 9.1. */
export function varianceOfMean(values: readonly number[], weights: readonly number[]): number {
  const centre = weightedMean(values, weights);
  let [squares, total] = [0, 0];
  for (const [index, value] of values.entries()) {
    squares += ((weights[index] as number) * (value - centre)) ** 2;
    total += weights[index] as number;
  }
  return ((squares / total ** 2) * values.length) / (values.length - 1);
}
