import type { TextFormat } from '../question-kinds/text-formats.ts';
import { english } from './en.ts';
import { chinese } from './zh.ts';

/**
 * What Panelist itself says in an interview: the instructions around a survey's own texts, and why a reply does not
 * fit. One object per language; a missing entry does not compile.
 */
export interface Frame {
  /** The system message up to the person. `about`: the survey's title and description, as far as it has them. */
  readonly survey: (parts: { readonly about: readonly string[]; readonly leftEmpty: string }) => string;
  readonly person: string;
  readonly nothingKnown: string;
  readonly answersSoFar: string;
  /** Behind a question's key: ` (optional)`. */
  readonly optional: string;
  readonly preset: (answer: string) => string;
  /** Before the options that several rows share; `task` is one of the tasks below. */
  readonly forEach: (rows: number, task: string) => string;

  /** What to do, without the options. `ends`: the meanings of a scale's ends. */
  readonly chooseOne: (ends: readonly [string, string] | null) => string;
  readonly chooseNumber: (points: string) => string;
  /** `onlyAlone`: options that go with no other, quoted. */
  readonly chooseSeveral: (howMany: string, onlyAlone: readonly string[]) => string;
  readonly rank: (howMany: string) => string;
  /** `labels`: what points of a slider mean, `0 = Never, 100 = Always`; empty for none. */
  readonly giveNumber: (range: string, labels: string) => string;
  readonly giveForm: (form: string) => string;
  readonly writeText: (bounds: {
    readonly multiline: boolean;
    readonly minLength: number | null;
    readonly maxLength: number | null;
  }) => string;
  /** `mask`: as SurveyJS writes it; `isDate`: of days, months and hours. */
  readonly writeMasked: (mask: string, isDate: boolean) => string;
  /** Behind the title of a panel or grid. */
  readonly atLeastOne: string;
  readonly noTwoAlike: (column: string) => string;
  readonly noTwoRowsAlike: string;
  readonly lowest: string;
  readonly highest: string;

  readonly howMany: Counts;
  readonly howManyRanked: Counts;
  readonly number: (bounds: {
    readonly integer: boolean;
    readonly min: number | null;
    readonly max: number | null;
    readonly step: number | null;
  }) => string;
  readonly forms: Readonly<Record<TextFormat, string>>;
  readonly withinDates: (form: string, earliest: string | null, latest: string | null) => string;

  readonly leftEmpty: string;
  readonly declined: string;
  readonly dontKnow: string;
  readonly emptyReply: string;
  readonly again: (
    problems: readonly { readonly question: string; readonly problem: string }[],
    keys: string,
  ) => string;

  /** The two ends of a range slider, as titles of their own. */
  readonly from: string;
  readonly to: string;
  readonly howManyEntries: (title: string) => string;
  readonly unseenImage: string;

  /** Why a reply does not fit. Each is the rest of a sentence that begins with the question. */
  readonly problems: {
    readonly needsAnswer: string;
    readonly missing: string;
    readonly twice: string;
    readonly withheld: string;
    readonly cutOff: string;
    readonly refusal: string;
    readonly noOption: (said: string) => string;
    readonly ambiguous: (said: string) => string;
    readonly onlyAlone: (option: string) => string;
    readonly wrongCount: (count: number, howMany: string) => string;
    readonly wrongRankCount: (count: number, howMany: string) => string;
    readonly rankedTwice: string;
    readonly isNot: (said: string, wanted: string) => string;
    readonly notText: (said: string) => string;
    readonly tooLong: (count: number, max: number) => string;
    readonly tooShort: (count: number, min: number) => string;
    readonly uncheckable: (message: string) => string;
    readonly noDigits: string;
    readonly pattern: (pattern: string) => string;
    readonly expression: (expression: string) => string;
    /** Of an answer that logic took back. */
    readonly hiddenLater: string;
    readonly notUnique: string;
    readonly oneOfThem: string;
  };
}

interface Counts {
  readonly exactly: (count: number) => string;
  readonly between: (min: number, max: number) => string;
  readonly atLeast: (min: number) => string;
  readonly all: (count: number) => string;
  /** All that apply; at least one where `isRequired`. */
  readonly any: (isRequired: boolean) => string;
  /** Behind the others where none at all is possible too. */
  readonly orNone: string;
}

/** Of every language. */
export const frames: readonly Frame[] = [english, chinese];

/** Chinese for every `zh` locale, else English. */
export function frameOf(locale: string): Frame {
  return /^zh(?:-|_|$)/i.test(locale) ? chinese : english;
}
