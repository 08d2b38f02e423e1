import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Question } from '../survey/questionnaire.ts';
import type { SurveyResult } from '../survey/survey-results.ts';
import { wilsonInterval } from './statistics/intervals.ts';
import { type QuestionTable, tabulate } from './tabulate.ts';
import {
  answersTo,
  type Given,
  multiple,
  number,
  questionnaire,
  ranking,
  rating,
  result,
  scale,
  single,
  text,
} from './testing/build-results.ts';

const yesNo = single('a', ['y', 'Yes'], ['n', 'No'], ['dk', "Don't know", 'dont-know']);

async function tabled(question: Question, results: readonly SurveyResult[]): Promise<QuestionTable> {
  return (await tabulate(questionnaire(question), results)).questions[0] as QuestionTable;
}

const table = (question: Question, ...given: Given[]) => tabled(question, answersTo(question, given));

describe('tabulate of scales and lists', () => {
  it('gives text scales the mean and standard deviation of their scores', async () => {
    const likert = single('q', 'Disagree', 'Neither agree nor disagree', 'Agree', "Don't know");
    const { numbers, measurement, n } = await table(likert, 'Disagree', 'Agree', 'Agree', "Don't know");
    expect(n).toBe(4);
    expect(numbers).toMatchObject({ n: 3, min: 1, max: 3 });
    expect(numbers?.mean).toBeCloseTo(7 / 3, 12);
    expect(numbers?.sd).toBeCloseTo(Math.sqrt(4 / 3), 12);
    expect(measurement).toMatchObject({ level: 'ordinal', basis: 'words' });
  });

  it('gives a list that is coded 1, 2, 3 no mean', async () => {
    const brands = single('q', [1, 'Coca-Cola'], [2, 'Pepsi'], [3, 'Fanta']);
    const { numbers, measurement } = await table({ ...brands, isOrdinal: true }, 1, 2, 3);
    expect(numbers).toBeNull();
    expect(measurement).toEqual({ level: 'nominal', basis: null, scores: null });
  });
});

