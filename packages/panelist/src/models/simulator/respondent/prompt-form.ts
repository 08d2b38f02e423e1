import { placesOf } from './prompt-limits.ts';

/** What the words around a question say of its answer's form, where its schema says no more than "a text". */
export interface PromptForm {
  /** Whether it may be left empty. */
  readonly isOptional: boolean;
  /** The options that are listed; empty where none are. */
  readonly options: readonly string[];
  readonly number: 'integer' | 'number' | null;
  /** Whether the options are to be put in an order. */
  readonly isRanking: boolean;
  /** What form of text is asked: `a date as YYYY-MM-DD, from 2026-01-01 to 2026-12-31`; `null` for any. */
  readonly textForm: string | null;
}

/** What a reply says where it leaves a question empty. */
export const LEFT_EMPTY = '(no answer)';

const CHOOSE =
  /^[^\n]*(?:\n {2}(?!Choose|Rank)[^\n]*){0,3}\n {2}(?:Choose|Rank) [^\n]*:((?:\n {2}- [^\n]*)+)/;
const CHOOSE_NUMBER = /\n {2}Choose one number: ([^\n]*)/;
const GIVE_NUMBER = /\n {2}Give a (whole )?number\b/;
const RANK = /\n {2}Rank /;
const GIVE_TEXT = /\n {2}Give (an? (?:date|month|week|time|e-mail|web|telephone|colour)[^\n]*)\./;
/** Characters: two thousand options. */
const REACH = 200_000;

/** Reads what `survey/prompt.ts` writes: `q2 (optional). Title`, and below it what to choose or to give. */
export function promptForm(title: string, texts: readonly string[]): PromptForm {
  let isOptional = false;
  const none = { options: [], number: null, isRanking: false, textForm: null } as const;
  for (const { before, after } of placesOf(title, texts, REACH)) {
    isOptional ||= before.endsWith(' (optional). ');
    const listed = CHOOSE.exec(after)?.[1];
    const isRanking = RANK.test(after);
    if (listed !== undefined)
      return { ...none, isOptional, options: listed.slice(5).split('\n  - '), isRanking };
    if (isRanking) return { ...none, isOptional, isRanking };
    const textForm = GIVE_TEXT.exec(after)?.[1];
    if (textForm !== undefined) return { ...none, isOptional, textForm };
    const points = CHOOSE_NUMBER.exec(after)?.[1];
    if (points !== undefined) return { ...none, isOptional, options: numbersOf(points), number: 'number' };
    const given = GIVE_NUMBER.exec(after);
    if (given !== null) return { ...none, isOptional, number: given[1] === undefined ? 'number' : 'integer' };
  }
  return { ...none, isOptional };
}

/** `1 (Not at all), 2, 3 (Very much)`. */
function numbersOf(points: string): string[] {
  const bare = points.replaceAll(/\([^()]*\)/g, '');
  return bare.split(',').flatMap((point) => (/^-?\d+(?:\.\d+)?$/.test(point.trim()) ? [point.trim()] : []));
}
