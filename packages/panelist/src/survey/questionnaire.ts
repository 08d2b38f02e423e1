/**
 * A survey compiled to what an interview needs: plain data, so that it can be stored with a task, hashed, and asked
 * again years later. Made from a SurveyJS file by `import-surveyjs.ts`, and by nothing else.
 *
 * What SurveyJS asks as a grid, a list of texts or repeated panels is compiled to one question per cell: each has an
 * answer, a status and a column of its own, and `target` says where it is in SurveyJS's data.
 *
 * A `Template` may hold `{piping}`: names of earlier questions, replaced by their answers when it is shown.
 * An `Expression` is SurveyJS's, evaluated against the answers by `expressions.ts`.
 */
export type Template = string;
export type Expression = string;

export interface Questionnaire {
  readonly title: string;
  readonly description: string;
  /** The language that the texts were taken in, for example `en` or `zh-cn`. */
  readonly locale: string;
  readonly pages: readonly Page[];
  /** `calculatedValues`, `expression` questions and totals, each behind those that it reads. */
  readonly computed: readonly ComputedValue[];
  readonly triggers: readonly Trigger[];
  /** Dynamic panels whose number of entries is fixed: where their list is in the data, and how many there are. */
  readonly lists: readonly { readonly target: readonly (string | number)[]; readonly count: number }[];
  /** Values are taken out of the results at the end where their question is hidden; `onHidden`, at once; or never. */
  readonly clearInvisibleValues: 'onComplete' | 'onHidden' | 'none';
  /** What the file asks for and Panelist left out, where the researcher allowed it; empty elsewhere. */
  readonly skipped: readonly SkippedElement[];
}

/** An element or property of the file that is not carried. */
export interface SkippedElement {
  /** Where it is in the file: `pages[0].elements[2]`. */
  readonly path: string;
  /** The name of the element, or of the element that it is in; `null` where it has none. */
  readonly element: string | null;
  readonly reason: string;
}

/** A value that follows from the answers; never asked. */
export interface ComputedValue {
  readonly name: string;
  /** Where its value is in SurveyJS's data; usually `[name]`. */
  readonly target: readonly (string | number)[];
  readonly expression: Expression;
  /** Whether it is part of the results: always for an `expression` question, else by `includeIntoResult`. */
  readonly isResult: boolean;
  /** Where one does not hold it is computed, and left out of the results. */
  readonly visibleIf: readonly Expression[];
  /** It is rounded to so many decimal places; `null` for none. */
  readonly precision: number | null;
  /** How texts show it; `null` for as it is. */
  readonly display: NumberDisplay | null;
}

/** As `Intl.NumberFormat` takes it, but for `format`. */
export interface NumberDisplay {
  /** `{0}` is the value; empty for the value alone. */
  readonly format: string;
  readonly style: 'none' | 'decimal' | 'currency' | 'percent' | 'date';
  readonly currency: string;
  readonly useGrouping: boolean;
  readonly minimumFractionDigits: number | null;
  readonly maximumFractionDigits: number | null;
}

/** What happens once the expression holds: looked at whenever an answer has come. */
export type Trigger =
  /** Ends the survey: nothing more is asked once what is asked at present has been answered. */
  | { readonly kind: 'complete'; readonly expression: Expression }
  | {
      readonly kind: 'set-value';
      readonly expression: Expression;
      readonly name: string;
      readonly value: AnswerValue;
    }
  | {
      readonly kind: 'copy-value';
      readonly expression: Expression;
      readonly name: string;
      readonly from: string;
    }
  /** Sets `name` to what `run` yields. */
  | {
      readonly kind: 'run-expression';
      readonly expression: Expression;
      readonly name: string;
      readonly run: Expression;
    }
  /** The survey goes on with question `to`: what is before it and not answered yet is not asked. */
  | { readonly kind: 'skip'; readonly expression: Expression; readonly to: string }
  /** `setValueIf`, `setValueExpression`: while `expression` holds, the question follows what `run` yields. */
  | {
      readonly kind: 'follow';
      readonly expression: Expression;
      readonly name: string;
      readonly run: Expression;
    }
  /** `resetValueIf`: once it holds, the question has its default again, or no value; `clear`: no value. */
  | { readonly kind: 'reset' | 'clear'; readonly expression: Expression; readonly name: string };

