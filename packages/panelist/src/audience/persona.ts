import { oneLine } from '../text/one-line.ts';
import { shortened } from '../text/shortened.ts';
import type { Respondent } from './respondent.ts';

/** Maximum length of a value in a prompt, in characters: longer persona texts add bias and cost, not realism. */
const maxValue = 500;
const maxKey = 100;

/** Describes a respondent with one line `- key: value` per fact; each value is flattened and at most 500 characters long. */
export function personaLines({ persona }: Respondent): string {
  return Object.entries(persona)
    .map(([key, value]) => `- ${shortened(oneLine(key), maxKey)}: ${shortened(oneLine(value), maxValue)}`)
    .join('\n');
}

const personaLine = /^ {0,8}- ([^:：]{1,101})[:：]\s*(\S.*)$/;

/**
 * Finds the persona in a text: the longest run of lines `- key: value`, and on ties the last, because instructions may
 * look similar and come first. Empty if there is none.
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
