import { quote } from '@panelist/toolkit';
import { effectiveSize } from '../../analysis/statistics/effective-size.ts';
import { PanelistError } from '../../panelist-error.ts';
import { shuffled } from '../../random/seeded-draw.ts';
import type { Respondent } from '../respondent.ts';
import { categoriesIn, categoryOf, type Variable } from './categories.ts';
import { type Margin, rake } from './raking.ts';
import type { Target } from './targets.ts';

export interface SampleOptions {
  readonly size: number;
  /** Persona columns whose joint distribution is preserved or adjusted to the targets. */
  readonly by: readonly string[];
  readonly targets?: readonly Target[] | undefined;
  /** The same seed draws the same respondents. @default 0 */
  readonly seed?: number | undefined;
}

/** The outcome for one category. Shares are fractions. */
export interface CategoryReport {
  readonly variable: string;
  readonly category: string;
  /** The intended share: that of the targets, or else of the file. */
  readonly target: number;
  readonly source: number;
  readonly sample: number;
  readonly weighted: number;
}

export interface QuotaSample {
  /** In the file's order, each with a weight; the mean weight is 1. */
  readonly respondents: readonly Respondent[];
  readonly categories: readonly CategoryReport[];
  /** Cells of the joint distribution with fewer people than wanted; people from other cells filled the gap. */
  readonly short: readonly {
    readonly cell: readonly string[];
    readonly wanted: number;
    readonly there: number;
  }[];
  /** People who could not be drawn, because a variable has no value or a value without a category. */
  readonly leftOut: number;
  /** Kish's effective sample size. */
  readonly effectiveSize: number;
}

/**
 * Draws a quota sample. Each cell of the joint distribution gets seats in proportion to its share (Hamilton's largest
 * remainder method), filled by a seeded draw without replacement. With targets, the cells' shares are the file's shares
 * raked to the targets, and a second raking gives weights that correct for rounding and empty cells.
 *
 * @throws PanelistError `USAGE` for an impossible size or an unknown variable; `RAKING_FAILED` for impossible targets
 */
export function quotaSample(people: readonly Respondent[], options: SampleOptions): QuotaSample {
  const { size, by, targets = [], seed = 0 } = options;
  const variables = by.map((name) => variableOf(name, people, targets));
  const unknown = targets.find(({ variable }) => !by.includes(variable));
  if (unknown !== undefined)
    throw new PanelistError(
      'USAGE',
      `The targets have shares of ${quote(unknown.variable)}, which is not one of the columns to draw by.`,
      { data: { reason: 'target-not-sampled', variable: unknown.variable } },
    );
  const placed = people
    .map((person) => ({
      person,
      place: variables.map(({ name, categories }) => categoryOf(categories, person.persona[name])),
    }))
    .filter(({ place }) => place.every((category) => category >= 0));
  if (size > placed.length) {
    throw new PanelistError(
      'USAGE',
      `${size} people cannot be drawn: ${placed.length} of ${people.length} have a category in ${by.join(', ')}.`,
    );
  }
  const cells = cellsOf(placed);
  const shares = cellShares(cells, variables, targets, placed.length);
  const seats = apportioned(
    shares,
    cells.map(({ members }) => members.length),
    size,
  );
  const drawn = cells
    .flatMap(({ members, key }, index) =>
      shuffled(members, JSON.stringify([seed, key])).slice(0, seats.given[index]),
    )
    .sort((a, b) => a - b);
  const chosen = drawn.map((index) => placed[index] as (typeof placed)[number]);
  const margins = (rows: readonly { place: readonly number[] }[]): Margin[] =>
    variables.flatMap(({ name, categories }, at) => {
      const target = targets.find(({ variable }) => variable === name);
      if (target === undefined) return [];
      return [
        {
          variable: name,
          categories,
          of: rows.map(({ place }) => place[at] as number),
          shares: [...target.shares.values()],
        },
      ];
    });
  const weights = rake(
    chosen.map(() => 1),
    margins(chosen),
  );
  return {
    respondents: chosen.map(({ person }, index) => ({
      ...person,
      weight: rounded(weights[index] as number),
    })),
    categories: variables.flatMap((variable, at) => reportOf(variable, at, placed, chosen, weights, targets)),
    short: seats.wanted.flatMap((wanted, index) => {
      const cell = cells[index] as Cell;
      if (wanted <= cell.members.length) return [];
      const names = cell.place.map((category, at) => variables[at]?.categories[category] ?? '');
      return [{ cell: names, wanted, there: cell.members.length }];
    }),
    leftOut: people.length - placed.length,
    effectiveSize: effectiveSize(weights),
  };
}

