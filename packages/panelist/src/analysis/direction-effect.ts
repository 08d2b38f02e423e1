import type { AnswerColumn } from './answer-column.ts';
import type { AnswerTable } from './answer-table.ts';
import { studentTTwoSided } from './statistics/distributions.ts';

/** With fewer answers in one of the directions nothing is tested. */
const minAnswers = 5;

/** The answers to one scale, by the direction in which it was displayed. */
export interface DirectionScores {
  readonly question: string;
  readonly forwards: { readonly n: number; readonly mean: number };
  readonly backwards: { readonly n: number; readonly mean: number };
  /** Standard deviation of the scores, over both directions. */
  readonly sd: number;
  /** For each interview, its direction and score as deviations from the means of its stratum. */
  readonly deviations: readonly {
    readonly interview: number;
    readonly direction: number;
    readonly score: number;
  }[];
}

/** `null` if the question isn't a scale, or was displayed in one direction only. */
export function directionScores(column: AnswerColumn): DirectionScores | null {
  if (column.answerForm !== 'option' || column.options === null || !column.isNumeric) return null;
  const strata = new Map<number, { interview: number; isBackwards: boolean; score: number }[]>();
  for (let interview = 0; interview < column.length; interview++) {
    const ends = column.shownEnds(interview);
    const score = column.number(interview);
    if (ends === null || Number.isNaN(score)) continue;
    const stratum = strata.get(ends.set) ?? [];
    stratum.push({ interview, isBackwards: ends.first > ends.last, score });
    strata.set(ends.set, stratum);
  }
  const rows = [...strata.values()].filter((stratum) => {
    const backwards = stratum.filter(({ isBackwards }) => isBackwards).length;
    return backwards > 0 && backwards < stratum.length;
  });
  const all = rows.flat();
  if (all.length === 0) return null;
  const deviations = rows.flatMap((stratum) => {
    const direction = mean(stratum.map(({ isBackwards }) => Number(isBackwards)));
    const score = mean(stratum.map((row) => row.score));
    return stratum.map((row) => ({
      interview: row.interview,
      direction: Number(row.isBackwards) - direction,
      score: row.score - score,
    }));
  });
  const scoresOf = (backwards: boolean): number[] =>
    all.filter(({ isBackwards }) => isBackwards === backwards).map(({ score }) => score);
  const [forwards, backwards] = [scoresOf(false), scoresOf(true)];
  const squares = deviations.reduce((sum, { score }) => sum + score ** 2, 0);
  return {
    question: column.question.name,
    forwards: { n: forwards.length, mean: mean(forwards) },
    backwards: { n: backwards.length, mean: mean(backwards) },
    sd: Math.sqrt(squares / Math.max(1, deviations.length - rows.length)),
    deviations,
  };
}

/** An estimate with the standard error that both its test and its interval use. */
export interface Tested {
  readonly estimate: number;
  readonly standardError: number;
  /** Degrees of freedom of Student's t; `Infinity` for the normal distribution. */
  readonly df: number;
  /** Taken from the size of the estimate before it is tested. */
  readonly correction: number;
  /** Two-sided; `null` if there are too few answers. */
  readonly p: number | null;
}

/**
 * How much higher scores are if a scale is displayed backwards: least squares on the direction within strata of equal sets
 * of options, with a variance clustered by respondent (Liang & Zeger, Biometrika 73 (1986); G / (G − 1) for few
 * clusters) and one degree of freedom less than respondents. Several scales are pooled in their standard deviations.
 *
 * @param signs −1 for scales whose scores fall in the listed order: then the estimate is positive if answers are drawn
 * towards what is displayed first
 */
export function directionEffect(
  table: AnswerTable,
  scales: readonly { readonly scores: DirectionScores; readonly sign: number; readonly unit: number }[],
): Tested {
  let cross = 0;
  let squares = 0;
  for (const { scores, sign, unit } of scales) {
    for (const { direction, score } of scores.deviations) {
      cross += (direction * sign * score) / unit;
      squares += direction ** 2;
    }
  }
  const estimate = squares === 0 ? 0 : cross / squares;
  const ofRespondents = new Map<number, number>();
  for (const { scores, sign, unit } of scales) {
    for (const { interview, direction, score } of scores.deviations) {
      const respondent = table.respondentOf.at(interview);
      const residual = direction * ((sign * score) / unit - estimate * direction);
      ofRespondents.set(respondent, (ofRespondents.get(respondent) ?? 0) + residual);
    }
  }
  const clusters = ofRespondents.size;
  let sum = 0;
  for (const residual of ofRespondents.values()) sum += residual ** 2;
  const standardError = clusters < 2 ? 0 : Math.sqrt((sum * clusters) / (clusters - 1)) / squares;
  const smallest = scales.reduce(
    (least, { scores }) => least + Math.min(scores.forwards.n, scores.backwards.n),
    0,
  );
  const isTested = smallest >= minAnswers && clusters > 2 && standardError > 0;
  const df = Math.max(1, clusters - 1);
  return {
    estimate,
    standardError,
    df,
    correction: 0,
    p: isTested ? studentTTwoSided(estimate / standardError, df) : null,
  };
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
