import type { OptionValue } from '../survey/questionnaire.ts';
import type { AnswerColumn } from './answer-column.ts';
import type { RespondentMeans } from './respondent-means.ts';
import { numberOf } from './scale-points.ts';
import type { Interval } from './statistics/intervals.ts';

/** The share of two neighbouring points at an end of a scale. */
export interface ScaleBox {
  readonly options: readonly OptionValue[];
  readonly share: number;
  /** 95 %: "model sampling error only". */
  readonly interval: Interval | null;
}

/** Of a scale from 0 to 10, -100 to 100: the percentage of 9 and 10 minus that of 0 to 6. Reichheld, HBR 81 (12), 2003. */
export interface NetPromoterScore {
  readonly value: number;
  /** 95 %: "model sampling error only". */
  readonly interval: Interval | null;
}

export interface ScaleBoxes {
  /** The two highest points, by their numbers. */
  readonly topTwo: ScaleBox;
  readonly bottomTwo: ScaleBox;
  /** `null` for scales other than 0, 1, … 10. */
  readonly netPromoterScore: NetPromoterScore | null;
}

/** On a shorter scale, two points are most of it. */
const MIN_POINTS = 5;

/** @param means of the interviews with a number. `null` for what isn't a scale of at least five points, and without answers */
export function scaleBoxes(column: AnswerColumn, means: RespondentMeans): ScaleBoxes | null {
  const points = (column.options ?? [])
    .flatMap(({ value }) => {
      const number = numberOf(column.question, value);
      return number === null ? [] : [{ value, number }];
    })
    .sort((a, b) => a.number - b.number);
  if (points.length < MIN_POINTS || means.n === 0) return null;
  const box = (of: typeof points): ScaleBox => {
    const numbers = new Set(of.map(({ number }) => number));
    const share = means.share((interview) => numbers.has(column.number(interview)));
    return {
      options: of.map(({ value }) => value),
      share: share?.value ?? 0,
      interval: share?.interval ?? null,
    };
  };
  const isZeroToTen = points.length === 11 && points.every(({ number }, place) => number === place);
  return {
    topTwo: box(points.slice(-2)),
    bottomTwo: box(points.slice(0, 2)),
    netPromoterScore: isZeroToTen ? netPromoterScore(column, means) : null,
  };
}

function netPromoterScore(column: AnswerColumn, means: RespondentMeans): NetPromoterScore | null {
  const mean = means.mean((interview) => {
    const number = column.number(interview);
    return number >= 9 ? 100 : number <= 6 ? -100 : 0;
  });
  if (mean === null) return null;
  const interval = means.meanInterval(mean);
  const bounded = interval && { low: Math.max(-100, interval.low), high: Math.min(100, interval.high) };
  return { value: mean.value, interval: bounded };
}
