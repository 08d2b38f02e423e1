/**
 * What the interval of the total variation distance covers, how often it leaves out 0 where both sides are equal, and how
 * often p is below 5 %; beside the basic bootstrap, which Panelist used before.
 */

import type { Interval } from '../../packages/panelist/src/analysis/statistics/intervals.ts';
import { drawMultinomial } from '../../packages/panelist/src/analysis/statistics/multinomial.ts';
import {
  totalVariation,
  totalVariationDistance,
} from '../../packages/panelist/src/analysis/statistics/total-variation.ts';
import { seededUniform } from '../../packages/panelist/src/random/seeded-uniform.ts';
import { Draws, inPercent, runsOr } from './draws.ts';

const skewed = [0.4, 0.3, 0.15, 0.1, 0.05];
const ten = [0.25, 0.2, 0.15, 0.1, 0.08, 0.07, 0.05, 0.04, 0.03, 0.03];

interface Scenario {
  readonly name: string;
  readonly a: readonly number[];
  readonly b: readonly number[];
  readonly sizes: readonly [a: number, b: number];
}

const scenarios: readonly Scenario[] = [
  { name: 'equal, 200 and 50, 5 options', a: skewed, b: skewed, sizes: [200, 50] },
  { name: 'equal, 1,000 and 1,000, 5 options', a: skewed, b: skewed, sizes: [1_000, 1_000] },
  { name: 'equal, 200 and 200, 2 options', a: [0.7, 0.3], b: [0.7, 0.3], sizes: [200, 200] },
  { name: 'equal, 200 and 50, 10 options', a: ten, b: ten, sizes: [200, 50] },
  { name: '0.05 apart, 200 and 50', a: skewed, b: [0.35, 0.35, 0.15, 0.1, 0.05], sizes: [200, 50] },
  { name: '0.1 apart, 200 and 200', a: skewed, b: [0.3, 0.4, 0.15, 0.1, 0.05], sizes: [200, 200] },
  { name: '0.15 apart, 200 and 50', a: skewed, b: [0.3, 0.25, 0.2, 0.15, 0.1], sizes: [200, 50] },
  { name: '0.3 apart, 200 and 50', a: skewed, b: [0.2, 0.2, 0.25, 0.2, 0.15], sizes: [200, 50] },
  { name: '0.3 apart, 1,000 and 1,000', a: skewed, b: [0.2, 0.2, 0.25, 0.2, 0.15], sizes: [1_000, 1_000] },
  {
    name: '0.6 apart, 200 and 50',
    a: [0, 0.1, 0.6, 0.25, 0.05],
    b: [0.6, 0.1, 0.1, 0.15, 0.05],
    sizes: [200, 50],
  },
];

/** Davison & Hinkley (1997), section 5.2. */
function formerInterval(
  a: readonly number[],
  b: readonly number[],
  [sizeA, sizeB]: readonly [number, number],
  seed: number,
): Interval {
  const uniform = seededUniform(seed);
  const distance = totalVariationDistance(a, b);
  const drawn = Array.from({ length: 1_000 }, () =>
    totalVariationDistance(
      drawMultinomial(sizeA, a, uniform).map((count) => count / sizeA),
      drawMultinomial(sizeB, b, uniform).map((count) => count / sizeB),
    ),
  ).sort((x, y) => x - y);
  const within = (value: number) => Math.min(1, Math.max(0, value));
  return { low: within(2 * distance - drawn[974]!), high: within(2 * distance - drawn[25]!) };
}

const runs = runsOr(200);
for (const { name, a, b, sizes } of scenarios) {
  const draws = new Draws(13);
  const truth = totalVariationDistance(a, b);
  const former = { covered: 0, withoutZero: 0, outside: 0, width: 0 };
  const now = { covered: 0, withoutZero: 0, outside: 0, width: 0 };
  let [below, mean] = [0, 0];
  for (let run = 0; run < runs; run++) {
    const sharesA = drawMultinomial(sizes[0], a, draws.uniform).map((count) => count / sizes[0]);
    const sharesB = drawMultinomial(sizes[1], b, draws.uniform).map((count) => count / sizes[1]);
    const found = totalVariation(sharesA, sharesB, { nA: sizes[0], nB: sizes[1], seed: run })!;
    if (found.p < 0.05) below += 1 / runs;
    mean += found.distance / runs;
    for (const [sum, interval] of [
      [former, formerInterval(sharesA, sharesB, sizes, run)],
      [now, found.interval!],
    ] as const) {
      if (interval.low <= truth + 1e-12 && truth <= interval.high + 1e-12) sum.covered += 1 / runs;
      if (interval.low > 0) sum.withoutZero += 1 / runs;
      if (found.distance < interval.low || found.distance > interval.high) sum.outside += 1 / runs;
      sum.width += (interval.high - interval.low) / runs;
    }
  }
  const text = ({ covered, withoutZero, outside, width }: typeof now) =>
    `covers ${inPercent(covered)}, leaves out 0 in ${inPercent(withoutZero)}, without its estimate ${inPercent(outside)}, width ${width.toFixed(3)}`;
  process.stdout.write(
    `${name}: mean distance ${mean.toFixed(3)}, p < 0.05 in ${inPercent(below)}\n  before: ${text(former)}\n  now: ${text(now)}\n`,
  );
}
