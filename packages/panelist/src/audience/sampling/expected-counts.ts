import { type Margin, raked } from './raking.ts';

/**
 * How many to expect from each cell of the joint distribution: as wanted, but never more than there are. What a cell
 * lacks is made up by the others, so that the margins with targets still hold; if that is impossible, in proportion to
 * what is wanted of them. A cell of which nothing is wanted gets nothing.
 *
 * @param wanted adds up to the size of the sample
 * @param there people in each cell; those of the cells that are wanted add up to the size at least
 * @param margins with targets, over the cells
 */
export function expectedCounts(
  wanted: readonly number[],
  there: readonly number[],
  margins: readonly Margin[],
): number[] {
  const size = sum(wanted);
  const full = new Set<number>();
  let expected = [...wanted];
  for (;;) {
    const over = expected.flatMap((count, cell) =>
      !full.has(cell) && count > (there[cell] as number) ? [cell] : [],
    );
    if (over.length === 0) return expected;
    for (const cell of over) full.add(cell);
    const given = there.map((count, cell) => (full.has(cell) ? count : 0));
    const open = wanted.map((count, cell) => (full.has(cell) ? 0 : count));
    const left = size - sum(given);
    const scaled = open.map((count) => (left <= 0 ? 0 : (count * left) / sum(open)));
    const rest = margins.map((margin) => ({ ...margin, shares: sharesLeft(margin, size, given, left) }));
    const isPossible = rest.every(({ shares }) => shares.every((share) => share >= 0));
    const kept = isPossible && left > 0 ? raked(scaled, rest) : undefined;
    expected = (kept ?? scaled).map((count, cell) => count + (given[cell] as number));
  }
}

/** What a margin needs from the cells that aren't full. */
function sharesLeft({ of, shares }: Margin, size: number, given: readonly number[], left: number): number[] {
  const needed = shares.map((share) => share * size);
  for (const [cell, category] of of.entries())
    needed[category] = (needed[category] as number) - (given[cell] as number);
  return needed.map((count) => (Math.abs(count) < 1e-6 ? 0 : count / left));
}

/**
 * The chance of each member of a cell, in proportion to their weights and never above 1. They add up to `expected`.
 *
 * @param expected at most the number of members
 */
export function memberChances(weights: readonly number[], expected: number): number[] {
  if (expected === 0) return weights.map(() => 0);
  const certain = new Set<number>();
  for (;;) {
    const open = sum(weights.filter((_, member) => !certain.has(member)));
    const left = expected - certain.size;
    const chances = weights.map((weight, member) => (certain.has(member) ? 1 : (weight / open) * left));
    const over = chances.flatMap((chance, member) => (!certain.has(member) && chance >= 1 ? [member] : []));
    if (over.length === 0) return chances;
    for (const member of over) certain.add(member);
  }
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
