import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Answer, AnswerValue, Interview } from '../survey/answer.ts';
import type { Question } from '../survey/questionnaire.ts';
import {
  number,
  options,
  questionnaire,
  rating,
  single,
  text,
} from '../survey/testing/build-questionnaire.ts';
import { displayWidth } from '../text/display-width.ts';
import { type BarsOptions, renderBars } from './bars.ts';
import { tabulate } from './tabulate.ts';

async function bars(
  question: Question,
  values: (AnswerValue | null | Answer['status'])[],
  given?: BarsOptions,
) {
  const interviews = values.map((value, index): Interview => {
    const status = value === 'skipped' || value === 'invalid' ? value : 'answered';
    const answer: Answer = {
      question: question.name,
      status,
      value: status === 'answered' ? (value as AnswerValue | null) : null,
      raw: null,
      repairs: [],
      asked: 1,
      problem: null,
    };
    const none = { requestedModel: 'm', returnedModels: [], inputTokens: 0, outputTokens: 0 };
    return { respondentId: `r${index}`, answers: [answer], ...none };
  });
  return renderBars(await tabulate(questionnaire([question]), interviews), given);
}

describe('bars', () => {
  it('show the share of each option, and what became of the others', async () => {
    const question = single('a', {
      title: 'Tea?',
      options: options(['y', 'Yes'], ['n', 'No'], ['m', 'Maybe']),
    });
    expect(
      await bars(question, ['y', 'y', 'y', 'n', null, 'skipped', 'skipped', 'invalid'], { width: 46 }),
    ).toBe(
      [
        'Tea?',
        '  Yes   ██████████████████████▌        3  75%',
        '  No    ███████▌                       1  25%',
        '  Maybe                                0   0%',
        '  n = 4 · 1 left empty · 2 not asked · 1 inva…',
      ].join('\n'),
    );
  });

  it('let something be seen of the smallest share', async () => {
    const lines = (await bars(single('a'), ['No', ...new Array<string>(5_000).fill('Yes')])).split('\n');
    expect(lines[2]).toMatch(/^ {2}No {2}▏ /);
  });

  it('give a rating its mean', async () => {
    expect(await bars(rating('a'), [4, 5])).toContain('n = 2 · mean 4.5 · sd 0.71 · 4 to 5');
  });

  it('put many numbers into ranges that hold all of them', async () => {
    const ages = Array.from({ length: 100 }, (_, index) => 18 + (index % 70));
    const lines = (await bars(number('a'), ages)).split('\n');
    expect(lines.slice(1, -1).map((line) => /^ {2}(\S+ – \S+)/.exec(line)?.[1])).toEqual([
      ...[
        '18 – 24',
        '25 – 31',
        '32 – 38',
        '39 – 45',
        '46 – 52',
        '53 – 59',
        '60 – 66',
        '67 – 73',
        '74 – 80',
        '81 – 87',
      ],
    ]);
    const counted = lines.slice(1, -1).map((line) => Number(/(\d+) +\d+%$/.exec(line)?.[1]));
    expect(counted.reduce((a, b) => a + b)).toBe(100);
    expect((await bars(number('a'), [1.5, 2, 2])).split('\n')).toHaveLength(4);
    expect(
      await bars(number('a'), [1.5, 2, 2, ...Array.from({ length: 20 }, (_, index) => index / 3)]),
    ).toContain(' – ');
  });

  it('show example texts, and survive no answers at all', async () => {
    expect(await bars(text('a'), ['It is\nwarm'])).toContain('  “It is warm”');
    expect(await bars(single('a'), [])).toContain('n = 0');
    expect(await bars(number('a'), [])).toContain('n = 0');
  });

  it('align Chinese labels with English ones', async () => {
    const question = single('a', {
      options: options(['a', '非常满意'], ['b', 'Bad'], ['c', '很'.repeat(60)]),
    });
    const lines = (await bars(question, ['a', 'b', 'c', 'c'], { width: 60 })).split('\n').slice(1, 4);
    expect(lines.map(displayWidth)).toEqual([60 - 1, 60 - 1, 60 - 1]);
    expect(lines[2]).toContain('很…');
  });

  it('sum up what is beyond thirty options', async () => {
    const many = single('a', { options: options(...Array.from({ length: 100 }, (_, index) => `o${index}`)) });
    const lines = (await bars(many, ['o50', 'o99', 'o99'])).split('\n');
    expect(lines).toHaveLength(32);
    expect(lines[1]).toContain('o99');
    expect(lines[30]).toMatch(/\(71 more\) .* 0 {3}0%$/);
  });

  it('let no text touch the terminal, and no line be wider than it', async () => {
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
          const choice = single('a', {
            title: texts[0] as string,
            options: options(...texts.map((each, i) => [`v${i}`, each] as const)),
          });
          for (const shown of [
            await bars(choice, ['v0'], { width }),
            await bars(text('b', { title: 'T' }), texts, { width }),
          ]) {
            expect(shown).not.toMatch(/(?!\n)[\p{Cc}\p{Bidi_Control}]/u);
            for (const line of shown.split('\n')) expect(displayWidth(line)).toBeLessThanOrEqual(width);
          }
        },
      ),
    );
  });

  it('are coloured only when asked', async () => {
    expect(await bars(single('a'), ['Yes'], { colour: true })).toContain('\u001b[36m█');
    expect(await bars(single('a'), ['Yes'])).not.toContain('\u001b');
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
