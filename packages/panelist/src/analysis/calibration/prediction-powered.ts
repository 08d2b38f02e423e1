import { normalQuantile, studentTQuantile } from '../statistics/distributions.ts';
import { effectiveSize } from '../statistics/effective-size.ts';
import { type Interval, studentInterval, wilsonInterval } from '../statistics/intervals.ts';
import { varianceOfMean, weightedMean } from '../statistics/weighted-mean.ts';

/** What the model says for somebody: a number, or 1 and 0 for an option (a mean of them over replicates). */
export interface Prediction {
  readonly predicted: number;
  /** Survey weight. */
  readonly weight: number;
}

/** What the model says for somebody who answered as well. The weight is the person's. */
export interface LinkedAnswer extends Prediction {
  readonly answer: number;
}

export interface MeanEstimate {
  readonly value: number;
  readonly standardError: number;
  readonly interval: Interval | null;
}

export interface PredictionPowered {
  /** People with an answer and a prediction. */
  readonly linked: number;
  /** Respondents with a prediction alone. */
  readonly others: number;
  readonly humanOnly: MeanEstimate;
  readonly corrected: MeanEstimate;
  /** How much the predictions count, from 0 (not at all) to 1; estimated so that the variance is least. */
  readonly tuning: number;
  /** How many more human answers would make the human-only estimate as precise as the corrected one; 0 at least. */
  readonly worth: number;
}

/** With fewer people, variances are too uncertain. */
const MIN_LINKED = 30;

/**
 * Prediction-powered inference for a mean or share: the mean of the predictions for everybody else, corrected by the mean
 * error on the people who answered. Whatever the model says, it is unbiased if those people are a random sample of the
 * same population; bad predictions only make it no better than the people's answers alone. Angelopoulos, Bates, Fannjiang,
 * Jordan & Zrnic, "Prediction-powered inference", Science 382 (2023), pp. 669–674; with the tuning of Angelopoulos, Duchi &
 * Zrnic, "PPI++: Efficient prediction-powered inference", arXiv:2311.01453 (2023), example 6.1.
 *
 * Different from both: the residuals' variance is divided by n − 2, since the tuning is estimated from them; intervals are
 * Student's for means, and Wilson's for shares with the size that the variance stands for, less
 * what the estimation of the variance costs.
 *
 * @returns `null` with fewer than `MIN_LINKED` linked people or two others
 */
export function predictionPowered(
  linked: readonly LinkedAnswer[],
  others: readonly Prediction[],
  of: 'mean' | 'share',
): PredictionPowered | null {
  if (linked.length < MIN_LINKED || others.length < 2) return null;
  const n = linked.length;
  const weights = linked.map(({ weight }) => weight);
  const answers = linked.map(({ answer }) => answer);
  const predicted = linked.map((each) => each.predicted);
  const predictedOthers = others.map((each) => each.predicted);
  const weightsOthers = others.map(({ weight }) => weight);
  const tuning = tuningOf(answers, predicted, weights, predictedOthers, weightsOthers);
  const residuals = answers.map((answer, person) => answer - tuning * (predicted[person] as number));
  const value = weightedMean(residuals, weights) + tuning * weightedMean(predictedOthers, weightsOthers);
  const variance =
    (varianceOfMean(residuals, weights) * (n - 1)) / (n - 2) +
    tuning ** 2 * varianceOfMean(predictedOthers, weightsOthers);
  const humanMean = weightedMean(answers, weights);
  const humanVariance = varianceOfMean(answers, weights);
  const gain = variance > 0 ? Math.max(1, humanVariance / variance) : 1;
  const size = effectiveSize(weights);
  // Wilson's interval takes the variance for known, and here it is estimated, as Student's takes into account.
  const known = (normalQuantile(0.975) / studentTQuantile(0.975, n - 2)) ** 2;
  return {
    linked: n,
    others: others.length,
    humanOnly: estimateOf(humanMean, humanVariance, n, size, of),
    corrected: estimateOf(value, variance, n - 1, size * gain * known, of),
    tuning,
    worth: n * (gain - 1),
  };
}

function estimateOf(
  value: number,
  variance: number,
  n: number,
  size: number,
  of: 'mean' | 'share',
): MeanEstimate {
  const standardError = Math.sqrt(variance);
  if (of === 'mean') return { value, standardError, interval: studentInterval(value, standardError, n - 1) };
  // A correction can carry a share out of its range.
  const share = Math.min(1, Math.max(0, value));
  return { value: share, standardError, interval: wilsonInterval(share, size) };
}

/** PPI++, equation (6) for a mean: the covariance with the answers over the variance, which others share by 1 + n / N. */
function tuningOf(
  answers: readonly number[],
  predicted: readonly number[],
  weights: readonly number[],
  predictedOthers: readonly number[],
  weightsOthers: readonly number[],
): number {
  const [meanAnswer, meanPredicted] = [weightedMean(answers, weights), weightedMean(predicted, weights)];
  const products = answers.map(
    (answer, person) => (answer - meanAnswer) * ((predicted[person] as number) - meanPredicted),
  );
  const all = [...predicted, ...predictedOthers];
  // Each side's weights have a mean of 1, so that neither counts for more than its number.
  const allWeights = [...withMeanOne(weights), ...withMeanOne(weightsOthers)];
  const meanAll = weightedMean(all, allWeights);
  const squares = all.map((value) => (value - meanAll) ** 2);
  const variance = (weightedMean(squares, allWeights) * all.length) / (all.length - 1);
  const ratio = effectiveSize(weights) / effectiveSize(weightsOthers);
  const tuning = variance > 0 ? weightedMean(products, weights) / ((1 + ratio) * variance) : 0;
  return Math.min(1, Math.max(0, tuning));
}

function withMeanOne(weights: readonly number[]): number[] {
  const average = weights.reduce((sum, weight) => sum + weight, 0) / weights.length;
  return weights.map((weight) => weight / average);
}
