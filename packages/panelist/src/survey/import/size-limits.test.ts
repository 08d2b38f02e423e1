import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { failure, type Json } from '../testing/imported-survey.ts';
import { importSurveyJs } from './import-surveyjs.ts';

const many = <T>(count: number, make: (index: number) => T): T[] =>
  Array.from({ length: count }, (_, index) => make(index));
const text = (name: string, more: Json = {}): Json => ({ type: 'text', name, title: name, ...more });

describe('the size of a survey file', () => {
  it.each<[string, Json, string]>([
    ['a list', { pages: many(5_001, () => ({})) }, 'pages: 5001 entries'],
    [
      'an object',
      { elements: [text('q', { title: Object.fromEntries(many(5_001, (index) => [`l${index}`, 'x'])) })] },
      'elements[0].title: 5001 keys',
    ],
    [
      'an expression',
      { elements: [text('a'), text('b', { visibleIf: many(2_000, () => '{a}=1').join(' and ') })] },
      'elements[1].visibleIf: 19995 characters are too many for an expression; at most 10000',
    ],
    [
      'all expressions',
      { elements: many(200, (index) => text(`q${index}`, { visibleIf: `'${'x'.repeat(5_100)}' notempty` })) },
      'characters together; at most 1000000',
    ],
    [
      'the expressions of all cells',
      {
        elements: [
          {
            type: 'matrixdropdown',
            name: 'g',
            rows: many(400, (index) => `r${index}`),
            columns: [{ name: 'c', cellType: 'text', visibleIf: many(200, () => '1=1').join(' and ') }],
          },
        ],
      },
      'terms, cells of grids included; at most 200000',
    ],
    [
      'the options of all cells',
      {
        elements: [
          {
            type: 'matrixdropdown',
            name: 'g',
            rows: many(100, (index) => `r${index}`),
            columns: [{ name: 'c', cellType: 'dropdown', choices: many(1_100, (index) => index) }],
          },
        ],
      },
      'more than 100000 options',
    ],
  ])('is limited for %s', (_, json, message) => {
    expect(failure(json)).toMatchObject({
      code: 'SURVEY_INVALID',
      message: expect.stringContaining(message),
    });
  });

  it('is checked before constants are evaluated, which could double with every computed value', () => {
    const calculatedValues = many(200, (index) => ({
      name: `v${index}`,
      expression: index === 0 ? "'aaaaaaaa'" : `{v${index - 1}}+{v${index - 1}}`,
    }));
    expect(importSurveyJs({ elements: [text('q')], calculatedValues }).computed).toHaveLength(200);
  });

  it('gives a questionnaire or an error with a code for any file', () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 6 }), (value) => {
        const survey = { elements: [text('q'), value], calculatedValues: value, triggers: [value] };
        expect(failure(survey as Json).code).toMatch(/^SURVEY_(?:INVALID|UNSUPPORTED)$/);
      }),
      { numRuns: 200 },
    );
  });
});
