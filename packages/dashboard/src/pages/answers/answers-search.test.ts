import { describe, expect, it } from 'vitest';
import { answersSearch } from './answers-search.ts';
import { moved } from './grid-keys.ts';

describe('answersSearch', () => {
  it('keeps what fits and drops everything else', () => {
    const filters = [
      { column: 'answer.q', values: ['a'] },
      { column: 'answers', statuses: ['refused'], evil: 1 },
      { column: 'answer.q' },
      { values: ['a'] },
      'x',
      null,
    ];
    expect(answersSearch({ find: 2024, sort: 'key', descending: true, filters, key: 7, other: 1 })).toEqual({
      find: '2024',
      sort: 'key',
      descending: true,
      filters: [
        { column: 'answer.q', values: ['a'] },
        { column: 'answers', statuses: ['refused'] },
      ],
      columns: undefined,
      key: '7',
      question: undefined,
    });
    expect(Object.values(answersSearch({ filters: {}, columns: 'a', find: '', descending: 'yes' }))).toEqual(
      Array(7).fill(undefined),
    );
  });
});

describe('moved', () => {
  const size = { rows: 100, columns: 5, page: 10 };
  const key = (name: string, ctrlKey = false) => ({ key: name, ctrlKey, metaKey: false });

  it.each([
    ['ArrowDown', false, { row: 6, column: 2 }],
    ['ArrowUp', true, { row: 0, column: 2 }],
    ['ArrowLeft', false, { row: 5, column: 1 }],
    ['ArrowRight', true, { row: 5, column: 4 }],
    ['PageDown', false, { row: 15, column: 2 }],
    ['PageUp', false, { row: -1, column: 2 }],
    ['Home', false, { row: 5, column: 0 }],
    ['End', true, { row: 99, column: 4 }],
    ['a', false, null],
  ])('moves by %s, with Ctrl: %s', (name, isFar, to) => {
    expect(moved({ row: 5, column: 2 }, key(name, isFar), size)).toEqual(to);
  });

  it('stays within the grid, whose first row are the headings', () => {
    expect(moved({ row: -1, column: 0 }, key('ArrowUp'), size)).toEqual({ row: -1, column: 0 });
    expect(moved({ row: 99, column: 4 }, key('ArrowDown'), size)).toEqual({ row: 99, column: 4 });
  });
});
