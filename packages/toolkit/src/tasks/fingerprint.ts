import { createHash } from 'node:crypto';
import { atOnce, type Steps } from '../clock/turns.ts';
import { quote, ToolkitError } from '../errors/toolkit-error.ts';

/** A deeper value is a mistake, and would soon exhaust the stack. */
const MAX_DEPTH = 500;

export interface FingerprintOptions {
  /**
   * Lists whose order matters, as dotted paths from the root: `messages`, `pages.*.questions`. `*` stands for any
   * one key or position, and `''` for a list at the root. A key that itself has a dot cannot be named but by `*`.
   * @default [], no list's order matters
   */
  readonly ordered?: readonly string[] | undefined;
}

/**
 * Identifies a request: equal for parameters that mean the same. The order of keys does not matter, nor that of lists
 * unless they are named in `ordered`. Members that are `undefined` count as absent, `toJSON` is honoured, as in
 * `JSON.stringify`.
 *
 * @returns the MD5 of the canonical JSON, 32 hexadecimal digits. It distinguishes requests; it does not
 * protect against collisions made on purpose.
 * @throws ToolkitError `NOT_FINGERPRINTABLE` for what has no JSON, or would lose its content in it: functions,
 * symbols, bigints, NaN, infinities, maps, sets, instances of classes without `toJSON`, cycles.
 *
 * @example
 * fingerprint({ id: '123', ids: [1, 2, 3] }) === fingerprint({ ids: [3, 2, 1], id: '123' }); // true
 */
export function fingerprint(params: unknown, options: FingerprintOptions = {}): string {
  return atOnce(fingerprintSteps(params, options));
}

/** Parts of the value per step: a step takes about a millisecond. */
const PARTS_PER_STEP = 1_000;
/** Characters that are hashed per step. */
const CHARACTERS_PER_STEP = 1_000_000;
/** Texts that are sorted, or merged, per step. */
const TEXTS_PER_STEP = 2_000;

/** As `fingerprint`, in steps: a task's identity may contain a hundred thousand items. */
export function* fingerprintSteps(params: unknown, { ordered = [] }: FingerprintOptions = {}): Steps<string> {
  const patterns = ordered.map((path) => (path === '' ? [] : path.split('.')));
  const text = yield* canonical(params, [], { patterns, ancestors: new Set(), parts: 0 });
  if (text === undefined) refuse(params, []);
  const hash = createHash('md5');
  let hashed = 0;
  for (const piece of typeof text === 'string' ? [text] : text) {
    for (let start = 0; start < piece.length; ) {
      const end = wholeCharacters(piece, start + CHARACTERS_PER_STEP);
      hash.update(piece.slice(start, end));
      hashed += end - start;
      start = end;
      if (hashed < CHARACTERS_PER_STEP) continue;
      hashed = 0;
      yield;
    }
  }
  return hash.digest('hex');
}

/** A text in one string, or a long one in pieces: to join those of many megabytes takes a tenth of a second. */
type Text = string | readonly string[];

/** Where to cut a text, so that no surrogate pair is cut in two. */
function wholeCharacters(text: string, end: number): number {
  if (end >= text.length) return text.length;
  const isInPair = (text.codePointAt(end - 1) ?? 0) > 0xffff;
  return isInPair ? end + 1 : end;
}

type Path = readonly (string | number)[];

interface Walk {
  readonly patterns: readonly (readonly string[])[];
  readonly ancestors: Set<object>;
  /** How many parts of the value have been read. */
  parts: number;
}

/** The text of one value; `undefined` for one that JSON leaves out. */
function* canonical(given: unknown, path: Path, walk: Walk): Steps<Text | undefined> {
  const value = honourToJson(given, path);
  if (value === undefined) return undefined;
  const text = primitiveText(value);
  if (text !== undefined) return text;
  if (typeof value !== 'object' || value === null) refuse(value, path);
  const { ancestors } = walk;
  if (ancestors.has(value)) refuse(value, path, 'contains itself');
  if (ancestors.size > MAX_DEPTH) refuse(value, path, 'is nested too deeply');
  ancestors.add(value);
  const whole = Array.isArray(value)
    ? yield* canonicalList(value, path, walk)
    : yield* canonicalObject(value, path, walk);
  ancestors.delete(value);
  return whole;
}

