import { quote, ToolkitError } from '../errors/toolkit-error.ts';

/**
 * The checks of options and arguments. Each throws the `ToolkitError` `INVALID_OPTION`, which says what is expected and
 * quotes the value. Those that return their value let `undefined` pass: an option that is left out.
 */

export function checkOption(
  holds: boolean,
  expected: string,
  value: unknown,
  advice?: string,
): asserts holds {
  if (holds) return;
  const message = `${expected}, got ${quote(value)}.`;
  throw new ToolkitError('INVALID_OPTION', advice === undefined ? message : `${message} ${advice}`);
}

/** Which numbers are allowed. */
export interface NumberRange {
  /** The smallest. @default none */
  readonly from?: number;
  /** All are larger than this. @default none */
  readonly above?: number;
  /** @default false */
  readonly orInfinity?: boolean;
  /** A sentence on what to do instead. */
  readonly advice?: string;
}

export function checkNumber<V extends number | undefined>(
  name: string,
  value: V,
  range: NumberRange,
  unit = '',
): V {
  checkOption(
    value === undefined || isWithin(value, range),
    `${name} must be a ${range.orInfinity ? '' : 'finite '}number${unit}${inWords(range)}`,
    value,
    range.advice,
  );
  return value;
}

/** A duration. */
export function checkMs<V extends number | undefined>(name: string, value: V, range: NumberRange): V {
  return checkNumber(name, value, range, ' of milliseconds');
}

/** A whole number. Where Infinity isn't one of them, it is also small enough to be counted without gaps. */
export function checkCount<V extends number | undefined>(name: string, value: V, range: NumberRange): V {
  const isWhole = range.orInfinity
    ? Number.isInteger(value) || value === Number.POSITIVE_INFINITY
    : Number.isSafeInteger(value);
  checkOption(
    value === undefined || (isWhole && isWithin(value, range)),
    `${name} must be a whole number${inWords(range)}`,
    value,
  );
  return value;
}

export function checkFunction<F>(name: string, value: F): F {
  checkOption(value === undefined || typeof value === 'function', `${name} must be a function`, value);
  return value;
}

export function checkFlag<V extends boolean | undefined>(name: string, value: V): V {
  checkOption(value === undefined || typeof value === 'boolean', `${name} must be true or false`, value);
  return value;
}

export function checkSignal<S extends AbortSignal | undefined>(name: string, value: S): S {
  const isSignal = value === undefined || typeof value?.addEventListener === 'function';
  checkOption(isSignal, `${name} must be an AbortSignal`, value);
  return value;
}

export function checkObject(name: string, value: unknown, advice?: string): asserts value is object {
  checkOption(typeof value === 'object' && value !== null, `${name} must be an object`, value, advice);
}

/** Text that every store can keep: databases can't keep a NUL, or tell two lone surrogates apart. */
export function checkKey(name: string, value: unknown): asserts value is string {
  checkOption(
    typeof value === 'string' && value !== '' && !value.includes('\0') && value.isWellFormed(),
    `${name} must be a string that is not empty and is well-formed Unicode without NUL`,
    value,
  );
}

export function checkText(name: string, value: unknown): asserts value is string | null {
  checkOption(value === null || typeof value === 'string', `${name} must be a string or null`, value);
}

function isWithin(value: unknown, { from, above, orInfinity = false }: NumberRange): boolean {
  if (typeof value !== 'number' || Number.isNaN(value)) return false;
  if (value === Number.POSITIVE_INFINITY) return orInfinity;
  return (from === undefined || value >= from) && (above === undefined || value > above);
}

function inWords({ from, above, orInfinity = false }: NumberRange): string {
  const least = from === undefined ? (above === undefined ? '' : ` above ${above}`) : ` from ${from}`;
  return orInfinity ? `${least}, or Infinity` : least;
}
