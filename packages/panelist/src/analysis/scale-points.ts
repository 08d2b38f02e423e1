import { measurementOf } from '../survey/measurement.ts';
import type { Option, OptionValue, Question } from '../survey/questionnaire.ts';

/** The substantive options, without "Don't know" and "Refuse", which become a status. */
export function substantiveOptions(question: Question): readonly Option[] | null {
  if (!('options' in question)) return null;
  return question.options.filter(({ role }) => role !== 'refused' && role !== 'dont-know');
}

/** True if means of the values make sense: number questions, and scales, whose points have scores. */
export function isNumeric(question: Question): boolean {
  const { level } = measurementOf(question);
  return level === 'quantity' || level === 'ordinal';
}

/** The number of an answer to a numeric question, of a scale its score; `null` for "Other" and similar options. */
export function numberOf(question: Question, value: unknown): number | null {
  const { scores } = measurementOf(question);
  if (scores !== null) return scores.get(value as OptionValue) ?? null;
  return typeof value === 'number' && Number.isFinite(value) ? value : null;
}
