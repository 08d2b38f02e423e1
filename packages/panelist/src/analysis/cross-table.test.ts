import { describe, expect, it } from 'vitest';
import { PanelistError } from '../panelist-error.ts';
import type { SurveyResult } from '../survey/survey-results.ts';
import type { CrossTable } from './cross-table.ts';
import { holmAdjusted } from './statistics/holm.ts';
import { type SurveySummary, summariseSurvey } from './survey-summary.ts';
import {
  multiple,
  number,
  questionnaire,
  ranking,
  rating,
  result,
  single,
  text,
} from './testing/build-results.ts';

const party = single('party', 'Democrat', 'Independent', 'Republican');
const survey = questionnaire(
  party,
  multiple('media', 'TV', 'Radio'),
  number('hours'),
  rating('trust'),
  ranking('order', 'x', 'y'),
  text('why'),
);

/** Agresti, Introduction to Categorical Data Analysis (2007), table 2.5. */
const agresti = [
  ['Female', [762, 327, 468]],
  ['Male', [484, 239, 477]],
] as const;

function people({ weight = 1, replicates = 1 } = {}): SurveyResult[] {
  let id = 0;
  return agresti.flatMap(([sex, counts]) =>
    counts.flatMap((count, place) =>
      Array.from({ length: count }, () => {
        id += 1;
        const answers = {
          party: party.options[place]?.value ?? null,
          media: sex === 'Male' && id % 2 === 0 ? ['TV', 'Radio'] : ['TV'],
          hours: sex === 'Male' ? (id % 3) + 1 : id % 3,
          trust: 1 + (id % 5),
          order: ['x', 'y'],
          why: 'so',
        };
        return Array.from({ length: replicates }, (_, replicate) =>
          result({ id: `r${id}`, weight, replicate, persona: { sex, age: String(18 + (id % 40)) }, answers }),
        );
      }).flat(),
    ),
  );
}

async function summary(by: string, results: readonly SurveyResult[] = people()): Promise<SurveySummary> {
  return summariseSurvey(survey, results, { by });
}

async function tableOf(name: string, by: string, results?: readonly SurveyResult[]): Promise<CrossTable> {
  const { crossTables } = await summary(by, results);
  return crossTables[0]?.tables.find(({ question }) => question.name === name) as CrossTable;
}

