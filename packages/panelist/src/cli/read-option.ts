import { InvalidArgumentError } from '@commander-js/extra-typings';

/** Readers for option values; each says what was expected and commander quotes what came. */
export function wholeNumber(min: number, max: number = Number.MAX_SAFE_INTEGER): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (/^\d+$/.test(text.trim()) && value >= min && value <= max) return value;
    const range = max === Number.MAX_SAFE_INTEGER ? `of at least ${min}` : `from ${min} to ${max}`;
    throw new InvalidArgumentError(`Expected a whole number ${range}.`);
  };
}

export function decimal(min: number, max: number): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (text.trim() !== '' && value >= min && value <= max) return value;
    throw new InvalidArgumentError(`Expected a number from ${min} to ${max}.`);
  };
}

/** The word for no limit. */
const NO_LIMIT = 'none';

/** The value of an option that limits something: what `read` reads, or `null` for `none`. */
export function limit(read: (text: string) => number): (text: string) => number | null {
  return (text) => {
    if (text === NO_LIMIT) return null;
    try {
      return read(text);
    } catch (error) {
      if (!(error instanceof InvalidArgumentError)) throw error;
      throw new InvalidArgumentError(error.message.replace(/\.$/, `, or \`${NO_LIMIT}\` for no limit.`));
    }
  };
}

const AGE_UNITS_MS: Readonly<Record<string, number>> = { h: 3_600_000, d: 86_400_000, w: 604_800_000 };

/** An age such as `90d`, in milliseconds: hours, days or weeks. */
export function age(text: string): number {
  const [, count, unit = ''] = /^(\d{1,6})([hdw])$/.exec(text.trim()) ?? [];
  const unitMs = AGE_UNITS_MS[unit];
  if (unitMs !== undefined) return Number(count) * unitMs;
  throw new InvalidArgumentError('Expected a number of hours, days or weeks, such as 36h, 90d or 12w.');
}

/** Names that are separated by commas; more may be given by the same option again. */
export function names(text: string, before: readonly string[] = []): readonly string[] {
  const given = text.split(',').map((name) => name.trim());
  if (given.includes(''))
    throw new InvalidArgumentError('Expected names separated by commas, such as q1,q2.');
  return [...before, ...given];
}

/** Of an option that may be given several times: `NAME=FILE`, into a map from name to path. */
export function choicesFile(text: string, before?: ReadonlyMap<string, string>): ReadonlyMap<string, string> {
  const at = text.indexOf('=');
  const [name, path] = [text.slice(0, at).trim(), text.slice(at + 1).trim()];
  if (at < 0 || name === '' || path === '')
    throw new InvalidArgumentError('Expected NAME=FILE, such as country=countries.csv.');
  if (before?.has(name)) throw new InvalidArgumentError(`The choices of "${name}" are given twice.`);
  return new Map([...(before ?? []), [name, path]]);
}

/** Of an option that may be given several times: all its values, in order. */
export function eachOf(text: string, before: readonly string[] = []): readonly string[] {
  return [...before, text];
}

/** `question=column`. Names may hold `=`: the first one is meant, which a question's name seldom has. */
export function questionColumn(
  text: string,
  known: ReadonlyMap<string, string>,
): ReadonlyMap<string, string> {
  const place = text.indexOf('=');
  const question = text.slice(0, place).trim();
  const column = text.slice(place + 1).trim();
  if (place > 0 && question !== '' && column !== '') return new Map([...known, [question, column]]);
  throw new InvalidArgumentError('Expected question=column.');
}

/** Names of a fixed set, separated by commas. */
export function oneOfEach<const Name extends string>(
  known: readonly Name[],
): (text: string) => readonly Name[] {
  return (text) =>
    [...new Set(names(text))].map((name) => {
      const found = known.find((each) => each === name);
      if (found !== undefined) return found;
      throw new InvalidArgumentError(`Expected names separated by commas, of ${known.join(', ')}.`);
    });
}

/** `127.0.0.1:9400`, `[::1]:9400`, or a port of every interface: `:9400`. */
export function hostAndPort(text: string): { readonly host: string; readonly port: number } {
  const [, six, host = six, port] = /^(?:\[([\da-f:.]+)\]|([^\s:[\]]*)):(\d{1,5})$/i.exec(text.trim()) ?? [];
  if (port !== undefined && Number(port) <= 65_535) return { host: host || '0.0.0.0', port: Number(port) };
  throw new InvalidArgumentError('Expected an address and a port, such as 127.0.0.1:9400 or :9400.');
}
