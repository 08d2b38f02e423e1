import { eastAsianWidth } from 'get-east-asian-width';

const graphemes = new Intl.Segmenter('en', { granularity: 'grapheme' });
/** Emoji, and characters that a variation selector turns into one: ❤️. Drawn in two cells, however many are joined. */
const emoji = /^(?:\p{Emoji_Presentation}|\p{Extended_Pictographic}\ufe0f)/u;
/** Drawn over the character before it; the vowels and final consonants of Hangul are drawn into the first one. */
const invisible = /^[\p{M}\p{Cf}\p{Cs}\u1160-\u11ff\ud7b0-\ud7fb]$/u;

/** Terminal cells that a text takes: two for Chinese, Japanese, Korean and emoji, none for combining marks. */
export function displayWidth(text: string): number {
  if (/^[\x20-\x7e]*$/.test(text)) return text.length;
  let width = 0;
  for (const { segment } of graphemes.segment(text)) width += graphemeWidth(segment);
  return width;
}

/** At least `width` cells: filled with spaces where it is shorter. */
export function padded(text: string, width: number): string {
  return text + ' '.repeat(Math.max(0, width - displayWidth(text)));
}

/**
 * A text on lines of at most `width` cells, nothing cut off: broken at spaces, beside Chinese, Japanese and Korean
 * characters, and else where the line is full. Lines after the first begin with `indent`. `Infinity` breaks nothing.
 */
export function wrapped(text: string, width: number, indent = ''): string[] {
  const lines: string[] = [];
  let line = '';
  let used = 0;
  /** What follows the last place at which the line may end. */
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
  // Some marks take a cell of their own, such as those of halfwidth katakana: ｶﾞ.
  for (const character of grapheme)
    if (!invisible.test(character)) width += eastAsianWidth(character.codePointAt(0) as number);
  return width;
}
