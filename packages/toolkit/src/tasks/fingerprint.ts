import { createHash } from 'node:crypto';
import { quote, ToolkitError } from '../errors/toolkit-error.ts';

/** Deeper than this it is a mistake, and the stack would not last much longer. */
const DEEPEST = 500;

export interface FingerprintOptions {
  /**
   * Lists whose order matters, as dotted paths from the root: `messages`, `pages.*.questions`. `*` stands for any
   * one key or position, and `''` for a list at the root. A key that itself has a dot cannot be named but by `*`.
   * @default [], no list's order matters
   */
  readonly ordered?: readonly string[] | undefined;
}

/**
 * Names a request: equal for parameters that mean the same. The order of keys does not matter, nor that of lists
 * unless they are named in `ordered`. Members that are `undefined` count as absent, `toJSON` is honoured, as in
 * `JSON.stringify`.
 *
 * @returns the MD5 of the canonical JSON, 32 hexadecimal digits. It tells requests apart; it is no protection
 * against somebody who makes two collide on purpose.
 * @throws ToolkitError `NOT_FINGERPRINTABLE` for what has no JSON, or would lose its content in it: functions,
 * symbols, bigints, NaN, infinities, maps, sets, instances of classes without `toJSON`, cycles.
 *
 * @example
 * fingerprint({ id: '123', ids: [1, 2, 3] }) === fingerprint({ ids: [3, 2, 1], id: '123' }); // true
 */
export function fingerprint(params: unknown, { ordered = [] }: FingerprintOptions = {}): string {
  const patterns = ordered.map((path) => (path === '' ? [] : path.split('.')));
  const text = canonical(params, [], patterns, new Set());
  if (text === undefined) refuse(params, []);
  return createHash('md5').update(text).digest('hex');
}

type Path = readonly (string | number)[];

function canonical(
  given: unknown,
  path: Path,
  ordered: readonly (readonly string[])[],
  ancestors: Set<object>,
): string | undefined {
  const value = honourToJson(given, path);
  if (value === undefined) return undefined;
  if (typeof value === 'string' || typeof value === 'boolean' || value === null) return JSON.stringify(value);
  if (typeof value === 'number' && Number.isFinite(value)) return JSON.stringify(value);
  if (typeof value !== 'object') refuse(value, path);
  if (ancestors.has(value)) refuse(value, path, 'holds itself');
  if (ancestors.size > DEEPEST) refuse(value, path, 'is nested too deeply');
  ancestors.add(value);
  const text = Array.isArray(value)
    ? canonicalList(value, path, ordered, ancestors)
    : canonicalObject(value, path, ordered, ancestors);
  ancestors.delete(value);
  return text;
}

function canonicalList(
  list: readonly unknown[],
  path: Path,
  ordered: readonly (readonly string[])[],
  ancestors: Set<object>,
): string {
  // As in JSON, an undefined element keeps its place as null.
  const texts = Array.from(
    list,
    (item, index) => canonical(item, [...path, index], ordered, ancestors) ?? 'null',
  );
  if (!ordered.some((pattern) => matches(pattern, path))) texts.sort();
  return `[${texts.join(',')}]`;
}

function canonicalObject(
  value: object,
  path: Path,
  ordered: readonly (readonly string[])[],
  ancestors: Set<object>,
): string {
  // A Map, a RegExp, a typed array … would be `{}` or worse.
  if (Object.prototype.toString.call(value) !== '[object Object]') refuse(value, path);
  // So would an object whose content is private. One of another realm has a prototype of its own, and no other above it.
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype !== null && Object.getPrototypeOf(prototype) !== null)
    refuse(value, path, 'is an instance of a class without a toJSON method, which may have private content');
  const members: string[] = [];
  for (const key of Object.keys(value).sort()) {
    const text = canonical((value as Record<string, unknown>)[key], [...path, key], ordered, ancestors);
    if (text !== undefined) members.push(`${JSON.stringify(key)}:${text}`);
  }
  return `{${members.join(',')}}`;
}

function honourToJson(value: unknown, path: Path): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (!('toJSON' in value) || typeof value.toJSON !== 'function') return value;
  return value.toJSON(String(path.at(-1) ?? ''));
}

function matches(pattern: readonly string[], path: Path): boolean {
  return (
    pattern.length === path.length &&
    pattern.every((part, index) => part === '*' || part === String(path[index]))
  );
}

function refuse(value: unknown, path: Path, why = 'has no JSON'): never {
  const where = path.length === 0 ? 'The value itself' : quote(path.slice(0, 20).join('.'));
  throw new ToolkitError(
    'NOT_FINGERPRINTABLE',
    `${where} ${why}: ${quote(value)}. Leave it out, or turn it into a string.`,
  );
}
