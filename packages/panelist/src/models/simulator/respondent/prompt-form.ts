import { placesOf } from './prompt-limits.ts';

/** What the words around a question say of its answer's form, where its schema says no more than "a text". */
export interface PromptForm {
  /** Whether it may be left empty. */
  readonly isOptional: boolean;
  /** The options that are listed; empty where none are. */
  readonly options: readonly string[];
  readonly number: 'integer' | 'number' | null;
}

/** What a reply says where it leaves a question empty. */
export const LEFT_EMPTY = '(no answer)';

const CHOOSE = /^[^\n]*(?:\n {2}(?!Choose)[^\n]*){0,2}\n {2}Choose [^\n]*:((?:\n {2}- [^\n]*)+)/;
const CHOOSE_NUMBER = /\n {2}Choose one number: ([^\n]*)/;
const GIVE_NUMBER = /\n {2}Give a (whole )?number\b/;
/** Characters: two thousand options. */
const REACH = 200_000;

/** Reads what `survey/prompt.ts` writes: `q2 (optional). Title`, and below it what to choose or to give. */
export function promptForm(title: string, texts: readonly string[]): PromptForm {
  let isOptional = false;
  for (const { before, after } of placesOf(title, texts, REACH)) {
    isOptional ||= before.endsWith(' (optional). ');
    const listed = CHOOSE.exec(after)?.[1];
    if (listed !== undefined) return { isOptional, options: listed.slice(5).split('\n  - '), number: null };
    const points = CHOOSE_NUMBER.exec(after)?.[1];
    if (points !== undefined) return { isOptional, options: numbersOf(points), number: 'number' };
    const given = GIVE_NUMBER.exec(after);
    if (given !== null)
      return { isOptional, options: [], number: given[1] === undefined ? 'number' : 'integer' };
  }
  return { isOptional, options: [], number: null };
}

/** `1 (Not at all), 2, 3 (Very much)`. */
function numbersOf(points: string): string[] {
  const bare = points.replaceAll(/\([^()]*\)/g, '');
  return bare.split(',').flatMap((point) => (/^-?\d+(?:\.\d+)?$/.test(point.trim()) ? [point.trim()] : []));
}
