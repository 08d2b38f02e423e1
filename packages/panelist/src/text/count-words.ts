const segmenters = new Map<string, Intl.Segmenter>();

/** The words of a text by the runtime's segmenter (Unicode UAX 29; dictionaries for Chinese, Japanese and Thai). */
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