interface Cell {
  readonly key: string;
  readonly place: readonly number[];
  /** Indices of the people in the cell. */
  readonly members: number[];
}

function variableOf(name: string, people: readonly Respondent[], targets: readonly Target[]): Variable {
  const target = targets.find(({ variable }) => variable === name);
  if (target !== undefined) return { name, categories: [...target.shares.keys()] };
  const categories = categoriesIn(people.map(({ persona }) => persona[name]));
  if (categories.length > 0) return { name, categories };
  const known = [...new Set(people.slice(0, 100).flatMap(({ persona }) => Object.keys(persona)))];
  throw new PanelistError(
    'USAGE',
    `No respondent has a value for ${quote(name)}. There are: ${known.slice(0, 30).join(', ')}.`,
  );
}

function cellsOf(placed: readonly { place: readonly number[] }[]): Cell[] {
  const cells = new Map<string, Cell>();
  for (const [index, { place }] of placed.entries()) {
    const key = place.join();
    const cell = cells.get(key) ?? { key, place, members: [] };
    cell.members.push(index);
    cells.set(key, cell);
  }
  return [...cells.values()];
}

function cellShares(
  cells: readonly Cell[],
  variables: readonly Variable[],
  targets: readonly Target[],
  total: number,
): number[] {
  const margins = variables.flatMap(({ name, categories }, at): Margin[] => {
    const target = targets.find(({ variable }) => variable === name);
    if (target === undefined) return [];
    return [
      {
        variable: name,
        categories,
        of: cells.map(({ place }) => place[at] as number),
        shares: [...target.shares.values()],
      },
    ];
  });
  return rake(
    cells.map(({ members }) => members.length / total),
    margins,
  );
}

/** Whole seats by largest remainder, at most as many as people in the cell; the rest goes to other cells by the same rule. */
function apportioned(
  shares: readonly number[],
  there: readonly number[],
  size: number,
): { wanted: readonly number[]; given: readonly number[] } {
  const wanted = largestRemainder(shares, size);
  const given = wanted.map((seats, index) => Math.min(seats, there[index] as number));
  for (;;) {
    const left = size - given.reduce((sum, seats) => sum + seats, 0);
    if (left === 0) return { wanted, given };
    const open = shares.map((share, index) =>
      (given[index] as number) < (there[index] as number) ? share : 0,
    );
    const some = open.some((share) => share > 0)
      ? open
      : there.map((count, index) => count - (given[index] as number));
    for (const [index, seats] of largestRemainder(some, left).entries()) {
      given[index] = Math.min((given[index] as number) + seats, there[index] as number);
    }
  }
}

function largestRemainder(shares: readonly number[], size: number): number[] {
  const sum = shares.reduce((total, share) => total + share, 0);
  const exact = shares.map((share) => (share / sum) * size);
  const seats = exact.map(Math.floor);
  const left = size - seats.reduce((total, each) => total + each, 0);
  const byRemainder = exact
    .map((each, index) => ({ index, remainder: each - Math.floor(each) }))
    .sort((a, b) => b.remainder - a.remainder || a.index - b.index);
  for (const { index } of byRemainder.slice(0, left)) seats[index] = (seats[index] as number) + 1;
  return seats;
}

function reportOf(
  { name, categories }: Variable,
  at: number,
  placed: readonly { place: readonly number[] }[],
  chosen: readonly { place: readonly number[] }[],
  weights: readonly number[],
  targets: readonly Target[],
): CategoryReport[] {
  const target = targets.find(({ variable }) => variable === name);
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  return categories.map((category, index) => {
    const isIn = ({ place }: { place: readonly number[] }): boolean => place[at] === index;
    const source = placed.filter(isIn).length / placed.length;
    const weighted =
      chosen.reduce((sum, row, unit) => sum + (isIn(row) ? (weights[unit] as number) : 0), 0) / total;
    return {
      variable: name,
      category,
      target: target?.shares.get(category) ?? source,
      source,
      sample: chosen.filter(isIn).length / chosen.length,
      weighted,
    };
  });
}

/** Six decimals: further ones have no meaning and would differ between machines. */
function rounded(weight: number): number {
  return Number(weight.toFixed(6));
}
