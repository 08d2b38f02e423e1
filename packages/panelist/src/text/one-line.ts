/** Puts a text on one line, so that it cannot imitate Panelist's own lines: white space and control characters become spaces. */
export function oneLine(text: string): string {
  return text.replace(/[\s\p{Cc}]+/gu, ' ').trim();
}

/** Normalises a text for comparison: ignores compatibility forms, case and white space. */
export function normalised(text: string): string {
  return oneLine(text.normalize('NFKC').toLowerCase());
}
