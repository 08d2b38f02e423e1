import type { PlannedElement, PlannedNote, PlannedQuestion } from './interview-plan.ts';
import type { RespondentValues } from './respondent-values.ts';

/**
 * The questions with the unread texts that precede them; after the last question, those behind it. A text that
 * depends on what is not settled yet waits.
 */
export function elementsToDisplay(
  elements: readonly PlannedElement[],
  asked: readonly PlannedQuestion[],
  open: ReadonlySet<PlannedQuestion>,
  unread: Set<PlannedNote>,
  values: Pick<RespondentValues, 'holds'>,
): PlannedElement[] {
  const displayed: PlannedElement[] = [];
  let notes: PlannedNote[] = [];
  let last: PlannedQuestion | undefined;
  const now = new Set(asked);
  const read = (): void => {
    for (const note of notes) unread.delete(note);
    displayed.push(...notes);
    notes = [];
  };
  for (const element of elements) {
    if ('question' in element) {
      last = element;
      if (now.has(element)) {
        read();
        displayed.push(element);
      }
    } else if (
      unread.has(element) &&
      !element.dependsOn.some((other) => open.has(other) || now.has(other)) &&
      values.holds(element.note.visibleIf)
    )
      notes.push(element);
  }
  if (last !== undefined && now.has(last)) read();
  return displayed;
}
