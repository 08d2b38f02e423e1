import type { Respondent } from '../respondent.ts';
import { gapsBetween, numberIn } from './bands.ts';
import { categoryFinder, type Variable } from './categories.ts';

export interface PlacedPerson {
  readonly person: Respondent;
  /** The index of their category, for each variable. */
  readonly place: readonly number[];
  /** 1 in a file without weights. */
  readonly weight: number;
}

/** People whom one variable leaves out. */
export interface LeftOut {
  readonly variable: string;
  readonly reason:
    | { readonly kind: 'no value' }
    /** Numbers between two bands, or outside all of them: `from 30 to under 35`. Nobody may be in it. */
    | { readonly kind: 'gap'; readonly gap: string }
    /** Values that no category has, the most frequent first, five at most. */
    | { readonly kind: 'no category'; readonly values: readonly string[] };
  readonly people: number;
}

/**
 * Finds everyone's category of each variable, and lists who has none.
 *
 * @throws PanelistError `TARGETS_INVALID` for overlapping bands
 */
export function peopleByCategory(
  people: readonly Respondent[],
  variables: readonly Variable[],
): { readonly placed: readonly PlacedPerson[]; readonly leftOutBy: readonly LeftOut[] } {
  const finders = variables.map(({ categories }) => categoryFinder(categories));
  const places = people.map(({ persona }) =>
    variables.map(({ name }, at) => (finders[at] as (value: string | undefined) => number)(persona[name])),
  );
  return {
    placed: people.flatMap((person, index) => {
      const place = places[index] as number[];
      return place.every((category) => category >= 0) ? [{ person, place, weight: person.weight ?? 1 }] : [];
    }),
    leftOutBy: variables.flatMap((variable, at) =>
      leftOutOf(
        variable,
        people.flatMap(({ persona }, index) => (places[index]?.[at] === -1 ? [persona[variable.name]] : [])),
      ),
    ),
  };
}

function leftOutOf({ name, categories }: Variable, values: readonly (string | undefined)[]): LeftOut[] {
  const gaps = gapsBetween(name, categories).map((gap) => ({ ...gap, people: 0 }));
  const others = new Map<string, number>();
  let without = 0;
  for (const value of values) {
    const number = value === undefined ? null : numberIn(value);
    const gap = number === null ? undefined : gaps.find(({ includes }) => includes(number));
    if (value === undefined) without += 1;
    else if (gap !== undefined) gap.people += 1;
    else others.set(value.trim(), (others.get(value.trim()) ?? 0) + 1);
  }
  const frequent = [...others].sort(([a, m], [b, n]) => n - m || (a < b ? -1 : 1));
  const all: LeftOut[] = [
    { variable: name, reason: { kind: 'no value' }, people: without },
    ...gaps
      // Numbers below the first and above the last band are named only if somebody has one.
      .filter(({ isSuspicious, people }) => isSuspicious || people > 0)
      .map(({ gap, people }): LeftOut => ({ variable: name, reason: { kind: 'gap', gap }, people })),
    {
      variable: name,
      reason: { kind: 'no category', values: frequent.slice(0, 5).map(([value]) => value) },
      people: values.length - without - gaps.reduce((sum, { people }) => sum + people, 0),
    },
  ];
  return all.filter(({ reason, people }) => people > 0 || reason.kind === 'gap');
}
