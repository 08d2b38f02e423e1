import { runWithin, TookTooLong } from '../run-within.ts';

/** For one text: a pattern takes microseconds, unless it backtracks without end. */
const limitMs = 200;

/**
 * Whether a survey's regular expression matches a text; `null` where it takes longer than 0.2 s, as
 * `^([\w\s]+)+#$` does on any sentence.
 */
export function matches(pattern: string, flags: string, text: string): boolean | null {
  try {
    return runWithin(limitMs, () => new RegExp(pattern, flags).test(text));
  } catch (error) {
    if (error instanceof TookTooLong) return null;
    throw error;
  }
}

/** Whether it is a regular expression that V8 can compile: one may be well written and too large. */
export function isPattern(pattern: string, flags: string): boolean {
  try {
    return pattern !== '' && matches(pattern, flags, '') !== null;
  } catch {
    return false;
  }
}
