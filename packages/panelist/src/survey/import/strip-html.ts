import { decodeHTMLStrict } from 'entities';

/**
 * What a person would read of a text that may hold HTML: no tags, comments, scripts or styles; blocks on lines of
 * their own, list items with a dash. `3 < 5` and `<18` aren't tags and stay.
 */
export function stripHtml(text: string): string {
  if (!/[<&]/.test(text)) return tidy(text);
  return tidy(
    text
      .replace(/<!--[\s\S]*?(?:-->|$)/g, '')
      .replace(/<(script|style)\b[\s\S]*?(?:<\/\1\s*>|$)/gi, '')
      .replace(/<li\b[^<>]*>/gi, '\n- ')
      .replace(/<(?:br|hr|\/?(?:p|div|h[1-6]|ul|ol|table|tr|blockquote|section))\b[^<>]*>/gi, '\n')
      .replace(/<\/?[a-z][^<>]*>/gi, '')
      // As browsers do, but for U+0000, which they show as a replacement character.
      .replace(/&(?!#x?0+;)(?:#\d{1,7}|#x[\da-f]{1,6}|[a-z][a-z\d]{1,31});/gi, (entity) =>
        decodeHTMLStrict(entity),
      ),
  );
}

function tidy(text: string): string {
  return text
    .replace(/\r\n?/g, '\n')
    .replace(/[^\S\n]+/g, ' ')
    .replace(/ ?\n ?/g, '\n')
    .replace(/\n{2,}/g, '\n')
    .trim();
}
