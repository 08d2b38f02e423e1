import type { InterviewTexts, Messages } from '../../languages/messages.ts';
import type { Shape } from '../../stored/shapes.ts';
import type { AnswerStatus } from '../answer.ts';
import type { DisplayedOptions } from '../prompt/displayed-options.ts';
import type { AnswerValue, Option, QuestionBase, Template } from '../question.ts';
import type { Repair } from '../reply/repairs.ts';

/** A question as one respondent reads it: piping filled in, every text on one line. */
export interface Asked<Q extends QuestionBase> {
  /** With `isRequired` and the bounds of what may be chosen as they are for this respondent. */
  readonly question: Q;
  /** Its key in the reply: `q` and its place in the questionnaire. Question names may be anything; keys may not. */
  readonly key: string;
  /** As it is in its grid, if it is in one. */
  readonly title: string;
  /** As it is understood alone: the grid's title before it. */
  readonly fullTitle: string;
  readonly description: string;
  /** The texts that only its kind has, in the order of `QuestionKind.ownTexts`. */
  readonly ownTexts: readonly string[];
  /** The answer that there is already, as it is read; empty for none. */
  readonly preset: string;
  /** In the order in which they are displayed; `null` when there is nothing to choose from. */
  readonly options: readonly Option[] | null;
  readonly choices: DisplayedOptions | null;
  /** The words around it. */
  readonly frame: InterviewTexts;
}

/** What an answer is made of. It decides how tables, statistics and empty answers treat it. */
export type AnswerForm = 'text' | 'number' | 'option' | 'options' | 'ranked-options';

export function isListForm(form: AnswerForm): boolean {
  return form === 'options' || form === 'ranked-options';
}

/** What one value of a reply says: something that fits the question, or why it does not. */
export type AnswerReading =
  | {
      readonly fits: true;
      readonly status: Extract<AnswerStatus, 'answered' | 'refused' | 'dont-know'>;
      readonly value: AnswerValue | null;
      readonly repairs: readonly Repair[];
    }
  | { readonly fits: false; readonly problem: string };

export function answered(value: AnswerValue | null, repairs: readonly Repair[]): AnswerReading {
  return { fits: true, status: 'answered', value, repairs };
}

export function invalid(problem: string): AnswerReading {
  return { fits: false, problem };
}

/** What an instruction asks of an answer; a member that it says nothing of is missing. */
export interface AskedAnswer {
  readonly form: AnswerForm;
  /** Numbers that are listed in the instruction itself. */
  readonly points?: readonly string[];
  readonly isInteger?: boolean;
  readonly minimum?: number;
  readonly maximum?: number;
  /** Steps of a number, counted from its minimum. */
  readonly multipleOf?: number;
  /** Options. */
  readonly minItems?: number;
  readonly maxItems?: number;
  /** Characters. */
  readonly minLength?: number;
  readonly maxLength?: number;
  /** The format of a text, such as `date`. */
  readonly format?: string;
  readonly earliest?: string;
  readonly latest?: string;
}

/** What a codebook says of a question's values besides its options. */
export interface CodebookEntry {
  readonly min?: number | string | null;
  readonly max?: number | string | null;
  readonly step?: number | null;
  /** What the ends mean. */
  readonly minLabel?: Template;
  readonly maxLabel?: Template;
  readonly values?: string;
}

export type SchemaPart = Readonly<Record<string, unknown>>;

/** Everything that varies by a question's kind. A kind is one file, with a line in `index.ts`. */
export interface QuestionKind<Q extends QuestionBase & { readonly kind: string }> {
  readonly kind: Q['kind'];
  readonly answerForm: AnswerForm;
  /** With fewer options displayed the question is not asked. */
  readonly fewestOptions: number;
  /** What a stored question of this kind must be. */
  readonly stored: Shape<Q>;
  /** Texts besides title, description and options, which may pipe answers. */
  ownTexts(question: Q): readonly Template[];
  /** Whether a respondent says an option's value, a number, instead of its text. */
  hasNumericLabels(question: Q): boolean;
  /** The question as it is for a respondent who must answer it or need not, and to whom so many options are displayed. */
  narrowed(question: Q, isRequired: boolean, optionCount: number): Q;
  /** With computed bounds too: numbers, or dates as the question writes them. */
  bounded(question: Q, min: number | string | undefined, max: number | string | undefined): Q;

  /** What to answer and how, without the options. */
  instruction(asked: Asked<Q>): string;
  /** What an `instruction` in this language asks; `null` for that of another kind. */
  parseInstruction(instruction: string, frame: InterviewTexts): AskedAnswer | null;
  /**
   * The JSON Schema of the answer.
   *
   * @param listed the options, where the schema lists them
   * @param isText whether a text is asked for, so that `leftEmpty` can be said
   */
  schema(asked: Asked<Q>, listed: readonly unknown[] | undefined, isText: boolean): SchemaPart;
  /** Reads a value of a reply that is not left empty. `raw` is its JSON. */
  read(asked: Asked<Q>, value: unknown, raw: string): AnswerReading;

  /** A default of the survey file as an answer would be recorded; `null` for one that could not be. */
  fittingDefault(question: Q, value: AnswerValue): AnswerValue | null;
  /** Whether any text is an answer, one that declines too. */
  isFreeText(question: Q): boolean;
  codebook(question: Q, words: Messages['codebook']): CodebookEntry;
}
