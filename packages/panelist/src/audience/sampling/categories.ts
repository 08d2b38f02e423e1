/** A variable of a sample, and its categories. */
export interface Variable {
  readonly name: string;
  readonly categories: readonly string[];
}

/** Default bands for numbers, as in most election and market research. */
const ageBands = ['under 18', '18-29', '30-44', '45-59', '60+'];
/** A variable with more distinct numbers is grouped into bands. */
const maxNumbers = 12;

/** The index of a value's category; −1 for none. Words match regardless of case, numbers by bands. */
export function categoryOf(categories: readonly string[], value: string | undefined): number {
  if (value === undefined) return -1;
  const said = normalised(value);
  const named = categories.findIndex((category) => normalised(category) === said);
  if (named >= 0) return named;
  const number = /^-?\d+(?:\.\d+)?$/.test(said) ? Number(said) : null;
  return number === null ? -1 : categories.findIndex((category) => isInBand(number, category));
}

/** Bands are `18-29` or `18–29` (both ends included), `65+`, `under 18`, `<18`, `over 65`, `>65`. */
function isInBand(number: number, category: string): boolean {
  const band = normalised(category);
  const range = /^(\d+(?:\.\d+)?)\s*(?:-|–|—|to)\s*(\d+(?:\.\d+)?)$/.exec(band);
  // 29.5 years count as 29.
  if (range) return number >= Number(range[1]) && Math.floor(number) <= Number(range[2]);
  const least = /^(\d+(?:\.\d+)?)\s*(?:\+|and over|or older|and older|or more)$/.exec(band);
  if (least) return number >= Number(least[1]);
  const below = /^(?:under|below|<)\s*(\d+(?:\.\d+)?)$/.exec(band);
  if (below) return number < Number(below[1]);
  const above = /^(?:over|above|>)\s*(\d+(?:\.\d+)?)$/.exec(band);
  return above !== null && number > Number(above[1]);
}

/** The categories of the values in the order of their first occurrence; many distinct numbers become bands. */
export function categoriesIn(values: Iterable<string | undefined>): string[] {
  const seen = new Map<string, string>();
  for (const value of values) {
    if (value !== undefined && !seen.has(normalised(value))) seen.set(normalised(value), value.trim());
  }
  const all = [...seen.values()];
  const isNumeric = all.every((value) => /^-?\d+(?:\.\d+)?$/.test(value));
  return isNumeric && all.length > maxNumbers ? ageBands : all;
}

function normalised(text: string): string {
  return text.trim().toLowerCase();
}
