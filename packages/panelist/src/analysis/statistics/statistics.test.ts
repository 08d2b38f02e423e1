import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { seededUniform } from '../../random/seeded-uniform.ts';
import { svychisqExamples } from '../testing/svychisq-examples.ts';
import { intraclassCorrelation, nominalAlpha, ordinalAlpha, pairAgreement } from './agreement.ts';
import { chiSquareTest, type WeightedTable } from './chi-square.ts';
import {
  fisherUpperTail,
  kolmogorovUpperTail,
  normalQuantile,
  normalTwoSided,
  studentTQuantile,
  studentTTwoSided,
} from './distributions.ts';
import { effectiveSize } from './effective-size.ts';
import { holmAdjusted } from './holm.ts';
import { welchDifference, wilsonInterval } from './intervals.ts';
import { kolmogorovSmirnovTest } from './kolmogorov-smirnov.ts';
import { drawMultinomial } from './multinomial.ts';
import { totalVariation } from './total-variation.ts';

describe('distributions agree with published tables', () => {
  // R 4.2.2: pf(x, df, residualDf, lower.tail = FALSE).
  it.each([
    [3.5, 1.97, 5432.1, 0.0309244605],
    [2.1, 40.3, 402_959.7, 5.49817826e-5],
    [5, 3.3, 20, 0.0081377951],
    [60, 1, 49, 4.68179738e-10],
    [1.2, 900, 1_800_000, 3.1254104e-5],
  ])('F of %d with %d and %d degrees of freedom: p = %d', (x, df, residualDf, p) => {
    expect(fisherUpperTail(x, df, residualDf) / p).toBeCloseTo(1, 6);
    expect(fisherUpperTail(0, df, residualDf)).toBe(1);
  });

  // NIST/SEMATECH e-Handbook, 1.3.6.7.2.
  it.each([
    [0.975, 1, 12.706],
    [0.975, 10, 2.228],
    [0.995, 10, 3.169],
    [0.975, 100, 1.984],
  ])('the %d quantile of t with %i degrees of freedom: %d', (p, df, t) => {
    expect(studentTQuantile(p, df)).toBeCloseTo(t, 3);
    expect(studentTTwoSided(-t, df)).toBeCloseTo(2 * (1 - p), 4);
  });

  it('the normal distribution', () => {
    expect(normalQuantile(0.975)).toBeCloseTo(1.959964, 5);
    expect(normalTwoSided(2.575829)).toBeCloseTo(0.01, 6);
    expect(normalTwoSided(-5) / 5.733e-7).toBeCloseTo(1, 2);
    expect(studentTTwoSided(Number.POSITIVE_INFINITY, 3)).toBe(0);
  });

  // Smirnov (1948), table; the same as the asymptotic critical values of every textbook.
  it.each([
    [1.2238, 0.1],
    [1.3581, 0.05],
    [1.6276, 0.01],
    [0.5, 0.9639],
    [0.1, 1],
  ])('Kolmogorov at %d: %d', (x, p) => {
    expect(kolmogorovUpperTail(x)).toBeCloseTo(p, 4);
  });
});

/** A table of people with equal weights. */
function counted(counts: readonly (readonly number[])[]) {
  const columns = counts[0]?.length ?? 0;
  const cells = counts.flat().flatMap((count, cell) => new Array<number>(count).fill(cell));
  return {
    rows: counts.length,
    columns,
    cells,
    weights: cells.map(() => 1),
    respondents: cells.map((_, place) => place),
  };
}

