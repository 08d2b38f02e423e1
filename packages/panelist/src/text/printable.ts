/** Control characters except line feed and tab, and marks that change the direction of text. */
const unprintable = /(?![\n\t])[\p{Cc}\p{Bidi_Control}]/gu;

/**
 * Escapes characters that could control a terminal or disguise a text as `\uXXXX`: titles, answers, file names and errors
 * come from files and the network. Inside JSON strings the meaning does not change.
 */
export function printable(text: string): string {
  return text.replace(unprintable, (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`);
}
