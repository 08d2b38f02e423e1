/**
 * How often the 95 % interval of a share covers the true share, and on which side it misses, beside the interval whose size
 * comes from the estimated variance alone, which Panelist used before.
 */
import { decimals, integers } from '../../packages/panelist/src/analysis/growing-array.ts';
import { RespondentMeans } from '../../packages/panelist/src/analysis/respondent-means.ts';
import { type Interval, wilsonInterval } from '../../packages/panelist/src/analysis/statistics/intervals.ts';
import { Draws, inPercent, runsOr } from './draws.ts';

interface Scenario {
  readonly name: string;
  readonly respondents: number;
  /** Of the lognormal weights; 0 for equal weights. */
  readonly sigma: number;
  readonly replicates?: number;
  /** The probability that a replicate repeats the respondent's first answer instead of being drawn again. */
  readonly repeats?: number;
}

const scenarios: readonly Scenario[] = [
  { name: '200 respondents, equal weights', respondents: 200, sigma: 0 },
  { name: '50 respondents, lognormal weights (sigma 0.5)', respondents: 50, sigma: 0.5 },
  { name: '50 respondents, lognormal weights (sigma 1)', respondents: 50, sigma: 1 },
  { name: '200 respondents, lognormal weights (sigma 1)', respondents: 200, sigma: 1 },
  { name: '1,000 respondents, lognormal weights (sigma 1)', respondents: 1_000, sigma: 1 },
  { name: '200 × 3 independent replicates', respondents: 200, sigma: 0, replicates: 3 },
  { name: '200 × 3 replicates, half repeated', respondents: 200, sigma: 0, replicates: 3, repeats: 0.5 },
  {
    name: '100 × 5 replicates, most repeated, lognormal weights (sigma 1)',
    respondents: 100,
    sigma: 1,
    replicates: 5,
    repeats: 0.8,
  },
];
const shares = [0.01, 0.02, 0.03, 0.1, 0.5];

function draw({ respondents, sigma, replicates = 1, repeats = 0 }: Scenario, share: number, draws: Draws) {
  const [respondentOf, weights, answers] = [integers(), decimals(), [] as boolean[]];
  for (let respondent = 0; respondent < respondents; respondent++) {
    weights.push(draws.lognormal(sigma));
    const first = draws.uniform() < share;
    for (let replicate = 0; replicate < replicates; replicate++) {
      respondentOf.push(respondent);
      const isRepeated = replicate === 0 || draws.uniform() < repeats;
      answers.push(isRepeated ? first : draws.uniform() < share);
    }
  }
  const table = { interviews: answers.length, respondents, respondentOf, weights };
  return { means: new RespondentMeans(table, () => true), isIn: (interview: number) => answers[interview]! };
}

function formerInterval(means: RespondentMeans, isIn: (interview: number) => boolean): Interval | null {
  const { value, standardError } = means.mean((interview) => (isIn(interview) ? 1 : 0))!;
  const spread = value * (1 - value);
  const isInside = spread > 1e-12 && standardError !== null && standardError > 0;
  const size = isInside ? (spread / standardError ** 2) * (means.n / (means.n - 1)) : means.effectiveN;
  return wilsonInterval(value, size);
}

const runs = runsOr(2_000);
for (const scenario of scenarios) {
  process.stdout.write(`${scenario.name}\n`);
  for (const share of shares) {
    const draws = new Draws(13);
    const former = { below: 0, above: 0, width: 0 };
    const now = { below: 0, above: 0, width: 0 };
    for (let run = 0; run < runs; run++) {
      const { means, isIn } = draw(scenario, share, draws);
      for (const [found, interval] of [
        [former, formerInterval(means, isIn)],
        [now, means.share(isIn)?.interval ?? null],
      ] as const) {
        if (interval === null) throw new Error('A share without an interval.');
        if (interval.high < share) found.below += 1 / runs;
        if (interval.low > share) found.above += 1 / runs;
        found.width += (interval.high - interval.low) / runs;
      }
    }
    const text = ({ below, above, width }: typeof now) =>
      `${inPercent(1 - below - above)} (too low ${inPercent(below)}, too high ${inPercent(above)}, width ${inPercent(width)})`;
    process.stdout.write(`  ${inPercent(share)}: before ${text(former)}, now ${text(now)}\n`);
  }
}
