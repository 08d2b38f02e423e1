import { withoutEscapeSequences } from './escape-sequences.ts';
import { oneLine } from './one-line.ts';

const direction = /[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]/g;

/** Text that can do nothing to a terminal: no escape sequences, control or direction characters, all on one line. */
export function terminalSafe(text: string): string {
  return oneLine(withoutEscapeSequences(text)).replace(direction, '').toWellFormed().trim();
}

/** The same for a text whose lines and indentation are to be seen. */
export function terminalSafeLines(text: string): string {
  return withoutEscapeSequences(text)
    .replace(/(?!\n)\p{Cc}/gu, ' ')
    .replace(direction, '')
    .toWellFormed();
}
