import { SeededDraw, shuffled } from '../../random/seeded-draw.ts';
import { type BalancedUnit, balancedDraw } from './cube.ts';

/** A cell of the joint distribution, as the draw sees it. */
export interface DrawCell {
  /** The same for the same people in any order of lines. */
  readonly key: string;
  /** The group that the cell is in, one for each variable. */
  readonly groups: readonly number[];
  /** In an order that does not depend on the order of lines. */
  readonly members: readonly number[];
  /** The chance of each member. */
  readonly chances: readonly number[];
}

/** A chance this close to 0 or 1 differs from it by rounding only. */
const epsilon = 1e-7;

/**
 * Draws people so that each has exactly their chance, and each cell and each group get their expected number rounded up
 * or down. Within a cell people duel in pairs (the pivotal method: Deville & Tillé, "Unequal probability sampling without
 * replacement through a splitting method", Biometrika 85, 1998, pp. 89–101) until all but one are in or out; those that
 * remain, one a cell, are drawn by the cube method.
 *
 * @param groupCount how many groups there are over all variables
 * @returns the members drawn, in no order
 */
export function drawPeople(cells: readonly DrawCell[], groupCount: number, seed: string): number[] {
  const random = new SeededDraw(seed);
  const uniform = (): number => random.below(2 ** 32) / 2 ** 32;
  const drawn: number[] = [];
  const open: (BalancedUnit & { readonly member: number })[] = [];
  const expected = new Float64Array(groupCount);
  const inRandomOrder = shuffled(
    [...cells].sort((a, b) => (a.key < b.key ? -1 : 1)),
    `${seed}\ncells`,
  );
  for (const { key, groups, members, chances } of inRandomOrder) {
    for (const group of groups)
      expected[group] = (expected[group] as number) + chances.reduce((sum, chance) => sum + chance, 0);
    const order = shuffled([...members.keys()], `${seed}\n${key}`);
    const rest = duels(
      order.map((at) => ({ member: members[at] as number, chance: chances[at] as number })),
      drawn,
      uniform,
    );
    if (rest !== undefined) open.push({ member: rest.member, probability: rest.chance, groups });
  }
  // One person more or less matters least in a large group, so that the largest are given up first.
  const landing = [...expected.keys()].sort(
    (a, b) => (expected[b] as number) - (expected[a] as number) || a - b,
  );
  const isIn = balancedDraw(open, landing, uniform);
  for (const [at, { member }] of open.entries()) if (isIn[at]) drawn.push(member);
  return drawn;
}

interface Chance {
  readonly member: number;
  readonly chance: number;
}

/** Adds those who are in to `drawn`; returns the one who is neither in nor out. */
function duels(people: readonly Chance[], drawn: number[], uniform: () => number): Chance | undefined {
  let open: Chance | undefined;
  for (const { member, chance } of people) {
    if (open === undefined) {
      open = { member, chance };
    } else {
      const sum: number = open.chance + chance;
      if (sum <= 1) {
        open = { member: uniform() * sum < chance ? member : open.member, chance: sum };
      } else {
        const isNewIn: boolean = uniform() * (2 - sum) < 1 - open.chance;
        drawn.push(isNewIn ? member : open.member);
        open = { member: isNewIn ? open.member : member, chance: sum - 1 };
      }
    }
    if (open.chance > 1 - epsilon) drawn.push(open.member);
    if (open.chance > 1 - epsilon || open.chance < epsilon) open = undefined;
  }
  return open;
}
