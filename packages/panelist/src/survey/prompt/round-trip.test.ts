import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type InterviewTexts, interviewTextsFor, languages } from '../../languages/messages.ts';
import { oneLine } from '../../text/one-line.ts';
import type { AskedAnswer } from '../question-kinds/kind.ts';
import { formatsAsked } from '../question-kinds/text-formats.ts';
import type { Block, Question } from '../questionnaire.ts';
import { multiple, number, options, ranking, rating, single, text } from '../testing/build-questionnaire.ts';
import { type AskedQuestion, askedQuestion } from './asked-question.ts';
import { type PromptBlock, parsePageRequest, writePage, writePageRequest } from './page-prompt.ts';
import { writeRepeatRequest } from './repeat-request.ts';

/** What a survey's author could write, lines of our own prompts among it. */
const words = fc.oneof(
  fc.string({ unit: 'grapheme', maxLength: 30 }),
  fc.constantFrom(
    'Choose one:',
    '- Red',
    'q9. Say',
    '选择一项：',
    'Give a number.',
    ' (optional)',
    '（选答）',
    'a\n  - b',
  ),
);
const plain = words.filter((each) => !/[()]/.test(each));
const isRequired = fc.boolean();
const maybe = fc.option(fc.integer({ min: -50_000, max: 50_000 }).map((hundredths) => hundredths / 100));
const length = fc.option(fc.nat(900));
const listed = fc
  .uniqueArray(words, { minLength: 2, maxLength: 6 })
  .map((texts) => options(...texts.map((each, index) => [index, each] as const)));

interface Case {
  readonly question: Question;
  readonly asked: AskedAnswer;
}

const selection = (count: number) =>
  fc.tuple(fc.nat(count), fc.nat(count)).map(([a, b]) => ({
    minSelected: Math.min(a, b),
    maxSelected: Math.max(a, b, 1),
  }));

const singles = fc
  .record({ options: listed, isRequired })
  .map((part): Case => ({ question: single('s', part), asked: { form: 'option' } }));
const severals = listed.chain((own) =>
  fc.record({ bounds: selection(own.length), isRequired }).map(({ bounds, isRequired }): Case => {
    const { maxSelected } = bounds;
    const minSelected = isRequired ? Math.max(bounds.minSelected, 1) : bounds.minSelected;
    const question = multiple('m', { options: own, minSelected, maxSelected, isRequired });
    const form = 'options';
    if (minSelected === maxSelected)
      return { question, asked: { form, minItems: minSelected, maxItems: maxSelected } };
    if (maxSelected < own.length)
      return { question, asked: { form, minItems: Math.max(minSelected, 1), maxItems: maxSelected } };
    if (minSelected > 1) return { question, asked: { form, minItems: minSelected } };
    return { question, asked: isRequired ? { form, minItems: 1 } : { form } };
  }),
);
const rankings = listed.chain((own) =>
  fc.record({ bounds: selection(own.length), isRequired }).map(({ bounds, isRequired }): Case => {
    const question = ranking('k', { options: own, ...bounds, isRequired });
    const { minSelected, maxSelected } = bounds;
    const isExact = minSelected === maxSelected || minSelected >= own.length;
    const minItems = isExact ? minSelected : Math.max(minSelected, 1);
    return { question, asked: { form: 'ranked-options', minItems, maxItems: maxSelected } };
  }),
);
const ratings = fc
  .record({
    minDescription: plain,
    maxDescription: plain,
    isRequired,
    count: fc.integer({ min: 2, max: 11 }),
  })
  .map(({ count, ...part }): Case => {
    const points = Array.from({ length: count }, (_, index) => index - 2);
    const question = rating('r', { ...part, options: options(...points) });
    return { question, asked: { form: 'option', points: points.map(String) } };
  });
const scales = fc
  .record({ options: listed, minDescription: words, maxDescription: words, isRequired })
  .map((part): Case => {
    const named = part.options.map((option) => ({ ...option, value: `v${option.value}` }));
    return { question: rating('t', { ...part, options: named }), asked: { form: 'option' } };
  });
