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

/** Exactly `width` cells: cut with `…` where it is longer, filled with spaces where it is shorter. */
export function fitted(text: string, width: number): string {
  const cut = clipped(text, width);
  return cut + ' '.repeat(Math.max(0, width - displayWidth(cut)));
}

/** At most `width` cells, with `…` where something is missing. */
export function clipped(text: string, width: number): string {
  if (displayWidth(text) <= width) return text;
  let cut = '';
  let used = 0;
  for (const { segment } of graphemes.segment(text)) {
    used += graphemeWidth(segment);
    if (used > width - 1) break;
    cut += segment;
  }
  return width > 0 ? `${cut}…` : '';
}

function graphemeWidth(grapheme: string): number {
  if (invisible.test(grapheme)) return 0;
  return wide.test(grapheme) || picture.test(grapheme) ? 2 : 1;
}
