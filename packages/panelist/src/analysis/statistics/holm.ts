/** A test with its p adjusted for all tests that are shown with it. */
export type Adjusted<Test extends { readonly p: number }> = Test & { readonly adjustedP: number };

/** Adds adjusted p-values to all tests together; a `null` is no test and stays. */
export function adjustTogether<Test extends { readonly p: number }>(
  tests: readonly (Test | null)[],
): (Adjusted<Test> | null)[] {
  const adjusted = holmAdjusted(tests.flatMap((test) => (test ? [test.p] : []))).values();
  return tests.map((test) => test && { ...test, adjustedP: adjusted.next().value as number });
}

/**
 * Adjusts p-values for multiple testing, in the given order. Each can be compared with the level directly, and the
 * probability of any false finding is at most that level. Holm, Scandinavian Journal of Statistics 6 (1979).
 */
export function holmAdjusted(pValues: readonly number[]): number[] {
  const ascending = pValues.map((p, place) => ({ p, place })).sort((a, b) => a.p - b.p);
  const adjusted = new Array<number>(pValues.length).fill(1);
  let largest = 0;
  for (const [rank, { p, place }] of ascending.entries()) {
    largest = Math.max(largest, Math.min(1, p * (pValues.length - rank)));
    adjusted[place] = largest;
  }
  return adjusted;
}
