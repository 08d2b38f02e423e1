/** Control characters but for line feed and tab, and the marks that turn the direction of text around. */
const unprintable = /(?![\n\t])[\p{Cc}\p{Bidi_Control}]/gu;

/**
 * Shows what could steer a terminal, or make a text look like another, as `\uXXXX`: titles, answers, file names and errors
 * come from files and the network. Inside JSON that means the same as before.
 */
export function printable(text: string): string {
  return text.replace(unprintable, (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`);
}
