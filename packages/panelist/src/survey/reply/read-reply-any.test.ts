import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { interview as english } from '../../languages/en/interview.ts';
import { askedQuestion } from '../prompt/asked-question.ts';
import type { Question } from '../questionnaire.ts';
import { multiple, number, options, rating, single, text } from '../testing/build-questionnaire.ts';
import { readReply } from './read-reply.ts';

const yesNo = single('a');
const agree = single('a', {
  options: options(['sa', 'Strongly agree'], ['a', 'Agree'], ['n', 'Neither'], ['d', 'Disagree']),
});
const bool = single('a', { options: options([true, 'Yes'], [false, 'No']) });
const codes = single('a', { options: options([2, 'Daily'], [1, 'Weekly'], [30, 'Never']) });
const stars = rating('a');
const meaning = rating('a', { options: options([1, 'Bad'], [2, 'Fair'], [3, 'Good']) });
const drinks = multiple('a');
const age = number('a', { integer: true, min: 18, max: 99 });
const words = text('a', { maxLength: 20 });

describe('readReply, for any survey and reply', () => {
  const optionTexts = fc.array(
    fc.oneof(fc.string({ unit: 'binary' }), fc.constantFrom('a', 'A', 'A. a', '1', '2) a', '')),
    {
      minLength: 1,
      maxLength: 8,
    },
  );

  it('reads every label back as its own option, unrepaired', () => {
    fc.assert(
      fc.property(optionTexts, (texts) => {
        const question = single('a', {
          options: options(...texts.map((each, index) => [`v${index}`, each] as const)),
        });
        const asked = askedQuestion(question, 'q1', (template) => template, english);
        const { labels } = asked.choices ?? { labels: [] };
        expect(new Set(labels).size).toBe(texts.length);
        for (const [index, label] of labels.entries()) {
          const reply = { text: JSON.stringify({ q1: label }), finishReason: 'stop' } as const;
          expect(readReply([asked], reply)[0]).toMatchObject({ fits: true, value: `v${index}`, repairs: [] });
        }
      }),
    );
  });

  it('accepts other letter case and white space only if one option matches', () => {
    fc.assert(
      fc.property(optionTexts, fc.nat(), (texts, pick) => {
        const question = single('a', {
          options: options(...texts.map((each, index) => [`v${index}`, each] as const)),
        });
        const asked = askedQuestion(question, 'q1', (template) => template, english);
        const index = pick % texts.length;
        const label = String(asked.choices?.labels[index]);
        const reading = readReply([asked], {
          text: JSON.stringify({ q1: ` ${label.toUpperCase()}  ` }),
          finishReason: 'stop',
        })[0];
        if (reading?.fits && reading.status === 'answered') {
          const form = (given: string) =>
            given
              .normalize('NFKC')
              .toLowerCase()
              .replace(/[\s\p{Cc}]+/gu, ' ')
              .trim();
          if (form(label.toUpperCase()) === form(label)) expect(reading.value).toBe(`v${index}`);
        }
      }),
    );
  });

  it('never throws, and never invents an answer', () => {
    const questions: Question[] = [agree, stars, meaning, drinks, age, bool, codes];
    const listed = (question: Question) =>
      'options' in question ? question.options.map(({ value }) => value) : null;
    const reply = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.json(),
      fc.jsonValue().map((value) => JSON.stringify({ q1: value })),
      fc.string().map((value) => `{"q1": ${value}}`),
    );
    fc.assert(
      fc.property(fc.constantFrom(...questions), reply, (question, said) => {
        const asked = askedQuestion(question, 'q1', (template) => template, english);
        const reading = readReply([asked], { text: said, finishReason: 'stop' })[0];
        if (!reading?.fits || reading.value === null) return;
        const values = Array.isArray(reading.value) ? reading.value : [reading.value];
        const allowed = listed(question);
        for (const value of values) {
          if (allowed) expect(allowed).toContain(value);
          else expect(Number.isInteger(value) && value >= 18 && value <= 99).toBe(true);
        }
      }),
      { numRuns: 2_000 },
    );
  });

  it('reads each question by its own key, and separates valid from invalid answers', () => {
    const asked = [yesNo, age, words].map((question, index) =>
      askedQuestion(question, `q${index + 1}`, (t) => t, english),
    );
    const reply = '{"q3":"fine","q1":"YES","q2":"old"}';
    expect(readReply(asked, { text: reply, finishReason: 'stop' })).toMatchObject([
      { fits: true, value: 'Yes', repairs: ['letter-case'] },
      { fits: false, problem: '"old" is not a whole number from 18 to 99' },
      { fits: true, value: 'fine', repairs: [] },
    ]);
  });
});
