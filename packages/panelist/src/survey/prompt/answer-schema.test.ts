import { describe, expect, it } from 'vitest';
import { interview as english } from '../../languages/en/interview.ts';
import type { Question } from '../questionnaire.ts';
import { multiple, number, options, rating, single, text } from '../testing/build-questionnaire.ts';
import { answerSchema } from './answer-schema.ts';
import { type AskedQuestion, askedQuestion } from './asked-question.ts';

type Property = Readonly<Record<string, unknown>> & { readonly items?: { readonly enum?: unknown[] } };

function properties(questions: readonly Question[]): Property[] {
  const asked = questions.map(
    (question, index): AskedQuestion =>
      askedQuestion(question, `q${index + 1}`, (template) => template, english),
  );
  return Object.values(answerSchema(asked).schema.properties as Record<string, Property>);
}

const optional = { isRequired: false } as const;
const many = (count: number, length = 3) =>
  options(...Array.from({ length: count }, (_, index) => String(index).padStart(length, '0')));

describe('a schema', () => {
  it('has no property of two types, with any number of optional questions', () => {
    const found = properties([
      single('a', optional),
      multiple('b', optional),
      rating('c', optional),
      number('d', { ...optional, min: 3, integer: true }),
      text('e', optional),
      rating('f', { ...optional, options: options(0.5, 1) }),
    ]);
    expect(found).toEqual([
      { description: 'Title of a', type: 'string', enum: ['Yes', 'No', '(no answer)'] },
      {
        description: 'Title of b',
        type: 'array',
        items: { type: 'string', enum: ['Tea', 'Coffee', 'Water'] },
        minItems: 0,
        maxItems: 3,
      },
      { description: 'Title of c', type: 'string', enum: ['1', '2', '3', '4', '5', '(no answer)'] },
      { description: 'Title of d', type: 'string' },
      { description: 'Title of e', type: 'string' },
      { description: 'Title of f', type: 'string', enum: ['0.5', '1', '(no answer)'] },
    ]);
  });

  it('adds no mark that could be mistaken for an option', () => {
    const [schema] = properties([single('a', { ...optional, options: options('Yes', '(No answer)') })]);
    expect(schema?.enum).toEqual(['Yes', '(No answer)']);
  });

  it('lists at most a thousand options in total: the longest lists are dropped first, reproducibly', () => {
    const sizes = [10, 200, 250, 90, 250, 200, 250, 251];
    const questions = sizes.map((size, index) =>
      (index % 2 === 0 ? single : multiple)(`q${index}`, { options: many(size) }),
    );
    const listed = () =>
      properties(questions).map((property) => ((property.items ?? property).enum as unknown[])?.length);
    expect(listed()).toEqual([10, 200, undefined, 90, 250, 200, 250, undefined]);
    expect(listed()).toEqual(listed());
    expect(properties(questions)[2]).toEqual({ description: 'Title of q2', type: 'string' });
  });

  it('lists at most the allowed number of characters', () => {
    const questions = [20, 90].map((size) => single('a', { options: many(size, 1_000) }));
    questions.push(single('b', { options: many(5, 5_000) }));
    expect(properties(questions).map((property) => Array.isArray(property.enum))).toEqual([
      true,
      false,
      true,
    ]);
  });
});
