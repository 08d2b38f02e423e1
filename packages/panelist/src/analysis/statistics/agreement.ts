/** For each respondent, the codes of their answers; equal codes mean equal answers. */
export type UnitValues = readonly (readonly number[])[];

/**
 * Krippendorff's α for nominal values: 1 for full agreement, 0 for agreement by chance, below 0 for less. Units with
 * fewer than two values do not count. `null` without pairs, and if all values are the same, since α is then undefined.
 * Krippendorff, "Computing Krippendorff's Alpha-Reliability" (2011), section C.
 */
export function nominalAlpha(units: UnitValues): number | null {
  const totals = new Map<number, number>();
  let observed = 0;
  let n = 0;
  for (const values of units) {
    if (values.length < 2) continue;
    const counts = countsOf(values);
    let agreeing = 0;
    for (const [value, count] of counts) {
      totals.set(value, (totals.get(value) ?? 0) + count);
      agreeing += count * (count - 1);
    }
    n += values.length;
    observed += values.length - agreeing / (values.length - 1);
  }
  let same = 0;
  for (const count of totals.values()) same += count * (count - 1);
  const expected = n * (n - 1) - same;
  return n < 2 || expected === 0 ? null : 1 - ((n - 1) * observed) / expected;
}

/**
 * Krippendorff's α for ordinal values, whose codes are in the order of the scale: the difference of two values is the number
 * of answers between them, (Σ n_g from c to k − (n_c + n_k) / 2)². `null` as for `nominalAlpha`. Krippendorff (2011), section D.
 */
export function ordinalAlpha(units: UnitValues): number | null {
  const used = units.filter((values) => values.length >= 2);
  const totals = countsOf(used.flat());
  const codes = [...totals.keys()].sort((a, b) => a - b);
  const places = new Map(codes.map((code, place) => [code, place]));
  const counts = codes.map((code) => totals.get(code) as number);
  const below = counts.map((_, place) => counts.slice(0, place).reduce((sum, count) => sum + count, 0));
  const middle = counts.map((count, place) => (below[place] as number) + count / 2);
  // The answers from c to k, without half of both ends, are the distance of their mean ranks.
  const distance = (a: number, b: number): number => ((middle[a] as number) - (middle[b] as number)) ** 2;
  let observed = 0;
  for (const values of used) {
    const own = values.map((value) => places.get(value) as number);
    let sum = 0;
    for (const a of own) for (const b of own) sum += distance(a, b);
    observed += sum / (values.length - 1);
  }
  let expected = 0;
  for (const [a, countA] of counts.entries())
    for (const [b, countB] of counts.entries()) expected += countA * countB * distance(a, b);
  const n = used.reduce((sum, values) => sum + values.length, 0);
  return expected === 0 ? null : 1 - ((n - 1) * observed) / expected;
}

/** The share of pairs of one respondent's values that are equal; `null` for fewer than two values. */
export function pairAgreement(values: readonly number[]): number | null {
  const m = values.length;
  if (m < 2) return null;
  let agreeing = 0;
  for (const count of countsOf(values).values()) agreeing += count * (count - 1);
  return agreeing / (m * (m - 1));
}

export interface IntraclassCorrelation {
  /**
   * ICC(1): the share of variance between respondents; can be below 0. `null` without variance.
   * Shrout & Fleiss, Psychological Bulletin 86 (1979); with unequal numbers of values by the ANOVA estimator, Donner,
   * International Statistical Review 54 (1986).
   */
  readonly icc: number | null;
  /** Pooled standard deviation of one respondent's answers. */
  readonly withinSd: number;
}

/** `null` without two respondents with values, at least one of whom has two. */
export function intraclassCorrelation(units: UnitValues): IntraclassCorrelation | null {
  const used = units.filter((values) => values.length > 0);
  const n = used.reduce((sum, values) => sum + values.length, 0);
  const k = used.length;
  if (k < 2 || n <= k) return null;
  const means = used.map((values) => values.reduce((a, b) => a + b, 0) / values.length);
  const grand = used.reduce((sum, values, i) => sum + values.length * (means[i] as number), 0) / n;
  let between = 0;
  let within = 0;
  let squaredSizes = 0;
  for (const [i, values] of used.entries()) {
    const mean = means[i] as number;
    between += values.length * (mean - grand) ** 2;
    for (const value of values) within += (value - mean) ** 2;
    squaredSizes += values.length ** 2;
  }
  const meanBetween = between / (k - 1);
  const meanWithin = within / (n - k);
  const size = (n - squaredSizes / n) / (k - 1);
  const total = meanBetween + (size - 1) * meanWithin;
  return { icc: total === 0 ? null : (meanBetween - meanWithin) / total, withinSd: Math.sqrt(meanWithin) };
}

function countsOf(values: readonly number[]): Map<number, number> {
  const counts = new Map<number, number>();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  return counts;
}
