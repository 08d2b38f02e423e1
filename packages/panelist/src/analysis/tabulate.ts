import type { Answer, AnswerStatus, AnswerValue, Interview } from '../survey/answer.ts';
import type { Option, Question, Questionnaire } from '../survey/questionnaire.ts';
import { Examples } from './examples.ts';
import { type NumberSummary, NumberTally } from './number-tally.ts';

export interface OptionCount {
  readonly option: Option;
  /** Respondents who chose it. */
  readonly count: number;
}

export interface QuestionTable {
  readonly question: Question;
  /** How many interviews ended each way for this question; adds up to the number of interviews. */
  readonly statuses: Readonly<Record<AnswerStatus, number>>;
  /** Answers with a value: the base of shares and means. Left empty and every other status are not in it. */
  readonly n: number;
  /** Per option, in the questionnaire's order; `null` where there is nothing to choose. */
  readonly options: readonly OptionCount[] | null;
  /** Of ratings with numeric values and of numbers; `null` for others, and when nobody answered. */
  readonly numbers: NumberSummary | null;
  /** A few texts as they were answered; the same ones whatever order the interviews come in. Empty for others. */
  readonly examples: readonly string[];
  /** Values that are none of the question's options: an older questionnaire's. */
  readonly unlisted: number;
}

export interface Tabulation {
  readonly title: string;
  readonly interviews: number;
  /** One per question, in the questionnaire's order. */
  readonly questions: readonly QuestionTable[];
}

/** Counts interviews as they pass; memory does not grow with their number. */
export async function tabulate(
  questionnaire: Questionnaire,
  interviews: Iterable<Interview> | AsyncIterable<Interview>,
): Promise<Tabulation> {
  const tallies = new Map<string, QuestionTally>();
  for (const element of questionnaire.pages.flatMap((page) => page.elements)) {
    if (element.kind !== 'note') tallies.set(element.name, new QuestionTally(element));
  }
  let count = 0;
  for await (const { respondentId, answers } of interviews) {
    count += 1;
    for (const answer of answers) tallies.get(answer.question)?.add(respondentId, answer);
  }
  return {
    title: questionnaire.title,
    interviews: count,
    questions: [...tallies.values()].map((tally) => tally.table()),
  };
}

class QuestionTally {
  readonly #question: Question;
  readonly #statuses: Record<AnswerStatus, number> = {
    answered: 0,
    refused: 0,
    'dont-know': 0,
    skipped: 0,
    invalid: 0,
    failed: 0,
  };
  /** By option value; `null` where there is nothing to choose. */
  readonly #counts: Map<unknown, number> | null;
  readonly #numbers: NumberTally | null;
  readonly #examples: Examples | null;
  #n = 0;
  #unlisted = 0;

  constructor(question: Question) {
    this.#question = question;
    const options = 'options' in question ? question.options : null;
    this.#counts = options && new Map(options.map(({ value }) => [value, 0]));
    const isScale =
      question.kind === 'rating' && question.options.every(({ value }) => typeof value === 'number');
    this.#numbers = isScale || question.kind === 'number' ? new NumberTally() : null;
    this.#examples = question.kind === 'text' ? new Examples(question.name) : null;
  }

  add(respondentId: string, { status, value }: Answer): void {
    this.#statuses[status] += 1;
    if (value === null) return;
    this.#n += 1;
    for (const one of listed(value)) {
      const known = this.#counts?.get(one);
      if (known !== undefined) this.#counts?.set(one, known + 1);
      else if (this.#counts) this.#unlisted += 1;
      if (typeof one === 'number') this.#numbers?.add(one);
      if (typeof one === 'string') this.#examples?.add(respondentId, one);
    }
  }

  table(): QuestionTable {
    const question = this.#question;
    const counts = this.#counts;
    return {
      question,
      statuses: { ...this.#statuses },
      n: this.#n,
      options:
        counts && 'options' in question
          ? question.options.map((option) => ({ option, count: counts.get(option.value) ?? 0 }))
          : null,
      numbers: this.#numbers?.summary() ?? null,
      examples: this.#examples?.texts() ?? [],
      unlisted: this.#unlisted,
    };
  }
}

function listed(value: AnswerValue): readonly unknown[] {
  return Array.isArray(value) ? value : [value];
}
