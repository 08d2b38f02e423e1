import { quote } from '@panelist/toolkit';
import { PanelistError } from '../../panelist-error.ts';
import type { Respondent } from '../respondent.ts';
import { categoriesIn, type Variable } from './categories.ts';
import { cellsOf } from './cells.ts';
import { drawPeople } from './draw-people.ts';
import { expectedCounts, memberChances } from './expected-counts.ts';
import { type LeftOut, type PlacedPerson, peopleByCategory } from './people-by-category.ts';
import { type Margin, rake } from './raking.ts';
import { categoryReports, refuseEmptyCategories } from './sample-report.ts';
import { trimmedWeights, type WeightSpread, weightSpread, withMeanOne } from './sample-weights.ts';
import type { Target } from './targets.ts';

export interface SampleOptions {
  readonly size: number;
  /** Persona columns whose joint distribution is preserved or adjusted to the targets. */
  readonly by: readonly string[];
  readonly targets?: readonly Target[] | undefined;
  /** The same seed draws the same people, in whichever order the file lists them. @default 0 */
  readonly seed?: number | undefined;
  /** Weights above it are trimmed to it; the mean weight is 1, so it is 1 at least. @default no limit */
  readonly maxWeight?: number | undefined;
}

/** The outcome for one category. Shares are fractions. */
export interface CategoryReport {
  readonly variable: string;
  readonly category: string;
  /** The intended share: that of the targets, or else of the file. */
  readonly target: number;
  /** The share in the file, by its weights if it has any. */
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
  /** Categories of which so few were wanted that nobody was drawn. The weights leave their targets out. */
  readonly notDrawn: readonly {
    readonly variable: string;
    readonly category: string;
    /** How many people the target is, below 1 as a rule. */
    readonly wanted: number;
  }[];
  /** How many people could not be drawn, because a variable has no value or a value without a category. */
  readonly leftOut: number;
  /** Why, variable by variable, with the gaps between its bands; someone can be in several. */
  readonly leftOutBy: readonly LeftOut[];
  /** Whether the file has weights: then quotas and chances follow them. */
  readonly usesFileWeights: boolean;
  readonly weights: WeightSpread;
  /** The weights that were trimmed, and how far the weighted shares miss the targets since (a fraction). */
  readonly trimmed?: { readonly to: number; readonly people: number; readonly missesBy: number } | undefined;
  /** Kish's effective sample size. */
  readonly effectiveSize: number;
}

/** Over all variables; the draw's work grows with its square. */
const maxCategories = 1_000;

/**
 * Draws a quota sample. The shares of the cells of the joint distribution are the file's, by its weights if it has any,
 * raked to the targets. Each person's chance is their share of their cell's expected number. The draw keeps all chances
 * and rounds every cell and every category up or down (`drawPeople`). A person's weight is what they stand for, divided by
 * their chance, and is then raked to the targets.
 *
 * @throws PanelistError `USAGE` for an impossible size or an unknown variable; `RAKING_FAILED` for impossible targets;
 * `TARGETS_INVALID` for overlapping bands
 */
export function quotaSample(people: readonly Respondent[], options: SampleOptions): QuotaSample {
  const { size, by, targets = [], seed = 0, maxWeight } = options;
  checkOptions(options);
  const variables = by.map((name) => variableOf(name, people, targets));
  refuseManyCategories(variables);
  const { placed, leftOutBy } = peopleByCategory(people, variables);
  const drawable = withTargetsAboveZero(placed, variables, targets);
  refuseEmptyCategories(variables, targets, drawable, people);
  if (size > drawable.length)
    throw new PanelistError(
      'USAGE',
      `${size} people cannot be drawn: ${drawable.length} of ${people.length} have a category${drawable.length < placed.length ? ' with a target above 0' : ''} in ${by.join(', ')}.`,
    );
  const cells = cellsOf(drawable, variables);
  const total = cells.reduce((sum, { weight }) => sum + weight, 0);
  const margins = marginsOf(cells, variables, targets);
  const wanted = rake(
    cells.map(({ weight }) => (weight / total) * size),
    margins,
  );
  const expected = expectedCounts(
    wanted,
    cells.map(({ members }) => members.length),
    margins,
  );
  const weightOf = (member: number): number => (drawable[member] as PlacedPerson).weight;
  const chances = cells.map(({ members }, cell) =>
    memberChances(members.map(weightOf), expected[cell] as number),
  );
  const drawn = drawPeople(
    cells.map((cell, index) => ({ ...cell, chances: chances[index] as number[] })),
    variables.reduce((count, { categories }) => count + categories.length, 0),
    JSON.stringify(seed),
  ).sort((a, b) => a - b);
  const designWeights = new Map(
    cells.flatMap(({ members, weight }, cell) =>
      members.map((member, at): [number, number] => [
        member,
        ((wanted[cell] as number) * weightOf(member)) / weight / (chances[cell]?.[at] as number),
      ]),
    ),
  );
  const chosen = drawn.map((index) => drawable[index] as PlacedPerson);
  const fitted = withMeanOne(
    rake(
      drawn.map((index) => designWeights.get(index) as number),
      marginsOf(chosen, variables, targets).map(withoutEmptyCategories),
      'sample',
    ),
  );
  const { weights, trimmed } =
    maxWeight === undefined ? { weights: fitted, trimmed: 0 } : trimmedWeights(fitted, maxWeight);
  const categories = variables.flatMap((variable, at) =>
    categoryReports(variable, at, placed, chosen, weights, targets),
  );
  const hasTarget = ({ variable }: CategoryReport): boolean =>
    targets.some((target) => target.variable === variable);
  const misses = categories.filter(hasTarget).map(({ target, weighted }) => Math.abs(target - weighted));
  const spread = weightSpread(weights);
  return {
    respondents: chosen.map(({ person }, at) => ({ ...person, weight: rounded(weights[at] as number) })),
    categories,
    short: cells.flatMap(({ place, members }, cell) => {
      const asked = Math.round(wanted[cell] as number);
      if (asked <= members.length) return [];
      const names = place.map((category, at) => variables[at]?.categories[category] ?? '');
      return [{ cell: names, wanted: asked, there: members.length }];
    }),
    notDrawn: categories
      .filter((report) => hasTarget(report) && report.target > 0 && report.sample === 0)
      .map(({ variable, category, target }) => ({ variable, category, wanted: target * size })),
    leftOut: people.length - placed.length,
    leftOutBy,
    usesFileWeights: people.some(({ weight }) => weight !== undefined),
    weights: spread,
    ...(trimmed > 0 && {
      trimmed: { to: maxWeight as number, people: trimmed, missesBy: Math.max(0, ...misses) },
    }),
    effectiveSize: spread.effectiveSize,
  };
}

