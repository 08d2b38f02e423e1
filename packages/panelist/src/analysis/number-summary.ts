import type { AnswerColumn } from './answer-column.ts';
import type { RespondentMeans } from './respondent-means.ts';
import type { Interval } from './statistics/intervals.ts';

export interface NumberSummary {
  /** Respondents who gave a number in at least one of their interviews. */
  readonly n: number;
  /** Weighted mean; the unit is the respondent. */
  readonly mean: number;
  /** Standard error of the mean; `null` for fewer than two respondents. */
  readonly standardError: number | null;
  /** 95 % interval of the mean: "model sampling error only". `null` for fewer than two respondents. */
  readonly interval: Interval | null;
  /** Weighted standard deviation of the sample (n − 1); `null` for fewer than two answers. */
  readonly sd: number | null;
  readonly min: number;
  readonly max: number;
  /**
   * Each distinct value, ascending, with its number of interviews and its weighted share; `null` for more than 2,000
   * distinct values.
   */
  readonly values: readonly (readonly [value: number, count: number, share: number])[] | null;
}

/** Distinct values that are counted one by one; ages, years and amounts have fewer. */
const maxValues = 2_000;

/** @param means of the interviews whose answer is a number. Returns `null` if there are none. */
export function numberSummary(column: AnswerColumn, means: RespondentMeans): NumberSummary | null {
  const mean = means.mean((interview) => column.number(interview));
  if (mean === null) return null;
  let values: Map<number, { count: number; weight: number }> | null = new Map();
  let min = Number.POSITIVE_INFINITY;
  let max = Number.NEGATIVE_INFINITY;
  let squares = 0;
  for (const [place, interview] of means.interviews.entries()) {
    const value = column.number(interview);
    const weight = means.weights[place] as number;
    min = Math.min(min, value);
    max = Math.max(max, value);
    squares += weight * (value - mean.value) ** 2;
    if (values === null) continue;
    const known = values.get(value) ?? { count: 0, weight: 0 };
    values.set(value, { count: known.count + 1, weight: known.weight + weight });
    if (values.size > maxValues) values = null;
  }
  const answers = means.interviews.length;
  return {
    n: means.n,
    mean: mean.value,
    standardError: mean.standardError,
    interval: means.meanInterval(mean),
    sd:
      answers < 2
        ? null
        : min === max
          ? 0
          : Math.sqrt((squares / means.totalWeight) * (answers / (answers - 1))),
    min,
    max,
    values:
      values &&
      [...values]
        .sort(([a], [b]) => a - b)
        .map(([value, { count, weight }]) => [value, count, weight / means.totalWeight] as const),
  };
}