/** `random`: drawn by the seed, for each respondent. */
export type Order = 'as-listed' | 'random';

export interface Page {
  readonly name: string;
  readonly title: Template;
  readonly description: Template;
  /** All must hold for the page to be shown. */
  readonly visibleIf: readonly Expression[];
  /** Of its elements. */
  readonly order: Order;
  readonly elements: readonly PageElement[];
}

export type PageElement = Note | Block | Question;

/** Text that is shown and not asked: an instruction, an image's description. */
export interface Note {
  readonly kind: 'note';
  readonly text: Template;
  readonly visibleIf: readonly Expression[];
}

/**
 * What is shown together: a panel, a grid with its rows, the entries of a dynamic panel. Its title and description are
 * shown whenever one of its questions is asked.
 */
export interface Block {
  readonly kind: 'block';
  /** Unique in the questionnaire; of a grid, its name. */
  readonly name: string;
  readonly title: Template;
  readonly description: Template;
  /** Whether it is a grid, whose cells share their options where these are the same. */
  readonly isGrid: boolean;
  /** Of the title only: what is inside carries all its conditions itself. */
  readonly visibleIf: readonly Expression[];
  readonly order: Order;
  readonly elements: readonly PageElement[];
}

export interface QuestionBase {
  /**
   * The key of its answer and its column, unique in the questionnaire: SurveyJS's `valueName`, else `name`; of a cell
   * `grid.row`, `grid.row.column`, `texts.item`, `entries[0].name`; of a comment or "Other" text `name-Comment`.
   */
  readonly name: string;
  /** Where its value is in SurveyJS's data: `['grid', 'row']`; usually `[name]`. */
  readonly target: readonly (string | number)[];
  /** Where it is in the file, for messages: `pages[0].elements[2]`. */
  readonly path: string;
  /**
   * What its title needs before it to be understood alone: the title of the grid that it is a cell of, or of its panel
   * where another question has the same title; empty for others.
   */
  readonly stem: Template;
  readonly title: Template;
  readonly description: Template;
  readonly isRequired: boolean;
  /** It is required too when one of them holds. */
  readonly requiredIf: readonly Expression[];
  /** Its own condition and those of all that it is in; all must hold. */
  readonly visibleIf: readonly Expression[];
  /** Where one does not hold it is shown and cannot be answered: it is not asked, and keeps its default. */
  readonly enableIf: readonly Expression[];
  /** The answer until it is answered; `null` for none. */
  readonly defaultValue: AnswerValue | null;
  /** The same, computed from the answers; `null` for none. It comes before `defaultValue`. */
  readonly defaultExpression: Expression | null;
  /** What an answer must satisfy besides, its own value included among the answers. */
  readonly checks: readonly Check[];
  /** Of questions with the same name here, no two may have the same answer: cells of a unique column. @default none */
  readonly uniqueAmong?: string | undefined;
}

export interface Check {
  readonly expression: Expression;
  /** Whether it also holds when the expression yields nothing, since what it reads is unanswered. */
  readonly allowsUnknown: boolean;
  /** Of a panel or grid as a whole: its questions need not wait for each other, and are all wrong where it fails. */
  readonly isOfGroup?: boolean | undefined;
  /** What the respondent reads where it does not hold. */
  readonly message: Template;
}

export type OptionValue = string | number | boolean;
export type AnswerValue = OptionValue | readonly OptionValue[];

export function isScalar(value: unknown): value is OptionValue {
  return (
    typeof value === 'string' ||
    typeof value === 'boolean' ||
    (typeof value === 'number' && Number.isFinite(value))
  );
}

export interface Option {
  /** What is recorded. */
  readonly value: OptionValue;
  /** What is read. */
  readonly text: Template;
  /** All must hold for it to be offered. */
  readonly visibleIf: readonly Expression[];
  /**
   * What the special ones mean. `refused` and `dont-know` give the answer that status. All but `plain` stay where
   * they are, at the end, however the others are ordered.
   */
  readonly role: 'plain' | 'other' | 'none' | 'refused' | 'dont-know';
  /** Of several, it can only be chosen alone. */
  readonly isExclusive: boolean;
  /** It keeps its position where the others are shuffled. @default false */
  readonly isPinned?: boolean | undefined;
  /** SurveyJS added it to the file's own. @default false */
  readonly isSpecial?: boolean | undefined;
}

