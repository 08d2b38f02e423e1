/** A text with `{piping}`: names of earlier questions, replaced by their answers when it is displayed. */
export type Template = string;
/** SurveyJS's, evaluated against the answers by `expressions/expressions.ts`. */
export type Expression = string;

/** `random`: drawn by the seed, for each respondent. */
export type Order = 'as-listed' | 'random';

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
  /** Where one does not hold, it is displayed and cannot be answered: it is not asked, and keeps its default. */
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
  /**
   * Whether tasks without an `orderRule` reverse the options instead of shuffling them. It is part of the questionnaire's
   * hash, by which a deployment finds its task, so it stays as it was; what is a scale is decided by `measurementOf`.
   */
  readonly isOrdinal: boolean;
  /** What the author says. @default judged by `measurementOf` */
  readonly measurementLevel?: MeasurementLevel | undefined;
}

/** Whether options are points of a scale, or in no order. */
export type MeasurementLevel = 'nominal' | 'ordinal';

/** How expressions reach a value: `grid.row`, `list[0].name`. Usually the name of its question. */
export function pathOf({ target }: Pick<QuestionBase, 'target'>): string {
  return target
    .map((step, index) => (typeof step === 'number' ? `[${step}]` : `${index === 0 ? '' : '.'}${step}`))
    .join('');
}