describe('tests and intervals agree with published examples', () => {
  it('χ²: party by gender, Agresti, Introduction to Categorical Data Analysis (2007), table 2.5', () => {
    const test = chiSquareTest(
      counted([
        [762, 327, 468],
        [484, 239, 477],
      ]),
    );
    // χ² = 30.07 with 2 degrees of freedom; the estimated variance has n − 1.
    expect((test?.f ?? 0) * 2).toBeCloseTo((30.07 * 2756) / 2757, 2);
    expect(test?.df).toBeCloseTo(2, 9);
    expect(test?.residualDf).toBeCloseTo(2 * 2756, 6);
    expect(test?.expected[0]?.[0]).toBeCloseTo(703.7, 1);
    expect(test?.lowExpected).toBe(0);
    expect(test?.p).toBeLessThan(0.001);
    expect(test?.cramersV).toBeCloseTo(Math.sqrt(30.07 / 2757), 4);
  });

  it.each(svychisqExamples)("χ², as R's svychisq: $name", (example) => {
    const { rows, columns, weights, respondents, groups, answers, f, df, residualDf, p } = example;
    const cells = answers.map((answer, place) => answer * columns + (groups[place] as number));
    const test = chiSquareTest({ rows, columns, cells, weights, respondents });
    expect((test?.f ?? 0) / f).toBeCloseTo(1, 6);
    expect((test?.df ?? 0) / df).toBeCloseTo(1, 6);
    expect((test?.residualDf ?? 0) / residualDf).toBeCloseTo(1, 6);
    expect((test?.p ?? 0) / p).toBeCloseTo(1, 5);
  });

  it('χ² is not computed for more than 3,000 answered cells', () => {
    const cells = Array.from({ length: 3_002 }, (_, place) => place);
    const weights = cells.map(() => 1);
    expect(chiSquareTest({ rows: 1_501, columns: 2, cells, weights, respondents: cells })).toBeNull();
  });

  it('χ² leaves out empty rows and columns, and counts cells with fewer than 5 expected', () => {
    const full = chiSquareTest(
      counted([
        [3, 9],
        [8, 1],
      ]),
    );
    const padded = chiSquareTest(
      counted([
        [3, 0, 9],
        [0, 0, 0],
        [8, 0, 1],
      ]),
    );
    expect(padded).toMatchObject({ f: full?.f, p: full?.p });
    expect(full?.lowExpected).toBe(2);
    expect(
      chiSquareTest(
        counted([
          [5, 3],
          [0, 0],
        ]),
      ),
    ).toBeNull();
    expect(chiSquareTest(counted([]))).toBeNull();
  });

  it('χ² expects no more answers of a group than its weights are worth', () => {
    const table = counted([
      [30, 10],
      [30, 10],
    ]);
    // Two of the second group's twenty have nearly all of its weight.
    const weights = table.respondents.map((each) => (each === 39 || each === 79 ? 1_000 : 1));
    expect(chiSquareTest({ ...table, weights })).toMatchObject({ lowExpected: 2 });
    expect(chiSquareTest(table)).toMatchObject({ lowExpected: 0 });
  });

  // Newcombe, Statistics in Medicine 17 (1998), table I, method 3.
  it.each([
    [81, 263, 0.2553, 0.3662],
    [15, 148, 0.0624, 0.1605],
    [0, 20, 0, 0.1611],
    [1, 29, 0.0061, 0.1718],
  ])('Wilson: %i of %i', (hits, n, low, high) => {
    const interval = wilsonInterval(hits / n, n);
    expect(interval?.low).toBeCloseTo(low, 4);
    expect(interval?.high).toBeCloseTo(high, 4);
  });

  it("Welch: Student's sleep data (1908), as R's t.test(extra ~ group, sleep) gives it", () => {
    const of = (values: number[]) => {
      const mean = values.reduce((a, b) => a + b) / values.length;
      const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
      const n = values.length;
      return { mean, standardError: Math.sqrt(squares / (n - 1) / n), n };
    };
    const test = welchDifference(
      of([0.7, -1.6, -0.2, -1.2, -0.1, 3.4, 3.7, 0.8, 0, 2]),
      of([1.9, 0.8, 1.1, 0.1, -0.1, 4.4, 5.5, 1.6, 4.6, 3.4]),
    );
    expect(test?.df).toBeCloseTo(17.776, 3);
    expect(test?.interval?.low).toBeCloseTo(-3.3654832, 5);
    expect(test?.interval?.high).toBeCloseTo(0.2054832, 5);
  });

  it("Kish's effective size", () => {
    expect(effectiveSize([1, 2, 3])).toBeCloseTo(36 / 14, 12);
    expect(effectiveSize([])).toBe(0);
    fc.assert(
      fc.property(fc.array(fc.double({ min: 0.01, max: 100, noNaN: true }), { minLength: 1 }), (weights) => {
        const size = effectiveSize(weights);
        expect(size).toBeGreaterThanOrEqual(1 - 1e-9);
        expect(size).toBeLessThanOrEqual(weights.length + 1e-9);
        expect(effectiveSize(weights.map((weight) => 7 * weight))).toBeCloseTo(size, 6);
      }),
    );
    expect(effectiveSize(new Array<number>(9).fill(0.3))).toBeCloseTo(9, 9);
  });

  it("Holm: the example of R's p.adjust", () => {
    const expected = [0.06, 0.04, 0.06, 0.06];
    for (const [place, p] of holmAdjusted([0.02, 0.01, 0.04, 0.03]).entries())
      expect(p).toBeCloseTo(expected[place] as number, 12);
    expect(holmAdjusted([0.9, 0.8])).toEqual([1, 1]);
  });

  it("Krippendorff's α: four observers and twelve units, Krippendorff (2011), section C", () => {
    const units = [
      [1, 1, 1],
      [2, 2, 3, 2],
      [3, 3, 3, 3],
      [3, 3, 3, 3],
      [2, 2, 2, 2],
      [1, 2, 3, 4],
      [4, 4, 4, 4],
      [1, 1, 2, 1],
      [2, 2, 2, 2],
      [5, 5, 5],
      [1, 1],
      [3],
    ];
    expect(nominalAlpha(units)).toBeCloseTo(0.743, 3);
    expect(ordinalAlpha(units)).toBeCloseTo(0.815, 3);
    // Only the order of the codes counts.
    expect(ordinalAlpha(units.map((values) => values.map((value) => 2 ** value)))).toBeCloseTo(0.815, 3);
    expect(ordinalAlpha([[1, 1], [1]])).toBeNull();
    expect(
      nominalAlpha([
        [1, 1],
        [1, 1],
      ]),
    ).toBeNull();
    expect(nominalAlpha([[1], [2]])).toBeNull();
    expect(pairAgreement([1, 2, 3, 2])).toBeCloseTo(1 / 6, 12);
    expect(pairAgreement([1])).toBeNull();
  });

  it('ICC(1): six targets and four judges, Shrout & Fleiss (1979), table 2', () => {
    const units = [
      [9, 2, 5, 8],
      [6, 1, 3, 2],
      [8, 4, 6, 8],
      [7, 1, 2, 6],
      [10, 5, 6, 9],
      [6, 2, 4, 7],
    ];
    const correlation = intraclassCorrelation(units);
    expect(correlation?.icc).toBeCloseTo(0.17, 2);
    expect(correlation?.withinSd).toBeCloseTo(Math.sqrt(6.26), 2);
    expect(intraclassCorrelation([[1], [2]])).toBeNull();
    expect(
      intraclassCorrelation([
        [2, 2],
        [2, 2],
      ]),
    ).toEqual({ icc: null, withinSd: 0 });
  });
});

