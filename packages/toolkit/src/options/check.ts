import { quote, ToolkitError } from '../errors/toolkit-error.ts';

/** @throws ToolkitError `INVALID_OPTION`: what is expected, and `value`, which it is not. */
export function checkOption(holds: boolean, expected: string, value: unknown): asserts holds {
  if (!holds) throw new ToolkitError('INVALID_OPTION', `${expected}, got ${quote(value)}.`);
}
