import { z } from 'zod';
import type { InterviewTexts } from '../../languages/messages.ts';
import { shortened } from '../../text/shortened.ts';
import { matches } from '../reply/patterns.ts';
import type { Repair } from '../reply/repairs.ts';

/** Characters of a text that patterns are tried on. */
const maxMatched = 1_000;

export type TextFormat =
  | 'plain'
  | 'date'
  | 'datetime-local'
  | 'month'
  | 'week'
  | 'time'
  | 'email'
  | 'url'
  | 'tel'
  | 'color';

const forms: Readonly<Record<Exclude<TextFormat, 'plain'>, (text: string) => boolean>> = {
  date: (text) => isDate(text),
  'datetime-local': (text) => {
    const [date = '', time = ''] = text.split('T', 2);
    return isDate(date) && isTime(time) && text.length === 16;
  },
  month: (text) => /^\d{4}-\d{2}$/.test(text) && isDate(`${text}-01`),
  week: (text) => /^\d{4}-W(?:0[1-9]|[1-4]\d|5[0-3])$/.test(text),
  time: isTime,
  email: (text) => z.email().safeParse(text).success,
  url: (text) => /^https?:\/\/[^\s.]+\.[^\s]+$/i.test(text) && URL.canParse(text),
  tel: (text) => /^\+?[\d\s().\-/]{3,30}$/.test(text) && (text.match(/\d/g)?.length ?? 0) >= 3,
  color: (text) => /^#[\da-f]{6}$/i.test(text),
};

/** Those that an instruction asks for. */
export const formatsAsked: readonly Exclude<TextFormat, 'plain'>[] = Object.keys(forms) as never;
export const textFormats: readonly TextFormat[] = ['plain', ...formatsAsked];

/** Of a text's question, what says how the text is written. */
interface FormattedText {
  readonly format: TextFormat;
  readonly earliest: string | null;
  readonly latest: string | null;
  readonly minLength: number | null;
  readonly patterns: readonly {
    readonly pattern: string;
    readonly flags: string;
    readonly message: string;
  }[];
}

/**
 * Reads a text whose form is asked for, or says what is wrong with it. Dates are never guessed: 03/04/2026 is March to
 * some and April to others.
 */
export function readFormattedText(
  question: FormattedText,
  said: string,
  frame: InterviewTexts,
): { readonly text: string; readonly repairs: readonly Repair[] } | string {
  const { format, earliest, latest, minLength, patterns } = question;
  const repairs: Repair[] = [];
  let text = said;
  if (format === 'datetime-local' && /T\d{2}:\d{2}:00$/.test(text)) {
    text = text.slice(0, -3);
    repairs.push('zero-seconds');
  }
  if (format === 'time' && /^\d{2}:\d{2}:00$/.test(text)) {
    text = text.slice(0, -3);
    repairs.push('zero-seconds');
  }
  const isWrong = format !== 'plain' && !forms[format](text);
  // Written this way, later is greater.
  const isOutside = (earliest !== null && text < earliest) || (latest !== null && text > latest);
  if (isWrong || isOutside)
    return frame.problems.isNot(JSON.stringify(shortened(text, 120)), textForm(question, frame));
  if (minLength !== null && [...text].length < minLength)
    return frame.problems.tooShort([...text].length, minLength);
  for (const { pattern, flags, message } of patterns) {
    const isMatch = text.length > maxMatched ? null : matches(pattern, flags, text);
    if (isMatch === null) return frame.problems.uncheckable(message);
    if (!isMatch) return message;
  }
  return { text, repairs };
}

/** What form of text is asked for, as the respondent and the error say it. */
export function textForm(
  { format, earliest, latest }: Pick<FormattedText, 'format' | 'earliest' | 'latest'>,
  frame: InterviewTexts,
): string {
  return frame.withinDates(frame.forms[format], earliest, latest);
}

function isDate(text: string): boolean {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(text)) return false;
  const date = new Date(`${text}T00:00:00Z`);
  return !Number.isNaN(date.getTime()) && date.toISOString().startsWith(text);
}

function isTime(text: string): boolean {
  return /^(?:[01]\d|2[0-3]):[0-5]\d$/.test(text);
}
