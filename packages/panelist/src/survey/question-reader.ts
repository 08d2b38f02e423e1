import { type AskedQuestion, askedQuestion } from './asked-question.ts';
import { isVisible } from './expressions.ts';
import type { PlannedQuestion } from './interview-plan.ts';
import { type OptionOrder, optionOrder, orderedOptions } from './presentation-order.ts';
import type { Option, Question } from './questionnaire.ts';
import type { RespondentValues } from './respondent-values.ts';
import type { Reading } from './sheet.ts';

/** Makes what one respondent reads of each question: which options in which order, filled in and preset. */
export class QuestionReader {
  readonly #values: RespondentValues;
  readonly #seedOf: (what: string) => string;
  readonly #randomize: boolean;

  constructor(values: RespondentValues, seedOf: (what: string) => string, randomize: boolean) {
    this.#values = values;
    this.#seedOf = seedOf;
    this.#randomize = randomize;
  }

  /** One whose options are all hidden is left out: it cannot be asked. */
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
    const order = this.#orderOf(planned);
    const preset = this.#values.at(question);
    if (isFixed && preset === undefined && order !== 'shuffled') {
      const known = planned.asListed.get(order);
      const asked = known ?? askedQuestion(question, key, (text) => text, this.#options(planned, order));
      if (!known) planned.asListed.set(order, asked);
      return { asked, variant: order === 'reversed' ? 'r' : '' };
    }
    const { options } = this.#options(planned, order);
    if (options?.length === 0) return null;
    const asked: AskedQuestion = askedQuestion(question, key, this.#values.fill, {
      options,
      isRequired: question.isRequired || this.#isRequiredNow(question),
      preset,
    });
    return { asked, variant: null };
  }

  #isRequiredNow({ requiredIf }: Question): boolean {
    return requiredIf.some((expression) => isVisible([expression], this.#values.data));
  }

  /** All cells of a grid share an order. */
  #orderOf({ question, grid }: PlannedQuestion): OptionOrder {
    if (!('options' in question)) return 'as-listed';
    return optionOrder(question, this.#randomize, () =>
      this.#seedOf(`scale of ${grid?.name ?? question.name}`),
    );
  }

  /** Ordered before those that are hidden are left out, so that rows that offer different ones agree on the rest. */
  #options({ question, grid }: PlannedQuestion, order: OptionOrder): { options?: readonly Option[] } {
    if (!('options' in question)) return {};
    const options = orderedOptions(question.options, order, () =>
      this.#seedOf(`options of ${grid?.name ?? question.name}`),
    );
    if (options.every(({ visibleIf }) => visibleIf.length === 0)) return { options };
    return { options: options.filter(({ visibleIf }) => isVisible(visibleIf, this.#values.data)) };
  }
}
