import { bandOf, numberIn } from './bands.ts';

/** A variable of a sample, and its categories. */
export interface Variable {
  readonly name: string;
  readonly categories: readonly string[];
}

/** Default bands for numbers, as in most election and market research. */
const ageBands = ['under 18', '18-29', '30-44', '45-59', '60+'];
/** A variable with more distinct numbers is grouped into bands. */
const maxNumbers = 12;

/** Finds the index of a value's category; −1 for none. Words match regardless of case, numbers by bands. */
export function categoryFinder(categories: readonly string[]): (value: string | undefined) => number {
  const named = new Map<string, number>();
  for (const [index, category] of categories.entries())
    if (!named.has(normalised(category))) named.set(normalised(category), index);
  const bands = categories.map(bandOf);
  return (value) => {
    if (value === undefined) return -1;
    const same = named.get(normalised(value));
    if (same !== undefined) return same;
    const number = numberIn(value);
    return number === null ? -1 : bands.findIndex((band) => band?.includes(number));
  };
}

/** The categories of the values; many distinct numbers become bands. They do not depend on the order of the values. */
export function categoriesIn(values: Iterable<string | undefined>): string[] {
  const spellings = new Map<string, string>();
  for (const value of values) {
    if (value === undefined) continue;
    const [key, text] = [normalised(value), value.trim()];
    const known = spellings.get(key);
    if (known === undefined || text < known) spellings.set(key, text);
  }
  const all = [...spellings].sort(([a], [b]) => compared(a, b)).map(([, text]) => text);
  const isNumeric = all.every((value) => numberIn(value) !== null);
  return isNumeric && all.length > maxNumbers ? ageBands : all;
}

/** The name under which a category is the same in any spelling. */
export function normalised(text: string): string {
  return text.trim().toLowerCase();
}

/** Numbers by value, texts by their characters: the same in any locale. */
function compared(a: string, b: string): number {
  const [first, second] = [numberIn(a), numberIn(b)];
  if (first !== null && second !== null && first !== second) return first - second;
  return a < b ? -1 : a > b ? 1 : 0;
}
