import { chiSquareUpperTail } from './distributions.ts';

export interface ChiSquareTest {
  /** Pearson's χ². */
  readonly statistic: number;
  readonly df: number;
  /** P(χ² this large or larger) were rows and columns independent. */
  readonly p: number;
  /** 0 for none to 1 for complete association; not corrected for bias. */
  readonly cramersV: number;
  /** Expected counts; rows and columns without any answer are 0. */
  readonly expected: readonly (readonly number[])[];
  /** Cells, of those in rows and columns with answers, where fewer than 5 are expected: then p is rough. */
  readonly lowExpected: number;
}

/** Below so many expected in a cell, χ² is only roughly so distributed. Cochran, Biometrics 10 (1954). */
export const LOW_EXPECTED = 5;

/**
 * Pearson's test of independence, or of homogeneity, of a table of counts; they may be scaled to an effective size and
 * need not be whole. Rows and columns without any count are left out. `null` where fewer than two of each are left.
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
