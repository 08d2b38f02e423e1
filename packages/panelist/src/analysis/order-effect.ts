import { measurementOf } from '../survey/measurement.ts';
import type { AnswerColumn } from './answer-column.ts';
import type { AnswerTable } from './answer-table.ts';
import { type DirectionScores, directionEffect, directionScores, type Tested } from './direction-effect.ts';
import { countPosition, type PositionCount } from './position-residuals.ts';
import {
  normalQuantile,
  normalTwoSided,
  studentTQuantile,
  studentTTwoSided,
} from './statistics/distributions.ts';
import { holmAdjusted } from './statistics/holm.ts';
import type { Interval } from './statistics/intervals.ts';

/**
 * The probability that a report names an effect although there is none: one in a hundred unbiased surveys. Half of it
 * goes to the pooled tests and half to the single questions, each adjusted by Holm's method.
 */
export const ORDER_EFFECT_ALPHA = 0.01;

/** The power of `detectable`. */
const DETECTABLE_POWER = 0.8;

/** A question is tested alone only with this many expected hits and misses; the pooled tests always include it. */
const minExpected = 5;

/** What all tests have in common. All of it is at the same adjusted level, so that figures and verdict agree. */
export interface OrderTest {
  /**
   * At `level`: it excludes 0 exactly if the effect is reported. "Model sampling error only". `null` if nothing was tested.
   */
  readonly interval: Interval | null;
  /** Two-sided; `null` with too few answers. */
  readonly p: number | null;
  /** Adjusted for all tests of the report; compare it with `alpha` directly. */
  readonly adjustedP: number | null;
  /** True if `adjustedP` is at most `alpha`. */
  readonly isReported: boolean;
  /** The smallest effect that would be reported with a probability of 80 %; smaller ones can be missed. `null` as `p`. */
  readonly detectable: number | null;
}

export interface PositionEffect extends OrderTest {
  readonly position: 'first' | 'last';
  /** Answers that count: two or more options could move, and one of them was chosen. */
  readonly n: number;
  /** The share of them that chose the option in this position (or ranked it highest). */
  readonly observed: number;
  /** The expected share if position made no difference. */
  readonly expected: number;
  /** `observed − expected`; multiply by 100 for percentage points. `interval` and `detectable` are in the same unit. */
  readonly bias: number;
  /**
   * The share of answers that depend on position alone, if all others do not. It is larger than the bias, because
   * some answers by position match what the respondent would have chosen anyway.
   */
  readonly byPosition: number;
}

export interface QuestionOrderEffect {
  readonly question: string;
  readonly first: PositionEffect;
  readonly last: PositionEffect;
}

/** How the two directions of scales differ. Positive: answers are drawn towards the end that is displayed first. */
export interface DirectionEffect extends OrderTest {
  readonly n: number;
  /** Difference of the means of both directions. Of one scale in points of its scores, pooled in standard deviations. */
  readonly difference: number;
}

export interface ScaleOrderEffect extends DirectionEffect {
  readonly question: string;
  /** Answers, and the mean of their scores, if the scale is displayed as it is listed and backwards. */
  readonly forwards: DirectionScores['forwards'];
  readonly backwards: DirectionScores['backwards'];
}

export interface OrderEffectReport {
  readonly alpha: number;
  /** The confidence levels of the intervals: those of the tests, adjusted for their number. */
  readonly levels: { readonly pooled: number; readonly questions: number };
  /** Over all lists; `null` if no list's order differed between respondents, so that nothing is known. */
  readonly pooled: Pick<QuestionOrderEffect, 'first' | 'last'> | null;
  /** The lists whose order differed. */
  readonly questions: readonly QuestionOrderEffect[];
  /** Over all scales, in standard deviations; `null` if no scale was displayed in both directions. */
  readonly pooledScales: DirectionEffect | null;
  /** The scales that were displayed in both directions. */
  readonly scales: readonly ScaleOrderEffect[];
}

/**
 * Tests whether the displayed order of options makes a difference. Of lists: whether the option displayed first or last is
 * chosen more often than expected. Of scales, which are displayed forwards or backwards: whether the means of the two
 * directions differ. Orders are drawn per interview, so weights are not used.
 *
 * A single list is tested with its permutation variance and a continuity correction. All other tests use a variance
 * clustered by respondent and Student's t, because rows of a grid share one order.
 */
export function orderEffects(table: AnswerTable): OrderEffectReport {
  const scales = table.columns.flatMap((column) => {
    const scores = directionScores(column);
    return scores === null ? [] : [{ scores, sign: signOf(column), unit: 1 }];
  });
  const isScale = new Set(scales.map(({ scores }) => scores.question));
  const counted = table.columns
    .filter(({ question }) => !isScale.has(question.name))
    .map((column) => ({
      question: column.question.name,
      first: countPosition(column, 'first'),
      last: countPosition(column, 'last'),
    }))
    .filter(({ first, last }) => first.n > 0 || last.n > 0);

  const varied = scales
    .filter(({ scores }) => scores.sd > 0)
    .map(({ scores, sign }) => ({ scores, sign, unit: scores.sd }));
  const ofLists = (['first', 'last'] as const).map((position) =>
    positionEffect(
      table,
      position,
      counted.map((each) => each[position]),
    ),
  );
  const pooled = judged([
    ...(counted.length > 0 ? ofLists.map(({ tested }) => tested) : []),
    ...(scales.length > 0 ? [directionEffect(table, varied)] : []),
  ]);
  const single = counted.flatMap(({ first, last }) => [
    positionEffect(table, 'first', [first]),
    positionEffect(table, 'last', [last]),
  ]);
  const ofQuestions = judged([
    ...single.map(({ tested }) => tested),
    ...scales.map((scale) => directionEffect(table, [scale])),
  ]);

  const [first, last] = ofLists.map(({ figures }, place) => ({ ...figures, ...pooled.tests[place]?.test }));
  const ofScales = scales.length > 0 ? pooled.tests.at(-1) : undefined;
  return {
    alpha: ORDER_EFFECT_ALPHA,
    levels: { pooled: pooled.level, questions: ofQuestions.level },
    pooled: counted.length > 0 ? { first: first as PositionEffect, last: last as PositionEffect } : null,
    questions: counted.map(({ question }, place) => {
      const [ofFirst, ofLast] = [2 * place, 2 * place + 1].map(
        (at) => ({ ...single[at]?.figures, ...ofQuestions.tests[at]?.test }) as PositionEffect,
      );
      return { question, first: ofFirst as PositionEffect, last: ofLast as PositionEffect };
    }),
    pooledScales: ofScales
      ? {
          n: varied.reduce((sum, { scores }) => sum + scores.deviations.length, 0),
          difference: ofScales.tested.estimate,
          ...ofScales.test,
        }
      : null,
    scales: scales.map(({ scores }, place) => {
      const { tested, test } = ofQuestions.tests[single.length + place] as Judged;
      const { question, forwards, backwards, deviations } = scores;
      return { question, n: deviations.length, forwards, backwards, difference: tested.estimate, ...test };
    }),
  };
}

