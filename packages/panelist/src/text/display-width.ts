const graphemes = new Intl.Segmenter('en', { granularity: 'grapheme' });
/** The blocks that terminals draw in two cells (East Asian Wide and Fullwidth), and emoji. */
const wide =
  /^[\u1100-\u115f\u2e80-\u303e\u3041-\u33ff\u3400-\u4dbf\u4e00-\u9fff\ua000-\ua4cf\ua960-\ua97f\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff01-\uff60\uffe0-\uffe6\u{16fe0}-\u{18cff}\u{1aff0}-\u{1b2ff}\u{1f200}-\u{1f265}\u{20000}-\u{3fffd}\p{Emoji_Presentation}]/u;
/** Drawn in two cells only because a variation selector asks for the picture: ❤️. */
const picture = /^\p{Extended_Pictographic}\ufe0f/u;
const invisible = /^[\p{M}\p{Cf}\p{Cs}]+$/u;

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
  if (invisible.test(grapheme)) return 0;
  return wide.test(grapheme) || picture.test(grapheme) ? 2 : 1;
}
