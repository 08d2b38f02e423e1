import { oneLine } from '../text/one-line.ts';
import { shortened } from '../text/shortened.ts';
import type { AnswerValue } from './answer.ts';
import type { InterviewPlan } from './interview-plan.ts';
import { fillPiping } from './piping.ts';
import type { Question, Template } from './questionnaire.ts';
import { emptyValues, type SurveyValues, setValue, valueAt } from './survey-values.ts';

/** Characters of an answer that are put into another question's text. */
const maxPiped = 300;

/** What stands for one respondent at a moment: the values as expressions read them, and as texts show them. */
export class RespondentValues {
  /** SurveyJS's data, changed as answers come. */
  readonly data: SurveyValues = emptyValues();
  readonly #plan: InterviewPlan;
  /** What each value reads like, by name. */
  readonly #shown = new Map<string, string>();

  /** With the defaults, which stand until they are answered. */
  constructor(plan: InterviewPlan) {
    this.#plan = plan;
    for (const { question } of plan.questions) {
      if (question.defaultValue !== null) this.set(question, question.defaultValue);
    }
  }

  at(question: Question): AnswerValue | undefined {
    return valueAt(this.data, question);
  }

  /** `undefined` takes the value away. `shown` is how it reads, where that is known. */
  set(question: Question, value: AnswerValue | undefined, shown?: string): void {
    setValue(this.data, question, value);
    if (value === undefined) this.#shown.delete(question.name);
    else this.#shown.set(question.name, shown ?? this.#read(question, value));
  }

  /** For what a trigger sets or an expression computes: under a question's name, or one of no question. */
  readonly setByName = (name: string, value: AnswerValue | undefined): void => {
    const question = this.#plan.byName.get(name)?.question;
    if (question) this.set(question, value);
    else {
      setValue(this.data, { name, target: [name] }, value);
      if (value === undefined) this.#shown.delete(name);
      else this.#shown.set(name, oneLine(String(value)));
    }
  };

  /** Puts values into a text: nothing for what has none, and what is no name of this survey stays as it stands. */
  readonly fill = (template: Template): string =>
    fillPiping(template, (name) => {
      const shown = this.#shown.get(name);
      if (shown !== undefined) return shortened(shown, maxPiped);
      return this.#plan.pipeable.has(name) ? '' : undefined;
    });

  /** Options read as their texts. */
  #read(question: Question, value: AnswerValue): string {
    const options = 'options' in question ? question.options : [];
    const parts = (Array.isArray(value) ? value : [value]) as readonly unknown[];
    return parts
      .map((part) => {
        const option = options.find((each) => each.value === part);
        return oneLine(option === undefined ? String(part) : this.fill(option.text) || String(part));
      })
      .join(', ');
  }
}