/** −1 if scores fall in the listed order. */
function signOf({ question }: AnswerColumn): number {
  const [first = 0, second = 0] = measurementOf(question).scores?.values() ?? [];
  return first > second ? -1 : 1;
}

interface Judged {
  readonly tested: Tested;
  readonly test: OrderTest;
}

/**
 * The tests of one family, by Holm's method. Its last threshold, α / (tests − rejected ones), is common to all: exactly
 * those with a smaller p are rejected. So it gives one level for all intervals, which exclude 0 exactly if the test rejects.
 */
function judged(tests: readonly Tested[]): { readonly level: number; readonly tests: readonly Judged[] } {
  const ofFamily = ORDER_EFFECT_ALPHA / 2;
  const pValues = tests.flatMap(({ p }) => (p === null ? [] : [p]));
  const holm = holmAdjusted(pValues);
  const rejected = holm.filter((p) => p <= ofFamily).length;
  const alpha = ofFamily / Math.max(1, pValues.length - rejected);
  const adjusted = holm.values();
  const all = tests.map((tested): Judged => {
    const { estimate, standardError, df, correction, p } = tested;
    if (p === null)
      return { tested, test: { interval: null, p, adjustedP: null, isReported: false, detectable: null } };
    const own = adjusted.next().value as number;
    const half = quantile(1 - alpha / 2, df) * standardError + correction;
    const detectable = half + quantile(DETECTABLE_POWER, df) * standardError;
    const interval = { low: estimate - half, high: estimate + half };
    // The other family of tests uses the other half of alpha.
    return {
      tested,
      test: { interval, p, adjustedP: Math.min(1, 2 * own), isReported: own <= ofFamily, detectable },
    };
  });
  return { level: 1 - alpha, tests: all };
}

function quantile(p: number, df: number): number {
  return Number.isFinite(df) ? studentTQuantile(p, df) : normalQuantile(p);
}

function positionEffect(
  table: AnswerTable,
  position: 'first' | 'last',
  counts: readonly PositionCount[],
): { readonly figures: Omit<PositionEffect, keyof OrderTest>; readonly tested: Tested } {
  const sum = (of: (count: PositionCount) => number): number =>
    counts.reduce((total, count) => total + of(count), 0);
  const n = sum((count) => count.n);
  const observed = sum((count) => count.observed);
  const expected = sum((count) => count.expected);
  const excess = observed - expected;
  const estimate = n === 0 ? 0 : excess / n;
  const { standardError, respondents } = clustered(table, counts);
  const isTested = Math.min(expected, n - expected) >= minExpected;
  const ofOne = counts.length === 1 ? (counts[0] as PositionCount) : null;
  const ofRows = { estimate, p: null, df: Math.max(1, respondents - 1), correction: 0, standardError: 0 };
  let tested: Tested = ofRows;
  if (isTested && ofOne !== null && ofOne.variance > 0) {
    const z = Math.max(0, Math.abs(excess) - 0.5) / Math.sqrt(ofOne.variance);
    tested = {
      estimate,
      standardError: Math.sqrt(ofOne.variance) / n,
      df: Number.POSITIVE_INFINITY,
      correction: 0.5 / n,
      p: normalTwoSided(z),
    };
  } else if (isTested && ofOne === null && standardError > 0) {
    tested = {
      ...ofRows,
      standardError: standardError / n,
      p: studentTTwoSided(excess / standardError, respondents - 1),
    };
  }
  const possible = sum((count) => count.possible);
  const figures = {
    position,
    n,
    observed: n === 0 ? 0 : observed / n,
    expected: n === 0 ? 0 : expected / n,
    bias: estimate,
    byPosition: possible === 0 ? 0 : excess / possible,
  };
  return { figures, tested };
}

/** Standard error of `observed − expected` without an effect, clustered by respondent. */
function clustered(
  table: AnswerTable,
  counts: readonly PositionCount[],
): { standardError: number; respondents: number } {
  const sums = new Map<number, number>();
  for (const { residuals } of counts) {
    for (const [interview, residual] of residuals) {
      const respondent = table.respondentOf.at(interview);
      sums.set(respondent, (sums.get(respondent) ?? 0) + residual);
    }
  }
  const respondents = sums.size;
  let squares = 0;
  for (const residual of sums.values()) squares += residual ** 2;
  const correction = respondents < 2 ? 0 : respondents / (respondents - 1);
  return { standardError: Math.sqrt(squares * correction), respondents };
}
