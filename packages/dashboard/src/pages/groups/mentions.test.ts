import { describe, expect, it } from 'vitest';
import { matching, mentionAt, withoutMention } from './mentions.ts';

const people = [
  { id: 'p1', name: 'Ada Lovelace', persona: {} },
  { id: 'p2', name: 'Bo Åkesson', persona: {} },
  { id: 'p3', name: '王芳', persona: {} },
];

describe('mentions', () => {
  it.each([
    ['@', 1, { start: 0, query: '' }],
    ['@ad', 3, { start: 0, query: 'ad' }],
    ['And you, @Bo', 12, { start: 9, query: 'Bo' }],
    ['问，@王', 4, { start: 2, query: '王' }],
    ['ada@example.org', 15, null],
    ['@Ada\nhello', 10, null],
    ['hello', 5, null],
  ])('finds what is typed in %j', (text, caret, mention) => {
    expect(mentionAt(text, caret)).toEqual(mention);
  });

  it.each([
    ['', ['p1', 'p2', 'p3']],
    ['love', ['p1']],
    ['ak', ['p2']],
    ['王', ['p3']],
    ['P3', ['p3']],
    ['zoe', []],
  ])('finds who is meant by %j', (query, ids) => {
    expect(matching(people, query, new Set()).map(({ id }) => id)).toEqual(ids);
  });

  it('offers nobody twice', () => {
    expect(matching(people, 'ada', new Set(['p1']))).toEqual([]);
  });

  it('leaves a name in a sentence, and none at its beginning', () => {
    expect(withoutMention('@bo what?', { start: 0, query: 'bo' }, 'Bo')).toEqual({ text: 'what?', caret: 0 });
    expect(withoutMention('And @bo?', { start: 4, query: 'bo' }, 'Bo')).toEqual({
      text: 'And Bo?',
      caret: 6,
    });
  });
});