function checkOptions({ by, targets = [], maxWeight }: SampleOptions): void {
  if (maxWeight !== undefined && !(maxWeight >= 1))
    throw new PanelistError(
      'USAGE',
      `The greatest weight must be a number from 1, which is the mean weight, not ${quote(maxWeight)}.`,
    );
  const unknown = targets.find(({ variable }) => !by.includes(variable));
  if (unknown !== undefined)
    throw new PanelistError(
      'USAGE',
      `The targets have shares of ${quote(unknown.variable)}, which is not one of the columns to draw by.`,
      { data: { reason: 'target-not-sampled', variable: unknown.variable } },
    );
}

function variableOf(name: string, people: readonly Respondent[], targets: readonly Target[]): Variable {
  const target = targets.find(({ variable }) => variable === name);
  const categories =
    target === undefined
      ? categoriesIn(people.map(({ persona }) => persona[name]))
      : [...target.shares.keys()];
  if (categories.length > 0) return { name, categories };
  const known = [...new Set(people.slice(0, 100).flatMap(({ persona }) => Object.keys(persona)))];
  throw new PanelistError(
    'USAGE',
    `No respondent has a value for ${quote(name)}. There are: ${known.slice(0, 30).join(', ')}.`,
  );
}

function refuseManyCategories(variables: readonly Variable[]): void {
  const count = variables.reduce((sum, { categories }) => sum + categories.length, 0);
  if (count <= maxCategories) return;
  const most = [...variables].sort((a, b) => b.categories.length - a.categories.length)[0] as Variable;
  throw new PanelistError(
    'USAGE',
    `The columns have ${count} categories, ${most.categories.length} of them ${quote(most.name)}; a sample can be drawn by ${maxCategories} at most. Merge categories, or leave the column out.`,
  );
}

/** A target of 0 draws nobody. */
function withTargetsAboveZero(
  placed: readonly PlacedPerson[],
  variables: readonly Variable[],
  targets: readonly Target[],
): readonly PlacedPerson[] {
  const shares = variables.map(({ name }) => {
    const target = targets.find(({ variable }) => variable === name);
    return target === undefined ? undefined : [...target.shares.values()];
  });
  return placed.filter(({ place }) => place.every((category, at) => shares[at]?.[category] !== 0));
}

function marginsOf(
  rows: readonly { place: readonly number[] }[],
  variables: readonly Variable[],
  targets: readonly Target[],
): Margin[] {
  return variables.flatMap(({ name, categories }, at): Margin[] => {
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
}

/** So few were wanted of some categories that nobody was drawn: the weights meet the shares among the others. */
function withoutEmptyCategories(margin: Margin): Margin {
  const drawn = new Set(margin.of);
  const shares = margin.shares.map((share, category) => (drawn.has(category) ? share : 0));
  const total = shares.reduce((sum, share) => sum + share, 0);
  return { ...margin, shares: shares.map((share) => share / total) };
}

/** Six decimals: further ones have no meaning and would differ between machines. */
function rounded(weight: number): number {
  return Number(weight.toFixed(6));
}
