import { cutAt, shortened } from './shortened.ts';
import { terminalSafe } from './terminal-safe.ts';

const maxLength = 500;
/** The text is cut to this length before cleaning, which takes time. */
const maxRead = 4 * maxLength;

/**
 * Makes a text from a server, the system or a file safe to print among Panelist's own lines: one line of at most 500
 * characters, so that it cannot imitate other lines.
 */
export function foreignLine(text: string): string {
  return shortened(terminalSafe(cutAt(text, maxRead)), maxLength);
}