export interface OptionsBase extends QuestionBase {
  readonly options: readonly Option[];
  /** As the file says (`choicesOrder`; ascending and descending are done by the importer). */
  readonly optionOrder: Order;
  /** Whether the options are points of a scale: then they may be reversed and are never shuffled. */
  readonly isOrdinal: boolean;
}

/** `radiogroup`, `dropdown`, `buttongroup`, `boolean`, `imagepicker`, a row of a `matrix`: exactly one option. */
export interface SingleChoiceQuestion extends OptionsBase {
  readonly kind: 'single-choice';
}

/** `checkbox`, `tagbox`, `imagepicker` with several: any number of options within the bounds. */
export interface MultipleChoiceQuestion extends OptionsBase {
  readonly kind: 'multiple-choice';
  /** @default 0, or 1 if required */
  readonly minSelected: number;
  /** @default the number of options */
  readonly maxSelected: number;
}

/** `ranking`: options, the first the highest. All, unless `selectToRankEnabled`. */
export interface RankingQuestion extends OptionsBase {
  readonly kind: 'ranking';
  readonly minSelected: number;
  readonly maxSelected: number;
}

/** `rating`: one point of an ordered scale. */
export interface RatingQuestion extends OptionsBase {
  readonly kind: 'rating';
  /** What the ends mean; empty where the file does not say. */
  readonly minDescription: Template;
  readonly maxDescription: Template;
}

/** `text` with a numeric `inputType`, mask or validator; `slider`; the number of entries of a dynamic panel. */
export interface NumberQuestion extends QuestionBase {
  readonly kind: 'number';
  readonly min: number | null;
  readonly max: number | null;
  /** Of the number of entries of a dynamic panel or grid, which is no part of SurveyJS's data; `null` for others. */
  readonly counts: {
    /** Where the list of entries is in the data. */
    readonly target: readonly (string | number)[];
    /** Whether entries without answers are in the data too, as those of dynamic panels are. */
    readonly keepsEmpty: boolean;
  } | null;
  /** Further bounds, computed from the answers; one that yields no number does not bound. */
  readonly minExpression: Expression | null;
  readonly maxExpression: Expression | null;
  /** Counted from `min`, else from 0; `null` for any. */
  readonly step: number | null;
  /** `true` when only whole numbers are meant. */
  readonly integer: boolean;
  /** What points of a slider mean. */
  readonly labels: readonly { readonly value: number; readonly text: Template }[];
}

export type TextFormat =
  | 'plain'
  | 'date'
  | 'datetime-local'
  | 'month'
  | 'week'
  | 'time'
  | 'email'
  | 'url'
  | 'tel'
  | 'color';

/** `text`, `comment`, an item of `multipletext`. */
export interface TextQuestion extends QuestionBase {
  readonly kind: 'text';
  readonly multiline: boolean;
  /** As HTML writes the input's value: `2026-03-01`, `2026-03-01T09:30`, `2026-03`, `2026-W09`, `09:30`, `#ff0000`. */
  readonly format: TextFormat;
  /** The earliest and latest, in the same form; only for dates and times. */
  readonly earliest: string | null;
  readonly latest: string | null;
  /** Further bounds, computed from the answers; one that yields no date does not bound. */
  readonly minExpression: Expression | null;
  readonly maxExpression: Expression | null;
  /** Characters. */
  readonly minLength: number | null;
  readonly maxLength: number | null;
  /** The form in which it is typed, as SurveyJS's input masks write it. @default none */
  readonly mask?: { readonly pattern: string; readonly isDate: boolean } | undefined;
  /** Regular expressions that it must match, with the message that says what is wanted. */
  readonly patterns: readonly {
    readonly pattern: string;
    readonly flags: string;
    readonly message: string;
  }[];
}

export type Question =
  | SingleChoiceQuestion
  | MultipleChoiceQuestion
  | RankingQuestion
  | RatingQuestion
  | NumberQuestion
  | TextQuestion;

/** Every question, in the file's order. */
export function questionsOf({ pages }: Pick<Questionnaire, 'pages'>): Question[] {
  return pages.flatMap(({ elements }) => questionsIn(elements));
}

export function questionsIn(elements: readonly PageElement[]): Question[] {
  return elements.flatMap((element) => {
    if (element.kind === 'note') return [];
    return element.kind === 'block' ? questionsIn(element.elements) : [element];
  });
}
