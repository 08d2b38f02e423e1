import { describe, expect, it } from 'vitest';
import { computed, number, options, single, text } from '../testing/build-questionnaire.ts';
import { namesOf, QuestionReferences, refersTo } from './question-references.ts';

const none = { computed: [], triggers: [] };

describe('the dependencies of a question', () => {
  it.each([
    ['visibleIf', text('q', { visibleIf: ['{a} = 1'] })],
    ['requiredIf', text('q', { requiredIf: ['{a} = 1'] })],
    ['enableIf', text('q', { enableIf: ['{a} = 1'] })],
    ['its title', text('q', { title: 'Why {A}?' })],
    ['its stem', text('q', { stem: 'Of {a}' })],
    ['an option’s text', single('q', { options: options(['x', 'More {a}']) })],
    [
      'an option’s condition',
      single('q', { options: options('x').map((x) => ({ ...x, visibleIf: ['{a}'] })) }),
    ],
  ])('are found in %s', (_, question) => {
    const names = [...new QuestionReferences(none).namesReadBy(question)];
    expect(names.filter((name) => !name.endsWith('-comment'))).toEqual(['a']);
  });

  it('are followed through computed values and triggers', () => {
    const references = new QuestionReferences({
      computed: [computed('sum', '{a} + {b}', false), computed('twice', '{Sum} * 2', false)],
      triggers: [
        { kind: 'copy-value', expression: '{c} = 1', name: 'copy', from: 'd' },
        { kind: 'run-expression', expression: '{e} = 1', name: 'ran', run: '{twice} + 1' },
        { kind: 'set-value', expression: '{f} = 1', name: 'q', value: 1 },
      ],
    });
    const read = (expression: string) =>
      [...references.namesReadBy(text('x', { visibleIf: [expression] }))].sort().join();
    expect(read('{twice} > 1')).toBe('a,b,sum,twice');
    expect(read('{copy} > 1')).toBe('c,copy,d');
    expect(read('{ran} > 1')).toBe('a,b,e,ran,sum,twice');
    expect([...references.namesReadBy(text('q'))]).toEqual(['f']);
  });
});

describe('refersTo', () => {
  const cell = namesOf({ name: 'Grid.row', target: ['Grid', 'row'] });
  const to = namesOf(number('range.to', { target: ['range', 1] }));
  it.each([
    ['grid.row', cell, true],
    ['grid', cell, true],
    ['grid.row.length', cell, true],
    ['grid.rows', cell, false],
    ['gri', cell, false],
    ['range[1]', to, true],
    ['range', to, true],
    ['range[0]', to, false],
  ])('%s of %s: %s', (read, names, expected) => {
    expect(refersTo(read, names)).toBe(expected);
  });
});
