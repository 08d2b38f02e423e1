import type { AnswerTable } from './answer-table.ts';
import { countPosition, type PositionCount } from './position-residuals.ts';
import { normalTwoSided, studentTTwoSided } from './statistics/distributions.ts';
import { holmAdjusted } from './statistics/holm.ts';
import { type Interval, studentInterval } from './statistics/intervals.ts';

/**
 * The chance that a report names any effect though there is none. Half of it is the pooled tests', half the
 * questions', each by Holm; so of a hundred surveys without bias one is wrongly reported.
 */
export const ORDER_EFFECT_ALPHA = 0.01;

/** Tests of one question by itself need so many expected hits and misses; the pooled ones count it in any case. */
const minExpected = 5;

export interface PositionEffect {
  readonly position: 'first' | 'last';
  /** Answers that can tell: one of two or more options was chosen that could stand in any place. */
  readonly n: number;
  /** The share of them that chose what was shown there (of a ranking: ranked it highest). */
  readonly observed: number;
  /** What that share would be if places made no difference. */
  readonly expected: number;
  /** `observed − expected`; times 100 it is percentage points. */
  readonly bias: number;
  /** Of the bias, 95 %, clustered by respondent: "model sampling error only". */
  readonly interval: Interval | null;
  /**
   * The share of answers that would have to be given for the place alone, were the others free of it. Larger than the
   * bias, for who answers by place at times takes what they would have taken anyway.
   */
  readonly byPosition: number;
  /** Two-sided; `null` where there are too few answers. */
  readonly p: number | null;
  /** For all tests of the report; may be compared with `alpha` as it is. */
  readonly adjustedP: number | null;
  /** Whether `adjustedP` is below `alpha`. */
  readonly isReported: boolean;
}

export interface QuestionOrderEffect {
  readonly question: string;
  readonly first: PositionEffect;
  readonly last: PositionEffect;
}

export interface OrderEffectReport {
  readonly alpha: number;
  /** Over all questions; `null` where no question's order differed between respondents: then nothing can be said. */
  readonly pooled: Pick<QuestionOrderEffect, 'first' | 'last'> | null;
  /** Those whose order differed. */
  readonly questions: readonly QuestionOrderEffect[];
}

/**
 * Whether what is shown first or last is chosen more often than it should be. Each order is drawn for an interview, so
 * weights play no part. Ratings count as the others do: shown forwards and backwards, an end is first or last by turns.
 *
 * One question is tested by its permutation variance with a continuity correction; all together, where rows of a grid
 * share an order, by a variance clustered by respondent and Student's t.
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
 * Standard errors of `observed − expected`, clustered by respondent: `ofTest` where there is no effect, as a test
 * supposes; `ofInterval` about the effect that was found.
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

/** Twice Holm's: the other half of alpha is spent on the other family of tests. */
function adjusted(effects: readonly Unadjusted[]): PositionEffect[] {
  const tested = effects.flatMap(({ p }) => (p === null ? [] : [p]));
  const pValues = holmAdjusted(tested).values();
  return effects.map((each) => {
    const adjustedP = each.p === null ? null : Math.min(1, 2 * (pValues.next().value as number));
    return { ...each, adjustedP, isReported: adjustedP !== null && adjustedP < ORDER_EFFECT_ALPHA };
  });
}
