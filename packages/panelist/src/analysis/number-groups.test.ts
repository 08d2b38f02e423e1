import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { SurveyResult } from '../survey/survey-results.ts';
import { bandOf, quantileBands, readNumberGroups } from './number-groups.ts';
import { type SurveySummary, summariseSurvey } from './survey-summary.ts';
import { number, questionnaire, result, single } from './testing/build-results.ts';

const survey = questionnaire(single('drink', 'Tea', 'Coffee'), number('hours'));

/** Ages 18 to 77; the hours are the age's last digit. */
const people: SurveyResult[] = Array.from({ length: 60 }, (_, index) =>
  result({
    id: `r${index}`,
    weight: index < 30 ? 3 : 1,
    persona: index === 59 ? {} : { age: String(18 + index), sex: index % 2 === 0 ? 'Female' : 'Male' },
    answers: { drink: index % 3 === 0 ? 'Tea' : 'Coffee', hours: index % 10 },
  }),
);

async function groupsOf(...by: string[]): Promise<readonly (readonly [label: string, n: number])[]> {
  const { crossTables }: SurveySummary = await summariseSurvey(survey, people, { by });
  return crossTables.flatMap(
    ({ tables }) => tables[0]?.groups.map(({ label, n }) => [label, n] as const) ?? [],
  );
}

describe('groups of numbers', () => {
  it('are bands of a persona column, with the rest and the missing beside them', async () => {
    expect(await groupsOf('age:18-29,30-44,70+')).toEqual([
      ['18-29', 12],
      ['30-44', 15],
      ['70+', 7],
      ['(other)', 25],
      ['(not given)', 1],
    ]);
  });

  it('are bands of a question with numbers', async () => {
    expect(await groupsOf('hours:0,1..4,5-9')).toEqual([
      ['0', 6],
      ['1..4', 24],
      ['5-9', 30],
    ]);
  });

  it('are quantiles of about equal weight', async () => {
    expect(await groupsOf('age:q2')).toEqual([
      ['18–37', 20],
      ['38–76', 39],
      ['(not given)', 1],
    ]);
  });

  it('stand beside other groupings, in the order requested', async () => {
    const groups = await groupsOf('sex', 'age:-40,41-', 'sex');
    expect(groups.map(([label]) => label)).toEqual([
      'Female',
      'Male',
      '(not given)',
      '-40',
      '41-',
      '(not given)',
    ]);
  });

  it.each([
    ['age:18-30,30-44', /"18-30" and "30-44" overlap/],
    ['age:44-30', /"44-30" ends below/],
    ['age:young', /"young" isn't a band/],
    ['age:-', /"-" isn't a band/],
    ['age:q1', /2 to 10 quantiles/],
    ['sex:q4', /"sex" has no numbers/],
    ['drink:1-2', /"drink" \(single-choice\) has no numbers/],
    ['hours', /bands or quantiles of its numbers, such as hours:q4/],
    ['nothing:q4', /survey has "nothing:q4"/],
  ])('are refused for %s', async (by, message) => {
    await expect(groupsOf(by)).rejects.toMatchObject({
      code: 'USAGE',
      message: expect.stringMatching(message),
    });
  });
});

describe('quantileBands', () => {
  it('puts every number into exactly one band, and no band is heavier than a share and one number', () => {
    const samples = fc.array(
      fc.tuple(fc.integer({ min: -50, max: 50 }), fc.double({ min: 0.1, max: 5, noNaN: true })),
      {
        minLength: 1,
        maxLength: 80,
      },
    );
    fc.assert(
      fc.property(samples, fc.integer({ min: 2, max: 10 }), (values, count) => {
        const bands = quantileBands(values, count);
        const total = values.reduce((sum, [, weight]) => sum + weight, 0);
        const inBands = bands.map(() => 0);
        const ofValue = new Map<number, number>();
        for (const [value, weight] of values) {
          const containing = bands.filter(({ low, high }) => value >= low && value <= high);
          expect(containing).toHaveLength(1);
          const place = bandOf(bands, value);
          inBands[place] = (inBands[place] as number) + weight;
          ofValue.set(value, (ofValue.get(value) ?? 0) + weight);
        }
        expect(bands.length).toBeLessThanOrEqual(count);
        const heaviest = Math.max(...ofValue.values());
        for (const weight of inBands) expect(weight).toBeLessThanOrEqual(total / count + heaviest + 1e-9);
      }),
    );
  });
});

describe('bandOf', () => {
  it('puts a fraction into the band that begins below it', () => {
    const groups = readNumberGroups('0-5,5.5-10');
    const bands = groups.kind === 'bands' ? groups.bands : [];
    expect([5, 5.2, 5.5, 5.7, 10.5, 11].map((value) => bandOf(bands, value))).toEqual([0, 0, 1, 1, 1, -1]);
    expect(
      bandOf(
        quantileBands(
          [
            [5, 1],
            [5.5, 1],
          ],
          2,
        ),
        5.5,
      ),
    ).toBe(1);
  });
});

describe('readNumberGroups', () => {
  it('reads open ends, negative ends and single numbers', () => {
    const { POSITIVE_INFINITY, NEGATIVE_INFINITY } = Number;
    expect(readNumberGroups('45+, -5..-1 ,7, ..-10, 8-44.5')).toEqual({
      kind: 'bands',
      bands: [
        { label: '..-10', low: NEGATIVE_INFINITY, high: -10 },
        { label: '-5..-1', low: -5, high: -1 },
        { label: '7', low: 7, high: 7 },
        { label: '8-44.5', low: 8, high: 44.5 },
        { label: '45+', low: 45, high: POSITIVE_INFINITY },
      ],
    });
  });
});
