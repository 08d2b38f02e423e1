import { z } from 'zod';
import { shortened } from '../../text/shortened.ts';
import type { Frame } from '../frame/frame.ts';
import { textForm } from '../prompt/prompt.ts';
import type { TextFormat, TextQuestion } from '../questionnaire.ts';
import { matches } from './patterns.ts';
import type { Repair } from './repairs.ts';

/** Characters of a text that patterns are tried on. */
const maxMatched = 1_000;

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

/**
 * Reads a text whose form is asked for, or says what is wrong with it. Dates are never guessed: 03/04/2026 is March to
 * some and April to others.
 */
export function readFormattedText(
  question: TextQuestion,
  said: string,
  frame: Frame,
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

function isDate(text: string): boolean {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(text)) return false;
  const date = new Date(`${text}T00:00:00Z`);
  return !Number.isNaN(date.getTime()) && date.toISOString().startsWith(text);
}

function isTime(text: string): boolean {
  return /^(?:[01]\d|2[0-3]):[0-5]\d$/.test(text);
}
