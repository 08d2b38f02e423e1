import type { AnswerColumn } from '../answer-column.ts';
import { weightedMean } from '../statistics/weighted-mean.ts';
import type { RespondentAnswer } from './linked-answers.ts';
import { sharesOf } from './subgroups.ts';

/**
 * Synthetic answers vary too little: Bisbee, Clinton, Dorff, Kenkel & Larson, "Synthetic replacements for human survey
 * data? The perils of large language models", Political Analysis 32 (2024), pp. 401–416.
 */
export interface ScaleSpread {
  /** The variance of synthetic answers divided by people's; `null` if people's do not vary. */
  readonly varianceRatio: number | null;
  /**
   * The share of people's answers that the model covers: on points of the scale that it uses at all, or for numbers
   * between its lowest and its highest.
   */
  readonly covered: number;
}

/** `null` if the question isn't a number or scale, or either side has fewer than two answers. */
export function scaleSpread(
  column: AnswerColumn,
  synthetic: ReadonlyMap<string, RespondentAnswer>,
  human: ReadonlyMap<string, RespondentAnswer>,
): ScaleSpread | null {
  if (!column.isNumeric) return null;
  const [model, people] = [synthetic, human].map((answers) =>
    [...answers.values()].filter(({ number }) => number !== null),
  ) as [RespondentAnswer[], RespondentAnswer[]];
  if (model.length < 2 || people.length < 2) return null;
  const ofPeople = varianceOf(people);
  return {
    varianceRatio: ofPeople > 0 ? varianceOf(model) / ofPeople : null,
    covered: column.options === null ? coveredByRange(model, people) : coveredByPoints(model, people),
  };
}

/** Of single answers: between respondents and between the interviews of one. */
function varianceOf(answers: readonly RespondentAnswer[]): number {
  const weights = answers.map(({ weight }) => weight);
  const numbers = answers.map(({ number }) => number as number);
  const centre = weightedMean(numbers, weights);
  const squares = answers.map(
    ({ number, numberVariance }) => ((number as number) - centre) ** 2 + numberVariance,
  );
  return (weightedMean(squares, weights) * numbers.length) / (numbers.length - 1);
}

function coveredByPoints(model: readonly RespondentAnswer[], people: readonly RespondentAnswer[]): number {
  const [used, shares] = [sharesOf(model) ?? [], sharesOf(people) ?? []];
  return 1 - shares.reduce((sum, share, point) => sum + ((used[point] ?? 0) > 0 ? 0 : share), 0);
}

function coveredByRange(model: readonly RespondentAnswer[], people: readonly RespondentAnswer[]): number {
  const numbers = model.map(({ number }) => number as number);
  const low = numbers.reduce((least, number) => Math.min(least, number), Number.POSITIVE_INFINITY);
  const high = numbers.reduce((most, number) => Math.max(most, number), Number.NEGATIVE_INFINITY);
  return weightedMean(
    people.map(({ number }) => ((number as number) >= low && (number as number) <= high ? 1 : 0)),
    people.map(({ weight }) => weight),
  );
}
