import type { Respondent } from './respondent.ts';

/** Characters of one value that a prompt shows: longer persona text adds bias and cost, not likeness. */
const maxValue = 500;
const maxKey = 100;

/** Who a respondent is, one `- key: value` a line, each value flattened to one line of at most 500 characters. */
export function personaLines({ persona }: Respondent): string {
  return Object.entries(persona)
    .map(([key, value]) => `- ${oneLine(key, maxKey)}: ${oneLine(value, maxValue)}`)
    .join('\n');
}

function oneLine(text: string, max: number): string {
  const flat = text.replace(/[\s\p{Cc}]+/gu, ' ').trim();
  if (flat.length <= max) return flat;
  // Never between the halves of a surrogate pair.
  const end = flat.codePointAt(max - 1)! > 0xffff ? max - 1 : max;
  return `${flat.slice(0, end)}…`;
}
