import { quote, ToolkitError } from '../errors/toolkit-error.ts';
import type { JsonValue } from './task-record.ts';

/** Deeper than this it is a mistake, and `JSON.stringify` would run out of stack not much later. */
const DEEPEST = 500;

/**
 * Refuses what JSON would drop or change without a word: functions, NaN, dates, maps, cycles. Members that are
 * `undefined` count as absent.
 *
 * @throws ToolkitError `INVALID_OPTION`, naming the path.
 */
export function assertJson(value: unknown, path: string): asserts value is JsonValue {
  check(value, path, 0);
}

function check(value: unknown, path: string, depth: number): void {
  if (typeof value === 'string' || typeof value === 'boolean' || value === null) return;
  if (typeof value === 'number' && Number.isFinite(value)) return;
  if (typeof value !== 'object') refuse(value, path);
  if (depth > DEEPEST) {
    throw new ToolkitError('INVALID_OPTION', `${path.slice(0, 80)}… is nested too deeply, or holds itself.`);
  }
  if (Array.isArray(value)) {
    for (let index = 0; index < value.length; index += 1) check(value[index], `${path}[${index}]`, depth + 1);
    return;
  }
  if (!isPlainObject(value)) refuse(value, path);
  for (const key of Object.keys(value)) {
    const member = value[key];
    // The commonest case, before its path is put together: this runs for every result that is recorded.
    if (typeof member === 'string' || member === undefined) continue;
    check(member, `${path}.${key}`, depth + 1);
  }
}

function isPlainObject(value: object): value is Record<string, unknown> {
  const prototype: unknown = Object.getPrototypeOf(value);
  return (
    (prototype === Object.prototype ||
      prototype === null ||
      // An object of another realm, such as a test's.
      Object.getPrototypeOf(prototype) === null) &&
    !('toJSON' in value)
  );
}

function refuse(value: unknown, path: string): never {
  throw new ToolkitError(
    'INVALID_OPTION',
    `${path} must be JSON, got ${quote(value)}. Turn it into strings, finite numbers, booleans, null, lists and plain objects first.`,
  );
}
