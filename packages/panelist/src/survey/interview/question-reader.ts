import { hasOrderedOptions } from '../measurement.ts';
import { type AskedQuestion, askedQuestion } from '../prompt/asked-question.ts';
import { kindOf } from '../question-kinds/index.ts';
import type { Option, Question } from '../questionnaire.ts';
import { asAnswer } from './consequences.ts';
import type { InterviewOptions } from './interview-options.ts';
import type { InterviewPlan, PlannedQuestion } from './interview-plan.ts';
import type { Reading } from './page-request.ts';
import { type OptionOrder, optionOrder, orderedOptions } from './presentation-order.ts';
import type { RespondentValues } from './respondent-values.ts';

/** Makes what one respondent reads of each question: which options in which order, filled in, bounded and preset. */
export class QuestionReader {
  readonly #plan: InterviewPlan;
  readonly #values: RespondentValues;
  readonly #seedOf: (what: string) => string;
  readonly #options: Pick<InterviewOptions, 'randomizeOptions' | 'orderRule'>;

  constructor(
    plan: InterviewPlan,
    values: RespondentValues,
    seedOf: (what: string) => string,
    options: Pick<InterviewOptions, 'randomizeOptions' | 'orderRule'>,
  ) {
    this.#plan = plan;
    this.#values = values;
    this.#seedOf = seedOf;
    this.#options = options;
  }

  /** One whose options are hidden is left out: it cannot be asked. */
  readAll(asked: readonly PlannedQuestion[]): Map<PlannedQuestion, Reading> {
    const readings = new Map<PlannedQuestion, Reading>();
    for (const planned of asked) {
      const reading = this.#read(planned);
      if (reading !== null) readings.set(planned, reading);
    }
    return readings;
  }

  #read(planned: PlannedQuestion): Reading | null {
    const { question, key, isFixed } = planned;
    const { frame } = this.#plan;
    const order = this.#orderOf(planned);
    const preset = this.#values.at(question);
    if (isFixed && preset === undefined && order !== 'shuffled') {
      const known = planned.asListed.get(order);
      const asked =
        known ?? askedQuestion(question, key, (text) => text, frame, this.#displayed(planned, order));
      if (!known) planned.asListed.set(order, asked);
      return { asked, variant: order === 'reversed' ? 'r' : '' };
    }
    const { options } = this.#displayed(planned, order);
    if (options && options.length < kindOf(question).fewestOptions) return null;
    const asked: AskedQuestion = askedQuestion(question, key, this.#values.fill, frame, {
      options,
      isRequired: question.isRequired || this.#isRequiredNow(question),
      preset: isOffered(preset, options) ? preset : undefined,
      ...this.#bounds(question),
    });
    return { asked, variant: null };
  }

  #isRequiredNow({ requiredIf }: Question): boolean {
    return requiredIf.some((expression) => this.#values.holds([expression]));
  }

  #bounds(question: Question): { readonly min?: number | string; readonly max?: number | string } {
    if (!('minExpression' in question)) return {};
    const { minExpression, maxExpression } = question;
    const min = this.#bound(minExpression);
    const max = this.#bound(maxExpression);
    return { ...(min !== undefined && { min }), ...(max !== undefined && { max }) };
  }

  #bound(expression: string | null): number | string | undefined {
    const value = expression === null ? undefined : asAnswer(this.#values.compute(expression));
    return typeof value === 'number' || typeof value === 'string' ? value : undefined;
  }

  /** All cells of a grid share an order. */
  #orderOf({ question, grid }: PlannedQuestion): OptionOrder {
    if (!('options' in question)) return 'as-listed';
    const { randomizeOptions = false, orderRule } = this.#options;
    const isScale = orderRule === 'measurement' ? hasOrderedOptions(question) : question.isOrdinal;
    return optionOrder(question, isScale, randomizeOptions, () =>
      this.#seedOf(`scale of ${grid?.name ?? question.name}`),
    );
  }

  /** Ordered before those that are hidden are left out, so that rows that offer different ones agree on the rest. */
  #displayed({ question, grid }: PlannedQuestion, order: OptionOrder): { options?: readonly Option[] } {
    if (!('options' in question)) return {};
    const options = orderedOptions(question.options, order, () =>
      this.#seedOf(`options of ${grid?.name ?? question.name}`),
    );
    if (options.every(({ visibleIf }) => visibleIf.length === 0)) return { options };
    return { options: options.filter(({ visibleIf }) => this.#values.holds(visibleIf)) };
  }
}

/** A preset whose option is hidden cannot be repeated, so it is not displayed. */
function isOffered(preset: unknown, options: readonly Option[] | undefined): boolean {
  if (options === undefined) return true;
  const values = (Array.isArray(preset) ? preset : [preset]) as readonly unknown[];
  return values.every((value) => options.some((option) => option.value === value));
}
