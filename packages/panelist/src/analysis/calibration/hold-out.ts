import { shuffled } from '../../random/seeded-draw.ts';
import type { LinkedPair } from './linked-answers.ts';

/**
 * How well each way of guessing a person's answer does on people whom it has not seen. `error` is the root mean square for
 * numbers, and the share of wrong guesses for options.
 */
export interface HoldOut {
  readonly people: number;
  readonly measure: 'root mean square error' | 'share wrong';
  readonly model: number;
  /** Everybody gets the mean, or the most frequent answer, of the other half. */
  readonly baseRate: number;
  /** The model after a straight line from its numbers to people's, fitted on the other half; `null` for options. */
  readonly calibrated: number | null;
}

/** With fewer, half of them says too little. */
export const MIN_HOLD_OUT = 20;

/**
 * Splits people in two at random, calibrates on one half and judges on the other, and the other way round, so that
 * everybody is judged once.
 *
 * @param form how the question is answered: as a number, or by one option
 * @returns `null` for fewer than `MIN_HOLD_OUT` people
 */
export function holdOut(
  pairs: readonly LinkedPair[],
  form: 'number' | 'option',
  seed: number,
): HoldOut | null {
  if (pairs.length < MIN_HOLD_OUT) return null;
  const order = shuffled(pairs, `hold-out ${seed}`);
  const half = Math.floor(order.length / 2);
  const halves = [order.slice(0, half), order.slice(half)] as const;
  const judged = [
    { fitted: halves[0], on: halves[1] },
    { fitted: halves[1], on: halves[0] },
  ];
  const average = (lossOf: (fitted: readonly LinkedPair[]) => (pair: LinkedPair) => number): number => {
    let [sum, total] = [0, 0];
    for (const { fitted, on } of judged) {
      const loss = lossOf(fitted);
      for (const pair of on) {
        sum += pair.human.weight * loss(pair);
        total += pair.human.weight;
      }
    }
    return sum / total;
  };
  if (form === 'option')
    return {
      people: order.length,
      measure: 'share wrong',
      model: average(
        () =>
          ({ human, synthetic }) =>
            wrong(human.shares, mode([synthetic.shares ?? []])),
      ),
      baseRate: average((fitted) => {
        const guess = mode(
          fitted.map(({ human }) => (human.shares ?? []).map((share) => share * human.weight)),
        );
        return ({ human }) => wrong(human.shares, guess);
      }),
      calibrated: null,
    };
  const error = (guessOf: (fitted: readonly LinkedPair[]) => (predicted: number) => number): number =>
    Math.sqrt(
      average((fitted) => {
        const guess = guessOf(fitted);
        return ({ human, synthetic }) => ((human.number as number) - guess(synthetic.number as number)) ** 2;
      }),
    );
  return {
    people: order.length,
    measure: 'root mean square error',
    model: error(() => (predicted) => predicted),
    baseRate: error((fitted) => {
      const { meanAnswer } = line(fitted);
      return () => meanAnswer;
    }),
    calibrated: error((fitted) => {
      const { meanAnswer, meanPredicted, slope } = line(fitted);
      return (predicted) => meanAnswer + slope * (predicted - meanPredicted);
    }),
  };
}

/** 1 minus how often the person chose the option: replicates and ties count in part. */
function wrong(shares: readonly number[] | null, guess: number): number {
  return 1 - (shares?.[guess] ?? 0);
}

/** The option chosen most; the first of equals. */
function mode(all: readonly (readonly number[])[]): number {
  const sums = (all[0] ?? []).map((_, option) => all.reduce((sum, shares) => sum + (shares[option] ?? 0), 0));
  return sums.indexOf(Math.max(...sums));
}

function line(pairs: readonly LinkedPair[]): { meanAnswer: number; meanPredicted: number; slope: number } {
  const total = pairs.reduce((sum, { human }) => sum + human.weight, 0);
  const mean = (of: (pair: LinkedPair) => number): number =>
    pairs.reduce((sum, pair) => sum + pair.human.weight * of(pair), 0) / total;
  const meanAnswer = mean(({ human }) => human.number as number);
  const meanPredicted = mean(({ synthetic }) => synthetic.number as number);
  const spread = mean(({ synthetic }) => ((synthetic.number as number) - meanPredicted) ** 2);
  const together = mean(
    ({ human, synthetic }) =>
      ((human.number as number) - meanAnswer) * ((synthetic.number as number) - meanPredicted),
  );
  return { meanAnswer, meanPredicted, slope: spread > 0 ? together / spread : 0 };
}
