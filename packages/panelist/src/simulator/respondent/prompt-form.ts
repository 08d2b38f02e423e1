import { placesOf } from './prompt-limits.ts';
import { type PromptWords, type TextFormName, textForms } from './prompt-words.ts';

/** What the words around a question say of its answer's form, where its schema says no more than "a text". */
export interface PromptForm {
  /** Whether it may be left empty. */
  readonly isOptional: boolean;
  /** The options that are listed; empty where none are. */
  readonly options: readonly string[];
  readonly number: 'integer' | 'number' | null;
  /** Whether the options are to be put in an order. */
  readonly isRanking: boolean;
  /** What form of text is asked; `null` for any. */
  readonly textForm: TextForm | null;
}

/** A date from 2026-01-01 to 2026-12-31. */
export interface TextForm {
  readonly name: TextFormName;
  readonly earliest: string | null;
  readonly latest: string | null;
}

/** What a reply says where it leaves a question empty. */
export const LEFT_EMPTY = '(no answer)';

/** Characters: two thousand options. */
const REACH = 200_000;

/** Reads what `survey/prompt.ts` writes: `q2 (optional). Title`, and below it what to choose or to give. */
export function promptForm(title: string, texts: readonly string[]): PromptForm {
  let isOptional = false;
  const none = { options: [], number: null, isRanking: false, textForm: null } as const;
  for (const { before, after, words } of placesOf(title, texts, REACH)) {
    isOptional ||= before.endsWith(`${words.optional}. `);
    const listed = listOf(words).exec(after)?.[1];
    const isRanking = new RegExp(`\\n {2}${words.rank}`).test(after);
    if (listed !== undefined)
      return { ...none, isOptional, options: listed.slice(5).split('\n  - '), isRanking };
    if (isRanking) return { ...none, isOptional, isRanking };
    const form = words.giveForm.exec(after)?.[1];
    if (form !== undefined) return { ...none, isOptional, textForm: textForm(form, words) };
    const points = words.chooseNumber.exec(after)?.[1];
    if (points !== undefined) return { ...none, isOptional, options: numbersOf(points), number: 'number' };
    const given = words.giveNumber.exec(after);
    if (given !== null) return { ...none, isOptional, number: given[1] === undefined ? 'number' : 'integer' };
  }
  return { ...none, isOptional };
}

/** Between a title and what to choose are a description and a preset at most. */
function listOf({ choose }: PromptWords): RegExp {
  return new RegExp(`^[^\\n]*(?:\\n {2}[^\\n]*){0,3}?\\n {2}${choose}[^\\n]*[:：]((?:\\n {2}- [^\\n]*)+)`);
}

function textForm(form: string, { forms, fromTo, notBefore, notAfter }: PromptWords): TextForm | null {
  // The longest first: "a date and time" begins as "a date" does.
  const name = textForms
    .toSorted((a, b) => forms[b].length - forms[a].length)
    .find((each) => form.startsWith(forms[each]));
  if (name === undefined) return null;
  const range = fromTo.exec(form);
  return {
    name,
    earliest: range?.[1] ?? notBefore.exec(form)?.[1] ?? null,
    latest: range?.[2] ?? notAfter.exec(form)?.[1] ?? null,
  };
}

/** `1 (Not at all), 2, 3 (Very much)`. */
function numbersOf(points: string): string[] {
  const bare = points.replaceAll(/\([^()]*\)/g, '');
  return bare.split(',').flatMap((point) => (/^-?\d+(?:\.\d+)?$/.test(point.trim()) ? [point.trim()] : []));
}
