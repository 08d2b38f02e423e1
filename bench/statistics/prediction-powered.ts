// How often prediction-powered intervals hold the truth, and how wide they are beside the human-only ones:
// `node bench/statistics/prediction-powered.ts [runs]`. Answers and predictions come from a normal pair with correlation ρ;
// predictions are shifted by half a standard deviation, so that the model alone is always wrong.
import {
  type LinkedAnswer,
  predictionPowered,
} from '../../packages/panelist/src/analysis/calibration/prediction-powered.ts';
import { normalCdf, normalQuantile } from '../../packages/panelist/src/analysis/statistics/distributions.ts';
import { seededUniform } from '../../packages/panelist/src/random/seeded-uniform.ts';

const runs = Number(process.argv[2] ?? 1_000);
const others = 500;
const uniform = seededUniform(2301);
/** The inverse of the distribution, tabulated: a draw is a look-up. */
const normals = Float64Array.from({ length: 20_001 }, (_, index) => normalQuantile((index + 0.5) / 20_001));
const normal = (): number => normals[Math.floor(uniform() * normals.length)] as number;

interface Case {
  readonly name: string;
  readonly of: 'mean' | 'share';
  readonly answer: (z: number) => number;
  readonly truth: number;
}

const fromCuts =
  (cuts: readonly number[]) =>
  (z: number): number =>
    1 + cuts.filter((cut) => z > cut).length;
const likert = [-1.2, -0.4, 0.4, 1.2];
const share = (p: number): Case => ({
  name: `share ${p}`,
  of: 'share',
  answer: (z) => (z > -normalQuantile(p) ? 1 : 0),
  truth: p,
});
const cases: readonly Case[] = [
  {
    name: '5-point mean',
    of: 'mean',
    answer: fromCuts(likert),
    truth: 1 + likert.reduce((sum, cut) => sum + 1 - normalCdf(cut), 0),
  },
  { name: 'skewed amount', of: 'mean', answer: Math.exp, truth: Math.exp(0.5) },
  share(0.5),
  share(0.2),
  share(0.05),
];

console.log(`${runs} runs each, ${others} synthetic respondents beside the people; nominal 95 %`);
console.log('case            n     ρ   human-only  corrected  plain PPI  width  tuning  worth');
for (const each of cases)
  for (const n of [30, 50, 200]) for (const rho of [0, 0.4, 0.9]) console.log(row(each, n, rho));

function row({ name, of, answer, truth }: Case, n: number, rho: number): string {
  const [hits, widths] = [
    [0, 0, 0],
    [0, 0],
  ];
  let [tuning, worth] = [0, 0];
  for (let run = 0; run < runs; run += 1) {
    const pair = (): LinkedAnswer => {
      const z = normal();
      const noise = Math.sqrt(1 - rho * rho) * normal();
      return { answer: answer(z), predicted: answer(rho * z + noise + 0.5), weight: 1 };
    };
    const linked = Array.from({ length: n }, pair);
    const rest = Array.from({ length: others }, pair);
    const found = predictionPowered(linked, rest, of);
    if (found === null) continue;
    for (const [at, { interval }] of [found.humanOnly, found.corrected].entries()) {
      if (interval && interval.low <= truth && truth <= interval.high) hits[at] = (hits[at] as number) + 1;
      widths[at] = (widths[at] as number) + (interval ? interval.high - interval.low : 0);
    }
    if (plain(linked, rest, truth)) hits[2] = (hits[2] as number) + 1;
    tuning += found.tuning;
    worth += found.worth;
  }
  const percent = (count: number | undefined): string => `${((100 * (count ?? 0)) / runs).toFixed(1)} %`;
  return [
    name.padEnd(14),
    String(n).padStart(4),
    rho.toFixed(1).padStart(5),
    percent(hits[0]).padStart(11),
    percent(hits[1]).padStart(10),
    percent(hits[2]).padStart(10),
    ((widths[1] as number) / (widths[0] as number)).toFixed(2).padStart(6),
    (tuning / runs).toFixed(2).padStart(7),
    (worth / runs).toFixed(1).padStart(6),
  ].join(' ');
}

/** The method of 2023 without tuning and corrections: a normal interval. */
function plain(linked: readonly LinkedAnswer[], rest: readonly LinkedAnswer[], truth: number): boolean {
  const errors = linked.map(({ answer, predicted }) => answer - predicted);
  const predictions = rest.map(({ predicted }) => predicted);
  const mean = (values: readonly number[]): number =>
    values.reduce((sum, value) => sum + value, 0) / values.length;
  const ofMean = (values: readonly number[]): number => {
    const centre = mean(values);
    return mean(values.map((value) => (value - centre) ** 2)) / values.length;
  };
  const off = mean(errors) + mean(predictions) - truth;
  return Math.abs(off) <= 1.96 * Math.sqrt(ofMean(errors) + ofMean(predictions));
}
