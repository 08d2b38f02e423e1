import type { AnswerValue, QuestionBase } from './questionnaire.ts';

/** SurveyJS's data of one respondent, as expressions read it. What has no value is absent. */
export type SurveyValues = Record<string, unknown>;

/** Nested objects without a prototype, so that a question may be called anything. */
export function emptyValues(): SurveyValues {
  return Object.create(null) as SurveyValues;
}

type Placed = Pick<QuestionBase, 'name' | 'target'>;

/** A question whose answer is no part of SurveyJS's data stands there under its own name. */
function targetOf({ name, target }: Placed): readonly (string | number)[] {
  return target.length === 0 ? [name] : target;
}

export function valueAt(values: SurveyValues, question: Placed): AnswerValue | undefined {
  let value: unknown = values;
  for (const step of targetOf(question)) {
    if (typeof value !== 'object' || value === null) return undefined;
    value = (value as Record<string | number, unknown>)[step];
  }
  return value as AnswerValue | undefined;
}

/** Puts a value where SurveyJS has it; `undefined` takes it away, and what it stood in if that is then empty. */
export function setValue(values: SurveyValues, question: Placed, value: AnswerValue | undefined): void {
  const target = targetOf(question);
  const places = [values as Place];
  for (const [index, step] of target.slice(0, -1).entries()) {
    const place = places[index] as Place;
    if (typeof place[step] !== 'object' || place[step] === null) {
      if (value === undefined) return;
      place[step] = typeof target[index + 1] === 'number' ? [] : emptyValues();
    }
    places.push(place[step] as Place);
  }
  if (value !== undefined) (places.at(-1) as Place)[target.at(-1) as string | number] = value;
  else removeFrom(places, target);
}

type Place = Record<string | number, unknown>;

/** `{grid} empty` must hold once no row has an answer. */
function removeFrom(places: readonly Place[], target: readonly (string | number)[]): void {
  for (let depth = places.length - 1; depth >= 0; depth -= 1) {
    const place = places[depth] as Place;
    delete place[target[depth] as string | number];
    if (Object.keys(place).length > 0) return;
  }
}
