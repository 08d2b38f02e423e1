import { describe, expect, it } from 'vitest';
import { seededUniform } from '../../random/seeded-uniform.ts';
import { normalQuantile } from '../statistics/distributions.ts';
import { type LinkedAnswer, predictionPowered } from './prediction-powered.ts';

const answers = [3, 1, 4, 2, 5, 3, 2, 4, 4, 1, 3, 5, 2, 2, 3, 4, 1, 5, 3, 4, 2, 3, 4, 5, 2, 4, 3, 1, 5, 4];
const predictions = [
  3, 2, 3, 3, 4, 3, 3, 4, 3, 2, 4, 4, 3, 2, 3, 4, 2, 4, 3, 4, 3, 3, 3, 4, 3, 3, 3, 2, 4, 3,
];
const others = [
  3, 4, 3, 3, 2, 4, 3, 3, 5, 3, 3, 4, 2, 3, 3, 4, 3, 3, 4, 3, 2, 3, 4, 4, 3, 3, 4, 3, 3, 2, 4, 3, 3, 3, 4, 3,
];
const linked = (of: (number: number) => number) =>
  answers.map((answer, at) => ({ answer: of(answer), predicted: of(predictions[at] as number), weight: 1 }));
const unlinked = (of: (number: number) => number) =>
  others.map((predicted) => ({ predicted: of(predicted), weight: 1 }));

describe('prediction-powered inference', () => {
  // From ppi_py's own functions `_calc_lam_glm` (clipped) and `ppi_mean_pointestimate`, run with NumPy on the data above:
  // λ, the estimate, and the standard deviations over √N and √n of `ppi_mean_ci`, which divide by N and n.
  it.each([
    [
      'mean',
      (n: number) => n,
      0.850813008130081,
      3.208961156278229,
      0.09518900640896354,
      0.15876858147876183,
    ],
    [
      'share',
      (n: number) => (n >= 4 ? 1 : 0),
      0.3476086956521738,
      0.4352644927536232,
      0.026687213364423718,
      0.0765761475458309,
    ],
  ] as const)('agrees with ppi_py about a %s', (form, of, tuning, value, imputed, rectifier) => {
    const found = predictionPowered(linked(of), unlinked(of), form);
    expect(found?.tuning).toBeCloseTo(tuning, 12);
    expect(found?.corrected.value).toBeCloseTo(value, 12);
    const variance = (imputed ** 2 * 36) / 35 + (rectifier ** 2 * 30) / 28;
    expect(found?.corrected.standardError).toBeCloseTo(Math.sqrt(variance), 12);
  });

  it('is 0 in the published test of ppi_py: predictions are 2 too high, and 2 for everybody else', () => {
    const draw = seededUniform(5);
    const people = Array.from({ length: 100 }, () => {
      const answer = normalQuantile(draw());
      return { answer, predicted: answer + 2, weight: 1 };
    });
    const rest = Array.from({ length: 10_000 }, () => ({ predicted: 2, weight: 1 }));
    expect(predictionPowered(people, rest, 'mean')?.corrected.value).toBeCloseTo(0, 12);
  });

  it('gives a weight of 2 what two people would have', () => {
    const [first, ...rest] = linked((number) => number);
    const doubled = predictionPowered(
      [{ ...(first as LinkedAnswer), weight: 2 }, ...rest],
      unlinked((number) => number),
      'mean',
    );
    const twice = predictionPowered(
      [first as LinkedAnswer, first as LinkedAnswer, ...rest],
      unlinked((number) => number),
      'mean',
    );
    expect(doubled?.humanOnly.value).toBeCloseTo(twice?.humanOnly.value as number, 12);
    expect(doubled?.corrected.value).toBeCloseTo(twice?.corrected.value as number, 2);
  });

  it.each([0, 0.9])('holds the truth though every prediction is biased, with a correlation of %d', (rho) => {
    const draw = seededUniform(9);
    const [runs, truth] = [400, 0.5];
    let [hits, worth, width] = [0, 0, 0];
    for (let run = 0; run < runs; run += 1) {
      const pair = (): LinkedAnswer => {
        const noise = normalQuantile(draw());
        const answer = normalQuantile(draw());
        return {
          answer: answer + truth,
          predicted: rho * answer + Math.sqrt(1 - rho ** 2) * noise + 3,
          weight: 1,
        };
      };
      const found = predictionPowered(
        Array.from({ length: 30 }, pair),
        Array.from({ length: 150 }, pair),
        'mean',
      );
      const { low, high } = found?.corrected.interval ?? { low: 0, high: 0 };
      const alone = found?.humanOnly.interval ?? { low: 0, high: 0 };
      if (low <= truth && truth <= high) hits += 1;
      worth += (found?.worth ?? 0) / runs;
      width += (high - low) / (alone.high - alone.low) / runs;
    }
    expect(hits / runs).toBeGreaterThanOrEqual(0.93);
    if (rho === 0) {
      // Useless predictions: worth next to nothing, and they do no harm.
      expect(worth).toBeLessThan(0.5);
      expect(width).toBeCloseTo(1, 1);
    } else {
      expect(worth).toBeGreaterThan(25);
      expect(width).toBeLessThan(0.7);
    }
  });

  it('needs 30 people and two others', () => {
    const [people, rest] = [linked((number) => number), unlinked((number) => number)];
    expect(predictionPowered(people.slice(0, 29), rest, 'mean')).toBeNull();
    expect(predictionPowered(people, rest.slice(0, 1), 'mean')).toBeNull();
  });
});