describe('the test of a cross-table', () => {
  const runs = 400;
  const shares = [0.5, 0.3, 0.2];

  /** The share of runs with p below 5 %. */
  function found(draw: (uniform: () => number) => Omit<WeightedTable, 'rows' | 'columns'>): number {
    const uniform = seededUniform(4);
    let below = 0;
    for (let run = 0; run < runs; run++) {
      const p = chiSquareTest({ rows: 3, columns: 2, ...draw(uniform) })?.p ?? 1;
      if (p < 0.05) below += 1;
    }
    return below / runs;
  }

  it.each<[string, number, number, (u: number) => number, (u: number) => number]>([
    ['a small group is weighted unevenly', 300, 80, () => 1, (u: number) => Math.exp(4 * u) / 13.4],
    ['an oversample is weighted back', 200, 200, () => 0.1, () => 1],
  ])('gives as many false alarms as promised if %s', (_why, nA, nB, ofA, ofB) => {
    const share = found((uniform) => {
      const respondents = [...new Array<number>(nA + nB).keys()];
      return {
        respondents,
        weights: respondents.map((each) => (each < nA ? ofA : ofB)(uniform())),
        cells: respondents.map((each) => 2 * drawn(shares, uniform()) + (each < nA ? 0 : 1)),
      };
    });
    expect(share).toBeGreaterThan(0.025);
    expect(share).toBeLessThan(0.085);
  });

  it('makes use of independent replicates', () => {
    const share = found((uniform) => {
      const respondents = Array.from({ length: 600 }, (_, each) => Math.floor(each / 3));
      const cells = respondents.map((each) =>
        each < 100 ? 2 * drawn(shares, uniform()) : 2 * drawn([0.39, 0.35, 0.26], uniform()) + 1,
      );
      return { respondents, weights: respondents.map(() => 1), cells };
    });
    expect(share).toBeGreaterThan(0.55);
  });
});

function drawn(shares: readonly number[], uniform: number): number {
  let sum = 0;
  return shares.findIndex((share) => {
    sum += share;
    return uniform < sum;
  });
}

