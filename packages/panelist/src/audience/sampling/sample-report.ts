import { PanelistError } from '../../panelist-error.ts';
import type { Respondent } from '../respondent.ts';
import { categoryFinder, type Variable } from './categories.ts';
import type { PlacedPerson } from './people-by-category.ts';
import type { CategoryReport } from './quota-sample.ts';
import type { Target } from './targets.ts';

/** The outcome for each category of one variable. */
export function categoryReports(
  { name, categories }: Variable,
  at: number,
  placed: readonly PlacedPerson[],
  chosen: readonly PlacedPerson[],
  weights: readonly number[],
  targets: readonly Target[],
): CategoryReport[] {
  const target = targets.find(({ variable }) => variable === name);
  const source = sharesOf(
    categories,
    at,
    placed,
    placed.map(({ weight }) => weight),
  );
  const sample = sharesOf(
    categories,
    at,
    chosen,
    chosen.map(() => 1),
  );
  const weighted = sharesOf(categories, at, chosen, weights);
  return categories.map((category, index) => ({
    variable: name,
    category,
    target: target?.shares.get(category) ?? (source[index] as number),
    source: source[index] as number,
    sample: sample[index] as number,
    weighted: weighted[index] as number,
  }));
}

function sharesOf(
  categories: readonly string[],
  at: number,
  people: readonly PlacedPerson[],
  weights: readonly number[],
): number[] {
  const sums = categories.map(() => 0);
  let total = 0;
  for (const [index, { place }] of people.entries()) {
    const weight = weights[index] as number;
    sums[place[at] as number] = (sums[place[at] as number] as number) + weight;
    total += weight;
  }
  return sums.map((sum) => sum / total);
}

/** @throws PanelistError `RAKING_FAILED` if a category with a target above 0 has nobody who could be drawn */
export function refuseEmptyCategories(
  variables: readonly Variable[],
  targets: readonly Target[],
  drawable: readonly PlacedPerson[],
  people: readonly Respondent[],
): void {
  for (const { variable, shares } of targets) {
    const at = variables.findIndex(({ name }) => name === variable);
    const taken = new Set(drawable.map(({ place }) => place[at]));
    const find = categoryFinder([...shares.keys()]);
    for (const [index, [category, share]] of [...shares].entries()) {
      if (share === 0 || taken.has(index)) continue;
      const there = people.filter(({ persona }) => find(persona[variable]) === index).length;
      throw new PanelistError(
        'RAKING_FAILED',
        `${
          there === 0
            ? `Nobody is in ${JSON.stringify(category)} of ${JSON.stringify(variable)}`
            : `None of the ${there} people in ${JSON.stringify(category)} of ${JSON.stringify(variable)} can be drawn, because each has no category, or one with a target of 0, in another column`
        }; its target is ${(100 * share).toFixed(1)} %. Merge it with another category in the targets.`,
      );
    }
  }
}
