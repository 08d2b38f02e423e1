import { existsSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { seededUniform } from '../../random/seeded-uniform.ts';
import type { Questionnaire } from '../../survey/questionnaire.ts';
import { readAnswerTable } from '../answer-table.ts';
import { readHumanAnswers } from '../human-answers.ts';
import { multiple, number, questionnaire, rating, result, single } from '../testing/build-results.ts';
import { type Calibration, calibrate } from './calibrate.ts';
import { renderCalibration } from './calibration-text.ts';

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'panelist-calibration-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const survey = questionnaire(rating('stars'), single('tea', 'yes', 'no'), multiple('when', 'am', 'pm'));
type Person = { id: string; stars: number; tea: string; sex: string };

/** 60 people, and 160 respondents of whom the first 60 play them. `likeness` is how often a respondent answers as they do. */
function people(): Person[] {
  const draw = seededUniform(3);
  return Array.from({ length: 160 }, (_, index) => ({
    id: `R${index}`,
    stars: 1 + Math.floor(5 * draw()),
    tea: draw() < 0.5 ? 'yes' : 'no',
    sex: index % 2 === 0 ? 'f' : 'm',
  }));
}

async function calibrated(
  answerOf: (person: Person) => { stars: number; tea: string },
  options: {
    isLinked?: boolean;
    again?: (person: Person, index: number) => Person;
    of?: Questionnaire;
  } = {},
): Promise<Calibration> {
  const { of = survey } = options;
  const everyone = people();
  const file = async (name: string, rows: readonly Person[]) => {
    const path = join(folder, name);
    await writeFile(
      path,
      `id,stars,tea\n${rows.map(({ id, stars, tea }) => `${id},${stars},${tea}`).join('\n')}\n`,
    );
    return readHumanAnswers(path, of, { idColumn: 'id', groupColumns: ['sex'] });
  };
  const humans = await file('humans.csv', everyone.slice(0, 60));
  const again = options.again && (await file('again.csv', everyone.slice(0, 60).map(options.again)));
  const synthetic = await readAnswerTable(
    of,
    everyone.map((person) =>
      result({ id: person.id, answers: answerOf(person), persona: { sex: person.sex } }),
    ),
    ['sex'],
  );
  return calibrate(synthetic, humans, { by: ['sex'], areLinked: options.isLinked ?? true, again });
}

describe('a calibration', () => {
  it('of a model that knows people finds it better than a guess, and worth many people', async () => {
    const found = await calibrated(({ stars, tea }) => ({ stars, tea }));
    expect(found).toMatchObject({
      verdict: 'better than a guess',
      beatsGuess: { questions: 2, of: 2 },
      people: 60,
      linkedPeople: 60,
      respondents: 160,
    });
    const [stars, tea] = found.questions;
    expect(stars).toMatchObject({ humanN: 60, guess: { people: 60, model: 0 }, spread: { covered: 1 } });
    expect(tea?.guess).toMatchObject({ measure: 'share wrong', model: 0 });
    expect(stars?.corrected[0]?.worth).toBeGreaterThan(90);
    expect(tea?.corrected.map(({ of }) => of)).toEqual(['yes', 'no']);
  });

  it('of one that answers at random finds it no better than a guess, and worth next to nobody', async () => {
    const draw = seededUniform(4);
    const found = await calibrated(() => ({
      stars: 1 + Math.floor(5 * draw()),
      tea: draw() < 0.5 ? 'yes' : 'no',
    }));
    expect(found.verdict).toBe('worse than a guess');
    const [stars] = found.questions;
    expect(stars?.corrected[0]?.worth).toBeLessThan(5);
    const text = renderCalibration(found, survey, { width: 200 });
    expect(text).toContain("Do not use these answers in place of people's");
    expect(text).toContain('Better than a guess on 0 of 2 questions.');
    expect(text).toContain('60 of 60 people are played by one of 160 respondents.');
  });

  it('says that scales vary too little, and which answers of people the model never gives', async () => {
    // Right about everybody's side, but never at an end.
    const found = await calibrated(({ stars, tea }) => ({ stars: stars > 3 ? 4 : 3, tea }));
    expect(found.verdict).toBe('wrong spread');
    const spread = found.questions[0]?.spread;
    expect(spread?.varianceRatio).toBeLessThan(0.2);
    const atEnds = people()
      .slice(0, 60)
      .filter(({ stars }) => stars !== 3 && stars !== 4).length;
    expect(spread?.covered).toBeCloseTo(1 - atEnds / 60, 9);
  });

  it('says that answers vary too much', async () => {
    const numbers = questionnaire(number('stars'));
    const found = await calibrated(({ stars, tea }) => ({ stars: 1.6 * stars - 2, tea }), { of: numbers });
    expect(found.beatsGuess).toEqual({ questions: 1, of: 1 });
    expect(found.questions[0]?.spread?.varianceRatio).toBeGreaterThan(2);
    expect(found.verdict).toBe('wrong spread');
  });

  it('fits the model to half of the people and judges it on the other', async () => {
    const found = await calibrated(({ stars, tea }) => ({ stars: 6 - stars, tea }));
    const guess = found.questions[0]?.guess;
    expect(guess).toMatchObject({ calibrated: expect.closeTo(0, 9) });
    expect(guess?.model).toBeGreaterThan((guess as { baseRate: number }).baseRate);
  });

  it('has the error in each group, with its size', async () => {
    const found = await calibrated(({ stars, tea, sex }) => ({
      stars: sex === 'f' ? stars : Math.min(5, stars + 2),
      tea,
    }));
    const [women, men] = found.questions[0]?.subgroups ?? [];
    expect(women).toMatchObject({ by: 'sex', group: 'f', syntheticN: 80, humanN: 30 });
    expect(women?.meanDifference?.interval?.low).toBeLessThan(0);
    expect(men?.meanDifference?.interval?.low).toBeGreaterThan(0.5);
    expect(renderCalibration(found, survey, { width: 100 })).toMatch(/stars, sex f +80 +30 +[+-]?0/);
  });

  it('divides the agreement with people by their agreement with themselves', async () => {
    const found = await calibrated(({ stars, tea }) => ({ stars, tea: tea === 'yes' ? 'no' : 'yes' }), {
      again: (person, index) => (index % 4 === 0 ? { ...person, tea: 'yes' } : person),
    });
    const changed = people()
      .slice(0, 60)
      .filter(({ tea }, index) => index % 4 === 0 && tea === 'no').length;
    expect(found.questions[0]?.retest).toMatchObject({ people: 60, ceiling: 1, model: 1, ratio: 1 });
    expect(found.questions[1]?.retest).toMatchObject({
      measure: 'share the same',
      ceiling: 1 - changed / 60,
      model: 0,
      ratio: 0,
    });
  });

  it('without links judges shares, and says how to link', async () => {
    const found = await calibrated(({ stars }) => ({ stars, tea: 'no' }), { isLinked: false });
    expect(found).toMatchObject({ areLinked: false, linkedPeople: 0 });
    expect(found.questions[0]).toMatchObject({ corrected: [], retest: null });
    expect(found.questions[1]?.guess).toMatchObject({ measure: 'total variation' });
    expect(found.questions[1]?.beatsGuess).toBe(false);
    const text = renderCalibration(found, survey, { width: 300 });
    expect(text).toContain('With --id COLUMN');
    expect(text).not.toContain('prediction-powered');
  });

  it('shows terminal texts without control characters', async () => {
    const found = await calibrated(({ stars, tea }) => ({ stars, tea }));
    const [first] = found.questions;
    const hostile = {
      ...found,
      questions: [{ ...first, question: { ...first?.question, name: '\u001b[2Jx' } }],
    } as Calibration;
    expect(renderCalibration(hostile, survey)).not.toMatch(/(?!\n)\p{Cc}/u);
  });
});

describe('ids of people', () => {
  it.each([
    ['id,stars\na,1\na,2\n', /line 3: the id "a" is also that of line 2/],
    ['id,stars\n,1\n', /line 2: the person has no id/],
    ['stars\n1\n', /There is no column "id"/],
  ])('%j are refused', async (csv, message) => {
    const path = join(folder, 'ids.csv');
    await writeFile(path, csv);
    await expect(readHumanAnswers(path, survey, { idColumn: 'id' })).rejects.toThrow(message);
  });
});

const gazpacho = fileURLToPath(
  new URL('../../../../../../shared/data/gazpacho-50-humans.csv', import.meta.url),
);
const isThere = existsSync(gazpacho);
if (!isThere) console.warn(`Skipped: there is no ${gazpacho}, real people's answers to test with.`);
it.skipIf(!isThere)('calibrates by the real answers of fifty people', async () => {
  const stars = questionnaire(rating('stars'));
  const by = 'Gender Identity';
  const humans = await readHumanAnswers(gazpacho, stars, {
    columns: new Map([['stars', 'Vote']]),
    idColumn: 'Responder #',
    groupColumns: [by],
  });
  const synthetic = await readAnswerTable(
    stars,
    Array.from({ length: 200 }, (_, index) =>
      result({ id: String(index + 1), answers: { stars: 3 + (index % 2) }, persona: { [by]: 'Female' } }),
    ),
    [by],
  );
  const found = calibrate(synthetic, humans, { by: [by], areLinked: true });
  expect(found).toMatchObject({ verdict: 'worse than a guess', linkedPeople: 50, respondents: 200 });
  const [only] = found.questions;
  // 13 of 50 people gave 3, 10 gave 4.
  expect(only?.spread?.covered).toBeCloseTo(23 / 50, 9);
  expect(only?.corrected[0]?.humanOnly.value).toBeCloseTo(2.86, 9);
  expect(only?.corrected[0]?.others).toBe(150);
  expect(only?.subgroups[0]).toMatchObject({ group: 'Female', syntheticN: 200 });
});
