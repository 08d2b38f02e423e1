import * as fc from 'fast-check';
import { Model, type QuestionRatingModel, type QuestionSelectBase } from 'survey-core';
import { describe, expect, it } from 'vitest';
import { PanelistError } from '../../panelist-error.ts';
import { imported, questions, valuesOf } from '../testing/imported-survey.ts';

describe('questions', () => {
  it('uses valueName as the key of an answer, and the name as a missing title', () => {
    expect(imported({ type: 'text', valueName: 'v' })).toMatchObject({
      name: 'v',
      title: 'q',
      isRequired: false,
    });
    expect(imported({ type: 'text', title: 'T', description: 'D', isRequired: true })).toMatchObject({
      name: 'q',
      title: 'T',
      description: 'D',
      isRequired: true,
    });
  });

  it.each(['radiogroup', 'dropdown'])('%s: one of its choices', (type) => {
    const choices = ['a', 'b|Bee', 3, { value: 4, text: 'four' }, { value: 'five' }, { text: 'six' }, true];
    expect(imported({ type, choices })).toMatchObject({
      kind: 'single-choice',
      options: [
        { value: 'a', text: 'a' },
        { value: 'b', text: 'Bee' },
        { value: 3, text: '3' },
        { value: 4, text: 'four' },
        { value: 'five', text: 'five' },
        { value: 'six', text: 'six' },
        { value: true, text: 'true' },
      ],
    });
  });

  it('reads choices like SurveyJS', () => {
    const text = fc.constantFrom('a', 'b', 'c|d', '|', 'e|f|g', 'h|');
    const item = fc.oneof(
      text,
      fc.integer(),
      fc.record(
        { value: fc.oneof(text, fc.integer()), text: fc.constantFrom('t', 'u') },
        { requiredKeys: ['value'] },
      ),
      fc.record({ text: fc.constantFrom('a', 'c|d', 'e|f|g') }),
    );
    fc.assert(
      fc.property(fc.array(item, { minLength: 1, maxLength: 4 }), (choices) => {
        const survey = { elements: [{ type: 'dropdown', name: 'q', choices }] };
        const question = new Model(structuredClone(survey)).getQuestionByName('q') as QuestionSelectBase;
        const expected = question.choices.map((choice) => ({
          value: choice.value,
          text: choice.text || String(choice.value),
        }));
        const values = expected.map((option) => String(option.value));
        fc.pre(new Set(values).size === values.length && !values.includes(''));
        expect(questions(survey)[0]).toMatchObject({ options: expected });
      }),
    );
  });

  it.each([
    [{}, 0, 3],
    [{ isRequired: true }, 1, 3],
    [{ minSelectedChoices: 2, maxSelectedChoices: 9 }, 2, 3],
    [{ maxSelectedChoices: 1 }, 0, 1],
    [{ maxSelectedChoices: 0 }, 0, 3],
    [{ validators: [{ type: 'answercount', minCount: 2, maxCount: 9 }] }, 2, 3],
    [{ maxSelectedChoices: 3, validators: [{ type: 'answercountvalidator', maxCount: 2 }] }, 0, 2],
  ])('checkbox %j: %i to %i choices', (bounds, minSelected, maxSelected) => {
    const question = imported({ type: 'checkbox', choices: [1, 2, 3], ...bounds });
    expect(question).toMatchObject({ kind: 'multiple-choice', minSelected, maxSelected });
  });

  it.each([
    [{}, [1, 2, 3, 4, 5]],
    [{ rateMin: 0, rateMax: 10 }, [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10]],
    [{ rateMax: 7 }, [1, 2, 3, 4, 5, 6, 7]],
    [{ rateCount: 7 }, [1, 2, 3, 4, 5]],
    [{ rateCount: 7, rateMin: 1 }, [1, 2, 3, 4, 5, 6, 7]],
    [{ rateValues: [1, 2, 9], autoGenerate: true }, [1, 2, 3, 4, 5]],
    [{ rateValues: [1, 2, 9], autoGenerate: false }, [1, 2, 9]],
    [{ rateCount: 3, rateMin: -1 }, [-1, 0, 1]],
    [{ rateMin: 0, rateMax: 1, rateStep: 0.25 }, [0, 0.25, 0.5, 0.75, 1]],
    [{ rateMin: 1, rateMax: 6, rateStep: 2 }, [1, 3, 5]],
    [{ rateValues: [1, { value: 'x', text: 'ex' }], rateMax: 99 }, [1, 'x']],
  ])('rating %j: %j', (scale, values) => {
    const question = imported({ type: 'rating', ...scale });
    expect(question.kind).toBe('rating');
    expect(valuesOf(question)).toEqual(values);
  });

  it('has the same points as SurveyJS', () => {
    const whole = (min: number, max: number) => fc.integer({ min, max });
    const scale = fc.record(
      {
        rateMin: whole(-2, 3),
        rateMax: whole(4, 9),
        rateStep: whole(1, 2),
        rateCount: whole(2, 9),
        autoGenerate: fc.boolean(),
        rateType: fc.constantFrom('labels', 'stars', 'smileys'),
        rateValues: fc.constantFrom([7, 8], ['a', 'b', 'c']),
      },
      { requiredKeys: [] },
    );
    let carried = 0;
    fc.assert(
      fc.property(scale, (given) => {
        const survey = { elements: [{ type: 'rating', name: 'q', ...given }] };
        const model = new Model(structuredClone(survey)).getQuestionByName('q') as QuestionRatingModel;
        try {
          const [question] = questions(survey);
          carried += 1;
          expect(valuesOf(question)).toEqual(model.visibleRateValues.map(({ value }) => value));
        } catch (error) {
          if (!(error instanceof PanelistError)) throw error;
        }
      }),
      { numRuns: 300 },
    );
    expect(carried).toBeGreaterThan(100);
  });

  it('has the labels of both ends of a rating', () => {
    const ends = { minRateDescription: 'Never', maxRateDescription: { default: 'Always', fr: 'Toujours' } };
    expect(imported({ type: 'rating', ...ends }, { locale: 'fr' })).toMatchObject({
      minDescription: 'Never',
      maxDescription: 'Toujours',
    });
  });

  it("boolean: its own labels and values, or the language's", () => {
    expect(imported({ type: 'boolean' })).toMatchObject({
      kind: 'single-choice',
      options: [
        { value: true, text: 'Yes' },
        { value: false, text: 'No' },
      ],
    });
    const own = { labelTrue: 'Aye', labelFalse: 'Nay', valueTrue: 'y', valueFalse: 0 };
    expect(imported({ type: 'boolean', ...own })).toMatchObject({
      options: [
        { value: 'y', text: 'Aye' },
        { value: 0, text: 'Nay' },
      ],
    });
    expect(imported({ type: 'boolean' }, { locale: 'zh-cn' })).toMatchObject({
      options: [{ text: '是' }, { text: '否' }],
    });
  });

  it.each([
    [{ inputType: 'number' }, { min: null, max: null, integer: false }],
    [
      { inputType: 'number', min: '18', max: 99, step: 1 },
      { min: 18, max: 99, integer: true },
    ],
    [{ inputType: 'range' }, { min: 0, max: 100, integer: true }],
    [
      { inputType: 'range', step: 'any' },
      { step: null, integer: false },
    ],
    [
      { inputType: 'range', min: -5, max: 5, step: 1 },
      { min: -5, max: 5, integer: true },
    ],
    [{ validators: [{ type: 'numeric', minValue: 1900, maxValue: 2022 }] }, { min: 1900, max: 2022 }],
    [
      { inputType: 'number', min: 5, validators: [{ type: 'numeric', minValue: 1, maxValue: 9 }] },
      { min: 5, max: 9 },
    ],
  ])('text %j: the number %j', (element, number) => {
    expect(imported({ type: 'text', ...element })).toMatchObject({ kind: 'number', ...number });
  });

  it.each([
    [{ type: 'text' }, { multiline: false, maxLength: null }],
    [
      { type: 'text', inputType: 'email', maxLength: 50 },
      { multiline: false, maxLength: 50 },
    ],
    [
      { type: 'comment', rows: 5 },
      { multiline: true, maxLength: null },
    ],
    [
      { type: 'comment', validators: [{ type: 'text', maxLength: 9 }] },
      { multiline: true, maxLength: 9 },
    ],
  ])('%j: the text %j', (element, text) => {
    expect(imported(element)).toMatchObject({ kind: 'text', ...text });
  });

  it("limits texts to the survey's maxTextLength by default", () => {
    const elements = [
      { type: 'text', name: 'a' },
      { type: 'text', name: 'b', maxLength: 5 },
      { type: 'text', name: 'c', maxLength: 0 },
    ];
    expect(questions({ maxTextLength: 40, elements })).toMatchObject([
      { maxLength: 40 },
      { maxLength: 5 },
      { maxLength: null },
    ]);
  });
});
