import { unit } from '../../random/hash-draws.ts';
import type { AskedAnswer } from '../../survey/question-kinds/kind.ts';
import { PURPOSE, type Question } from './question.ts';

/** A text in a format of `TextFormat`, within the bounds that the prompt names. */
export function writeFormatted(
  question: Question,
  format: string,
  { earliest, latest }: Pick<AskedAnswer, 'earliest' | 'latest'>,
): string {
  const draw = unit(question.draw(PURPOSE.form));
  const person = `person${Math.floor(draw * 9_000) + 1_000}`;
  switch (format) {
    case 'email':
      return `${person}@example.com`;
    case 'url':
      return `https://example.com/${person}`;
    case 'tel':
      return `+1 555 01${String(Math.floor(draw * 100)).padStart(2, '0')}`;
    case 'color':
      return `#${Math.floor(draw * 0xffffff)
        .toString(16)
        .padStart(6, '0')}`;
    case 'time': {
      const [from, to] = [minutes(earliest) ?? 0, minutes(latest) ?? 1_439];
      return clock(from + Math.floor(draw * (to - from + 1)));
    }
    default: {
      const from = moment(earliest) ?? (moment(latest) ?? Date.UTC(2026, 0, 1)) - YEAR_MS;
      const to = moment(latest) ?? from + YEAR_MS;
      return written(new Date(from + draw * Math.max(0, to - from)), format);
    }
  }
}

const YEAR_MS = 365 * 86_400_000;

function written(date: Date, format: string): string {
  const text = date.toISOString();
  if (format === 'month') return text.slice(0, 7);
  if (format === 'week') return week(date);
  return format === 'datetime-local' ? text.slice(0, 16) : text.slice(0, 10);
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
