import { kindOf } from '../survey/question-kinds/index.ts';
import type { Option, Question } from '../survey/questionnaire.ts';

/** The substantive options, without "Don't know" and "Refuse", which become a status. */
export function substantiveOptions(question: Question): readonly Option[] | null {
  if (!('options' in question)) return null;
  return question.options.filter(({ role }) => role !== 'refused' && role !== 'dont-know');
}

/**
 * True if means of the values make sense: number questions, and scales whose points are all numbers. Numeric codes of a
 * nominal list do not count.
 */
export function isNumeric(question: Question): boolean {
  const kind = kindOf(question);
  if (!('options' in question)) return kind.answerForm === 'number';
  const points = question.options.filter(({ role }) => role === 'plain');
  return (
    kind.isScale(question) && points.length > 0 && points.every(({ value }) => typeof value === 'number')
  );
}

/** The number of an answer to a numeric question; `null` for "Other" and similar options. */
export function numberOf(question: Question, value: unknown): number | null {
  if (typeof value !== 'number' || !Number.isFinite(value)) return null;
  if (!('options' in question)) return value;
  return question.options.some((option) => option.role === 'plain' && option.value === value) ? value : null;
}
