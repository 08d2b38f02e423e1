import { withoutEscapeSequences } from './escape-sequences.ts';
import { oneLine } from './one-line.ts';

const direction = /[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]/g;

/** Makes a text safe for a terminal: one line without escape sequences, control or direction characters. */
export function terminalSafe(text: string): string {
  return oneLine(withoutEscapeSequences(text)).replace(direction, '').toWellFormed().trim();
}

/** Like `terminalSafe`, but keeps lines and indentation. */
export function terminalSafeLines(text: string): string {
  return withoutEscapeSequences(text)
    .replace(/(?!\n)\p{Cc}/gu, ' ')
    .replace(direction, '')
    .toWellFormed();
}