describe('cross-tables', () => {
  it.each([
    ['as they are', people()],
    ['with everyone weighing 7', people({ weight: 7 })],
    ['with two replicates each, which add no respondents', people({ replicates: 2 })],
  ])("give the published χ² of Agresti's table %s", async (_, results) => {
    const { groups, rows, test } = await tableOf('party', 'sex', results);
    expect(groups.map(({ label, n }) => [label, n])).toEqual([
      ['Female', 1557],
      ['Male', 1200],
    ]);
    expect((test?.f ?? 0) * 2).toBeCloseTo((30.07 * 2756) / 2757, 2);
    expect(test?.df).toBeCloseTo(2, 9);
    expect(test?.lowExpected).toBe(0);
    expect(rows?.[0]?.cells[0]?.share).toBeCloseTo(762 / 1557, 9);
    expect(rows?.[0]?.cells[0]?.expected).toBeCloseTo(703.7, 1);
  });

  it('take uneven weights into account', async () => {
    const uneven = people().map((each, place) => ({ ...each, weight: place % 2 === 0 ? 1 : 5 }));
    const { test } = await tableOf('party', 'sex', uneven);
    const plain = await tableOf('party', 'sex');
    expect(test?.f).toBeLessThan((plain.test?.f ?? 0) * 0.85);
    expect(test?.f).toBeGreaterThan(0);
  });

  it("count respondents' different answers in replicates", async () => {
    const again = people().map((each, place) =>
      result({
        id: each.respondent.id,
        replicate: 1,
        persona: each.respondent.persona,
        answers: { party: party.options[place % 3]?.value ?? null },
      }),
    );
    const { test } = await tableOf('party', 'sex', [...people(), ...again]);
    const plain = await tableOf('party', 'sex');
    // Half of the answers are random: a quarter of the effect's square, and half of the variance.
    expect((test?.f ?? 0) / (plain.test?.f ?? 1)).toBeCloseTo(0.5, 0.5);
    expect(test?.residualDf).toBeCloseTo(2756 * (test?.df ?? 0), 6);
  });

  it('test each option of a multiple choice with an adjusted p, and compare means of numbers', async () => {
    const media = await tableOf('media', 'sex');
    expect(media.test).toBeNull();
    // Everyone watches TV, so there is nothing to test.
    expect(media.rows?.map(({ test }) => (test ? test.adjustedP < 0.001 : null))).toEqual([null, true]);
    expect(media.rows?.[1]?.cells.map(({ share }) => Math.round(10 * share))).toEqual([0, 5]);
    const hours = await tableOf('hours', 'sex');
    expect(hours).toMatchObject({ rows: null, test: null });
    const [female, male] = hours.groups.map(({ numbers }) => numbers?.mean ?? 0);
    expect((male ?? 0) - (female ?? 0)).toBeCloseTo(1, 1);
  });

  it('adjust the p-values of all tables by the same groups together', async () => {
    const { crossTables } = await summary('sex');
    const tests = (crossTables[0]?.tables ?? [])
      .flatMap(({ test, means, rows }) => [test, means?.test ?? null, ...(rows ?? []).map((row) => row.test)])
      .filter((test) => test !== null);
    expect(tests).toHaveLength(6);
    expect(tests.map(({ adjustedP }) => adjustedP)).toEqual(holmAdjusted(tests.map(({ p }) => p)));
    expect(tests.some(({ p, adjustedP }) => adjustedP > p)).toBe(true);
  });

  it('flag cells with fewer than five expected', async () => {
    const few = people().filter((_, place) => place % 300 === 0);
    const { rows, test } = await tableOf('party', 'sex', few);
    const low = rows?.flatMap(({ cells }) => cells.filter(({ isLow }) => isLow)).length;
    expect(low).toBeGreaterThan(0);
    expect(test?.lowExpected).toBe(low);
  });

  it('can be by a question, and leave out that question and free texts', async () => {
    const { crossTables } = await summary('party');
    expect(crossTables[0]?.tables.map(({ question }) => question.name)).toEqual([
      'media',
      'hours',
      'trust',
      'order',
    ]);
    expect(crossTables[0]?.tables[0]?.groups.map(({ n }) => n)).toEqual([1246, 566, 945]);
  });

  it('combine the smallest of many groups, and put respondents without a value in their own group', async () => {
    const { groups } = await tableOf('party', 'age', [
      ...people(),
      result({ id: 'x', answers: { party: 'Democrat' } }),
    ]);
    expect(groups).toHaveLength(13);
    expect(groups.slice(-2).map(({ label }) => label)).toEqual(['(other)', '(not given)']);
    expect(groups.at(-1)?.n).toBe(1);
    expect(groups.reduce((sum, { n }) => sum + n, 0)).toBe(2758);
    const ages = groups.slice(0, -2).map(({ label }) => Number(label));
    expect(ages).toEqual(ages.toSorted((a, b) => a - b));
  });

  it.each([
    ['nothing', 'Neither the audience nor the survey has "nothing". They have: "sex", "age", "party"'],
    ['media', 'makes no groups'],
    ['why', 'makes no groups'],
  ])('refuse %s', async (by, message) => {
    await expect(summary(by)).rejects.toThrow(PanelistError);
    await expect(summary(by)).rejects.toThrow(message);
  });

  it('reject a name that is both a question and a persona column', async () => {
    const results = people().map((each) => ({
      ...each,
      respondent: { ...each.respondent, persona: { party: 'Old' } },
    }));
    await expect(summary('party', results)).rejects.toThrow('Write persona.party for the column');
    expect((await tableOf('party', 'persona.party', results)).groups.map(({ label }) => label)).toEqual([
      'Old',
    ]);
  });
});
