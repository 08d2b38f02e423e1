import { oneLine } from '../text/one-line.ts';
import { shortened } from '../text/shortened.ts';
import type { Respondent } from './respondent.ts';

/** Characters of one value that a prompt shows: longer persona text adds bias and cost, not likeness. */
const maxValue = 500;
const maxKey = 100;

/** Who a respondent is, one `- key: value` a line, each value flattened to one line of at most 500 characters. */
export function personaLines({ persona }: Respondent): string {
  return Object.entries(persona)
    .map(([key, value]) => `- ${shortened(oneLine(key), maxKey)}: ${shortened(oneLine(value), maxValue)}`)
    .join('\n');
}
