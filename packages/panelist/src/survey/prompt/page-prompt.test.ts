import { describe, expect, it } from 'vitest';
import { interview as english } from '../../languages/en/interview.ts';
import type { TextFormat } from '../question-kinds/text-formats.ts';
import type { Question } from '../questionnaire.ts';
import { multiple, number, options, ranking, rating, single, text } from '../testing/build-questionnaire.ts';
import { answerSchema } from './answer-schema.ts';
import { askedQuestion, type Display } from './asked-question.ts';
import { writePage } from './page-prompt.ts';

const shown = (question: Question, more: Display = {}) =>
  askedQuestion(question, 'q1', (words) => words, english, more);
/** The lines under the title. */
const under = (question: Question, more: Display = {}) =>
  writePage([], [shown(question, more)])
    .split('\n')
    .slice(1)
    .join('\n')
    .trimStart();
const five = options('a', 'b', 'c', 'd', 'e');
const schemaOf = (question: Question) =>
  (answerSchema([shown(question)]).schema.properties as Record<string, unknown>).q1;

describe('text instructions', () => {
  it.each<[TextFormat, string, (string | null)?, string?]>([
    ['date', 'Give a date as YYYY-MM-DD.'],
    ['date', 'Give a date as YYYY-MM-DD, from 2026-01-01 to 2026-02-01.', '2026-01-01', '2026-02-01'],
    ['date', 'Give a date as YYYY-MM-DD, not before 2026-01-01.', '2026-01-01'],
    ['datetime-local', 'Give a date and time as YYYY-MM-DDTHH:MM.'],
    ['month', 'Give a month as YYYY-MM, not after 2026-03.', null, '2026-03'],
    ['week', 'Give a week as YYYY-Www.'],
    ['time', 'Give a time as HH:MM.'],
    ['email', 'Give an e-mail address.'],
    ['url', 'Give a web address.'],
    ['tel', 'Give a telephone number.'],
    ['color', 'Give a colour as #rrggbb.'],
    ['plain', 'Answer in a few words.'],
  ])('%s: %s', (format, task, earliest = null, latest) => {
    expect(under(text('a', { format, earliest, latest: latest ?? null }))).toBe(task);
  });

  it('state both limits of the length', () => {
    expect(under(text('a', { minLength: 5, maxLength: 80 }))).toBe(
      'Answer in a few words, at least 5 characters, at most 80 characters.',
    );
  });

  it('use only schema formats that providers check like Panelist', () => {
    const formats = ['date', 'email', 'time', 'url', 'plain'] as const;
    expect(formats.map((format) => (schemaOf(text('a', { format })) as { format?: string }).format)).toEqual([
      'date',
      'email',
      undefined,
      undefined,
      undefined,
    ]);
  });
});

describe('option and number instructions', () => {
  it.each<[string, Question, Display?]>([
    ['Rank all 5, the first the highest, as a list:', ranking('a', { options: five })],
    [
      'Rank 2 to 3 of them, the first the highest, as a list:',
      ranking('a', { options: five, minSelected: 2, maxSelected: 3 }),
    ],
    [
      'Rank exactly 2 of them or none, the first the highest, as a list:',
      ranking('a', { options: five, minSelected: 2, maxSelected: 2, isRequired: false }),
    ],
    [
      'Rank all 2, the first the highest, as a list:',
      ranking('a', { options: five }),
      { options: five.slice(3) },
    ],
    ['Choose 1 to 2, as a list:', multiple('a', { options: five, maxSelected: 2 })],
    [
      'Choose all that apply, at least one, as a list:',
      multiple('a', { options: five, maxSelected: 3, isRequired: false }),
      { options: five.slice(2), isRequired: true },
    ],
    [
      'Choose one, from high to low:',
      rating('a', { options: options('x', 'y', 'z'), minDescription: 'low', maxDescription: 'high' }),
      { options: options('x', 'y', 'z').toReversed() },
    ],
    ['Give a number from 0 to 100 in steps of 5.', number('a', { min: 0, max: 100, step: 5 })],
    [
      'Give a whole number, at least 1 (1 = cold, 9 = hot).',
      number('a', {
        min: 1,
        step: 1,
        integer: true,
        labels: [
          { value: 1, text: 'cold' },
          { value: 9, text: 'hot' },
        ],
      }),
    ],
  ])('%s', (task, question, more) => {
    expect(under(question, more).split('\n')[0]).toBe(task);
  });

  it('have a ranking’s limits in the schema', () => {
    expect(schemaOf(ranking('a', { options: five, minSelected: 2, maxSelected: 3 }))).toMatchObject({
      type: 'array',
      items: { type: 'string', enum: ['a', 'b', 'c', 'd', 'e'] },
      minItems: 2,
      maxItems: 3,
    });
  });

  it('display the present value before the task', () => {
    expect(under(single('a', { options: options(['l', 'Lyon']) }), { preset: 'l' })).toBe(
      'Preset: Lyon; repeat it to keep it.\n  Choose one:\n  - Lyon',
    );
  });
});
