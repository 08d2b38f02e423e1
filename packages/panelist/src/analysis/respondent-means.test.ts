import { describe, expect, it } from 'vitest';
import { seededUniform } from '../random/seeded-uniform.ts';
import { decimals, integers } from './growing-array.ts';
import { RespondentMeans, type Share } from './respondent-means.ts';
import { wilsonInterval } from './statistics/intervals.ts';

/** For each respondent, a weight and the answers of their interviews. */
type Given = readonly (readonly [weight: number, ...answers: boolean[]])[];

function shareOf(given: Given): Share {
  const [respondentOf, weights] = [integers(), decimals()];
  const answers: boolean[] = [];
  for (const [respondent, [weight, ...own]] of given.entries()) {
    weights.push(weight);
    for (const answer of own) {
      respondentOf.push(respondent);
      answers.push(answer);
    }
  }
  const sample = { interviews: answers.length, respondents: given.length, respondentOf, weights };
  const share = new RespondentMeans(sample, () => true).share((interview) => answers[interview] as boolean);
  if (share === null) throw new Error('There are no interviews.');
  return share;
}

/** The interval, to two decimals, of `n` independent answers. */
const expectInterval = ({ value, interval }: Share, n: number): void => {
  const expected = wilsonInterval(value, n);
  expect(interval?.low).toBeCloseTo(expected?.low ?? -1, 2);
  expect(interval?.high).toBeCloseTo(expected?.high ?? -1, 2);
};

describe('the interval of a share', () => {
  it("is not narrower because only a respondent of little weight is in: Kish's size bounds it", () => {
    const share = shareOf([[0.1, true], ...Array.from({ length: 49 }, () => [1, false] as const)]);
    expect(share.value).toBeCloseTo(0.1 / 49.1, 9);
    expect(share.interval?.high).toBeGreaterThan(0.07);
    expectInterval(share, (0.1 + 49) ** 2 / (0.01 + 49));
  });

  it('is wider if a respondent of much weight is in', () => {
    const share = shareOf([[10, true], ...Array.from({ length: 49 }, () => [1, false] as const)]);
    const kish = wilsonInterval(share.value, 59 ** 2 / 149);
    expect((share.interval?.high ?? 0) - (share.interval?.low ?? 0)).toBeGreaterThan(
      1.3 * ((kish?.high ?? 1) - (kish?.low ?? 0)),
    );
  });

  it('counts every interview of respondents whose replicates differ as if at random, and no more', () => {
    const mixed: Given = Array.from({ length: 60 }, (_, each) => [1, each % 2 === 0, false] as const);
    // Each respondent's own share is 0.5 or 0: the variance between them is smaller than by chance.
    expectInterval(shareOf(mixed), 120);
    const same: Given = Array.from({ length: 60 }, (_, each) => [1, each % 4 === 0, each % 4 === 0] as const);
    expectInterval(shareOf(same), 60);
  });

  it('covers small shares as often as promised if weights are uneven, also with replicates', () => {
    const uniform = seededUniform(9);
    // Lognormal, sigma 1, nearly: twelve uniform numbers add up to a normal one.
    const weight = (): number => {
      let sum = -6;
      for (let time = 0; time < 12; time++) sum += uniform();
      return Math.exp(sum);
    };
    for (const replicates of [1, 3]) {
      let covered = 0;
      for (let run = 0; run < 400; run++) {
        const given = Array.from({ length: 150 }, () => {
          const answers = Array.from({ length: replicates }, () => uniform() < 0.03);
          return [weight(), ...answers] as [number, ...boolean[]];
        });
        const { interval } = shareOf(given);
        if (interval && interval.low <= 0.03 && 0.03 <= interval.high) covered += 1;
      }
      expect(covered / 400, `${replicates} replicates`).toBeGreaterThanOrEqual(0.93);
    }
  });
});
