import { quote, ToolkitError } from '../errors/toolkit-error.ts';
import type { JsonValue } from './task-record.ts';

/** A deeper value is a mistake, and would soon exhaust the stack of `JSON.stringify`. */
const MAX_DEPTH = 500;

/**
 * A copy of `value`, which its owner cannot change. Refuses what JSON would silently drop or change:
 * functions, NaN, dates, maps, cycles. Members that are `undefined` count as absent.
 *
 * @throws ToolkitError `INVALID_OPTION`, naming the path.
 */
export function toJson(value: unknown, path: string): JsonValue {
  return copy(value, path, 0);
}

function copy(value: unknown, path: string, depth: number): JsonValue {
  if (typeof value === 'string' || typeof value === 'boolean' || value === null) return value;
  if (typeof value === 'number' && Number.isFinite(value)) return value;
  if (typeof value !== 'object') return refuse(value, path);
  if (depth > MAX_DEPTH) {
    throw new ToolkitError(
      'INVALID_OPTION',
      `${path.slice(0, 80)}… is nested too deeply, or contains itself.`,
    );
  }
  if (Array.isArray(value)) {
    const entries: JsonValue[] = [];
    for (let index = 0; index < value.length; index += 1) {
      entries.push(copy(value[index], `${path}[${index}]`, depth + 1));
    }
    return entries;
  }
  if (!isPlainObject(value)) return refuse(value, path);
  const copied: Record<string, JsonValue> = {};
  for (const key of Object.keys(value)) {
    const member = value[key];
    if (member === undefined) continue;
    // The commonest case, before its path is put together: this runs for every result that is recorded.
    const json = typeof member === 'string' ? member : copy(member, `${path}.${key}`, depth + 1);
    // Assigned, it would become the prototype.
    if (key === '__proto__') Object.defineProperty(copied, key, { value: json, enumerable: true });
    else copied[key] = json;
  }
  return copied;
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
