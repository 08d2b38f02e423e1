/**
 * Returns the problem of a value and its path, or `null` if the value is a `T`. Not a zod schema, because every result is
 * checked each time it is read, and this takes a tenth of the time.
 */
export interface Shape<T> {
  (value: unknown): string | null;
  /** Exists only as a type. */
  readonly of?: T;
}

/** Maximum length of a stored text in characters; no survey file or reply body is longer. */
const maxText = 10_000_000;
/** Maximum number of entries of a list or record. */
const maxEntries = 200_000;

export const text: Shape<string> = (value) => {
  if (typeof value !== 'string') return 'a text is expected';
  return value.length <= maxText ? null : `a text has at most ${maxText} characters`;
};

export const number: Shape<number> = (value) =>
  typeof value === 'number' && Number.isFinite(value) ? null : 'a number is expected';

export const count: Shape<number> = (value) =>
  Number.isSafeInteger(value) && (value as number) >= 0 ? null : 'a whole number from 0 is expected';

export const positive: Shape<number> = (value) =>
  typeof value === 'number' && value > 0 && value < Number.POSITIVE_INFINITY
    ? null
    : 'a number above 0 is expected';

export const boolean: Shape<boolean> = (value) =>
  typeof value === 'boolean' ? null : 'true or false is expected';

export function oneOf<const T extends string | boolean>(...values: readonly T[]): Shape<T> {
  const known = new Set<unknown>(values);
  const problem = `one of ${values.join(', ')} is expected`;
  return (value) => (known.has(value) ? null : problem);
}

export function nullable<T>(shape: Shape<T>): Shape<T | null> {
  return (value) => (value === null ? null : shape(value));
}

export function optional<T>(shape: Shape<T>): Shape<T | undefined> {
  return (value) => (value === undefined ? null : shape(value));
}

export function list<T>(entry: Shape<T>): Shape<readonly T[]> {
  return (value) => {
    if (!Array.isArray(value)) return 'a list is expected';
    if (value.length > maxEntries) return `a list has at most ${maxEntries} entries`;
    for (let index = 0; index < value.length; index += 1) {
      const problem = entry(value[index]);
      if (problem !== null) return `[${index}]: ${problem}`;
    }
    return null;
  };
}

/** Whether a value has a shape, for values that may as well be something else. */
export function fits<T>(shape: Shape<T>, value: unknown): value is T {
  return shape(value) === null;
}

/** An object with arbitrary names. */
export function record<T>(entry: Shape<T>): Shape<Readonly<Record<string, T>>> {
  return (value) => {
    if (!isObject(value)) return 'an object is expected';
    const names = Object.keys(value);
    if (names.length > maxEntries) return `an object has at most ${maxEntries} members`;
    for (const name of names) {
      const problem = entry(value[name]);
      if (problem !== null) return `.${name}: ${problem}`;
    }
    return null;
  };
}

/** An object with these members. Further members are allowed, since another version may write them. */
export function object<T>(members: { readonly [Name in keyof T]-?: Shape<T[Name]> }): Shape<T> {
  const shapes = Object.entries<Shape<unknown>>(members);
  return (value) => {
    if (!isObject(value)) return 'an object is expected';
    for (const [name, shape] of shapes) {
      const problem = shape(value[name]);
      if (problem !== null) return `.${name}: ${problem}`;
    }
    return null;
  };
}

/** One of several objects, selected by `kind`. */
export function kinds<T extends { readonly kind: string }>(
  shapes: {
    readonly [Kind in T['kind']]: Shape<OfKind<T, Kind>>;
  },
): Shape<T> {
  const byKind = new Map<unknown, Shape<T>>(Object.entries(shapes) as [string, Shape<T>][]);
  return (value) => {
    if (!isObject(value)) return 'an object is expected';
    const shape = byKind.get(value.kind);
    return shape === undefined ? `.kind: one of ${[...byKind.keys()].join(', ')} is expected` : shape(value);
  };
}

type OfKind<T, Kind> = T extends { readonly kind: infer Own } ? (Kind extends Own ? T : never) : never;

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
