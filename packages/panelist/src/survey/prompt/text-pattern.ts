/** What a pattern finds in place of a number, a date, or any text. */
const captures: Readonly<Record<Kind, string>> = {
  number: String.raw`(-?\d+(?:\.\d+)?(?:e[+-]?\d+)?)`,
  date: String.raw`(\d[\dTW:-]*)`,
  text: '(.*?)',
};

type Kind = 'number' | 'date' | 'text';
type Value<K extends Kind> = K extends 'number' ? number : string;

/** Numbers and texts that no text of a language has. */
const firstNumber = 918_273_645_001;
const sample = (kind: Kind, index: number): number | string =>
  kind === 'number' ? firstNumber + index : `\u{e000}${index}\u{e001}`;

/**
 * Reads back what a language's text was made of. `write` makes the text of values of these kinds; the pattern is that
 * text with anything in their places. So each language is written only once, and no wording is repeated to read it.
 *
 * @returns the values in a whole text, in the order of `kinds`; `null` for another text
 */
export function readerOf<const Kinds extends readonly Kind[]>(
  kinds: Kinds,
  write: (...values: { [Index in keyof Kinds]: Value<Kinds[Index]> }) => string,
): (text: string) => { [Index in keyof Kinds]: Value<Kinds[Index]> } | null {
  type Values = { [Index in keyof Kinds]: Value<Kinds[Index]> };
  const samples = kinds.map(sample);
  const written = write(...(samples as Values));
  const places = samples
    .map((value, index) => ({ index, text: String(value), at: written.indexOf(String(value)) }))
    .filter(({ at }) => at >= 0)
    .sort((a, b) => a.at - b.at);
  let source = '';
  let end = 0;
  for (const { at, text, index } of places) {
    source += RegExp.escape(written.slice(end, at)) + captures[kinds[index] as Kind];
    end = at + text.length;
  }
  const pattern = new RegExp(`^${source}${RegExp.escape(written.slice(end))}$`, 's');
  return (text) => {
    const match = pattern.exec(text);
    if (match === null) return null;
    const values: unknown[] = kinds.map(() => '');
    for (const [place, { index }] of places.entries()) {
      const found = match[place + 1] as string;
      values[index] = kinds[index] === 'number' ? Number(found) : found;
    }
    return values as Values;
  };
}

/** The first that is not `null`. */
export function firstRead<T>(text: string, readers: readonly ((text: string) => T | null)[]): T | null {
  for (const read of readers) {
    const found = read(text);
    if (found !== null) return found;
  }
  return null;
}

/** Makes something once for each language: readers are costly to make. */
export function oncePer<Language extends object, T>(
  make: (language: Language) => T,
): (language: Language) => T {
  const made = new WeakMap<Language, T>();
  return (language) => {
    const known = made.get(language) ?? make(language);
    made.set(language, known);
    return known;
  };
}
