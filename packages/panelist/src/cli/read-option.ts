import { InvalidArgumentError } from 'commander';

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

/** Of an option that may be given several times: `NAME=FILE`, into a map from name to path. */
export function choicesFile(text: string, before?: ReadonlyMap<string, string>): ReadonlyMap<string, string> {
  const at = text.indexOf('=');
  const [name, path] = [text.slice(0, at).trim(), text.slice(at + 1).trim()];
  if (at < 0 || name === '' || path === '')
    throw new InvalidArgumentError('Expected NAME=FILE, such as country=countries.csv.');
  if (before?.has(name)) throw new InvalidArgumentError(`The choices of "${name}" are given twice.`);
  return new Map([...(before ?? []), [name, path]]);
}
