/**
 * False alarms and power of the cross-table's test at 5 %, beside Pearson's χ² on counts that are scaled to Kish's overall
 * effective number of respondents, which Panelist used before.
 */
import {
  chiSquareTest,
  type WeightedTable,
} from '../../packages/panelist/src/analysis/statistics/chi-square.ts';
import { fisherUpperTail } from '../../packages/panelist/src/analysis/statistics/distributions.ts';
import { effectiveSize } from '../../packages/panelist/src/analysis/statistics/effective-size.ts';
import { Draws, inPercent, runsOr } from './draws.ts';

interface Group {
  readonly respondents: number;
  readonly weight: (draws: Draws) => number;
  /** Shares of the options under the null hypothesis, and otherwise. */
  readonly shares: readonly number[];
  readonly others: readonly number[];
}

interface Scenario {
  readonly name: string;
  readonly groups: readonly Group[];
  readonly replicates?: number;
  /** The probability that a replicate repeats the respondent's first answer instead of being drawn again. */
  readonly repeats?: number;
}

const evenly = (): number => 1;
const even = [0.5, 0.3, 0.2];
const shifted = [0.4, 0.35, 0.25];

const scenarios: readonly Scenario[] = [
  {
    name: 'all weights equal, 200 + 200 respondents',
    groups: [
      { respondents: 200, weight: evenly, shares: even, others: even },
      { respondents: 200, weight: evenly, shares: even, others: [0.35, 0.375, 0.275] },
    ],
  },
  {
    name: '400 weighted evenly, 100 unevenly (lognormal, sigma 1)',
    groups: [
      { respondents: 400, weight: evenly, shares: even, others: even },
      { respondents: 100, weight: (draws) => draws.lognormal(1), shares: even, others: [0.25, 0.45, 0.3] },
    ],
  },
  {
    name: '400 weighted evenly, 200 unevenly (lognormal, sigma 0.8)',
    groups: [
      { respondents: 400, weight: evenly, shares: even, others: even },
      { respondents: 200, weight: (draws) => draws.lognormal(0.8), shares: even, others: [0.35, 0.4, 0.25] },
    ],
  },
  {
    name: 'an oversample of 400 weighted back to a tenth, and 400 others',
    groups: [
      { respondents: 400, weight: () => 0.1, shares: even, others: even },
      { respondents: 400, weight: evenly, shares: even, others: [0.38, 0.37, 0.25] },
    ],
  },
  {
    name: '200 respondents × 3 independent replicates',
    groups: [
      { respondents: 100, weight: evenly, shares: even, others: even },
      { respondents: 100, weight: evenly, shares: even, others: shifted },
    ],
    replicates: 3,
  },
  {
    name: '200 respondents × 3 replicates, half of them repeated',
    groups: [
      { respondents: 100, weight: evenly, shares: even, others: even },
      { respondents: 100, weight: evenly, shares: even, others: [0.33, 0.4, 0.27] },
    ],
    replicates: 3,
    repeats: 0.5,
  },
  {
    name: 'a group of 30 with lognormal weights (sigma 0.7), rare options',
    groups: [
      {
        respondents: 30,
        weight: (draws) => draws.lognormal(0.7),
        shares: [0.6, 0.3, 0.07, 0.03],
        others: [0.3, 0.5, 0.12, 0.08],
      },
      {
        respondents: 200,
        weight: (draws) => draws.lognormal(0.7),
        shares: [0.6, 0.3, 0.07, 0.03],
        others: [0.6, 0.3, 0.07, 0.03],
      },
    ],
  },
];

function draw({ groups, replicates = 1, repeats = 0 }: Scenario, truth: 'shares' | 'others', draws: Draws) {
  const cells: number[] = [];
  const weights: number[] = [];
  const respondents: number[] = [];
  let respondent = 0;
  for (const [column, group] of groups.entries()) {
    for (let each = 0; each < group.respondents; each++, respondent++) {
      const weight = group.weight(draws);
      const first = draws.category(group[truth]);
      for (let replicate = 0; replicate < replicates; replicate++) {
        const isRepeated = replicate === 0 || draws.uniform() < repeats;
        const row = isRepeated ? first : draws.category(group[truth]);
        cells.push(row * groups.length + column);
        weights.push(weight / replicates);
        respondents.push(respondent);
      }
    }
  }
  return { rows: groups[0]?.shares.length ?? 0, columns: groups.length, cells, weights, respondents };
}

/** The former test's p. */
function formerP({ rows, columns, cells, weights, respondents }: WeightedTable): number {
  const ofRespondents = new Map<number, number>();
  const counts = new Array<number>(rows * columns).fill(0);
  let total = 0;
  for (let answer = 0; answer < cells.length; answer++) {
    const weight = weights[answer]!;
    total += weight;
    counts[cells[answer]!]! += weight;
    ofRespondents.set(respondents[answer]!, (ofRespondents.get(respondents[answer]!) ?? 0) + weight);
  }
  const scale = effectiveSize(ofRespondents.values()) / total;
  const sum = (has: (cell: number) => boolean) =>
    scale * counts.reduce((whole, count, cell) => whole + (has(cell) ? count : 0), 0);
  let statistic = 0;
  for (const [cell, count] of counts.entries()) {
    const row = sum((other) => Math.floor(other / columns) === Math.floor(cell / columns));
    const column = sum((other) => other % columns === cell % columns);
    const expected = (row * column) / (scale * total);
    if (expected > 0) statistic += (scale * count - expected) ** 2 / expected;
  }
  const df = (rows - 1) * (columns - 1);
  // With 1e9 residual degrees of freedom, F × df is χ² distributed.
  return fisherUpperTail(statistic / df, df, 1e9);
}

const runs = runsOr(2_000);
for (const scenario of scenarios) {
  const draws = new Draws(13);
  const found = { former: { shares: 0, others: 0 }, now: { shares: 0, others: 0 } };
  for (const truth of ['shares', 'others'] as const) {
    for (let run = 0; run < runs; run++) {
      const table = draw(scenario, truth, draws);
      if (formerP(table) < 0.05) found.former[truth] += 1 / runs;
      if ((chiSquareTest(table)?.p ?? 1) < 0.05) found.now[truth] += 1 / runs;
    }
  }
  process.stdout.write(
    `${scenario.name}\n  false alarms: ${inPercent(found.former.shares)} before, ${inPercent(found.now.shares)} now\n  power: ${inPercent(found.former.others)} before, ${inPercent(found.now.others)} now\n`,
  );
}
