import { chiSquareUpperTail } from './distributions.ts';

export interface ChiSquareTest {
  /** Pearson's χ². */
  readonly statistic: number;
  readonly df: number;
  /** P(χ² this large or larger) if rows and columns are independent. */
  readonly p: number;
  /** From 0 (no association) to 1 (complete association); not corrected for bias. */
  readonly cramersV: number;
  /** Expected counts; rows and columns without any answer are 0. */
  readonly expected: readonly (readonly number[])[];
  /** Cells with fewer than 5 expected, among rows and columns with answers; they make p approximate. */
  readonly lowExpected: number;
}

/** With a smaller expected count in a cell, the χ² distribution is a rough approximation. Cochran, Biometrics 10 (1954). */
export const LOW_EXPECTED = 5;

/**
 * Pearson's test of independence or homogeneity for a table of counts, which may be fractional, for example scaled to an
 * effective size. Empty rows and columns are left out. `null` if fewer than two of either remain.
 */
export function chiSquareTest(counts: readonly (readonly number[])[]): ChiSquareTest | null {
  const rows = counts.map((row) => row.reduce((a, b) => a + b, 0));
  const columns = (counts[0] ?? []).map((_, j) => counts.reduce((sum, row) => sum + (row[j] ?? 0), 0));
  const n = rows.reduce((a, b) => a + b, 0);
  const usedRows = rows.filter((sum) => sum > 0).length;
  const usedColumns = columns.filter((sum) => sum > 0).length;
  if (usedRows < 2 || usedColumns < 2) return null;
  const expected = rows.map((row) => columns.map((column) => (row * column) / n));
  let statistic = 0;
  let lowExpected = 0;
  for (const [i, row] of expected.entries()) {
    for (const [j, expectation] of row.entries()) {
      if (expectation === 0) continue;
      statistic += ((counts[i]?.[j] ?? 0) - expectation) ** 2 / expectation;
      if (expectation < LOW_EXPECTED) lowExpected += 1;
    }
  }
  const df = (usedRows - 1) * (usedColumns - 1);
  const cramersV = Math.min(1, Math.sqrt(statistic / (n * (Math.min(usedRows, usedColumns) - 1))));
  return { statistic, df, p: chiSquareUpperTail(statistic, df), cramersV, expected, lowExpected };
}
