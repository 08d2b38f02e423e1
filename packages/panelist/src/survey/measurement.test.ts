import { describe, expect, it } from 'vitest';
import { importSurveyJs } from './import/import-surveyjs.ts';
import { measuredQuestions, measurementOf, withLevels } from './measurement.ts';
import { type Option, type Questionnaire, questionsOf } from './questionnaire.ts';
import { scaleBasis } from './scale-words.ts';
import { number, options, questionnaire, rating, single, text } from './testing/build-questionnaire.ts';

/** Scales and lists, one a line. */
const read = (texts: string): string[][] =>
  texts
    .trim()
    .split('\n')
    .map((line) => line.trim().split('|'));

const scales = read(`
  Strongly disagree|Disagree|Neither agree nor disagree|Agree|Strongly agree
  Very dissatisfied|Dissatisfied|Neither|Satisfied|Very satisfied
  Daily|Weekly|Monthly|Yearly|Never
  Very bad|Bad|Average|Good|Very good
  Not at all|Several days|More than half the days|Nearly every day
  Decreased|Stayed the same|Increased
  Strong Democrat|Not very strong Democrat|Independent|Not very strong Republican|Strong Republican
  Very uncomfortable|Uncomfortable|Comfortable|Very comfortable
  Primary school|Secondary school|University degree
  Very difficult|Difficult|Easy|Very easy
  Very happy|Pretty happy|Not too happy
  Less than 1 year|1-2 years|3-5 years|More than 5 years
  1 – Not at all|2|3|4|5 – Very much
  非常不同意|不同意|一般|同意|非常同意
  每天|每周几次|每月几次|很少|从不
  小学及以下|初中|高中或中专|大专|本科|研究生及以上
  不到1年|1-3年|3-5年|5年以上
  很难|较难|一般|容易|很容易
  非常了解|比较了解|不太了解|完全不了解
  Extremely well|Very well|Moderately well|Slightly well|Not well at all
  Very easy|Somewhat easy|Somewhat difficult|Very difficult
  Trust completely|Trust somewhat|Do not trust very much|Do not trust at all
  Definitely true|Probably true|Probably false|Definitely false
  Never justifiable|Sometimes justifiable|Always justifiable
  远低于平均水平|低于平均水平|平均水平|高于平均水平|远高于平均水平
  非常容易|容易|一般|困难|非常困难
`);

const lists = read(`
  Coca-Cola|Pepsi|Fanta
  Male|Female|Non-binary
  Democrat|Libertarian|Green|Republican
  iPhone 12|iPhone 13|iPhone 14
  Price|Quality|Service|Location
  White|Black|Hispanic|Asian|Other
  Not Your Average Joe's|Very Vegan|Subway
  Yes|No|Prefer not to say
  Better price|Better quality|Closer to home
  小米|华为|苹果|大众
  公交|地铁|私家车|步行
  自由职业|学生|上班族|退休
  未婚|已婚|离异|丧偶
  A|B|C
  Rather not buy|Buy used|Buy new
  The Right Stuff|Left Bank|Centre Point
  不喝|咖啡|茶|非常可乐
  Homeowner|Renter|Living with family
  Too expensive|Bad service|Not available near me
  Right-handed|Left-handed|Both
  Bachelor flat|House|Shared flat
  Not married|In a relationship|Married very young
  太贵|质量不好|不方便
  红色|绿色|蓝色
  会员|非会员|不确定
`);

describe('scaleBasis', () => {
  it('finds scales in English and Chinese, forwards and backwards', () => {
    const missed = scales
      .flatMap((texts) => [texts, texts.toReversed()])
      .filter((texts) => scaleBasis(texts) === null);
    expect(missed).toEqual([]);
  });

  it('finds no scale in lists', () => {
    expect(lists.filter((texts) => scaleBasis(texts) !== null)).toEqual([]);
  });
});

const likert = ['Disagree', 'Neither', 'Agree'];
const brands = options([1, 'Coca-Cola'], [2, 'Pepsi'], [3, 'Fanta']);
const scored = (given: readonly Option[]) => [
  ...(measurementOf(single('q', { options: given })).scores?.entries() ?? []),
];

