import type { AnswerTable } from '../answer-table.ts';
import { effectiveSize } from '../statistics/effective-size.ts';
import { type MeanDifference, welchDifference } from '../statistics/intervals.ts';
import { totalVariationDistance } from '../statistics/total-variation.ts';
import { varianceOfMean, weightedMean } from '../statistics/weighted-mean.ts';
import type { RespondentAnswer } from './linked-answers.ts';

/** A distance between fewer says nothing. */
const MIN_GROUP = 5;

/** How far the model is from people in one group. */
export interface SubgroupError {
  readonly by: string;
  readonly group: string;
  readonly syntheticN: number;
  readonly humanN: number;
  /** Synthetic minus human, for numbers and scales; `null` for others, and for fewer than two on either side. */
  readonly meanDifference: MeanDifference | null;
  /** Total variation between the shares of the options; `null` for numbers, and for fewer than 5 on either side. */
  readonly distance: number | null;
  /** What chance alone gives as a distance between groups of this size. */
  readonly byChance: number | null;
}

/** Groups with the same name on both sides, in the order of their names; people without a value of their own have that of the respondent who plays them. */
export function subgroupErrors(
  by: string,
  synthetic: AnswerTable,
  humans: AnswerTable,
  answers: {
    readonly synthetic: ReadonlyMap<string, RespondentAnswer>;
    readonly human: ReadonlyMap<string, RespondentAnswer>;
  },
): SubgroupError[] {
  const groupOfRespondent = groupsById(by, synthetic);
  const groupOfPerson = groupsById(by, humans);
  const modelGroups = grouped(answers.synthetic, (id) => groupOfRespondent.get(id));
  const humanGroups = grouped(answers.human, (id) => groupOfPerson.get(id) ?? groupOfRespondent.get(id));
  return [...humanGroups]
    .sort(([a], [b]) => collator.compare(a, b))
    .flatMap(([group, people]): SubgroupError[] => {
      const model = modelGroups.get(group);
      if (model === undefined) return [];
      return [{ by, group, syntheticN: model.length, humanN: people.length, ...errorsOf(model, people) }];
    });
}

const collator = new Intl.Collator('en', { numeric: true });

function groupsById(by: string, table: AnswerTable): Map<string, string> {
  const column = table.persona.find(({ name }) => name === by);
  return new Map(
    table.respondentIds.flatMap((id, respondent): [string, string][] => {
      const value = column?.values[column.codes.at(respondent)];
      return value === undefined ? [] : [[id, value.trim()]];
    }),
  );
}

function grouped(
  answers: ReadonlyMap<string, RespondentAnswer>,
  groupOf: (id: string) => string | undefined,
): Map<string, RespondentAnswer[]> {
  const groups = new Map<string, RespondentAnswer[]>();
  for (const [id, answer] of answers) {
    const group = groupOf(id);
    if (group === undefined) continue;
    const list = groups.get(group);
    if (list === undefined) groups.set(group, [answer]);
    else list.push(answer);
  }
  return groups;
}

function errorsOf(
  model: readonly RespondentAnswer[],
  people: readonly RespondentAnswer[],
): Pick<SubgroupError, 'meanDifference' | 'distance' | 'byChance'> {
  const [a, b] = [sampleOf(model), sampleOf(people)];
  if (a !== null && b !== null)
    return { meanDifference: welchDifference(a, b), distance: null, byChance: null };
  const [ofModel, ofPeople] = [sharesOf(model), sharesOf(people)];
  const isSmall = Math.min(model.length, people.length) < MIN_GROUP;
  if (ofModel === null || ofPeople === null || isSmall)
    return { meanDifference: null, distance: null, byChance: null };
  const [sizeOfModel, sizeOfPeople] = [model, people].map((side) =>
    effectiveSize(side.map(({ weight }) => weight)),
  ) as [number, number];
  // The mean absolute value of a normal difference is √(2/π) standard deviations.
  const chance = ofModel.map((share, option) => {
    const [p, n] = [(share + (ofPeople[option] as number)) / 2, 1 / sizeOfModel + 1 / sizeOfPeople];
    return Math.sqrt((2 / Math.PI) * p * (1 - p) * n);
  });
  return {
    meanDifference: null,
    distance: totalVariationDistance(ofModel, ofPeople),
    byChance: chance.reduce((sum, each) => sum + each, 0) / 2,
  };
}

function sampleOf(
  answers: readonly RespondentAnswer[],
): { mean: number; standardError: number; n: number } | null {
  const given = answers.filter(({ number }) => number !== null);
  if (given.length === 0) return null;
  const [numbers, weights] = [given.map(({ number }) => number as number), given.map(({ weight }) => weight)];
  const mean = weightedMean(numbers, weights);
  const variance = given.length < 2 ? 0 : varianceOfMean(numbers, weights);
  return { mean, standardError: Math.sqrt(variance), n: given.length };
}

/** Weighted shares; `null` if the question has no options. */
export function sharesOf(answers: readonly RespondentAnswer[]): number[] | null {
  const options = answers[0]?.shares?.length ?? 0;
  if (options === 0) return null;
  const weights = answers.map(({ weight }) => weight);
  return Array.from({ length: options }, (_, option) =>
    weightedMean(
      answers.map(({ shares }) => shares?.[option] ?? 0),
      weights,
    ),
  );
}
