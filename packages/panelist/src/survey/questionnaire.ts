/**
 * A survey compiled to what an interview needs: plain data, so that it can be stored with a task, hashed, and asked
 * again years later. Made from a SurveyJS file by `import-surveyjs.ts`, and by nothing else.
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
}

export interface Page {
  readonly name: string;
  readonly title: Template;
  readonly description: Template;
  /** All must hold for the page to be shown. */
  readonly visibleIf: readonly Expression[];
  readonly elements: readonly PageElement[];
}

export type PageElement = Note | Question;

/** Text that is shown and not asked: an instruction, a panel's title. */
export interface Note {
  readonly kind: 'note';
  readonly text: Template;
  readonly visibleIf: readonly Expression[];
}

interface QuestionBase {
  /** The key of its answer: SurveyJS's `valueName`, else `name`. Unique in the questionnaire. */
  readonly name: string;
  /** Where it stands in the file, for messages: `pages[0].elements[2]`. */
  readonly path: string;
  readonly title: Template;
  readonly description: Template;
  readonly isRequired: boolean;
  /** Its own condition and those of the panels around it; all must hold. */
  readonly visibleIf: readonly Expression[];
}

export type OptionValue = string | number | boolean;

export interface Option {
  /** What is recorded. */
  readonly value: OptionValue;
  /** What is read. */
  readonly text: Template;
}

/** `radiogroup`, `dropdown`, `boolean`: exactly one option. */
export interface SingleChoiceQuestion extends QuestionBase {
  readonly kind: 'single-choice';
  readonly options: readonly Option[];
}

/** `checkbox`: any number of options within the bounds. */
export interface MultipleChoiceQuestion extends QuestionBase {
  readonly kind: 'multiple-choice';
  readonly options: readonly Option[];
  /** @default 0, or 1 if required */
  readonly minSelected: number;
  /** @default the number of options */
  readonly maxSelected: number;
}

/** `rating`: one point of an ordered scale. */
export interface RatingQuestion extends QuestionBase {
  readonly kind: 'rating';
  readonly options: readonly Option[];
  /** What the ends mean; empty where the file does not say. */
  readonly minDescription: Template;
  readonly maxDescription: Template;
}

/** `text` with a numeric `inputType` or validator. */
export interface NumberQuestion extends QuestionBase {
  readonly kind: 'number';
  readonly min: number | null;
  readonly max: number | null;
  /** `true` when only whole numbers are meant. */
  readonly integer: boolean;
}

/** `text`, `comment`. */
export interface TextQuestion extends QuestionBase {
  readonly kind: 'text';
  readonly multiline: boolean;
  /** Characters. */
  readonly maxLength: number | null;
}

export type Question =
  | SingleChoiceQuestion
  | MultipleChoiceQuestion
  | RatingQuestion
  | NumberQuestion
  | TextQuestion;
