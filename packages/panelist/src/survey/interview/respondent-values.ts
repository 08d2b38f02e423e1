import { quote } from '@panelist/toolkit';
import { PanelistError } from '../../panelist-error.ts';
import { oneLine } from '../../text/one-line.ts';
import { shortened } from '../../text/shortened.ts';
import { compute, type ExpressionContext, isVisible } from '../expressions/expressions.ts';
import { type EntryCountQuestion, isEntryCount } from '../question-kinds/number.ts';
import {
  type AnswerValue,
  type ComputedValue,
  type Expression,
  isScalar,
  type Question,
  type Template,
} from '../questionnaire.ts';
import type { InterviewPlan } from './interview-plan.ts';
import { numberText } from './number-display.ts';
import { fillPiping } from './piping.ts';
import {
  emptyValues,
  type SurveyValues,
  setEntryCount,
  setValue,
  valueAt,
  valueByPath,
} from './survey-values.ts';

/** Characters, or entries, of what an expression yields. */
const maxComputed = 10_000;
/** Characters of an answer that are put into another question's text. */
const maxPiped = 300;

/** The values of one respondent at a moment: as expressions read them, and as texts show them. */
export class RespondentValues {
  /** SurveyJS's data, changed as answers come. */
  readonly data: SurveyValues = emptyValues();
  readonly #plan: InterviewPlan;
  readonly #context: ExpressionContext;
  readonly #variables: { pageno: number; pagecount: number; readonly locale: string };

  /** With the defaults, which are the answers until there are others. */
  constructor(plan: InterviewPlan, now: number) {
    this.#plan = plan;
    const { pages, locale } = plan.questionnaire;
    this.#variables = { pageno: 1, pagecount: pages.length, locale };
    this.#context = { now, shown: (name, value) => this.#shown(name, value), variables: this.#variables };
    for (const { target, count } of plan.questionnaire.lists) setEntryCount(this.data, target, count);
    for (const { question } of plan.questions) {
      // Those of entries come with their entry.
      if (question.defaultValue !== null && !plan.entries.isInList(question))
        this.set(question, question.defaultValue);
    }
  }

  /** For `{pageno}` and `{pagecount}`, which count the pages that are visible. */
  showPage(index: number): void {
    const visible = this.#plan.questionnaire.pages.map(({ visibleIf }) => this.holds(visibleIf));
    this.#variables.pageno = visible.slice(0, index + 1).filter(Boolean).length;
    this.#variables.pagecount = visible.filter(Boolean).length;
  }

  holds(conditions: readonly Expression[]): boolean {
    return conditions.length === 0 || isVisible(conditions, this.data, this.#context);
  }

  /** @throws PanelistError `VALUE_TOO_LONG`: values that are made of each other can double with every expression */
  compute(expression: Expression): unknown {
    const value = compute(expression, this.data, this.#context);
    const length = typeof value === 'string' || Array.isArray(value) ? value.length : 0;
    if (length <= maxComputed) return value;
    throw new PanelistError(
      'VALUE_TOO_LONG',
      `The expression ${quote(expression)} yields ${length} ${Array.isArray(value) ? 'entries' : 'characters'}; at most ${maxComputed} can be used. Shorten what it joins.`,
    );
  }

  at(question: Pick<Question, 'target'>): AnswerValue | undefined {
    return valueAt(this.data, question);
  }

  /** `undefined` takes the value away. */
  set(question: Question, value: AnswerValue | undefined): void {
    setValue(this.data, question, value);
    if (isEntryCount(question)) this.#setEntries(question, typeof value === 'number' ? value : 0);
  }

  /** New entries have their defaults, and those beyond the number are gone. */
  #setEntries(count: EntryCountQuestion, wanted: number): void {
    // A trigger can set any number.
    const entries = Math.min(Math.max(Math.floor(wanted), 0), count.max ?? 0);
    if (count.counts.keepsEmpty === true) setEntryCount(this.data, count.counts.target, entries);
    for (const { question, index } of this.#plan.entries.of(count)) {
      if (index >= entries) this.set(question, undefined);
      else if (question.defaultValue !== null && this.at(question) === undefined)
        this.set(question, question.defaultValue);
    }
  }

  setComputed(computed: ComputedValue, value: AnswerValue | undefined): void {
    setValue(this.data, computed, value);
  }

  /** For what a trigger sets: under a question's name, or one of no question. */
  setByName(name: string, value: AnswerValue | undefined): void {
    const planned = this.#plan.byName.get(name.toLowerCase());
    if (planned) this.set(planned.question, value);
    else setValue(this.data, { target: [name] }, value);
  }

  /** Puts values into a text: nothing for a name without a value; one that this survey does not have stays as it is written. */
  readonly fill = (template: Template): string =>
    fillPiping(template, (name) => {
      const shown = this.#shown(name);
      return shown === undefined ? undefined : shortened(oneLine(shown), maxPiped);
    });

  /** What a text shows for a name, a part of an answer (`list[0]`) or its length; `undefined` for no such name. */
  #shown(name: string, other?: unknown): string | undefined {
    const key = name.toLowerCase();
    if (key in this.#variables) return String(this.#variables[key as 'pageno']);
    const question = this.#plan.byName.get(key)?.question;
    if (question)
      return this.#read(question, other === undefined ? this.at(question) : (other as AnswerValue));
    const computed = this.#plan.computedByName.get(key);
    if (computed)
      return numberText(valueByPath(this.data, name), computed.display, this.#plan.questionnaire.locale);
    const item = /^(.*)\[-?\d+\]$/.exec(key)?.[1];
    const list = item === undefined ? undefined : this.#plan.byName.get(item)?.question;
    const value = valueByPath(this.data, name);
    if (list) return this.#read(list, isScalar(value) ? value : undefined);
    if (value === undefined && !this.#plan.isKnown(key)) return undefined;
    return value === undefined && key.endsWith('.length') ? '0' : textOf(value);
  }

  /** Options read as their texts, "Other" as what was written for it. */
  #read(question: Question, value: AnswerValue | undefined): string {
    if (value === undefined) return '';
    const options = 'options' in question ? question.options : [];
    const parts = (Array.isArray(value) ? value : [value]) as readonly unknown[];
    return parts
      .map((part) => {
        const option = options.find((each) => String(each.value) === String(part));
        if (option === undefined) return String(part);
        const written = option.role === 'other' ? this.#commentOf(question) : '';
        return written || this.fill(option.text) || String(part);
      })
      .join(', ');
  }

  #commentOf({ name }: Question): string {
    const { byName } = this.#plan;
    const comment = (
      byName.get(`${name}-other-comment`.toLowerCase()) ?? byName.get(`${name}-comment`.toLowerCase())
    )?.question;
    return comment === undefined ? '' : textOf(this.at(comment));
  }
}

function textOf(value: unknown): string {
  if (Array.isArray(value)) return value.filter(isScalar).join(', ');
  return isScalar(value) ? String(value) : '';
}
