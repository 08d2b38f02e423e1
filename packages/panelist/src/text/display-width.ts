import { eastAsianWidth } from 'get-east-asian-width';

const graphemes = new Intl.Segmenter('en', { granularity: 'grapheme' });
/** Emoji, and characters that a variation selector turns into one: ❤️. A sequence of joined emoji takes two cells. */
const emoji = /^(?:\p{Emoji_Presentation}|\p{Extended_Pictographic}\ufe0f)/u;
/** Marks that are drawn over the previous character, and Hangul vowels and final consonants, which join the first one. */
const invisible = /^[\p{M}\p{Cf}\p{Cs}\u1160-\u11ff\ud7b0-\ud7fb]$/u;

/** Width of a text in terminal cells: two for Chinese, Japanese, Korean and emoji, none for combining marks. */
export function displayWidth(text: string): number {
  if (/^[\x20-\x7e]*$/.test(text)) return text.length;
  let width = 0;
  for (const { segment } of graphemes.segment(text)) width += graphemeWidth(segment);
  return width;
}

/** Pads a text with spaces to at least `width` cells. */
export function padded(text: string, width: number): string {
  return text + ' '.repeat(Math.max(0, width - displayWidth(text)));
}

/**
 * Wraps a text into lines of at most `width` cells without cutting anything off. Lines break at spaces, beside Chinese,
 * Japanese and Korean characters, or else at the width. Lines after the first begin with `indent`. `Infinity` turns
 * wrapping off.
 */
export function wrapped(text: string, width: number, indent = ''): string[] {
  const lines: string[] = [];
  let line = '';
  let used = 0;
  /** The part after the last possible line break. */
  let rest = { at: 0, used: 0 };
  for (const { segment } of graphemes.segment(text)) {
    const cells = graphemeWidth(segment);
    if (cells > 1 && line.trim() !== '') rest = { at: line.length, used };
    while (used + cells > width && used > indent.length && segment !== ' ') {
      const end = line.slice(0, rest.at).trim() === '' ? { at: line.length, used } : rest;
      lines.push(line.slice(0, end.at).trimEnd());
      line = indent + line.slice(end.at);
      used = indent.length + used - end.used;
      rest = { at: 0, used: 0 };
    }
    line += segment;
    used += cells;
    if (segment === ' ' || cells > 1) rest = { at: line.length, used };
  }
  return [...lines, line.trimEnd()];
}

function graphemeWidth(grapheme: string): number {
  if (emoji.test(grapheme)) return 2;
  let width = 0;
  // Some marks have their own cell, such as those of halfwidth katakana: ｶﾞ.
  for (const character of grapheme)
    if (!invisible.test(character)) width += eastAsianWidth(character.codePointAt(0) as number);
  return width;
}
