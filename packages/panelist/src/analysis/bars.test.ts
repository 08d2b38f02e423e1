import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Question } from '../survey/questionnaire.ts';
import { displayWidth } from '../text/display-width.ts';
import { type BarsOptions, renderBars } from './bars.ts';
import { tabulate } from './tabulate.ts';
import {
  answersTo,
  type Given,
  multiple,
  number,
  questionnaire,
  ranking,
  rating,
  result,
  single,
  text,
} from './testing/build-results.ts';

async function bars(question: Question, given: readonly Given[], options?: BarsOptions): Promise<string> {
  return renderBars(
    await tabulate(questionnaire(question), answersTo(question, given)),
    questionnaire(question),
    options,
  );
}

const yesNo = single('a', 'Yes', 'No');

describe('bars', () => {
  it('show the share of each option and count the statuses of other interviews', async () => {
    const question = { ...single('a', ['y', 'Yes'], ['n', 'No'], ['m', 'Maybe']), title: 'Tea?' };
    const [skipped, invalid] = [{ status: 'skipped' }, { status: 'invalid' }] as const;
    expect(await bars(question, ['y', 'y', 'y', 'n', null, skipped, skipped, invalid], { width: 46 })).toBe(
      [
        'Tea?',
        '  Yes   ██████████████████████▌        3  75%',
        '  No    ███████▌                       1  25%',
        '  Maybe                                0   0%',
        '  n = 4 · 1 left empty · 2 not asked',
        '  1 invalid',
      ].join('\n'),
    );
  });

  it('count every number in one range, whatever the numbers are', async () => {
    const spread = fc.double({ noNaN: true, noDefaultInfinity: true });
    // Next to each other, where floating point ends.
    const close = fc.integer({ min: 0, max: 30 }).map((steps) => steps * Number.MIN_VALUE);
    const large = fc.integer({ min: 0, max: 30 }).map((steps) => 1e16 + 2 * steps);
    const bounds = { minLength: 12, maxLength: 40 };
    const numbers = fc.oneof(...[spread, close, large].map((each) => fc.array(each, bounds)));
    await fc.assert(
      fc.asyncProperty(numbers, async (given) => {
        const lines = (await bars(number('a'), given, { width: Number.POSITIVE_INFINITY }))
          .split('\n')
          .slice(1, -1);
        const counted = lines.map((line) => Number(/(\d+) +\d+%$/.exec(line)?.[1]));
        expect(counted.reduce((a, b) => a + b)).toBe(given.length);
      }),
      { numRuns: 60 },
    );
  });

  it('draw a visible bar for the smallest share', async () => {
    const lines = (await bars(yesNo, ['No', ...new Array<string>(5_000).fill('Yes')])).split('\n');
    expect(lines[2]).toMatch(/^ {2}No {2}▏ /);
  });

  it('include the mean of a rating', async () => {
    expect(await bars(rating('a'), [4, 5])).toContain('n = 2 · mean 4.5 · sd 0.71 · 4 to 5');
  });

  it('include mean ranks, the effective sample size and what intervals cover', async () => {
    const output = await bars(rating('a'), [4, 5, 5, 3], { intervals: true, width: 80 });
    expect(output).toContain('mean 4.25 [2.73, 5.77]');
    expect(output).toContain('50% [15%, 85%]');
    expect(output).toContain('[ ] 95 % interval: model sampling error only');
    expect(await bars(rating('a'), [4, 5])).not.toContain('[');
    const weighted = ['Yes', 'No'].map((a, place) =>
      result({ id: a, weight: 1 + 2 * place, answers: { a } }),
    );
    const lines = renderBars(await tabulate(questionnaire(yesNo), weighted), questionnaire(yesNo)).split(
      '\n',
    );
    expect(lines[1]).toMatch(/ 1 {2}25%$/);
    expect(lines[3]).toBe('  n = 2 · effective n 1.6');
    expect(await bars(ranking('r', 'x', 'y'), [['x', 'y']])).toMatch(/y .* 0 {3}0% rank 2\.0/);
  });

  it('group many numbers into ranges that include all of them', async () => {
    const ages = Array.from({ length: 100 }, (_, index) => 18 + (index % 70));
    const lines = (await bars(number('a'), ages)).split('\n');
    const labels = (text: string): (string | undefined)[] =>
      text
        .split('\n')
        .slice(1, -1)
        .map((line) => /^ {2}(\S+(?: – \S+)?)/.exec(line)?.[1]);
    expect(labels(lines.join('\n'))).toEqual([
      '10 – 19',
      '20 – 29',
      '30 – 39',
      '40 – 49',
      '50 – 59',
      '60 – 69',
      '70 – 79',
      '80 – 89',
    ]);
    const counted = lines.slice(1, -1).map((line) => Number(/(\d+) +\d+%$/.exec(line)?.[1]));
    expect(counted.reduce((a, b) => a + b)).toBe(100);
    const halves = Array.from({ length: 24 }, (_, index) => -1 + index / 2);
    expect(labels(await bars(number('a'), halves))).toEqual([
      '-2 – -0.5',
      '0 – 1.5',
      '2 – 3.5',
      '4 – 5.5',
      '6 – 7.5',
      '8 – 9.5',
      '10 – 11.5',
    ]);
    const months = Array.from({ length: 11 }, (_, index) => 12 + index * 12);
    expect(labels(await bars(number('a'), months)).slice(0, 2)).toEqual(['0 – 12', '24 – 36']);
    const fives = Array.from({ length: 12 }, (_, index) => index * 5);
    expect(labels(await bars(number('a'), fives)).slice(0, 2)).toEqual(['0 – 5', '10 – 15']);
    expect((await bars(number('a'), [1.5, 2, 2])).split('\n')).toHaveLength(4);
    expect(
      await bars(number('a'), [1.5, 2, 2, ...Array.from({ length: 20 }, (_, index) => index / 3)]),
    ).toContain(' – ');
  });

  it('show example texts, and work without any answer', async () => {
    expect(await bars(text('a'), ['It is\nwarm'])).toContain('  “It is warm”');
    expect(await bars(yesNo, [])).toContain('n = 0');
    expect(await bars(number('a'), [])).toContain('n = 0');
  });

  it('align Chinese labels with English ones', async () => {
    const question = single('a', ['a', '非常满意'], ['b', 'Bad'], ['c', '很'.repeat(60)]);
    const lines = (await bars(question, ['a', 'b', 'c', 'c'], { width: 60 })).split('\n').slice(1, 4);
    expect(lines.map(displayWidth)).toEqual([60 - 1, 60 - 1, 60 - 1]);
    expect(lines[2]).toMatch(/^ {2}很{12} █/);
  });

  it('combine the options beyond thirty', async () => {
    const many = single('a', ...Array.from({ length: 100 }, (_, index) => `o${index}`));
    const lines = (await bars(many, ['o50', 'o99', 'o99'])).split('\n');
    expect(lines).toHaveLength(32);
    expect(lines[1]).toContain('o99');
    expect(lines[30]).toMatch(/\(71 more\) .* 0 {3}0%$/);
  });

  it('remove terminal control characters, and keep every line within the width', async () => {
    const hostile = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.constantFrom(
        '\u001b[2J\u001b[31mred',
        '\u001b]0;title\u0007x',
        '\u202eabc',
        'a\r\nb',
        '👩‍👩‍👧 ❤️',
        '\u009b1m',
      ),
    );
    await fc.assert(
      fc.asyncProperty(
        fc.array(hostile, { minLength: 1, maxLength: 4 }),
        fc.integer({ min: 40, max: 120 }),
        async (texts, width) => {
          const choice = {
            ...multiple('a', ...texts.map((each, i) => [`v${i}`, each] as const)),
            title: texts[0] as string,
          };
          const order = {
            ...ranking('c', ...texts.map((each, i) => [i, each] as const)),
            stem: texts.at(-1) as string,
          };
          for (const output of [
            await bars(choice, [['v0']], { width }),
            await bars(choice, [['v0'], null, { status: 'failed' }], { width, intervals: true }),
            await bars(order, [[0], [0]], { width, intervals: true }),
            await bars(text('b'), texts, { width }),
          ]) {
            expect(output).not.toMatch(/(?!\n)[\p{Cc}\p{Bidi_Control}]/u);
            for (const line of output.split('\n')) expect(displayWidth(line)).toBeLessThanOrEqual(width);
          }
        },
      ),
    );
  });

  it('wrap long lines in a terminal, and cut nothing in a file', async () => {
    const title = 'How much do you agree that the market should be held on Saturdays, and not on Sundays?';
    const label = 'Neither agree nor disagree, because I am never here at the weekend anyway';
    const question = { ...single('a', ['n', label], ['y', 'Yes']), title };
    const narrow = await bars(question, ['n', 'y'], { width: 40 });
    expect(narrow).not.toContain('…');
    expect(narrow.replace(/[█▏▎▍▌▋▊▉]| {2,}\d+ +\d+%| \d +\d+%/g, '').replace(/\s+/g, ' ')).toContain(label);
    expect(narrow.replace(/\s+/g, ' ')).toContain(title);
    const file = await bars(question, ['n', 'y'], { width: Number.POSITIVE_INFINITY });
    expect(file.split('\n')[0]).toBe(title);
    expect(file).toMatch(new RegExp(`^  ${label} █+▌ +1  50%$`, 'm'));
    const said = 'word '.repeat(55).trim();
    expect(await bars(text('b'), [said], { width: Number.POSITIVE_INFINITY })).toContain(`“${said}”`);
    const wrappedText = await bars(text('b'), [said], { width: 50 });
    expect(wrappedText.replace(/\n {3}/g, ' ')).toContain(`“${said}”`);
  });

  it('are coloured only on request', async () => {
    expect(await bars(yesNo, ['Yes'], { colour: true })).toContain('\u001b[36m█');
    expect(await bars(yesNo, ['Yes'])).not.toContain('\u001b');
  });
});

describe('displayWidth', () => {
  it.each([
    ['abc', 3],
    ['非常', 4],
    ['ｗｉｄｅ', 8],
    ['e\u0301', 1],
    ['한국', 4],
    ['👍', 2],
    ['👩‍👩‍👧', 2],
    ['❤️', 2],
    ['…·–', 3],
    ['', 0],
  ])('of %j is %i', (given, width) => {
    expect(displayWidth(given)).toBe(width);
  });
});
