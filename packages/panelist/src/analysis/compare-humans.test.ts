import { existsSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Question } from '../survey/questionnaire.ts';
import { readAnswerTable } from './answer-table.ts';
import { compareWithHumans, type HumanComparison, type QuestionComparison } from './compare-humans.ts';
import { renderComparison } from './comparison-text.ts';
import { type HumanAnswersOptions, readHumanAnswers } from './human-answers.ts';
import { holmAdjusted } from './statistics/holm.ts';
import {
  answersTo,
  type Given,
  multiple,
  number,
  questionnaire,
  ranking,
  rating,
  scale,
  single,
  text,
} from './testing/build-results.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'panelist-humans-'));
});
afterAll(() => rm(folder, { recursive: true }));

async function comparison(
  question: Question,
  synthetic: readonly Given[],
  csv: string,
  options?: HumanAnswersOptions,
): Promise<HumanComparison> {
  const path = join(folder, 'humans.csv');
  await writeFile(path, csv);
  const survey = questionnaire(question, text('comment'));
  const humans = await readHumanAnswers(path, survey, options);
  return compareWithHumans(await readAnswerTable(survey, answersTo(question, synthetic)), humans, 1);
}

const compared = async (...given: Parameters<typeof comparison>): Promise<QuestionComparison> =>
  (await comparison(...given)).questions[0] as QuestionComparison;

const times = (counts: readonly number[]): number[] =>
  counts.flatMap((count, place) => new Array<number>(count).fill(place + 1));

describe('human answers', () => {
  const tea = single('tea', ['y', 'Yes, please'], ['n', 'No'], ['dk', "Don't know", 'dont-know']);

  it('are matched by value or text, and unmatched values are listed', async () => {
    const csv = 'tea\ny\n"YES,  please"\n no \nDon\'t know\n\n""\nperhaps\nperhaps\nNA\n';
    const { human, unmatched, column } = await compared(tea, ['y', 'n'], csv);
    expect(column).toBe('tea');
    expect(human.options?.map(({ count }) => count)).toEqual([2, 1]);
    expect(human.statuses).toMatchObject({ answered: 3, 'dont-know': 1, invalid: 3, skipped: 1 });
    expect(unmatched).toEqual([
      ['perhaps', 2],
      ['NA', 1],
    ]);
  });

  it.each<[string, Question, string, unknown, number]>([
    ['numbers by value', rating('q'), '4.0', [0, 0, 0, 1, 0], 0],
    ['a point that is not on the scale', rating('q'), '6', [0, 0, 0, 0, 0], 1],
    ['several, separated by semicolons', multiple('q', 'a', 'b;c', 'd'), 'a; b\\;c', [1, 1, 0], 0],
    ['several, separated by commas', multiple('q', 'a', 'b', 'c'), '"c, a"', [1, 0, 1], 0],
    ['an option that contains a comma', multiple('q', 'a, b', 'c'), '"a, b"', [1, 0], 0],
    ['several, one of them unknown', multiple('q', 'a', 'b'), 'a;x', [0, 0], 1],
    ['a ranking', ranking('q', 'a', 'b'), 'b|a', [0, 1], 0],
    ['a text that two options have', single('q', ['x', 'Same'], ['y', 'Same']), 'same', [0, 0], 1],
    ['a value before a text', single('q', ['1', '2'], ['2', '3']), '2', [0, 1], 0],
  ])('take %s', async (_, question, cell, counts, unmatched) => {
    const found = await compared(question, [], `q\n${cell}\n`);
    expect(found.human.options?.map(({ count }) => count)).toEqual(counts);
    expect(found.unmatched).toHaveLength(unmatched);
  });

  it('to a number question must be numbers within its bounds', async () => {
    const { human, unmatched } = await compared(
      number('q', { min: 0, max: 100 }),
      [],
      'q\n5\n1e2\n-1\n101\n0x10\n1,000\n'.replace('1,000', '"1,000"'),
    );
    expect(human.numbers).toMatchObject({ n: 2, mean: 52.5 });
    expect(unmatched.map(([value]) => value).toSorted()).toEqual(['-1', '0x10', '1,000', '101']);
  });

  it('can have a column of another name, and weights', async () => {
    const csv = 'Answer,w\ny,3\nn,1\nn,0\n';
    const options = { columns: new Map([['tea', 'Answer']]), weightColumn: 'w' };
    const all = await comparison(tea, ['y'], csv, options);
    expect(all).toMatchObject({ humanRows: 3, humanRowsWithoutWeight: 1 });
    expect(all.questions[0]?.human).toMatchObject({ n: 2, effectiveN: 1.6 });
    expect(all.questions[0]?.human.options?.map(({ share }) => share)).toEqual([0.75, 0.25]);
    expect(all.notCompared).toEqual([{ question: 'comment', reason: 'no column' }]);
  });

  it('of other columns are listed as unused', async () => {
    const csv = 'tea,age,w,who,sex\ny,30,1,a,f\n';
    const options = { weightColumn: 'w', idColumn: 'who', groupColumns: ['sex'] };
    const all = await comparison(tea, ['y'], csv, options);
    expect(all.unusedColumns).toEqual(['age']);
    expect(renderComparison(all, questionnaire(tea))).toContain('Columns that belong to no question: age.');
  });

  it.each<[string, string, HumanAnswersOptions, string, string]>([
    ['no column that matches a question', 'x\n1\n', {}, 'USAGE', 'Say which is which'],
    [
      'an unknown mapped question',
      'tea\ny\n',
      { columns: new Map([['coffee', 'tea']]) },
      'USAGE',
      '"coffee"',
    ],
    ['an unknown mapped column', 'tea\ny\n', { columns: new Map([['tea', 'T']]) }, 'USAGE', 'no column "T"'],
    ['an invalid weight', 'tea,w\ny,-1\n', { weightColumn: 'w' }, 'AUDIENCE_INVALID', 'line 2'],
    ['a header alone', 'tea\n', {}, 'AUDIENCE_INVALID', 'no rows'],
    ['rows of several lengths', 'tea,w\ny\n', {}, 'AUDIENCE_INVALID', 'line 2'],
  ])('are refused with %s', async (_, csv, options, code, message) => {
    await expect(comparison(tea, [], csv, options)).rejects.toMatchObject({
      code,
      message: expect.stringContaining(message),
    });
  });
});

