import type { Respondent } from '../respondent.ts';
import { normalised, type Variable } from './categories.ts';
import type { PlacedPerson } from './people-by-category.ts';

/** A cell of the joint distribution. */
export interface Cell {
  /** The names of its categories, the same in any spelling. */
  readonly key: string;
  /** The index of the category, for each variable. */
  readonly place: readonly number[];
  /** The same categories, counted over all variables. */
  readonly groups: readonly number[];
  /** Indices of the people in it. */
  readonly members: number[];
  /** The sum of their weights. */
  readonly weight: number;
}

/** The cells by name, and in each its people in an order of their own, so that the file's order has no influence. */
export function cellsOf(placed: readonly PlacedPerson[], variables: readonly Variable[]): Cell[] {
  const offsets: number[] = [];
  let groups = 0;
  for (const { categories } of variables) {
    offsets.push(groups);
    groups += categories.length;
  }
  const names = variables.map(({ categories }) => categories.map(normalised));
  const cells = new Map<string, number[]>();
  for (const [index, { place }] of placed.entries()) {
    const key = JSON.stringify(place.map((category, at) => names[at]?.[category]));
    const members = cells.get(key);
    if (members === undefined) cells.set(key, [index]);
    else members.push(index);
  }
  const order = placed.map(({ person }) => orderOf(person));
  return [...cells]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, members]) => {
      const place = placed[members[0] as number]?.place ?? [];
      members.sort((a, b) => ((order[a] as string) < (order[b] as string) ? -1 : 1));
      return {
        key,
        place,
        groups: place.map((category, at) => (offsets[at] as number) + category),
        members,
        weight: members.reduce((sum, index) => sum + (placed[index] as PlacedPerson).weight, 0),
      };
    });
}

/** The persona comes before the id, which is a line number in a file without ids. */
function orderOf({ persona, weight = 1, id }: Respondent): string {
  const fields = Object.entries(persona).sort(([a], [b]) => (a < b ? -1 : 1));
  return JSON.stringify([fields, weight, id]);
}
