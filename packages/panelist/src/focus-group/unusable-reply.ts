import { PanelistError } from '../panelist-error.ts';

/** A reply that is asked for once more, and then recorded as failed. @param problem what to do better */
export function unusableReply(problem: string, options: { readonly cause?: unknown } = {}): PanelistError {
  return new PanelistError('REPLY_UNUSABLE', `The reply cannot be used: ${problem}.`, options);
}