it('reads human answers from a CSV only, and reveals nothing of another file', async () => {
  const path = join(folder, 'shadow');
  await writeFile(path, 'root;$6$secret;19000\n');
  const refused = readHumanAnswers(path, questionnaire(rating('q')));
  await expect(refused).rejects.toMatchObject({
    code: 'AUDIENCE_INVALID',
    message: expect.stringContaining('must end in .csv'),
  });
  await expect(refused).rejects.not.toThrow(/root|secret/);
});

describe('differences of shares', () => {
  it('have the interval of Newcombe’s published example', async () => {
    // Statistics in Medicine 17 (1998), table II, contrast (a), method 10: 56/70 and 48/80.
    const given = (yes: number, all: number): string[] =>
      Array.from({ length: all }, (_, place) => (place < yes ? 'Yes' : 'No'));
    const { options } = await compared(
      single('q', 'Yes', 'No'),
      given(56, 70),
      `q\n${given(48, 80).join('\n')}\n`,
    );
    expect(options?.[0]?.difference).toBeCloseTo(0.2, 9);
    expect(options?.[0]?.interval?.low).toBeCloseTo(0.0524, 4);
    expect(options?.[0]?.interval?.high).toBeCloseTo(0.3339, 4);
    expect(options?.[0]?.test).toBeNull();
  });

  it('are tested option by option where several can be chosen', async () => {
    const question = multiple('q', 'a', 'b');
    const synthetic = Array.from({ length: 100 }, (_, place) => (place < 40 ? ['a', 'b'] : ['b']));
    const people = Array.from({ length: 100 }, (_, place) => (place < 75 ? 'a;b' : 'b'));
    const all = await comparison(question, synthetic, `q\n${people.join('\n')}\n`);
    const [a, b] = all.questions[0]?.options ?? [];
    expect(a?.test?.p).toBeLessThan(0.001);
    expect(a?.test?.adjustedP).toBe(a?.test?.p);
    // Everyone chose it: nothing to test.
    expect(b?.test).toBeNull();
    expect(all.tests).toBe(1);
    expect(renderComparison(all, questionnaire(question))).toMatch(
      /a \(p < 0\.001.*40% +75% +-35\.0 +-46\.\d – -21\.\d/,
    );
  });
});

describe('a comparison', () => {
  // Counts of 1 to 5 from fifty people, and from two hundred synthetic respondents who avoid the ends, as models do.
  const people = times([11, 9, 13, 10, 7]);
  const model = times([0, 20, 120, 50, 10]);

  it('counts each side by its effective size, not by its rows', async () => {
    // Each person twice, once with next to no weight: no more people than before.
    const rows = people.flatMap((answer) => [`${answer},5`, `${answer},0.000005`]);
    const once = await compared(rating('q'), model, `q\n${people.join('\n')}\n`);
    const twice = await compared(rating('q'), model, `q,w\n${rows.join('\n')}\n`, { weightColumn: 'w' });
    expect(twice.human.n).toBe(2 * once.human.n);
    expect(twice.kolmogorovSmirnov?.p).toBeCloseTo(once.kolmogorovSmirnov?.p ?? 0, 5);
    expect(twice.chiSquare?.lowExpected).toBe(once.chiSquare?.lowExpected);
    expect(twice.chiSquare?.f).toBeCloseTo(once.chiSquare?.f ?? 0, 1);
    const equal = await compared(
      rating('q'),
      model,
      `q\n${people.flatMap((each) => [each, each]).join('\n')}\n`,
    );
    expect(equal.kolmogorovSmirnov?.p).toBeLessThan((once.kolmogorovSmirnov?.p ?? 0) / 2);
  });

  it('gives distance, distribution and means of a rating', async () => {
    const found = await compared(rating('q'), model, `q\n${people.join('\n')}\n`);
    // ½ (.22 + .08 + .34 + .05 + .09); D after 2: .40 − .10.
    expect(found.totalVariation?.distance).toBeCloseTo(0.39, 12);
    expect(found.totalVariation?.interval?.low).toBeGreaterThan(0.15);
    expect(found.totalVariation?.byChance).toBeLessThan(0.15);
    expect(found.kolmogorovSmirnov?.d).toBeCloseTo(0.3, 12);
    expect(found.kolmogorovSmirnov?.p).toBeLessThan(0.01);
    expect(found.human.numbers?.mean).toBeCloseTo(2.86, 12);
    expect(found.human.numbers?.sd).toBeCloseTo(1.355, 3);
    expect(found.meanDifference?.difference).toBeCloseTo(3.25 - 2.86, 12);
    expect(found.meanDifference?.interval?.low).toBeCloseTo(-0.003, 2);
    expect(found.sdRatio).toBeCloseTo(0.7 / 1.34, 1);
    expect(found.chiSquare?.df).toBeCloseTo(4, 2);
    expect(found.chiSquare?.lowExpected).toBe(2);
  });

  it('finds no difference between equal distributions', async () => {
    const found = await compared(rating('q'), [...people, ...people], `q\n${people.join('\n')}\n`);
    expect(found.totalVariation).toMatchObject({ distance: 0, interval: { low: 0 } });
    expect(found.kolmogorovSmirnov).toMatchObject({ d: 0, p: 1 });
    expect(found.chiSquare?.p).toBeCloseTo(1, 9);
  });

  it('computes for each kind of question only what is meaningful', async () => {
    const nominal = await compared(single('q', 1, 2), [1, 2, 2], 'q\n1\n2\n');
    expect(nominal).toMatchObject({ kolmogorovSmirnov: null, meanDifference: null });
    expect(nominal.totalVariation?.distance).toBeCloseTo(1 / 6, 12);
    const words = scale('q', 'no', 'rather', 'yes', ['other', 'Other', 'other']);
    expect((await compared(words, ['no', 'yes'], 'q\nno\nno\nother\n')).kolmogorovSmirnov?.d).toBeCloseTo(
      0.5,
      12,
    );
    const several = await compared(multiple('q', 'a', 'b'), [['a'], ['a', 'b']], 'q\na;b\n');
    expect(several).toMatchObject({ totalVariation: null, chiSquare: null });
    const numbers = await compared(number('q'), [1, 2, 3], 'q\n11\n12\n');
    expect(numbers).toMatchObject({ totalVariation: null, kolmogorovSmirnov: { d: 1 } });
    expect(numbers.meanDifference?.difference).toBe(-9.5);
    const nobody = await compared(rating('q'), [], 'q\n1\n2\n');
    expect(nobody).toMatchObject({ totalVariation: null, kolmogorovSmirnov: null, meanDifference: null });
  });

  it('adjusts all tests together, and says so beside each p', async () => {
    const survey = questionnaire(rating('q'), rating('r'));
    const path = join(folder, 'two.csv');
    await writeFile(path, `q,r\n${people.map((point) => `${point},${point}`).join('\n')}\n`);
    const results = answersTo(rating('q'), model).map((result, place) => {
      const [answer] = result.interview.answers;
      const other = { ...answer, question: 'r', value: people[place % 50] };
      return { ...result, interview: { ...result.interview, answers: [answer, other] } };
    });
    const synthetic = await readAnswerTable(survey, results as never);
    const found = compareWithHumans(synthetic, await readHumanAnswers(path, survey), 1);
    const tests = found.questions.flatMap((question) => [
      question.totalVariation,
      question.kolmogorovSmirnov,
      question.chiSquare,
    ]);
    expect(found.tests).toBe(6);
    const adjusted = holmAdjusted(tests.map((test) => test?.p ?? -1));
    expect(tests.map((test) => test?.adjustedP)).toEqual(adjusted);
    expect(found.questions[0]?.chiSquare?.adjustedP).toBeGreaterThan(found.questions[0]?.chiSquare?.p ?? 1);
    const output = renderComparison(found, survey, { width: 1_000 });
    expect(output.match(/p [=<] \S+ \(adjusted \S+( \S+)?\)/g)).toHaveLength(6);
    expect(output).toContain('allows for the 6 tests shown here');
    expect(output.match(/with so few values p is conservative/g)).toHaveLength(2);
    expect(output).not.toContain('Cramér');
  });

  it('is rendered with its unmatched values and without terminal control characters', async () => {
    const question = { ...rating('q'), title: '\u001b[2Jstars' };
    const csv = `q\n${people.join('\n')}\n"\u001b[31mbad"\n`;
    const output = renderComparison(await comparison(question, model, csv), questionnaire(question), {
      width: 90,
    });
    expect(output).toContain('200 synthetic respondents beside 51 rows of human answers.');
    expect(output).toContain('total variation 0.39 [');
    expect(output).toContain('Not matched, 1 rows: “bad” (1)');
    expect(output).toMatch(/invalid, or not matched +0 +1\n/);
    expect(output).toContain("model sampling error and the human sample's sampling error only");
    expect(output).toContain('Not compared: comment (no column).');
    expect(output).not.toMatch(/(?!\n)\p{Cc}/u);
  });

  it('shows missings by their reason on either side, and a dash where nobody answered', async () => {
    const question = single('q', 'Yes', 'No', ['dk', "Don't know", 'dont-know']);
    const given: Given[] = [
      { status: 'refused' },
      { status: 'withheld' },
      { status: 'dont-know', value: 'dk' },
    ];
    const output = renderComparison(
      await comparison(question, given, 'q\nYes\ndk\n'),
      questionnaire(question),
    );
    expect(output).toMatch(/Yes +– +100% +– +–\n/);
    expect(output).toMatch(/refused +1 +0\n/);
    expect(output).toMatch(/don’t know +1 +1\n/);
    expect(output).toMatch(/withheld by the provider +1 +0\n/);
  });
});

const gazpacho = fileURLToPath(new URL('../../../../../shared/data/gazpacho-50-humans.csv', import.meta.url));
const isThere = existsSync(gazpacho);
if (!isThere) console.warn(`Skipped: there is no ${gazpacho}, real people's answers to test with.`);
it.skipIf(!isThere)('reads the real answers of fifty people', async () => {
  const survey = questionnaire(rating('stars'), text('why'));
  const options = {
    columns: new Map([
      ['stars', 'Vote'],
      ['why', 'Explanation'],
    ]),
  };
  const humans = await readHumanAnswers(gazpacho, survey, options);
  const synthetic = await readAnswerTable(survey, answersTo(rating('stars'), [3, 3, 4, 4, 5]));
  const { questions, notCompared } = compareWithHumans(synthetic, humans, 1);
  expect(questions[0]?.human.options?.map(({ count }) => count)).toEqual([11, 9, 13, 10, 7]);
  expect(questions[0]?.human.numbers?.mean).toBeCloseTo(2.86, 12);
  expect(questions[0]?.unmatched).toEqual([]);
  expect(notCompared).toEqual([{ question: 'why', reason: 'free text' }]);
});
