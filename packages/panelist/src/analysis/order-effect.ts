import type { AnswerTable } from './answer-table.ts';
import { countPosition, type PositionCount } from './position-residuals.ts';
import { normalTwoSided, studentTTwoSided } from './statistics/distributions.ts';
import { holmAdjusted } from './statistics/holm.ts';
import { type Interval, studentInterval } from './statistics/intervals.ts';

/**
 * The probability that a report names an effect although there is none: one in a hundred unbiased surveys. Half of it
 * goes to the pooled tests and half to the single questions, each adjusted by Holm's method.
 */
export const ORDER_EFFECT_ALPHA = 0.01;

/** A question is tested alone only with this many expected hits and misses; the pooled tests always include it. */
const minExpected = 5;

export interface PositionEffect {
  readonly position: 'first' | 'last';
  /** Answers that count: two or more options could move, and one of them was chosen. */
  readonly n: number;
  /** The share of them that chose the option in this position (or ranked it highest). */
  readonly observed: number;
  /** The expected share if position made no difference. */
  readonly expected: number;
  /** `observed − expected`; multiply by 100 for percentage points. */
  readonly bias: number;
  /** 95 % interval of the bias, clustered by respondent: "model sampling error only". */
  readonly interval: Interval | null;
  /**
   * The share of answers that depend on position alone, if all others do not. It is larger than the bias, because
   * some answers by position match what the respondent would have chosen anyway.
   */
  readonly byPosition: number;
  /** Two-sided; `null` with too few answers. */
  readonly p: number | null;
  /** Adjusted for all tests of the report; compare it with `alpha` directly. */
  readonly adjustedP: number | null;
  /** True if `adjustedP` is below `alpha`. */
  readonly isReported: boolean;
}

export interface QuestionOrderEffect {
  readonly question: string;
  readonly first: PositionEffect;
  readonly last: PositionEffect;
}

export interface OrderEffectReport {
  readonly alpha: number;
  /** Over all questions; `null` if no question's order differed between respondents, so that nothing is known. */
  readonly pooled: Pick<QuestionOrderEffect, 'first' | 'last'> | null;
  /** The questions whose order differed. */
  readonly questions: readonly QuestionOrderEffect[];
}

/**
 * Tests whether the option displayed first or last is chosen more often than expected. Orders are drawn per interview,
 * so weights are not used. Ratings are included: they are displayed forwards or backwards, so each end can be first.
 *
 * A single question is tested with its permutation variance and a continuity correction. The pooled test uses a variance
 * clustered by respondent and Student's t, because rows of a grid share one order.
 */
export function orderEffects(table: AnswerTable): OrderEffectReport {
  const counted = table.columns
    .map((column) => ({
      question: column.question.name,
      first: countPosition(column, 'first'),
      last: countPosition(column, 'last'),
    }))
    .filter(({ first, last }) => first.n > 0 || last.n > 0);
  if (counted.length === 0) return { alpha: ORDER_EFFECT_ALPHA, pooled: null, questions: [] };

  const [pooledFirst, pooledLast] = adjusted(
    (['first', 'last'] as const).map((position) =>
      effect(
        table,
        position,
        counted.map((each) => each[position]),
      ),
    ),
  );
  const ofQuestions = adjusted(
    counted.flatMap(({ first, last }) => [effect(table, 'first', [first]), effect(table, 'last', [last])]),
  );
  return {
    alpha: ORDER_EFFECT_ALPHA,
    pooled: { first: pooledFirst as PositionEffect, last: pooledLast as PositionEffect },
    questions: counted.map(({ question }, place) => ({
      question,
      first: ofQuestions[2 * place] as PositionEffect,
      last: ofQuestions[2 * place + 1] as PositionEffect,
    })),
  };
}

type Unadjusted = Omit<PositionEffect, 'adjustedP' | 'isReported'>;

function effect(
  table: AnswerTable,
  position: 'first' | 'last',
  counts: readonly PositionCount[],
): Unadjusted {
  const sum = (of: (count: PositionCount) => number): number =>
    counts.reduce((total, count) => total + of(count), 0);
  const n = sum((count) => count.n);
  const observed = sum((count) => count.observed);
  const expected = sum((count) => count.expected);
  const excess = observed - expected;
  const bias = n === 0 ? 0 : excess / n;
  const { ofTest, ofInterval, respondents } = clustered(table, counts, bias);
  const tested = Math.min(expected, n - expected) >= minExpected;
  const ofOne = counts.length === 1 ? (counts[0] as PositionCount) : null;
  let p: number | null = null;
  if (tested && ofOne !== null && ofOne.variance > 0)
    p = normalTwoSided(Math.max(0, Math.abs(excess) - 0.5) / Math.sqrt(ofOne.variance));
  else if (tested && ofOne === null && ofTest > 0) p = studentTTwoSided(excess / ofTest, respondents - 1);
  const possible = sum((count) => count.possible);
  return {
    position,
    n,
    observed: n === 0 ? 0 : observed / n,
    expected: n === 0 ? 0 : expected / n,
    bias,
    interval: n > 0 && respondents > 1 ? studentInterval(bias, ofInterval / n, respondents - 1) : null,
    byPosition: possible === 0 ? 0 : excess / possible,
    p,
  };
}

/**
 * Standard errors of `observed − expected`, clustered by respondent: `ofTest` assumes no effect, as a test does;
 * `ofInterval` allows for the effect that was found.
 */
function clustered(
  table: AnswerTable,
  counts: readonly PositionCount[],
  bias: number,
): { ofTest: number; ofInterval: number; respondents: number } {
  const sums = new Map<number, { residual: number; answers: number }>();
  for (const { residuals } of counts) {
    for (const [interview, residual] of residuals) {
      const respondent = table.respondentOf.at(interview);
      const sum = sums.get(respondent) ?? { residual: 0, answers: 0 };
      sums.set(respondent, { residual: sum.residual + residual, answers: sum.answers + 1 });
    }
  }
  let ofTest = 0;
  let ofInterval = 0;
  for (const { residual, answers } of sums.values()) {
    ofTest += residual ** 2;
    ofInterval += (residual - answers * bias) ** 2;
  }
  const respondents = sums.size;
  const correction = respondents < 2 ? 0 : respondents / (respondents - 1);
  return {
    ofTest: Math.sqrt(ofTest * correction),
    ofInterval: Math.sqrt(ofInterval * correction),
    respondents,
  };
}

/** Holm's adjustment times two, because the other family of tests uses the other half of alpha. */
function adjusted(effects: readonly Unadjusted[]): PositionEffect[] {
  const tested = effects.flatMap(({ p }) => (p === null ? [] : [p]));
  const pValues = holmAdjusted(tested).values();
  return effects.map((each) => {
    const adjustedP = each.p === null ? null : Math.min(1, 2 * (pValues.next().value as number));
    return { ...each, adjustedP, isReported: adjustedP !== null && adjustedP < ORDER_EFFECT_ALPHA };
  });
}
