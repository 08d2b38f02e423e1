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

const personaLine = /^ {0,8}- ([^:：]{1,101})[:：]\s*(\S.*)$/;

/**
 * The persona in a text: the longest run of lines `- key: value`, the last of equally long ones (instructions may look
 * like one, and come first). Empty where there is none.
 */
export function parsePersona(text: string): readonly (readonly [key: string, value: string])[] {
  let longest: [string, string][] = [];
  let run: [string, string][] = [];
  for (const line of text.split('\n')) {
    const match = personaLine.exec(line);
    if (match === null) run = [];
    else run.push([(match[1] ?? '').trim(), (match[2] ?? '').trim().slice(0, maxValue)]);
    if (run.length > 0 && run.length >= longest.length) longest = run;
  }
  return longest;
}
