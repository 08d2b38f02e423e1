import { compute, isVisible } from './expressions.ts';
import type { AnswerValue, ComputedValue, OptionValue, Questionnaire, Trigger } from './questionnaire.ts';
import type { RespondentValues } from './respondent-values.ts';

/** What answers bring about besides visibility: computed values and triggers. One per interview. */
export class Consequences {
  readonly #computed: readonly ComputedValue[];
  readonly #triggers: readonly Trigger[];
  readonly #values: RespondentValues;
  readonly #holds = new Set<Trigger>();

  constructor(
    { computed, triggers }: Pick<Questionnaire, 'computed' | 'triggers'>,
    values: RespondentValues,
  ) {
    this.#computed = computed;
    this.#triggers = triggers;
    this.#values = values;
  }

  /** Brings everything up to date with the answers; returns the triggers that now end the survey. */
  follow(): readonly Trigger[] {
    this.#compute();
    const ending: Trigger[] = [];
    // A trigger may set off another; each fires once each time that its condition comes true.
    for (let round = 0; round <= this.#triggers.length; round += 1) {
      const fired = this.#triggers.filter((trigger) => this.#comesTrue(trigger));
      if (fired.length === 0) break;
      for (const trigger of fired) if (this.#fire(trigger)) ending.push(trigger);
      this.#compute();
    }
    return ending;
  }

  /** The computed values that are results. */
  results(): Record<string, AnswerValue> {
    const results: [string, AnswerValue][] = [];
    for (const { name, isResult } of this.#computed) {
      const value = asAnswer(this.#values.data[name]);
      if (isResult && value !== undefined) results.push([name, value]);
    }
    return Object.fromEntries(results);
  }

  #compute(): void {
    for (const { name, expression } of this.#computed) {
      this.#values.setByName(name, asAnswer(compute(expression, this.#values.data)));
    }
  }

  #comesTrue(trigger: Trigger): boolean {
    const holds = isVisible([trigger.expression], this.#values.data);
    const held = this.#holds.has(trigger);
    if (holds) this.#holds.add(trigger);
    else this.#holds.delete(trigger);
    return holds && !held;
  }

  #fire(trigger: Trigger): boolean {
    if (trigger.kind === 'complete') return true;
    if (trigger.kind === 'set-value') this.#values.setByName(trigger.name, trigger.value);
    else {
      const from = trigger.kind === 'copy-value' ? `{${trigger.from}}` : trigger.run;
      this.#values.setByName(trigger.name, asAnswer(compute(from, this.#values.data)));
    }
    return false;
  }
}

/** What an expression yields as an answer could be; `undefined` for anything else. */
function asAnswer(value: unknown): AnswerValue | undefined {
  if (Array.isArray(value)) return value.every(isScalar) ? value : undefined;
  return isScalar(value) ? value : undefined;
}

function isScalar(value: unknown): value is OptionValue {
  return (
    typeof value === 'string' ||
    typeof value === 'boolean' ||
    (typeof value === 'number' && Number.isFinite(value))
  );
}
