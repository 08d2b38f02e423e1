import { weightedMean } from '../statistics/weighted-mean.ts';
import type { RespondentAnswer } from './linked-answers.ts';

/**
 * How well people agree with themselves when they are asked again: no model can be expected to do better. Park et al.,
 * "Generative agent simulations of 1,000 people", arXiv:2411.10109 (2024), divide the model's agreement by it.
 */
export interface Retest {
  /** People who answered both times and whom a respondent plays. */
  readonly people: number;
  readonly measure: 'correlation' | 'share the same';
  readonly ceiling: number;
  readonly model: number;
  /** The model's agreement divided by people's own; `null` if theirs is 0 or less. */
  readonly ratio: number | null;
}

/** With fewer people, an agreement says too little. */
const minPeople = 20;

/** `null` for fewer than 20 people, and if a correlation has no value. */
export function retest(
  first: ReadonlyMap<string, RespondentAnswer>,
  second: ReadonlyMap<string, RespondentAnswer>,
  model: ReadonlyMap<string, RespondentAnswer>,
  form: 'number' | 'option',
): Retest | null {
  const people = [...first].flatMap(([id, answer]) => {
    const [again, played] = [second.get(id), model.get(id)];
    if (again === undefined || played === undefined) return [];
    if (form === 'number' && [answer, again, played].some(({ number }) => number === null)) return [];
    return [{ answer, again, played }];
  });
  if (people.length < minPeople) return null;
  const agreement = form === 'number' ? correlation : sameShare;
  const answers = people.map(({ answer }) => answer);
  const ceiling = agreement(
    answers,
    people.map(({ again }) => again),
  );
  const ofModel = agreement(
    answers,
    people.map(({ played }) => played),
  );
  if (Number.isNaN(ceiling) || Number.isNaN(ofModel)) return null;
  return {
    people: people.length,
    measure: form === 'number' ? 'correlation' : 'share the same',
    ceiling,
    model: ofModel,
    ratio: ceiling > 0 ? ofModel / ceiling : null,
  };
}

function sameShare(a: readonly RespondentAnswer[], b: readonly RespondentAnswer[]): number {
  const weights = a.map(({ weight }) => weight);
  const same = a.map(({ shares }, person) =>
    (shares ?? []).reduce((sum, share, option) => sum + share * (b[person]?.shares?.[option] ?? 0), 0),
  );
  return weightedMean(same, weights);
}

function correlation(a: readonly RespondentAnswer[], b: readonly RespondentAnswer[]): number {
  const weights = a.map(({ weight }) => weight);
  const [x, y] = [a, b].map((answers) => {
    const numbers = answers.map(({ number }) => number as number);
    const centre = weightedMean(numbers, weights);
    return numbers.map((number) => number - centre);
  }) as [number[], number[]];
  const moment = (u: readonly number[], v: readonly number[]): number =>
    weightedMean(
      u.map((value, index) => value * (v[index] as number)),
      weights,
    );
  return moment(x, y) / Math.sqrt(moment(x, x) * moment(y, y));
}
