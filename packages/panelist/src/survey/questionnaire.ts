import type { AnswerValue, Expression, Order, Template } from './question.ts';
import type { Question } from './question-kinds/index.ts';

export type * from './question.ts';
export { isScalar } from './question.ts';
export type { Question } from './question-kinds/index.ts';
export type { MultipleChoiceQuestion } from './question-kinds/multiple-choice.ts';
export type { NumberQuestion } from './question-kinds/number.ts';
export type { RankingQuestion } from './question-kinds/ranking.ts';
export type { RatingQuestion } from './question-kinds/rating.ts';
export type { SingleChoiceQuestion } from './question-kinds/single-choice.ts';
export type { TextQuestion } from './question-kinds/text.ts';

/**
 * A survey compiled to what an interview needs: plain data, so that it can be stored with a task, hashed, and asked
 * again years later. Made from a SurveyJS file by `import-surveyjs.ts`, and by nothing else.
 *
 * What SurveyJS asks as a grid, a list of texts or repeated panels is compiled to one question per cell: each has an
 * answer, a status and a column of its own, and `target` says where it is in SurveyJS's data.
 */

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
  /** Where one does not hold, it is computed and left out of the results. */
  readonly visibleIf: readonly Expression[];
  /** Decimal places that it is rounded to; `null` for no rounding. */
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

export interface Page {
  readonly name: string;
  readonly title: Template;
  readonly description: Template;
  /** All must hold for the page to be displayed. */
  readonly visibleIf: readonly Expression[];
  /** Of its elements. */
  readonly order: Order;
  readonly elements: readonly PageElement[];
}

export type PageElement = Note | Block | Question;

/** Text that is displayed and not asked: an instruction, an image's description. */
export interface Note {
  readonly kind: 'note';
  readonly text: Template;
  readonly visibleIf: readonly Expression[];
}

/**
 * Elements that are displayed together: a panel, a grid with its rows, the entries of a dynamic panel. Its title and
 * description are displayed whenever one of its questions is asked.
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
