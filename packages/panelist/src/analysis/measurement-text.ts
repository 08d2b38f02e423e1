import type { Messages } from '../languages/messages.ts';
import type { Measurement } from '../survey/measurement.ts';

/** How a question is measured and why, such as `ordinal (its options are words of a scale), scores 1 to 5`. */
export function measurementText(
  { level, basis, scores }: Omit<Measurement, 'scores'> & { readonly scores: readonly number[] | null },
  { measurement: said }: Pick<Messages, 'measurement'>,
): string {
  if (level === null) return '';
  const name = said.levels[level];
  const why = basis === null || basis === 'number' ? name : said.because(name, said.bases[basis]);
  const [first, last] = [scores?.[0], scores?.at(-1)];
  return first === undefined || last === undefined ? why : said.scored(why, first, last);
}