const numbers = fc
  .record({
    bounds: fc.tuple(maybe, maybe),
    step: fc.option(fc.constantFrom(0.5, 1, 2, 10)),
    integer: fc.boolean(),
    labels: fc.array(fc.record({ value: fc.nat(9), text: words }), { maxLength: 2 }),
    isRequired,
  })
  .map(({ bounds: [min, max], ...part }): Case => {
    const question = number('n', { min, max, ...part });
    const multipleOf = part.integer && part.step === 1 ? null : part.step;
    return {
      question,
      asked: {
        form: 'number',
        isInteger: part.integer,
        ...(min !== null && { minimum: min }),
        ...(max !== null && { maximum: max }),
        ...(multipleOf !== null && { multipleOf }),
      },
    };
  });
const texts = fc
  .record({ multiline: fc.boolean(), minLength: length, maxLength: length, isRequired })
  .map((part): Case => {
    const { minLength, maxLength } = part;
    return {
      question: text('x', part),
      asked: {
        form: 'text',
        ...(minLength !== null && { minLength }),
        ...(maxLength !== null && { maxLength }),
      },
    };
  });
const date = fc.option(fc.constantFrom('2026-01-01', '2026-W09', '2026-03-01T09:30', '09:30', '2026-03'));
const formatted = fc
  .record({ format: fc.constantFrom(...formatsAsked), earliest: date, latest: date, isRequired })
  .map((part): Case => {
    const { format, earliest, latest } = part;
    return {
      question: text('f', part),
      asked: {
        form: 'text',
        format,
        ...(earliest !== null && { earliest }),
        ...(latest !== null && { latest }),
      },
    };
  });
const masked = fc
  .record({ mask: fc.record({ pattern: words.map(oneLine), isDate: fc.boolean() }), isRequired })
  .map((part): Case => ({ question: text('k', part), asked: { form: 'text' } }));

const anyCase = fc
  .oneof(singles, severals, rankings, ratings, scales, numbers, texts, formatted, masked)
  .chain(({ question, asked }) =>
    fc
      .record({ title: words, description: words })
      .map((own) => ({ question: { ...question, ...own }, asked })),
  );
const element = fc.oneof(
  { arbitrary: anyCase.map((only) => ({ cases: [only], isGrid: false })), weight: 4 },
  {
    arbitrary: fc.tuple(anyCase, fc.array(words, { minLength: 1, maxLength: 3 })).map(([first, titles]) => ({
      cases: [first, ...titles.map((title) => ({ ...first, question: { ...first.question, title } }))],
      isGrid: true,
    })),
    weight: 1,
  },
);
const page = fc.record({
  language: fc.nat(languages.length - 1),
  heading: fc.array(words, { maxLength: 2 }),
  notes: fc.array(words, { maxLength: 3 }),
  elements: fc.array(element, { minLength: 1, maxLength: 5 }),
  given: fc.array(fc.record({ title: words, shown: words }), { maxLength: 2 }),
});

describe('a page request', () => {
  it('is parsed back to its questions in every language', () => {
    fc.assert(
      fc.property(page, ({ language, heading, notes, elements, given }) => {
        const frame = languages[language]?.interview as InterviewTexts;
        const expected: { readonly question: AskedQuestion; readonly asked: AskedAnswer }[] = [];
        const blocks = elements.flatMap(({ cases, isGrid }, index): PromptBlock[] => {
          const questions = cases.map(({ question, asked }) => {
            const one = askedQuestion(question, `q${expected.length + 1}`, (each) => each, frame);
            expected.push({ question: one, asked });
            return one;
          });
          const note = notes[index];
          const grid = { isGrid: true } as Block;
          return [
            ...(note === undefined ? [] : [note]),
            ...(isGrid ? [{ grid, cells: questions }] : questions),
          ];
        });
        const parsed = parsePageRequest(writePageRequest(given, writePage(heading, blocks), frame));
        for (const { question, asked } of expected) {
          const { key, title, choices } = question;
          const labels = typeof choices?.labels[0] === 'number' ? [] : (choices?.labels ?? []);
          expect(parsed.findLast((each) => each.key === key && each.title === title)).toEqual({
            key,
            title,
            isOptional: !question.question.isRequired,
            options: labels,
            asked,
          });
        }
      }),
      { numRuns: 400 },
    );
  });

  it('is not parsed from a repeat request, which refers to the page before it', () => {
    const frame = interviewTextsFor('en');
    const asked = askedQuestion(single('a'), 'q1', (each) => each, frame);
    expect(parsePageRequest(writeRepeatRequest([{ asked, problem: 'it is missing' }], frame))).toEqual([]);
  });
});