describe('tabulate', () => {
  it('counts options in their order, and all statuses', async () => {
    const a = await table(
      yesNo,
      'n',
      'n',
      'y',
      null,
      { status: 'refused' },
      { status: 'dont-know', value: 'dk' },
      { status: 'skipped' },
      { status: 'invalid' },
      { status: 'failed' },
    );
    expect(a.options?.map(({ option, count }) => [option.text, count])).toEqual([
      ['Yes', 1],
      ['No', 2],
    ]);
    expect(a.options?.[1]?.share).toBeCloseTo(2 / 3, 12);
    expect(a.statuses).toEqual({
      answered: 4,
      refused: 1,
      'dont-know': 1,
      withheld: 0,
      skipped: 1,
      preset: 0,
      invalid: 1,
      failed: 1,
    });
    expect(a).toMatchObject({ answers: 3, n: 3, effectiveN: 3, numbers: null, examples: [], unlisted: 0 });
  });

  it('counts a check-box that is left empty as asked', async () => {
    const drinks = multiple('b', 'Tea', 'Coffee');
    const b = await table(drinks, ['Tea'], null, ['Tea', 'Coffee'], { status: 'skipped' });
    expect(b).toMatchObject({ answers: 3, n: 3, noneChosen: 1 });
    expect(b.options?.map(({ share }) => Math.round(share * 100))).toEqual([67, 33]);
  });

  it('counts each chosen option, and the respondent once', async () => {
    const b = await table(multiple('b', 'Tea', 'Coffee', 'Water'), ['Tea', 'Water'], ['Tea'], ['Cocoa']);
    expect(b.options?.map(({ count }) => count)).toEqual([2, 0, 1]);
    expect(b.options?.map(({ share }) => Math.round(100 * share))).toEqual([67, 0, 33]);
    expect(b).toMatchObject({ n: 3, unlisted: 1, examples: [] });
  });

  it('counts the option ranked first, and gives mean ranks among those who ranked it', async () => {
    const c = await table(ranking('c', 'x', 'y', 'z'), ['x', 'y', 'z'], ['y', 'x'], ['y', 'z', 'x']);
    expect(c.options?.map(({ count }) => count)).toEqual([1, 2, 0]);
    expect(c.options?.map(({ meanRank }) => meanRank)).toEqual([2, 4 / 3, 2.5]);
  });

  it('gives ratings, numeric scales and numbers their mean and spread', async () => {
    const c = await table(rating('c'), 2, 4, null, 5, 5);
    expect(c.options?.map(({ count }) => count)).toEqual([0, 1, 0, 1, 2]);
    expect(c.numbers).toMatchObject({ n: 4, mean: 4, min: 2, max: 5 });
    expect(c.numbers?.sd).toBeCloseTo(Math.SQRT2, 12);
    const d = await table(number('d'), 1e9, 1e9 + 1, 1e9 + 1);
    expect(d.numbers?.sd).toBeCloseTo(Math.sqrt(1 / 3), 6);
    expect(d.numbers?.values).toEqual([
      [1e9, 1, 1 / 3],
      [1e9 + 1, 2, 2 / 3],
    ]);
    expect((await table(number('d'), 3)).numbers).toMatchObject({ mean: 3, sd: null, interval: null });
    expect((await table(number('d'), null)).numbers).toBeNull();
    const agree = scale('e', [1, 'no'], [2, 'yes'], [9, 'Other', 'other']);
    expect((await table(agree, 1, 2, 9)).numbers).toMatchObject({ n: 2, mean: 1.5 });
    // Codes of a list do not count as numbers.
    expect((await table(single('f', 1, 2), 1, 2)).numbers).toBeNull();
  });

  it("gives Wilson's and Student's intervals for an unweighted sample", async () => {
    const a = await table(yesNo, ...new Array<Given>(81).fill('y'), ...new Array<Given>(182).fill('n'));
    expect(a.options?.[0]?.interval?.low).toBeCloseTo(0.2553, 4);
    expect(a.options?.[0]?.interval?.high).toBeCloseTo(0.3662, 4);
    const none = await table(yesNo, ...new Array<Given>(20).fill('y'));
    expect(none.options?.[1]?.interval).toEqual(wilsonInterval(0, 20));
    // 9.5 ± t(0.975, 3) · sd / 2
    const d = await table(number('d'), 8, 9, 10, 11);
    expect(d.numbers?.interval?.high).toBeCloseTo(9.5 + (3.182446 * Math.sqrt(5 / 3)) / 2, 5);
  });

  it('weights respondents, and gives the effective sample size', async () => {
    const weighted = (['y', 'n', 'n'] as const).map((a, place) =>
      result({ id: `r${place}`, weight: place === 0 ? 2 : 1, answers: { a } }),
    );
    const a = await tabled(yesNo, weighted);
    expect(a.options?.map(({ count, share }) => [count, share])).toEqual([
      [1, 0.5],
      [2, 0.5],
    ]);
    expect(a).toMatchObject({ n: 3, effectiveN: 16 / 6 });
    const d = [10, 40].map((value, place) =>
      result({ id: `${place}`, weight: 1 + 2 * place, answers: { d: value } }),
    );
    expect((await tabled(number('d'), d)).numbers?.mean).toBe(32.5);
  });

  it('uses the respondent as the unit: replicates do not narrow intervals', async () => {
    const people = (replicates: number): SurveyResult[] =>
      Array.from({ length: 40 * replicates }, (_, place) =>
        result({
          id: `r${place % 40}`,
          replicate: Math.floor(place / 40),
          weight: 1 + (place % 2),
          answers: { a: place % 40 < 12 ? 'y' : 'n', d: (place % 40) / 2 },
        }),
      );
    const both = questionnaire(yesNo, number('d'));
    const [once, thrice] = [await tabulate(both, people(1)), await tabulate(both, people(3))];
    expect(thrice).toMatchObject({ interviews: 120, respondents: 40 });
    for (const [place, question] of once.questions.entries()) {
      const again = thrice.questions[place] as QuestionTable;
      expect(again).toMatchObject({ n: 40, answers: 120 });
      expect(again.effectiveN).toBeCloseTo(question.effectiveN, 9);
      for (const [at, option] of (question.options ?? []).entries()) {
        expect(again.options?.[at]?.share).toBeCloseTo(option.share, 12);
        expect(again.options?.[at]?.interval?.low).toBeCloseTo(option.interval?.low as number, 9);
      }
      if (question.numbers)
        expect(again.numbers?.interval?.low).toBeCloseTo(question.numbers.interval?.low as number, 9);
    }
  });

  it('gives full weight to a respondent who left one replicate empty', async () => {
    const results = [
      result({ id: 'r1', answers: { a: 'y' } }),
      result({ id: 'r1', replicate: 1, answers: { a: { status: 'failed' } } }),
      result({ id: 'r2', answers: { a: 'n' } }),
      result({ id: 'r2', replicate: 1, answers: { a: 'y' } }),
    ];
    expect((await tabled(yesNo, results)).options?.map(({ share }) => share)).toEqual([0.75, 0.25]);
  });

  it('gives shares that add up to 1 for any weights', async () => {
    const one = fc.record({
      code: fc.nat(2),
      weight: fc.double({ min: 0.01, max: 50, noNaN: true }),
      id: fc.nat(20),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(one, { minLength: 1, maxLength: 60 }), async (given) => {
        const results = given.map(({ code, weight, id }) =>
          result({ id: `${id}`, weight, answers: { q: `o${code}` } }),
        );
        const { options, n, effectiveN } = await tabled(single('q', 'o0', 'o1', 'o2'), results);
        expect(options?.reduce((sum, { share }) => sum + share, 0)).toBeCloseTo(1, 9);
        expect(effectiveN).toBeLessThanOrEqual(n + 1e-9);
        for (const { share, interval } of options ?? []) {
          expect(interval?.low).toBeLessThanOrEqual(share + 1e-9);
          expect(interval?.high).toBeGreaterThanOrEqual(share - 1e-9);
        }
      }),
    );
  });

  it('picks a few texts, the same ones for any order of results', async () => {
    const e = text('e');
    const results = Array.from({ length: 200 }, (_, place) =>
      result({ id: `r${place}`, answers: { e: place === 7 ? 'x'.repeat(9_000) : `text ${place}` } }),
    );
    const forwards = await tabled(e, results);
    expect(await tabled(e, results.toReversed())).toEqual(forwards);
    expect(forwards.examples).toHaveLength(5);
    expect(forwards.examples).not.toEqual(['text 0', 'text 1', 'text 2', 'text 3', 'text 4']);
    expect((await table(e, 'x'.repeat(9_000))).examples[0]?.length).toBeLessThan(400);
  });

  it('reads a stream in about ten bytes per answer, and stops counting values beyond the limit', async () => {
    async function* stream(): AsyncGenerator<SurveyResult> {
      for (let place = 0; place < 5_000; place++) yield result({ id: `r${place}`, answers: { d: place } });
    }
    const { interviews, questions } = await tabulate(questionnaire(number('d')), stream());
    expect(interviews).toBe(5_000);
    expect(questions[0]?.numbers).toMatchObject({ mean: 2_499.5, min: 0, max: 4_999, values: null });
  });
});
