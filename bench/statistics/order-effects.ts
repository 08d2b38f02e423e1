/**
 * Order effects on scales: `node bench/statistics/order-effects.ts`. How often an effect is reported that isn't there, or is,
 * by the means of the two directions, and by how often the first and last displayed points were chosen, as before.
 */
import { readAnswerTable } from '../../packages/panelist/src/analysis/answer-table.ts';
import { orderEffects } from '../../packages/panelist/src/analysis/order-effect.ts';
import { countPosition } from '../../packages/panelist/src/analysis/position-residuals.ts';
import { normalTwoSided } from '../../packages/panelist/src/analysis/statistics/distributions.ts';
import { holmAdjusted } from '../../packages/panelist/src/analysis/statistics/holm.ts';
import { questionnaire, rating, result } from '../../packages/panelist/src/analysis/testing/build-results.ts';
import type { SurveyResult } from '../../packages/panelist/src/survey/survey-results.ts';
import { Draws, inPercent, runsOr } from './draws.ts';

const runs = runsOr(400);

interface Case {
  readonly respondents: number;
  readonly points: number;
  /** Difference of the means of the two directions, in points. */
  readonly pull: number;
  readonly scales?: number;
  readonly replicates?: number;
  /** All scales share one order, like the rows of a grid. */
  readonly isGrid?: boolean;
}

async function table(draws: Draws, { respondents, points, pull, scales = 1, replicates = 1, isGrid }: Case) {
  const questions = Array.from({ length: scales }, (_, place) => rating(`q${place}`, points));
  const values = Array.from({ length: points }, (_, place) => place + 1);
  const results: SurveyResult[] = [];
  for (let person = 0; person < respondents; person++) {
    const taste = draws.normal();
    for (let replicate = 0; replicate < replicates; replicate++) {
      const ofGrid = draws.uniform() < 0.5;
      const answers = questions.map(({ name }) => {
        const isBackwards = isGrid ? ofGrid : draws.uniform() < 0.5;
        const felt = (points + 1) / 2 + (points / 6) * (0.8 * taste + 0.6 * draws.normal());
        const value = Math.round(felt + (isBackwards ? pull / 2 : -pull / 2));
        const shown = isBackwards ? values.toReversed() : values;
        return [name, { value: Math.min(points, Math.max(1, value)), shown }] as const;
      });
      results.push(result({ id: String(person), replicate, answers: Object.fromEntries(answers) }));
    }
  }
  return readAnswerTable(questionnaire(...questions), results);
}

type Table = Awaited<ReturnType<typeof table>>;

/** The test of single questions that scales had before. */
function foundBefore(answers: Table): boolean {
  const p = answers.columns.flatMap((column) =>
    (['first', 'last'] as const).flatMap((position) => {
      const { observed, expected, variance, n } = countPosition(column, position);
      if (Math.min(expected, n - expected) < 5 || variance === 0) return [];
      return [normalTwoSided(Math.max(0, Math.abs(observed - expected) - 0.5) / Math.sqrt(variance))];
    }),
  );
  return holmAdjusted(p).some((each) => 2 * each < 0.01);
}

async function reported(of: Case, seed: number): Promise<string> {
  const draws = new Draws(seed);
  let [before, now, missed] = [0, 0, 0];
  for (let run = 0; run < runs; run++) {
    const answers = await table(draws, of);
    const { scales, pooledScales } = orderEffects(answers);
    if (foundBefore(answers)) before += 1;
    if ([...scales, pooledScales].some((each) => each?.isReported)) now += 1;
    missed += (scales[0]?.detectable ?? 0) / runs;
  }
  return `${inPercent(before / runs)} | ${inPercent(now / runs)} | ${missed.toFixed(2)}`;
}

const cases: readonly (readonly [string, Case])[] = [
  ['7 points, 300 respondents, no effect', { respondents: 300, points: 7, pull: 0 }],
  ['10 scales of 5 points, 200 respondents, no effect', { respondents: 200, points: 5, pull: 0, scales: 10 }],
  [
    'grid of 8 rows, 100 respondents, no effect',
    { respondents: 100, points: 5, pull: 0, scales: 8, isGrid: true },
  ],
  ['5 points, 60 respondents × 3, no effect', { respondents: 60, points: 5, pull: 0, replicates: 3 }],
  ['5 points, 30 respondents, no effect', { respondents: 30, points: 5, pull: 0 }],
  ['7 points, 300 respondents, half a point', { respondents: 300, points: 7, pull: 0.5 }],
  ['7 points, 1,000 respondents, half a point', { respondents: 1_000, points: 7, pull: 0.5 }],
  [
    '10 scales of 5 points, 200 respondents, 0.2 points',
    { respondents: 200, points: 5, pull: 0.2, scales: 10 },
  ],
];
console.log(`${runs} surveys each`);
console.log('case | reported before | reported now | effect that can be missed, points');
for (const [place, [name, of]] of cases.entries()) console.log(`${name} | ${await reported(of, place + 1)}`);
