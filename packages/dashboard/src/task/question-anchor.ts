/** The id of a question's place on the page of its run. */
export function questionAnchor(name: string): string {
  return `question-${name}`;
}
