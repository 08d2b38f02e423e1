import { unit } from '../seeded-random.ts';
import { PURPOSE, type Question } from './question.ts';

const BOUND = '(\\d[\\dTW:-]*)';
const FROM_TO = new RegExp(`, from ${BOUND} to ${BOUND}`);
const NOT_BEFORE = new RegExp(`, not before ${BOUND}`);
const NOT_AFTER = new RegExp(`, not after ${BOUND}`);

/** A text in the form that the prompt names, as `survey/prompt.ts` writes it: `a date as YYYY-MM-DD, not after …`. */
export function writeFormatted(question: Question, form: string): string {
  const draw = unit(question.draw(PURPOSE.form));
  const name = `person${Math.floor(draw * 9_000) + 1_000}`;
  if (form.startsWith('an e-mail')) return `${name}@example.com`;
  if (form.startsWith('a web')) return `https://example.com/${name}`;
  if (form.startsWith('a telephone')) return `+1 555 01${String(Math.floor(draw * 100)).padStart(2, '0')}`;
  if (form.startsWith('a colour'))
    return `#${Math.floor(draw * 0xffffff)
      .toString(16)
      .padStart(6, '0')}`;
  const range = FROM_TO.exec(form);
  const low = range?.[1] ?? NOT_BEFORE.exec(form)?.[1];
  const high = range?.[2] ?? NOT_AFTER.exec(form)?.[1];
  if (form.startsWith('a time')) {
    const [from, to] = [minutes(low) ?? 0, minutes(high) ?? 1_439];
    return clock(from + Math.floor(draw * (to - from + 1)));
  }
  const from = moment(low) ?? (moment(high) ?? Date.UTC(2026, 0, 1)) - YEAR_MS;
  const to = moment(high) ?? from + YEAR_MS;
  return written(new Date(from + draw * Math.max(0, to - from)), form);
}

const YEAR_MS = 365 * 86_400_000;

function written(date: Date, form: string): string {
  const text = date.toISOString();
  if (form.startsWith('a month')) return text.slice(0, 7);
  if (form.startsWith('a week')) return week(date);
  return form.includes('HH:MM') ? text.slice(0, 16) : text.slice(0, 10);
}

/** ISO 8601: the week that holds the year's first Thursday is its first. */
function week(date: Date): string {
  const thursday = new Date(date);
  thursday.setUTCDate(date.getUTCDate() + 4 - (date.getUTCDay() || 7));
  const first = Date.UTC(thursday.getUTCFullYear(), 0, 1);
  const number = Math.ceil(((thursday.getTime() - first) / 86_400_000 + 1) / 7);
  return `${thursday.getUTCFullYear()}-W${String(number).padStart(2, '0')}`;
}

function moment(bound: string | undefined): number | null {
  if (bound === undefined) return null;
  const ofWeek = /^(\d{4})-W(\d{2})$/.exec(bound);
  if (ofWeek) return Date.UTC(Number(ofWeek[1]), 0, 4 + (Number(ofWeek[2]) - 1) * 7);
  const time = Date.parse(bound.length <= 10 ? bound : `${bound}Z`);
  return Number.isNaN(time) ? null : time;
}

function minutes(bound: string | undefined): number | null {
  const parts = /^(\d{2}):(\d{2})/.exec(bound ?? '');
  return parts ? Number(parts[1]) * 60 + Number(parts[2]) : null;
}

function clock(ofDay: number): string {
  return `${String(Math.floor(ofDay / 60)).padStart(2, '0')}:${String(ofDay % 60).padStart(2, '0')}`;
}
