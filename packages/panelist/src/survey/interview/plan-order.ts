import type { OrderedPart, PlannedElement, PlannedNote } from './interview-plan.ts';

/** The elements in a row; `shuffle` orders those of a part that is random. */
export function flattened(
  parts: OrderedPart['elements'],
  shuffle?: <T>(items: readonly T[], name: string) => readonly T[],
): PlannedElement[] {
  return parts.flatMap((part): PlannedElement[] => {
    if (!('elements' in part)) return [part];
    if (part.order === 'as-listed' || shuffle === undefined) return flattened(part.elements, shuffle);
    const { groups, after } = withTheirNotes(part.elements);
    return flattened([...shuffle(groups, part.name), after].flat(), shuffle);
  });
}

/** A note goes where that goes which it precedes; those `after` everything stay there. */
function withTheirNotes(elements: OrderedPart['elements']): {
  readonly groups: readonly OrderedPart['elements'][];
  readonly after: readonly PlannedNote[];
} {
  const groups: (PlannedElement | OrderedPart)[][] = [];
  let notes: PlannedNote[] = [];
  for (const element of elements) {
    if ('note' in element) notes.push(element);
    else {
      groups.push([...notes, element]);
      notes = [];
    }
  }
  return { groups, after: notes };
}
