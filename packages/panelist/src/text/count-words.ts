const segmenters = new Map<string, Intl.Segmenter>();

/** Words of a text by the runtime's segmenter (Unicode UAX 29; for Chinese, Japanese and Thai by a dictionary). */
export function wordsOf(text: string, language: string): string[] {
  return Array.from(segmenterOf(language).segment(text)).flatMap(({ segment, isWordLike }) =>
    isWordLike ? [segment.toLowerCase()] : [],
  );
}

export function countWords(text: string, language: string): number {
  return wordsOf(text, language).length;
}

function segmenterOf(language: string): Intl.Segmenter {
  const known = segmenters.get(language);
  if (known !== undefined) return known;
  const segmenter = new Intl.Segmenter(language, { granularity: 'word' });
  segmenters.set(language, segmenter);
  return segmenter;
}
