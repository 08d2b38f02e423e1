import { cutAt, shortened } from './shortened.ts';
import { terminalSafe } from './terminal-safe.ts';

const maxShown = 500;
/** Cut before it is cleaned, which takes time. */
const maxRead = 4 * maxShown;

/**
 * What a server, the system or a file says, to be printed among lines of Panelist's own: on one line of at most 500 characters, so
 * that it can look like none of them.
 */
export function foreignLine(text: string): string {
  return shortened(terminalSafe(cutAt(text, maxRead)), maxShown);
}