function primitiveText(value: unknown): string | undefined {
  if (typeof value === 'string' || typeof value === 'boolean' || value === null) return JSON.stringify(value);
  return typeof value === 'number' && Number.isFinite(value) ? JSON.stringify(value) : undefined;
}

function* canonicalList(list: readonly unknown[], path: Path, walk: Walk): Steps<Text> {
  const texts: string[] = [];
  for (let index = 0; index < list.length; index += 1) {
    const text = primitiveText(list[index]) ?? (yield* canonical(list[index], [...path, index], walk));
    // As in JSON, an undefined element keeps its place as null.
    texts.push(text === undefined ? 'null' : typeof text === 'string' ? text : text.join(''));
    if (++walk.parts >= PARTS_PER_STEP) yield* nextStep(walk);
  }
  const isOrdered = walk.patterns.some((pattern) => matches(pattern, path));
  const inOrder = isOrdered ? texts : yield* sorted(texts);
  if (inOrder.length <= TEXTS_PER_STEP) return `[${inOrder.join(',')}]`;
  const pieces: string[] = [];
  for (let start = 0; start < inOrder.length; start += TEXTS_PER_STEP) {
    const piece = inOrder.slice(start, start + TEXTS_PER_STEP).join(',');
    pieces.push(start === 0 ? '[' : ',', piece);
    yield;
  }
  return [...pieces, ']'];
}

function* canonicalObject(value: object, path: Path, walk: Walk): Steps<Text> {
  // A Map, a RegExp, a typed array … would be `{}` or worse.
  if (Object.prototype.toString.call(value) !== '[object Object]') refuse(value, path);
  // So would an object whose content is private. One of another realm has a prototype of its own, and no other above it.
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype !== null && Object.getPrototypeOf(prototype) !== null)
    refuse(value, path, 'is an instance of a class without a toJSON method, which may have private content');
  const pieces: string[] = [];
  let isLong = false;
  for (const key of yield* sorted(Object.keys(value))) {
    const member = (value as Record<string, unknown>)[key];
    const text = primitiveText(member) ?? (yield* canonical(member, [...path, key], walk));
    if (text !== undefined) {
      const name = `${pieces.length === 0 ? '{' : ','}${JSON.stringify(key)}:`;
      if (typeof text === 'string') pieces.push(name + text);
      else {
        isLong = true;
        pieces.push(name);
        for (const piece of text) pieces.push(piece);
      }
    }
    if (++walk.parts >= PARTS_PER_STEP) yield* nextStep(walk);
  }
  if (pieces.length === 0) return '{}';
  pieces.push('}');
  return isLong || pieces.length > TEXTS_PER_STEP ? pieces : pieces.join('');
}

function* nextStep(walk: Walk): Steps<void> {
  walk.parts = 0;
  yield;
}

/** As `texts.sort()`, which would take a tenth of a second for a hundred thousand: sorts parts and merges them. */
function* sorted(texts: string[]): Steps<string[]> {
  if (texts.length <= TEXTS_PER_STEP) return texts.sort();
  let runs: string[][] = [];
  for (let start = 0; start < texts.length; start += TEXTS_PER_STEP) {
    runs.push(texts.slice(start, start + TEXTS_PER_STEP).sort());
    yield;
  }
  while (runs.length > 1) {
    const merged: string[][] = [];
    for (let at = 0; at < runs.length; at += 2) merged.push(yield* merge(runs[at]!, runs[at + 1] ?? []));
    runs = merged;
  }
  return runs[0]!;
}

function* merge(a: readonly string[], b: readonly string[]): Steps<string[]> {
  const merged: string[] = [];
  let fromA = 0;
  let fromB = 0;
  while (fromA < a.length || fromB < b.length) {
    const isA = fromB >= b.length || (fromA < a.length && a[fromA]! <= b[fromB]!);
    merged.push(isA ? a[fromA++]! : b[fromB++]!);
    if (merged.length % (5 * TEXTS_PER_STEP) === 0) yield;
  }
  return merged;
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
