import { describe, expect, it } from 'vitest';
import { seededUniform } from '../random/seeded-uniform.ts';
import type { SurveyResult } from '../survey/survey-results.ts';
import { columnLetter } from './column-letters.ts';
import type { CrossTable } from './cross-table.ts';
import { welchTest } from './statistics/group-differences.ts';
import { summariseSurvey } from './survey-summary.ts';
import { questionnaire, rating, result, single } from './testing/build-results.ts';

const survey = questionnaire(single('drink', 'Tea', 'Coffee', 'Water'), rating('liking'));

/** Some of each group of 60 like tea, and higher points. */
function people(tea: readonly number[], replicates = 1): SurveyResult[] {
  return tea.flatMap((count, group) =>
    Array.from({ length: 60 }, (_, index) =>
      Array.from({ length: replicates }, (_, replicate) =>
        result({
          id: `g${group}-${index}`,
          replicate,
          persona: { group: `group ${group}` },
          answers: {
            drink: index < count ? 'Tea' : index % 2 === 0 ? 'Coffee' : 'Water',
            liking: index < count ? 4 + (index % 2) : 1 + (index % 3),
          },
        }),
      ),
    ).flat(),
  );
}

async function tables(results: readonly SurveyResult[]): Promise<readonly CrossTable[]> {
  return (await summariseSurvey(survey, results, { by: 'group' })).crossTables[0]?.tables ?? [];
}

describe('letters of columns', () => {
  it('name the groups whose share or mean is lower', async () => {
    const [drink, liking] = await tables(people([45, 20, 18]));
    expect(drink?.groups.map(({ letter }) => letter)).toEqual(['A', 'B', 'C']);
    const higherThan = drink?.rows?.map(({ cells }) => cells.map((cell) => cell.higherThan.join('')));
    expect(higherThan?.[0]).toEqual(['BC', '', '']);
    expect(higherThan?.[1]).toEqual(['', 'A', 'A']);
    expect(liking?.means?.higherThan).toEqual([['B', 'C'], [], []]);
    expect(liking?.means?.test?.p).toBeLessThan(0.001);
    expect(drink?.means).toBeNull();
  });

  it('are not given where few are expected, or all answers of a group are the same', async () => {
    const small = [6, 0].flatMap((tea, group) =>
      Array.from({ length: 6 }, (_, index) =>
        result({
          id: `g${group}-${index}`,
          // Sums of such weights are not exact.
          weight: 0.1 + index / 7,
          persona: { group: `group ${group}` },
          answers: { drink: index < tea ? 'Tea' : 'Coffee', liking: 5 },
        }),
      ),
    );
    const [drink, liking] = await tables(small);
    expect(drink?.rows?.flatMap(({ cells }) => cells.flatMap(({ higherThan }) => higherThan))).toEqual([]);
    expect(drink?.rows?.[0]?.cells.map(({ share }) => share)).toEqual([1, 0]);
    expect(liking?.means).toEqual({ test: null, higherThan: [[], []] });
  });

  it('are the same when each respondent repeats all answers', async () => {
    const letters = async (results: readonly SurveyResult[]): Promise<unknown> =>
      (await tables(results)).map(({ rows, means }) => [
        rows?.map(({ cells }) => cells.map(({ higherThan }) => higherThan)),
        means?.higherThan,
      ]);
    expect(await letters(people([38, 20, 18], 3))).toEqual(await letters(people([38, 20, 18])));
  });

  it('are given in one of twenty tables without a difference at most', async () => {
    const uniform = seededUniform(7);
    let marked = 0;
    for (let time = 0; time < 200; time++) {
      const results = Array.from({ length: 160 }, (_, index) =>
        result({
          id: `r${index}`,
          persona: { group: String(index % 4) },
          answers: { drink: ['Tea', 'Coffee', 'Water'][Math.floor(uniform() * 3)] as string, liking: 1 },
        }),
      );
      const [drink] = await tables(results);
      if (drink?.rows?.some(({ cells }) => cells.some(({ higherThan }) => higherThan.length > 0)))
        marked += 1;
    }
    expect(marked).toBeLessThanOrEqual(16);
  });

  it('go on behind Z', () => {
    expect([0, 25, 26, 27, 701, 702].map(columnLetter)).toEqual(['A', 'Z', 'AA', 'AB', 'ZZ', 'AAA']);
  });
});

describe('welchTest', () => {
  it('gives what R gives for its data set `sleep` and for three groups of `iris`', () => {
    // oneway.test(extra ~ group, sleep); oneway.test(Sepal.Width ~ Species, iris)
    const group = (n: number, mean: number, sd: number) => ({ n, mean, standardError: sd / Math.sqrt(n) });
    const sleep = welchTest([group(10, 0.75, 1.78901), group(10, 2.33, 2.002249)]);
    expect(sleep?.f).toBeCloseTo(3.462627, 3);
    expect(sleep?.residualDf).toBeCloseTo(17.77647, 3);
    expect(sleep?.p).toBeCloseTo(0.07939414, 5);
    const iris = welchTest([
      group(50, 3.428, 0.3790644),
      group(50, 2.77, 0.3137983),
      group(50, 2.974, 0.3224966),
    ]);
    expect(iris?.f).toBeCloseTo(45.01204, 2);
    expect(iris?.residualDf).toBeCloseTo(97.40159, 2);
  });
});