describe('measurementOf', () => {
  it('does not take a list that is coded 1, 2, 3 for a scale', () => {
    expect(measurementOf(single('q', { options: brands }))).toEqual({
      level: 'nominal',
      basis: null,
      scores: null,
    });
  });

  it('scores the points of a text scale from 1, in the listed order', () => {
    const { level, basis } = measurementOf(single('q', { options: options(...likert) }));
    expect([level, basis]).toEqual(['ordinal', 'words']);
    expect(scored(options(...likert))).toEqual([
      ['Disagree', 1],
      ['Neither', 2],
      ['Agree', 3],
    ]);
  });

  it('takes codes for scores if they only rise or only fall', () => {
    const coded = (...codes: (number | string)[]) =>
      scored(options(...likert.map((label, place) => [codes[place] as number, label] as const))).map(
        ([, score]) => score,
      );
    expect(coded(5, 3, 1)).toEqual([5, 3, 1]);
    expect(coded('0', '1', '2')).toEqual([0, 1, 2]);
    expect(coded(5, 1, 3)).toEqual([1, 2, 3]);
  });

  it('gives no score to options at the end that decline to answer', () => {
    expect(scored(options(...likert, "Don't know", 'Prefer not to say')).map(([value]) => value)).toEqual(
      likert,
    );
    expect(
      scored(options([1, 'Disagree'], [2, 'Neither'], [3, 'Agree'], [99, 'Not applicable'])),
    ).toHaveLength(3);
  });

  it('follows the author, for ratings too', () => {
    const said = single('q', { options: brands, measurementLevel: 'ordinal' });
    expect(measurementOf(said)).toMatchObject({ level: 'ordinal', basis: 'said' });
    expect(measurementOf(rating('q')).level).toBe('ordinal');
    expect(measurementOf(rating('q', { measurementLevel: 'nominal' })).level).toBe('nominal');
  });

  it('knows quantities, and no level of texts', () => {
    expect(measurementOf(number('q')).level).toBe('quantity');
    expect(measurementOf(text('q')).level).toBeNull();
  });
});

describe('withLevels', () => {
  const survey = questionnaire([
    single('brand', { options: brands }),
    single('view', { options: options(...likert) }),
    number('age'),
  ]);
  const levels = (asked: Questionnaire) => measuredQuestions(asked).map(({ level }) => level);

  it('sets levels of named questions and leaves the rest', () => {
    expect(levels(survey)).toEqual(['nominal', 'ordinal']);
    expect(levels(withLevels(survey, { ordinal: ['brand'], nominal: ['view'] }))).toEqual([
      'ordinal',
      'nominal',
    ]);
    expect(withLevels(survey, {})).toBe(survey);
  });

  it('counts the name of a grid for its rows', () => {
    const grid = importSurveyJs({
      elements: [{ type: 'matrix', name: 'g', columns: ['Red', 'Green', 'Blue'], rows: ['a', 'b'] }],
    });
    expect(levels(withLevels(grid, { ordinal: ['g'] }))).toEqual(['ordinal', 'ordinal']);
  });

  it.each([
    [{ nominal: ['nobody'] }, '"nobody" is not a question that takes one option'],
    [{ ordinal: ['age'] }, '"age" is not a question that takes one option'],
    [{ ordinal: ['view'], nominal: ['view'] }, '"view" cannot be both'],
  ])('refuses %j', (said, message) => {
    expect(() => withLevels(survey, said)).toThrow(message);
  });
});

describe('measurementLevel in a survey file', () => {
  const imported = (...elements: object[]) => questionsOf(importSurveyJs({ elements }));
  const choices = ['Red', 'Green', 'Blue'];

  it('is carried from questions, grids and their columns', () => {
    const level = { measurementLevel: 'ordinal' };
    const questions = imported(
      { type: 'radiogroup', name: 'a', choices, ...level },
      { type: 'matrix', name: 'b', columns: choices, rows: ['x'], ...level },
      { type: 'matrixdropdown', name: 'c', columns: [{ name: 'd', choices, ...level }], rows: ['x'] },
      { type: 'dropdown', name: 'e', choices },
    );
    expect(questions.map((question) => measurementOf(question).level)).toEqual([
      ...['ordinal', 'ordinal', 'ordinal', 'nominal'],
    ]);
  });

  it('must be one of two words', () => {
    expect(() => imported({ type: 'radiogroup', name: 'a', choices, measurementLevel: 'interval' })).toThrow(
      'must be nominal or ordinal, not "interval"',
    );
  });

  it('leaves the compiled questionnaire as it was where nothing is said', () => {
    const [question] = imported({ type: 'radiogroup', name: 'a', choices: [1, 2, 3] });
    expect(Object.keys(question as object)).not.toContain('measurementLevel');
  });
});
