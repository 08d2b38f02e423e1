import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { markdownLine, markdownText } from './markdown.ts';
import { terminalSafe } from './terminal-safe.ts';

interface Part {
  readonly kind: 'code' | 'escaped' | 'plain';
  readonly text: string;
}

/** Splits a line without emphasis like CommonMark: code spans, escaped characters, and the rest. */
function partsOf(markdown: string): Part[] {
  return [...markdown.matchAll(/`([^`]+)`(?!`)|\\([!-/:-@[-`{-~])|([\s\S])/gu)].map(
    ([, code, escaped, plain]): Part => {
      if (code !== undefined) return { kind: 'code', text: code };
      return escaped !== undefined
        ? { kind: 'escaped', text: escaped }
        : { kind: 'plain', text: plain as string };
    },
  );
}

/** The text in which a renderer looks for links, after removing backslashes. */
function outsideCode(markdown: string): string {
  return partsOf(markdown)
    .map(({ kind, text }) => (kind === 'code' ? '\n' : text))
    .join('');
}

const pieces = fc.constantFrom(
  ...['https://example.org', 'HTTP://X.ORG/a_b?c=d', 'foo://bar.baz', '1https://q.org', '//example.org/x'],
  ...['www.example.org', 'WWW.x.com', 'me@example.org', 'a.b+c@d-e.co.uk', 'mailto:a@b', 'xmpp:a@b.org'],
  ...[
    '`',
    '```',
    '|',
    '\\',
    '*',
    '_',
    '[',
    '](',
    ')',
    '<',
    '>',
    '<b>',
    '<!--',
    '&amp;',
    '#',
    '# ',
    '- ',
    '1. ',
  ],
  ...[
    '=',
    '---',
    '~',
    '$',
    ' ',
    '\n',
    '\t',
    'text',
    '请看',
    '。',
    '@',
    '.',
    '/',
    ':',
    '\u202e',
    '\u0000',
    '\u200b',
  ],
);
const texts = fc.array(pieces, { maxLength: 12 }).map((parts) => parts.join(''));

describe('a text from outside in Markdown', () => {
  it('stays the same text, and nothing in it is markup', () => {
    fc.assert(
      fc.property(fc.oneof(texts, fc.string({ unit: 'grapheme' })), (text) => {
        for (const markdown of [markdownText(text), markdownLine(text)]) {
          const parts = partsOf(markdown);
          expect(parts.map((part) => part.text).join('')).toBe(terminalSafe(text));
          const plain = parts.map(({ kind, text }) => (kind === 'plain' ? text : '')).join('');
          expect(plain).not.toMatch(/[\\`*_[\]<>|~&$]/);
          // No code span touches another, or a table's edge.
          expect(markdown.replaceAll(/\\./g, ' ')).not.toMatch(/``|`[^`]*\|[^`]*`/);
        }
      }),
      { numRuns: 2_000 },
    );
  });

  it('contains no address that a renderer would turn into a link', () => {
    fc.assert(
      fc.property(texts, (text) => {
        const seen = outsideCode(markdownText(text));
        expect(seen).not.toMatch(/:\/\/[^\s`|]|(?<!:)\/\/[^\s`|]|www\.[^\s`|]/i);
        expect(seen).not.toMatch(/[\w.+-]+@[\w-]+\.[\w-]/);
        expect(seen).not.toMatch(/(?:mailto|xmpp):[^\s`|]/i);
      }),
      { numRuns: 2_000 },
    );
  });

  it.each([
    [
      'See https://example.org/a_b, or www.example.org!',
      'See `https://example.org/a_b,` or `www.example.org!`',
    ],
    ['me@example.org wrote', '`me@example.org` wrote'],
    ['a|https://x.org|b', 'a\\|`https://x.org`\\|b'],
    ['<https://x.org>', '\\<`https://x.org>`'],
    ['5 < 6 & 7 @ 8', '5 \\< 6 \\& 7 @ 8'],
    ['C# and #1, 3.5 - 2', 'C# and #1, 3.5 - 2'],
  ])('%j is written %j', (text, expected) => {
    expect(markdownText(text)).toBe(expected);
  });

  it.each([
    ['# no heading', '\\# no heading'],
    ['no heading #', 'no heading \\#'],
    ['- no list', '\\- no list'],
    ['12. no list', '12\\. no list'],
    ['===', '\\==='],
  ])('%j at the beginning of a line becomes %j', (text, expected) => {
    expect(markdownLine(text)).toBe(expected);
  });

  it('is escaped in linear time', () => {
    for (const part of ['a', 'a.', '@', '/', 'a@', 'a@b.', ':', 'www', '#', '`', 'https:', '1'])
      expect(markdownLine(part.repeat(500_000 / part.length)).length).toBeGreaterThan(0);
  });
});
