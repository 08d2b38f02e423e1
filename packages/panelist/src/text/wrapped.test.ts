import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { displayWidth, wrapped } from './display-width.ts';

describe('displayWidth', () => {
  it.each([
    ['abc', 3],
    ['集市', 4],
    ['ｶﾀｶﾅ', 4],
    ['ｶﾞｷﾞ', 4],
    ['ｅ', 2],
    ['é', 1],
    ['한국', 4],
    ['한', 2],
    ['กำ', 2],
    ['👩‍👩‍👧', 2],
    ['❤️', 2],
    ['🇩🇪', 2],
    ['\u200b', 0],
    ['𠀀', 2],
  ])('%j takes %d cells', (text, cells) => {
    expect(displayWidth(text)).toBe(cells);
  });
});

describe('wrapped', () => {
  it.each([
    ['a short text', 20, ['a short text']],
    ['breaks at the last space', 12, ['breaks at', 'the last', 'space']],
    ['Donaudampfschiff', 6, ['Donaud', 'ampfsc', 'hiff']],
    ['你对每周集市有多感兴趣', 10, ['你对每周集', '市有多感兴', '趣']],
    ['see 集市 now', 8, ['see 集市', 'now']],
    ['', 10, ['']],
  ])('%j in %d cells', (text, width, lines) => {
    expect(wrapped(text, width)).toEqual(lines);
  });

  it('indents the following lines', () => {
    expect(wrapped('  one two three', 8, '    ')).toEqual(['  one', '    two', '    thre', '    e']);
  });

  it('does not wrap without a limit', () => {
    const text = 'word '.repeat(500).trim();
    expect(wrapped(text, Number.POSITIVE_INFINITY)).toEqual([text]);
  });

  it('loses only white space, and fits the width', () => {
    const texts = fc.string({ unit: fc.constantFrom('a', 'b', ' ', '集', '👩‍👩‍👧', 'é') });
    fc.assert(
      fc.property(texts, fc.integer({ min: 4, max: 30 }), (text, width) => {
        const lines = wrapped(text, width, ' ');
        expect(lines.join('').replaceAll(' ', '')).toBe(text.replaceAll(' ', ''));
        for (const line of lines) expect(displayWidth(line)).toBeLessThanOrEqual(width);
      }),
    );
  });
});
