import { stripVTControlCharacters } from 'node:util';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { terminalSafe, terminalSafeLines } from './terminal-safe.ts';

const MEGABYTE = 1_000_000;

describe('text for a terminal', () => {
  it.each([
    ['colours', '\u001b[1;31mred\u001b[0m', 'red'],
    ['colours in eight bits', '\u009b31mred\u009b0m', 'red'],
    ['a link', '\u001b]8;;http://x.example/?a=1\u0007here\u001b]8;;\u0007', 'here'],
    ['a title, ended by ST', '\u001b]0;title of mine\u001b\\after', 'after'],
    ['a title in eight bits', '\u009d0;title\u009cafter', 'after'],
    ['a device control string', '\u001bP1$r\u001b\\after', 'after'],
    ['a character set', 'a\u001b(Bb', 'ab'],
    ['a reset', 'a\u001bcb', 'ab'],
    ['a string without an end', 'a\u001b]0;b', 'a0;b'],
    ['a string interrupted by another', 'a\u001b]0;b\u001b[2Jc', 'a0;bc'],
    ['parameters without an end', 'a\u001b[12\nb', 'a12 b'],
    ['an escape at the end', 'a\u001b', 'a'],
  ])('has no escape sequences: %s', (_, text, clean) => {
    expect(terminalSafe(text)).toBe(clean);
  });

  it('has no escape sequence that Node knows and no control character, for any text', () => {
    const piece = fc.constantFrom(
      '\u001b',
      '\u009b',
      '[',
      ']',
      ';',
      '1',
      'm',
      'x',
      ' ',
      '\u0007',
      '\\',
      '\n',
      '中',
    );
    fc.assert(
      fc.property(fc.array(piece), (pieces) => {
        const clean = terminalSafeLines(pieces.join(''));
        expect(clean).not.toMatch(/(?!\n)\p{Cc}/u);
        expect(stripVTControlCharacters(clean)).toBe(clean);
      }),
    );
  });

  it.each([
    ['ESC ]', '\u001b]'],
    ['ESC [', '\u001b['],
    ['ESC ] and parameters', '\u001b];1'],
    ['ESC ] and a letter', '\u001b]a'],
    ['OSC in eight bits', '\u009d'],
    ['ESC and spaces', '\u001b  '],
  ])('is cleaned in linear time: %s', (_, repeated) => {
    const text = repeated.repeat(MEGABYTE / repeated.length);
    const startedAt = performance.now();
    terminalSafe(text);
    terminalSafeLines(text);
    expect(performance.now() - startedAt).toBeLessThan(2_000);
  });

  it('is cleaned in linear time if a sequence never ends', () => {
    const startedAt = performance.now();
    for (const start of ['\u001b]', '\u001b[', '\u001b', '\u009d', '\u001bP']) {
      for (const rest of ['a', '1;', '中😀', ' ']) terminalSafe(start + rest.repeat(MEGABYTE));
    }
    expect(performance.now() - startedAt).toBeLessThan(10_000);
  });
});
