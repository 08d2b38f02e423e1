import { type AnswerValue, type ComputedValue, isScalar, type Trigger } from '../questionnaire.ts';
import type { InterviewPlan, PlannedQuestion } from './interview-plan.ts';
import { namesIn } from './question-references.ts';
import type { RespondentValues } from './respondent-values.ts';
import { valueByPath } from './survey-values.ts';

/** Triggers that set each other off in a circle stop after this many rounds. */
const maxRounds = 10;

type SkipTrigger = Extract<Trigger, { readonly kind: 'skip' }>;

/** What answers bring about besides visibility: computed values, defaults and triggers. One per interview. */
export class Consequences {
  readonly #plan: InterviewPlan;
  readonly #values: RespondentValues;
  readonly #defaults: readonly PlannedQuestion[];
  /** What each trigger read when it was last looked at. */
  readonly #seen = new Map<Trigger, string>();
  /** Names that triggers have set. */
  readonly #set = new Set<string>();

  constructor(plan: InterviewPlan, values: RespondentValues) {
    this.#plan = plan;
    this.#values = values;
    this.#defaults = plan.questions.filter(({ question }) => question.defaultExpression !== null);
  }

  /** Whether a trigger would end the survey if its page were left now. */
  endsSurvey(): boolean {
    return this.#plan.questionnaire.triggers.some(
      ({ kind, expression }) => kind === 'complete' && this.#values.holds([expression]),
    );
  }

  /**
   * Brings everything up to date with the answers; returns the triggers that now skip a part of the survey.
   *
   * @param isSettled whether a question has its own answer, which its default no longer follows
   */
  follow(isSettled: (question: PlannedQuestion) => boolean): readonly SkipTrigger[] {
    this.#compute(isSettled);
    const leading: SkipTrigger[] = [];
    for (let round = 0; round < maxRounds; round += 1) {
      const fired = this.#plan.questionnaire.triggers.filter((trigger) => this.#comesTrue(trigger));
      if (fired.length === 0) break;
      for (const trigger of fired) {
        if (trigger.kind === 'skip') leading.push(trigger);
        else this.#fire(trigger);
      }
      this.#compute(isSettled);
    }
    return leading;
  }

  /** The computed values that are results, and what triggers have set under names of no question. */
  results(): Record<string, AnswerValue> {
    const results: [string, AnswerValue][] = [];
    for (const computed of this.#plan.questionnaire.computed) {
      const value = asAnswer(this.#values.at(computed));
      // Cells of a hidden grid are not computed in SurveyJS, whatever becomes of hidden values.
      const isCleared =
        this.#plan.questionnaire.clearInvisibleValues !== 'none' || computed.target.length > 1;
      const isShown = !isCleared || this.#values.holds(computed.visibleIf);
      if (computed.isResult && isShown && value !== undefined) results.push([computed.name, value]);
    }
    for (const name of this.#set) {
      if (this.#plan.byName.has(name.toLowerCase()) || this.#plan.computedByName.has(name.toLowerCase()))
        continue;
      const value = asAnswer(valueByPath(this.#values.data, name));
      if (value !== undefined) results.push([name, value]);
    }
    return Object.fromEntries(results);
  }

  /** Computed values are listed behind those that they read; a default may read them, and they it. */
  #compute(isSettled: (question: PlannedQuestion) => boolean): void {
    this.#computeAll();
    let isChanged = false;
    for (const planned of this.#defaults) {
      const { question } = planned;
      if (isSettled(planned)) continue;
      const value = asAnswer(this.#values.compute(question.defaultExpression as string));
      if (value === undefined || isSame(value, this.#values.at(question))) continue;
      this.#values.set(question, value);
      isChanged = true;
    }
    if (isChanged) this.#computeAll();
  }

  #computeAll(): void {
    for (const computed of this.#plan.questionnaire.computed)
      this.#values.setComputed(computed, rounded(this.#values.compute(computed.expression), computed));
  }

  /** A trigger fires when its condition holds and something that it reads has changed. */
  #comesTrue(trigger: Trigger): boolean {
    const names = [
      ...namesIn(trigger.expression),
      ...('run' in trigger ? namesIn(trigger.run) : []),
      ...('from' in trigger ? [trigger.from] : []),
    ];
    const values = names.map((name) => valueByPath(this.#values.data, name) ?? null);
    const read = JSON.stringify(values);
    const before = this.#seen.get(trigger);
    this.#seen.set(trigger, read);
    // When a survey begins nothing has changed, except for defaults.
    const isQuestions = trigger.kind === 'follow' || trigger.kind === 'reset' || trigger.kind === 'clear';
    const begins = !isQuestions && (names.length === 0 || values.some((value) => value !== null));
    const isNew = before === undefined ? begins : before !== read;
    return isNew && this.#values.holds([trigger.expression]);
  }

  #fire(trigger: Exclude<Trigger, SkipTrigger>): void {
    if (trigger.kind !== 'complete') this.#setByName(trigger.name, this.#valueOf(trigger));
  }

  #valueOf(trigger: Exclude<Trigger, SkipTrigger | { readonly kind: 'complete' }>): AnswerValue | undefined {
    switch (trigger.kind) {
      case 'set-value':
        return trigger.value;
      case 'reset':
        return this.#plan.byName.get(trigger.name.toLowerCase())?.question.defaultValue ?? undefined;
      case 'clear':
        return undefined;
      case 'copy-value':
        return asAnswer(valueByPath(this.#values.data, trigger.from));
      default:
        return asAnswer(this.#values.compute(trigger.run));
    }
  }

  #setByName(name: string, value: AnswerValue | undefined): void {
    if (name === '') return;
    this.#set.add(name);
    this.#values.setByName(name, value);
  }
}

function rounded(value: unknown, { precision }: ComputedValue): AnswerValue | undefined {
  const answer = asAnswer(value);
  return precision === null || typeof answer !== 'number'
    ? answer
    : Number.parseFloat(answer.toFixed(precision));
}

/** What an expression yields as an answer could be, a date as it is written; `undefined` for anything else. */
export function asAnswer(value: unknown): AnswerValue | undefined {
  if (value instanceof Date) return dateText(value);
  if (Array.isArray(value)) return value.every(isScalar) ? value : undefined;
  return isScalar(value) ? value : undefined;
}

/** `2026-03-01`, with the time where it is not midnight, in the machine's zone, as expressions read it back. */
function dateText(date: Date): string | undefined {
  if (Number.isNaN(date.getTime())) return undefined;
  const two = (part: number): string => String(part).padStart(2, '0');
  const day = `${String(date.getFullYear()).padStart(4, '0')}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
  const time = `${two(date.getHours())}:${two(date.getMinutes())}`;
  return time === '00:00' ? day : `${day}T${time}`;
}

function isSame(one: AnswerValue, other: unknown): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}