describe('Kolmogorov–Smirnov', () => {
  const at = (...points: number[]) => points.map((point) => [point, 1] as const);

  it('measures the largest distance, also for repeated values', () => {
    expect(kolmogorovSmirnovTest(at(1, 2, 3), at(4, 5, 6), 3, 3)?.d).toBe(1);
    expect(kolmogorovSmirnovTest(at(1, 2, 3), at(1, 2, 3), 3, 3)).toMatchObject({ d: 0, p: 1 });
    expect(
      kolmogorovSmirnovTest(
        [
          [1, 30],
          [2, 10],
        ],
        [
          [1, 1],
          [2, 3],
        ],
        40,
        4,
      )?.d,
    ).toBeCloseTo(0.5, 12);
    expect(kolmogorovSmirnovTest([], at(1), 0, 1)).toBeNull();
  });

  it('calls the critical distance of large samples significant at 5 %', () => {
    // 1.3581 √(2/n) for n = 10,000: the formula for large samples in tables of critical values.
    const d = 1.3581 * Math.sqrt(2 / 10_000);
    const a = [
      [0, 0.5],
      [1, 0.5],
    ] as const;
    const b = [
      [0, 0.5 + d],
      [1, 0.5 - d],
    ] as const;
    expect(kolmogorovSmirnovTest(a, b, 10_000, 10_000)?.p).toBeCloseTo(0.05, 2);
  });
});

describe('total variation', () => {
  const sharesOf = (counts: readonly number[]) => {
    const n = counts.reduce((a, b) => a + b);
    return counts.map((count) => count / n);
  };

  it('is half the sum of differences, with a reproducible interval', () => {
    const sizes = { nA: 1_000, nB: 50, seed: 3 };
    const once = totalVariation([0.5, 0.3, 0.2], [0.2, 0.3, 0.5], sizes);
    expect(once?.distance).toBeCloseTo(0.3, 12);
    expect(totalVariation([0.5, 0.3, 0.2], [0.2, 0.3, 0.5], sizes)).toEqual(once);
    expect(once?.interval?.low).toBeGreaterThan(0.1);
    expect(once?.interval?.high).toBeLessThan(0.5);
    expect(once?.byChance).toBeLessThan(0.15);
    expect(once?.p).toBeLessThan(0.001);
    expect(totalVariation([1, 0], [1, 0], sizes)).toMatchObject({ distance: 0, interval: null, p: 1 });
    expect(totalVariation([1, 0], [1, 0], { ...sizes, nB: 0 })).toBeNull();
  });

  it('leaves out 0 exactly where p is below 5 %, and always contains the distance', () => {
    const uniform = seededUniform(11);
    const shares = [0.25, 0.2, 0.15, 0.1, 0.08, 0.07, 0.05, 0.04, 0.03, 0.03];
    let left = 0;
    for (let run = 0; run < 30; run++) {
      const a = sharesOf(drawMultinomial(200, shares, uniform));
      const b = sharesOf(drawMultinomial(50, shares, uniform));
      const found = totalVariation(a, b, { nA: 200, nB: 50, seed: run });
      expect((found?.interval?.low ?? 0) > 0).toBe((found?.p ?? 1) < 0.05);
      expect(found?.interval?.low).toBeLessThanOrEqual(found?.distance ?? -1);
      expect(found?.interval?.high).toBeGreaterThanOrEqual(found?.distance ?? 2);
      if ((found?.interval?.low ?? 0) > 0) left += 1;
    }
    // 5 % of 30 are 1.5; the basic bootstrap leaves out 0 in more than a third.
    expect(left).toBeLessThanOrEqual(5);
  });

  it('has about the stated coverage', () => {
    const uniform = seededUniform(11);
    const [a, b] = [
      [0.4, 0.3, 0.2, 0.1],
      [0.2, 0.2, 0.3, 0.3],
    ] as const;
    let covered = 0;
    for (let time = 0; time < 30; time++) {
      const drawnA = sharesOf(drawMultinomial(400, a, uniform));
      const drawnB = sharesOf(drawMultinomial(150, b, uniform));
      const found = totalVariation(drawnA, drawnB, { nA: 400, nB: 150, seed: time });
      if (found?.interval && found.interval.low <= 0.3 && 0.3 <= found.interval.high) covered += 1;
    }
    expect(covered).toBeGreaterThan(25);
  });
});

describe('seeded draws', () => {
  it.each([40, 3_000])('of %i have the mean and variance of a multinomial distribution', (n) => {
    const shares = [0.1, 0.6, 0, 0.3];
    const uniform = seededUniform(5);
    const drawn = Array.from({ length: 3_000 }, () => drawMultinomial(n, shares, uniform));
    for (const counts of drawn) expect(counts.reduce((a, b) => a + b)).toBe(n);
    for (const [place, share] of shares.entries()) {
      const values = drawn.map((counts) => counts[place] as number);
      const mean = values.reduce((a, b) => a + b) / values.length;
      const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length;
      expect(Math.abs(mean - n * share)).toBeLessThan(
        4 * Math.sqrt((n * share * (1 - share)) / 3_000) + 1e-9,
      );
      if (share > 0) expect(variance / (n * share * (1 - share))).toBeCloseTo(1, 0.5);
      else expect(variance).toBe(0);
    }
  });
});
