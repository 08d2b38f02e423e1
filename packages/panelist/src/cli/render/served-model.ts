import type { Messages } from '../../languages/messages.ts';
import { terminalSafe } from '../../text/terminal-safe.ts';

/** What a model is called for people, with its address where it is not the vendor's own. */
export function servedModel(model: string, address: string | null, { served }: Messages): string {
  return address === null ? terminalSafe(model) : served(terminalSafe(model), terminalSafe(address));
}
